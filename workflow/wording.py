"""Says verdicts in words. History keeps ids, codes and figures; sentences are made when somebody reads them.

`translate` turns an English sentence into the reader's language; labels come from the policy's catalogue and
go through it too. Figures are written for people: `4,000.00`, `50%`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from models.money import group
from workflow.advice import TO_PARTNER
from workflow.dates import written_if_day
from workflow.policies import Policy, default_policy
from workflow.reading import PROBLEMS, FormError
from workflow.rules import RULES
from workflow.sentences import (
    FOUND,
    HOLDS,
    IN_LINE,
    LINE,
    NONE,
    NOT_YET_KNOWN,
    PARTS,
    RANGE,
    SILENT,
    UNREAD,
    UNREAD_RATE,
    Words,
)
from workflow.verdicts import LOCAL, Figures, Finding, Outcome, Verdict, verdict_from_row, verdict_to_row

__all__ = [
    "advice",
    "clause",
    "figures_in_words",
    "finding_words",
    "form_problem",
    "in_sentence",
    "is_approvers",
    "message",
    "remedy",
    "verdict_from_row",
    "verdict_to_row",
]

Translate = Callable[[str], str]


def in_sentence(label: str) -> str:
    """Return a label as it stands within a sentence: small, unless its first word is capitals (`TV`)."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


_CLAUSES = {rule.id: rule.clause for rule in RULES}


def clause(rule_id: str, translate: Translate = str) -> str:
    """Return a rule's clause in our own words, with its source."""
    return translate(_CLAUSES[rule_id])


def message(verdict: Verdict, translate: Translate = str, policy: Policy | None = None) -> str:
    """Return how a rule came out: why it holds, what breaks it, or what is not yet known."""
    if verdict.outcome is Outcome.holds:
        figures = figures_in_words(verdict, translate, policy)
        return _sentence(translate(HOLDS[verdict.rule][verdict.code]), figures)
    if not verdict.findings:
        return translate(SILENT)
    reasons = " ".join(dict.fromkeys(words.message for words in _all_words(verdict, translate, policy)))
    if verdict.outcome is Outcome.unknown:
        return translate(NOT_YET_KNOWN).format_map({"reasons": reasons})
    return reasons


def remedy(verdict: Verdict, translate: Translate = str, policy: Policy | None = None) -> str:
    """Return what would put a rule right; empty where it holds."""
    return " ".join(advice(verdict, translate, policy))


def advice(
    verdict: Verdict,
    translate: Translate = str,
    policy: Policy | None = None,
    *,
    to_partner: bool = False,
) -> list[str]:
    """Return what would put a rule right, step by step; none where it holds.

    Steps speak to whoever takes them; with `to_partner`, an approver's are told to the claim's partner.
    """
    words = _all_words(verdict, translate, policy, to_partner=to_partner)
    return list(dict.fromkeys(each.remedy for each in words))


def is_approvers(verdict: Verdict) -> bool:
    """Return whether an approver alone puts a rule right."""
    of_rule = TO_PARTNER.get(verdict.rule, {})
    return bool(verdict.findings) and all(finding.code in of_rule for finding in verdict.findings)


def finding_words(
    verdict: Verdict,
    finding: Finding,
    translate: Translate = str,
    policy: Policy | None = None,
    *,
    to_partner: bool = False,
) -> Words:
    """Return what one of a verdict's findings says, and what would put it right; see `advice`."""
    figures = {**verdict.figures, **finding.figures}
    if "field" in figures:
        is_rate = str(figures["field"]).startswith("claim.exchange")
        template = UNREAD_RATE if is_rate else UNREAD[finding.whose]
        known = _unread(finding, translate)
    else:
        template = FOUND[verdict.rule][finding.code]
        told = TO_PARTNER.get(verdict.rule, {}).get(finding.code)
        if to_partner and told:
            template = template._replace(remedy=told)
        known = _for_people(figures, translate, policy or default_policy())
    return Words(*(_sentence(translate(sentence), known) for sentence in template))


def figures_in_words(verdict: Verdict, translate: Translate = str, policy: Policy | None = None) -> Figures:
    """Return the figures that a rule compared, by their names, written for people."""
    return _for_people(verdict.figures, translate, policy or default_policy())


def form_problem(error: FormError, translate: Translate = str) -> str:
    """Return what is wrong with a field that has not its form, to be said after its path or label."""
    return translate(PROBLEMS[error.problem])


def _sentence(template: str, figures: Figures) -> str:
    """Return a sentence with its figures. It begins with a capital, whatever figure it begins with."""
    text = template.format_map(figures)
    return text[:1].upper() + text[1:]


