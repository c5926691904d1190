"""What an approver should know of a claim that comes back: what changed since the last look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from models.history import Move
from models.money import group
from models.people import User
from models.vocabulary import Role, TaskKind, Trigger
from web.claims.names import FIELDS, LINE_FIELDS
from web.desk import Desk
from web.formats import day
from web.happened import ABSENT, did
from web.services import reading, today
from workflow.changes import Change, Part, changes_between
from workflow.policies import Policy
from workflow.record import document_of
from workflow.wording import in_sentence

AFTER: dict[TaskKind, frozenset[Trigger]] = {
    TaskKind.decide: frozenset({Trigger.return_, Trigger.reject, Trigger.approve}),
    TaskKind.accept: frozenset({Trigger.rework, Trigger.reject}),
}
"""The last decisions after which a task of a kind is a second look at the same thing."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One change in words: what it is of, and the two values."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LookBack:
    """The last look at a claim: in one sentence, when it was, and what changed since."""

    sentence: str
    at: datetime
    changes: Sequence[Changed]


def look_back(desk: Desk) -> LookBack | None:
    """Return what changed since somebody of the programme owner last decided; None for a first look."""
    last = (
        reading()
        .execute(
            select(Move.trigger, Move.at, Move.document, User.name, ABSENT.name.label("on_behalf_of"))
            .outerjoin(User, User.id == Move.actor_id)
            .outerjoin(ABSENT, ABSENT.id == Move.on_behalf_of_id)
            .where(Move.claim_id == desk.claim.id, Move.role == Role.approver)
            .order_by(Move.number.desc())
            .limit(1)
        )
        .first()
    )
    if last is None or desk.task is None or last.trigger not in AFTER[desk.task.kind]:
        return None
    changes = changes_between(last.document, document_of(desk.dossier, today()))
    words = _Words(desk.policy, desk.claim.activity_type)
    return LookBack(
        did(last.trigger, last.name, last.on_behalf_of),
        last.at,
        [
            Changed(words.label(one), words.value(one, one.before), words.value(one, one.after))
            for one in changes
        ],
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """How changes of a claim of an activity type are told, with the labels of its policy."""

    policy: Policy
    activity_type: str

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
            return f"{self._of('category', value.get('category', '–'))} {group(value.get('amount', '0.00'))}"
        if change.part is Part.details:
            return self._detail(change.field, value)
        return self._field(change.field, value)

    def _field(self, name: str, value: Any) -> str:
        if name in ("requested", "unit_value", "amount"):
            return group(value)
        if name in ("starts_on", "ends_on"):
            return day(date.fromisoformat(value))
        return self._of(_KINDS[name], value) if name in _KINDS else str(value)

    def _detail(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        code = f"{self.activity_type}.{name}.{value}"
        return self.policy.catalogue.labels["choice"].get(code, str(value))

    def _of(self, kind: str, code: str) -> str:
        return self.policy.catalogue.label(kind, code)


_KINDS = {"category": "category", "organiser_kind": "organiser"}
"""Fields whose values are words of the catalogue, and the kind of the word."""
