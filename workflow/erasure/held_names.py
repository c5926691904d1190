"""Whose names legal holds keep: those of whoever had a part in what is held."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    String,
    Text,
    cast,
    exists,
    or_,
    select,
    type_coerce,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute

from models.claims import Claim, Evidence
from models.erasure import LegalHold, TakenOffFile
from models.history import Act, Move, RefusedAttempt
from models.messages import Message
from models.payment_runs import PaymentRun, RunClaim
from models.people import User
from models.tasks import Task
from models.threads import Post
from models.vocabulary import MessageKind
from workflow.assignment import NAMED

Column = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]

_PARTS: tuple[tuple[Column, Column], ...] = (
    (Claim.id, Claim.author_id),
    (Move.claim_id, Move.actor_id),
    (Move.claim_id, Move.on_behalf_of_id),
    (RefusedAttempt.claim_id, RefusedAttempt.actor_id),
    (Post.claim_id, Post.author_id),
    (Evidence.claim_id, Evidence.uploaded_by),
    (TakenOffFile.claim_id, TakenOffFile.uploaded_by),
    (TakenOffFile.claim_id, TakenOffFile.taken_off_by),
    (Task.claim_id, Task.assignee_id),
    (Task.claim_id, Task.on_behalf_of_id),
)
"""The columns that say of which claim something is, and who did it or was to do it."""

_HELD_PARTNERS = select(LegalHold.partner_id).where(LegalHold.partner_id.is_not(None))

_HELD_CLAIMS: CompoundSelect[Any] = union(
    select(LegalHold.claim_id).where(LegalHold.claim_id.is_not(None)),
    select(Claim.id).where(Claim.partner_id.in_(_HELD_PARTNERS)),
)
"""A union, so that indexes lead to the claims of held partners."""

_FIGURES = type_coerce(Act.figures, Text)


def is_name_held(connection: Connection, user_id: int) -> bool:
    """Return whether a legal hold keeps somebody's name.

    One stands on their partner; or on a claim, or all claims of a partner, that they had a part in: they
    moved it, tried to, wrote on it, put a file on it, had its task, had a run that was to pay it, or did an
    act on claim or held partner.
    """
    parts = (exists().where(who == user_id, claim_id.in_(_HELD_CLAIMS)) for claim_id, who in _PARTS)
    others = (
        exists().where(User.id == user_id, User.partner_id.in_(_HELD_PARTNERS)),
        exists().where(Message.user_id == user_id, Message.claim_id.in_(_HELD_CLAIMS), *_told_of_a_task()),
        exists().where(
            RunClaim.claim_id.in_(_HELD_CLAIMS),
            PaymentRun.id == RunClaim.run_id,
            or_(PaymentRun.collected_by_id == user_id, PaymentRun.released_by_id == user_id),
        ),
        exists().where(Act.actor_id == user_id, Act.partner_id.in_(_HELD_PARTNERS)),
        exists().where(Act.actor_id == user_id, *_on_a_held_claim()),
    )
    return connection.scalar(select(or_(*chain(parts, others)))) or False


def _told_of_a_task() -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on messages that told somebody of a task that was theirs alone.

    A task's row names its last holder; who held it before stands in no other place.
    """
    figures = type_coerce(Message.figures, Text)
    yield Message.kind == MessageKind.turn
    yield or_(*(figures.contains(f'"task":"{kind.value}"') for kind in sorted(NAMED)))


def _on_a_held_claim() -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on acts, claims and holds that are of one claim.

    An act on a payment run names the claim in its figures, which are canonical.
    """
    claim_id = cast(LegalHold.claim_id, String)
    yield Claim.id == LegalHold.claim_id
    yield Act.partner_id == Claim.partner_id
    named = (_FIGURES.contains('"claim":' + claim_id + end) for end in ",}")
    yield or_(Act.subject == "claim:" + claim_id, *named)