def _all_words(
    verdict: Verdict, translate: Translate, policy: Policy | None, *, to_partner: bool = False
) -> list[Words]:
    return [
        finding_words(verdict, finding, translate, policy, to_partner=to_partner)
        for finding in verdict.findings
    ]


def _unread(finding: Finding, translate: Translate) -> Figures:
    path = finding.figures["field"]
    part, line = _INDEX.sub("", path), _LINE.search(path)
    field = in_sentence(translate(PARTS[part])) if part in PARTS else path
    if line is not None:
        number = _line(str(int(line[1]) + 1), translate)
        field = translate(IN_LINE).format_map({"field": field, "line": number})
    problem = translate(PROBLEMS[finding.code.removeprefix("form-")])
    return {"field": field, "problem": problem}


_INDEX = re.compile(r"\[[0-9]+\]")
_LINE = re.compile(r"lines\[([0-9]+)\]\.")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads figures: their language, their policy's words, and the figures beside the one read."""

    translate: Translate
    policy: Policy
    figures: Figures

    def label(self, kind: str, code: str) -> str:
        return self.translate(self.policy.catalogue.label(kind, code))

    def word(self, kind: str, code: str) -> str:
        """Return a label as it stands within a sentence. A code that has none stands as it is."""
        label = self.label(kind, code)
        return label if label == code else in_sentence(label)


def _for_people(figures: Figures, translate: Translate, policy: Policy) -> Figures:
    """Return the figures as people read them."""
    who = _Reader(translate, policy, figures)
    return {name: _as_read(name, value, who) for name, value in figures.items() if not name.endswith(LOCAL)}


def _as_read(name: str, value: str, who: _Reader) -> str:
    if name not in _AS_READ:
        return written_if_day(value, who.translate)
    local = who.figures.get(f"{name}{LOCAL}")
    return _AS_READ[name](value, who) if local is None else _both(local, value)


def _both(local: str, worth: str) -> str:
    """Return an amount in the claim's own currency with its worth: `921.15 EUR (1,000.00 USD)`."""
    amount, currency = local.split()
    return f"{group(amount)} {currency} ({group(worth)} USD)"


def _money(value: str, _who: _Reader) -> str:
    return f"{group(value)} USD"


def _percent(value: str, _who: _Reader) -> str:
    """Return a share such as `0.125` as `12.5%`, exactly."""
    whole, _, decimals = value.partition(".")
    number = f"{whole}{decimals[:2]}".lstrip("0") or "0"
    rest = decimals[2:].rstrip("0")
    return f"{number}.{rest}%" if rest else f"{number}%"


def _lines(value: str, who: _Reader) -> str:
    return ", ".join(_line(number, who.translate) for number in value.split(", "))


def _line(number: str, translate: Translate) -> str:
    return translate(LINE).format_map({"number": number})


def _ranges(value: str, who: _Reader) -> str:
    return ", ".join(_range(days, who.translate) for days in value.split(", "))


def _range(days: str, translate: Translate) -> str:
    first, _, last = days.partition("/")
    if not last:
        return written_if_day(first, translate)
    days_of = {name: written_if_day(day, translate) for name, day in (("first", first), ("last", last))}
    return translate(RANGE).format_map(days_of)


def _word(kind: str) -> "Formatter":
    def read(value: str, who: _Reader) -> str:
        return who.word(kind, value)

    return read


def _words(kind: str) -> "Formatter":
    def read(value: str, who: _Reader) -> str:
        return ", ".join(who.word(kind, code) for code in value.split(", ")) if value else who.translate(NONE)

    return read


def _detail(value: str, who: _Reader) -> str:
    return who.label("detail", f"{who.figures['activity_type']}.{value}")


def _choices(value: str, who: _Reader) -> str:
    detail = f"{who.figures['activity_type']}.{who.figures['detail']}"
    return ", ".join(who.word("choice", f"{detail}.{code}") for code in value.split(", "))


Formatter = Callable[[str, _Reader], str]

_AMOUNTS = (
    "achieved allowed amount country_limit limit needed required rewards shortfall threshold total unit_value"
)

_AS_READ: dict[str, Formatter] = {
    **dict.fromkeys(_AMOUNTS.split(), _money),
    "activity_type": _word("activity_type"),
    "categories": _words("category"),
    "checklist": _words("checklist_item"),
    "choices": _choices,
    "demanded": _word("organiser"),
    "detail": _detail,
    "eligible": _words("partner_type"),
    "evidence": _words("evidence_kind"),
    "gaps": _ranges,
    "items": _words("checklist_item"),
    "kinds": _words("evidence_kind"),
    "lines": _lines,
    "open_to": _words("partner_type"),
    "organiser": _word("organiser"),
    "partner_type": _word("partner_type"),
    "prohibited": _words("category"),
    "share": _percent,
}
"""How each figure is written for people; of those not named here, days are written out, counts stand."""
