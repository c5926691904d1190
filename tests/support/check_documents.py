"""Check documents for tests: plain ones that break no rule, changes to them, and the remedies of verdicts."""

import copy
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from models.money import parse_amount, plain
from models.vocabulary import Trigger
from workflow.documents import read_document
from workflow.judgement import judge
from workflow.policies import default_policy, override
from workflow.verdicts import Op, Step, Verdict

Document = dict[str, Any]

CASES: list[Document] = [
    json.loads(line) for line in (Path(__file__).parents[1] / "cases.jsonl").read_text().splitlines()
]
"""The worked cases that came with the rulebook. `expect` lists the rules that each must break."""

LEFT_OUT = object()
"""A change that takes a field away."""

TRIGGERS = (Trigger.submit, Trigger.approve, Trigger.report, Trigger.accept)

_PLAIN = {
    Trigger.submit: "plain-seminar",
    Trigger.approve: "plain-approve",
    Trigger.report: "plain-report",
    Trigger.accept: "plain-accept",
}
_STEP = re.compile(r"\[([0-9]+)\]|([^.\[\]]+)")


def document(trigger: Trigger, changes: Mapping[str, Any] | None = None) -> Document:
    """Return a document that breaks no rule, with values put at paths (`claim.lines[0].amount`)."""
    whole = copy.deepcopy(next(case for case in CASES if case["id"] == _PLAIN[trigger]))
    for path, value in (changes or {}).items():
        put(whole, path, value if value is LEFT_OUT else copy.deepcopy(value))
    return whole


def put(whole: Document, path: str, value: Any) -> None:
    """Put a value at a path of a document, or take it away. A list grows by one where its end is named."""
    *above, last = _keys(path)
    place: Any = whole
    for key in above:
        place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
    if value is LEFT_OUT:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value


def at(whole: Document, path: str) -> Any:
    """Return what stands at a path of a document."""
    place: Any = whole
    for key in _keys(path):
        place = place[key]
    return place


def verdicts(whole: Document) -> dict[str, Verdict]:
    """Return the verdict of every rule of the document's checkpoint, by the rule's id."""
    trigger = Trigger(whole["trigger"])
    policy = override(default_policy(), whole.get("policy") or {})
    return {verdict.rule: verdict for verdict in judge(read_document(whole, trigger), policy, trigger)}


def after(whole: Document, steps: Iterable[Step]) -> Document:
    """Return the document after a remedy's steps: removals last and from the end, so that paths stay true."""
    mended = copy.deepcopy(whole)
    removals = []
    for step in steps:
        if step.op is Op.set:
            put(mended, step.path, step.value)
        elif step.op is Op.add:
            at(mended, step.path).append(step.value)
        elif step.op is Op.total:
            _bring_total(at(mended, step.path), parse_amount(step.value))
        else:
            removals.append(_keys(step.path))
    for *above, last in sorted(removals, key=lambda keys: keys[-1], reverse=True):
        place: Any = mended
        for key in above:
            place = place[key]
        del place[last]
    return mended


def _bring_total(lines: list[Document], total: int) -> None:
    have = sum(parse_amount(line["amount"]) for line in lines)
    lines.append({"category": "venue", "amount": plain(total - have)})


def _keys(path: str) -> list[Any]:
    return [int(index) if index else name for index, name in _STEP.findall(path)]
