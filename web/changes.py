"""What changed in a claim, in words: for an approver who looks again, and for a partner who amends a plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from models.money import group, parse_amount
from web.field_names import FIELDS, LINE_FIELDS
from web.formats import day
from workflow.changes import Change, Part
from workflow.exchange import USD, Exchange, both
from workflow.policies import Policy
from workflow.wording import in_sentence


@dataclass(frozen=True, slots=True)
class Changed:
    """One change in words: what it is of, and the two values."""

    label: str
    before: str
    after: str


def changed_words(
    changes: Iterable[Change], policy: Policy, activity_type: str, exchange: Exchange | None
) -> list[Changed]:
    """Return changes of a claim of an activity type in words, with the labels of its policy.

    Amounts of lines are told with their worth by what the claim goes by now, where it has a rate.
    """
    words = _Words(policy, activity_type, exchange)
    return [
        Changed(words.label(one), words.value(one, one.before), words.value(one, one.after))
        for one in changes
    ]


@dataclass(frozen=True, slots=True)
class _Words:
    """How changes of a claim of an activity type are told, with the labels of its policy."""

    policy: Policy
    activity_type: str
    exchange: Exchange | None

    def label(self, change: Change) -> str:
        """Return what a change is of."""
        if change.part is Part.evidence:
            return str(_("File"))
        if change.part is Part.details:
            return self._of("detail", f"{self.activity_type}.{change.field}")
        if change.line is None:
            return str(FIELDS[change.field])
        of = _("Cost line %(number)s") if change.part is Part.lines else _("Actual cost %(number)s")
        line = str(of) % {"number": change.line}
        return f"{line}, {in_sentence(str(LINE_FIELDS[change.field]))}" if change.field else line

    def value(self, change: Change, value: Any) -> str:
        """Return one of a change's two values as people read it."""
        if value is None:
            return "–"
        if change.part is Part.evidence:
            return self._of("evidence_kind", value["kind"])
        if isinstance(value, dict):
            category = self._of("category", value.get("category", "–"))
            return f"{category} {self._cost(value.get('amount', '0.00'))}"
        if change.part is Part.details:
            return self._detail(change.field, value)
        return self._field(change.field, value)

    def _field(self, name: str, value: Any) -> str:
        if name == "requested":
            return f"{group(value)} {USD}"
        if name in ("unit_value", "amount"):
            return self._cost(value)
        if name in ("starts_on", "ends_on"):
            return day(date.fromisoformat(value))
        return self._of(_KINDS[name], value) if name in _KINDS else str(value)

    def _cost(self, amount: str) -> str:
        if self.exchange is None:
            return group(amount)
        return both(parse_amount(amount), self.exchange)

    def _detail(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        code = f"{self.activity_type}.{name}.{value}"
        return self.policy.catalogue.labels["choice"].get(code, str(value))

    def _of(self, kind: str, code: str) -> str:
        return self.policy.catalogue.label(kind, code)


_KINDS = {"category": "category", "organiser_kind": "organiser"}
"""Fields whose values are words of the catalogue, and the kind of the word."""
