"""Answers check documents: one JSON object in, one out (rulebook, Check documents).

It needs no database, no secret and no setting, and no line can stop it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NoReturn

from models.money import whole
from models.vocabulary import Trigger
from workflow.documents import read_document, read_trigger
from workflow.judgement import violations
from workflow.policies import Policy, default_policy, override, overrides_of
from workflow.reading import FormError, day, mapping
from workflow.verdicts import Verdict
from workflow.wording import clause, message, remedy

PolicyOn = Callable[[date], Policy]
"""The policy in force on a day."""


def check_document(document: Mapping[str, Any], policy_on: PolicyOn) -> list[dict[str, Any]]:
    """Return the violations of a check document: `rule`, `clause`, `message`, `figures` and `remedy` of each.

    It is judged by the policy in force on its `today`, with its own overrides. Raises FormError.
    """
    trigger = _member(document, "trigger", read_trigger)
    in_force = policy_on(_member(document, "today", day))
    facts = read_document(document, trigger, in_force)
    overrides = document.get("policy")
    policy = in_force if overrides is None else override(in_force, overrides)
    return [_in_words(verdict, policy) for verdict in violations(facts, policy, trigger)]


def check_line(line: str | bytes) -> dict[str, Any] | None:
    """Return the answer to one line, judged by the default policy; None for a blank line.

    It bears the document's `id` as it stands (null where it has none) and either `violations` or `error`.
    """
    try:
        text = _text(line)
        if not text or text.isspace():
            return None
        document = _object(text)
    except FormError as error:
        return {"id": None, "error": str(error)}
    answer: dict[str, Any] = {"id": document.get("id")}
    try:
        answer["violations"] = check_document(document, _default_policy_on)
    except FormError as error:
        answer["error"] = str(error)
    return answer


def check_stream(lines: Iterable[str | bytes]) -> Iterator[str]:
    """Yield the answers to lines as JSON texts in ASCII, in the same order. Blank lines are skipped."""
    for line in lines:
        answer = check_line(line)
        if answer is not None:
            yield _written(answer)


def line_of(document: Mapping[str, Any], identifier: str, trigger: Trigger, policy: Policy) -> str:
    """Return the line that asks the check about a document that was judged by a policy at a checkpoint.

    The policy's catalogue is no part of it: a check goes by the default one (`has_default_catalogue`).
    """
    asked = {**document, "id": identifier, "trigger": trigger.value, "policy": overrides_of(policy)}
    return f"{_ENCODER.encode(asked)}\n"


def has_default_catalogue(policy: Policy) -> bool:
    """Return whether a policy has the catalogue that every check goes by."""
    return policy.catalogue == default_policy().catalogue


def _default_policy_on(_day: date) -> Policy:
    return default_policy()


def _in_words(verdict: Verdict, policy: Policy) -> dict[str, Any]:
    return {
        "rule": verdict.rule,
        "clause": clause(verdict.rule),
        "message": message(verdict, policy=policy),
        "figures": verdict.figures,
        "remedy": remedy(verdict, policy=policy),
    }


def _member(document: Mapping[str, Any], name: str, read: Callable[[Any], Any]) -> Any:
    value = document.get(name)
    if value is None:
        raise FormError(name, "missing")
    try:
        return read(value)
    except FormError as error:
        raise error.under(name) from None


def _text(line: str | bytes) -> str:
    """Return a line as text, without the mark that some editors put before the first one."""
    if isinstance(line, str):
        return line.removeprefix("\ufeff")
    try:
        return line.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise FormError("line", "not_utf8") from None


def _object(text: str) -> dict[str, Any]:
    try:
        return mapping(_parsed(text))
    except RecursionError:
        raise FormError("line", "too_deep") from None
    except ValueError:
        raise FormError("line", "not_object") from None


def _parsed(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a number of more digits than Python turns in one go
        return _LONG_NUMBERS.decode(text)


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python reads but JSON does not have."""
    raise json.JSONDecodeError("not JSON", name, 0)


def _long_number(digits: str) -> int:
    return -whole(digits[1:]) if digits.startswith("-") else whole(digits)


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
_LONG_NUMBERS = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=_long_number)
_ENCODER = json.JSONEncoder(allow_nan=False)


def _written(answer: dict[str, Any]) -> str:
    """Return an answer as JSON. An `id` that cannot be written again (1e999, too deep) becomes null."""
    try:
        return _ENCODER.encode(answer)
    except (ValueError, RecursionError):
        return _ENCODER.encode({**answer, "id": None})
