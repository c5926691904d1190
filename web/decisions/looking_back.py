"""What an approver should know of a claim that comes back: what changed since the last look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models.claims import Claim
from models.history import Move, Reason
from models.people import User
from models.vocabulary import Role, TaskKind, Trigger
from web.changes import Changed, changed_words
from web.desk import Desk
from web.happened import ABSENT, did
from web.services import reading, today
from workflow.changes import Change, changes_between
from workflow.record import document_of
from workflow.texts import from_one_text, texts_changed, texts_of

AFTER: dict[TaskKind, frozenset[Trigger]] = {
    TaskKind.decide: frozenset({Trigger.return_, Trigger.reject, Trigger.approve, Trigger.raise_}),
    TaskKind.accept: frozenset({Trigger.rework, Trigger.reject}),
}
"""The last decisions after which a task of a kind is a second look at the same thing."""


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
    changes = [
        *_texts_changed(last.document.get("texts"), desk.claim),
        *changes_between(last.document, document_of(desk.dossier, today())),
    ]
    told = changed_words(changes, desk.policy, desk.claim.activity_type, desk.exchange)
    return LookBack(did(last.trigger, last.name, last.on_behalf_of), last.at, told)


def _texts_changed(seen: str | None, claim: Claim) -> list[Change]:
    """Return what changed of the texts that were seen; nothing where they were not kept, or were erased."""
    kept = reading().get(Reason, seen) if seen else None
    return [] if kept is None or not kept.text else texts_changed(from_one_text(kept.text), texts_of(claim))
