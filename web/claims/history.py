"""The history of a claim as its page tells it: its moves and the acts about its amount, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.claims import Claim
from models.history import Act, Move, Reason
from models.money import parse_amount
from models.people import User
from models.vocabulary import Role, State, Trigger
from web.claims.move_facts import facts_of
from web.erased import reason_told
from web.formats import money
from web.happened import ABSENT, TONES, did
from web.labels import role_label
from web.policies import policy_of
from web.services import reading
from web.verdicts import VerdictItem, verdict_items
from workflow.erasure.noted import ERASING, NOTED
from workflow.searches.acts import EVERY_ACT
from workflow.verdicts import verdict_from_row


@dataclass(frozen=True, slots=True)
class Event:
    """A move, or an act about the amount, in words. `facts` are names and values that belong to it alone.

    `target` is the state that a move led to; None for an act, which moves nothing.
    """

    number: int
    at: datetime
    target: State | None
    sentence: str
    who: str
    tone: str
    reason: str
    facts: list[tuple[str, str]]
    verdicts: list[VerdictItem]


def events_of(claim_id: int) -> list[Event]:
    """Return what was done with a claim, the latest first. Takes a fixed number of statements."""
    rows = reading().execute(
        select(Move, User.name, ABSENT.name.label("absent"), *REASON)
        .outerjoin(User, User.id == Move.actor_id)
        .outerjoin(ABSENT, ABSENT.id == Move.on_behalf_of_id)
        .outerjoin(Reason, Reason.hash == Move.reason_hash)
        .outerjoin(ERASING, ERASING.id == Reason.erased_by)
        .where(Move.claim_id == claim_id)
        .order_by(Move.number)
    )
    moves, acts = {row.Move.id: row for row in rows}, acts_on_amount(claim_id)
    entries = in_order([row.Move for row in moves.values()], acts)
    unanswered = ended_unanswered(entries)
    events = [
        _event(moves[one.id], ended=one.id in unanswered) if isinstance(one, Move) else _of_act(one)
        for one in entries
    ]
    return events[::-1]


REASON = (Reason.text.label("reason"), *NOTED)
"""What a query asks of a reason, or of what erased it."""

ON_AMOUNT: dict[str, tuple[str, str]] = {
    "amount_disputed": (_l("%(who)s disputed the amount."), "waiting"),
    "amount_upheld": (_l("%(who)s let the disputed amount stand."), "active"),
}
"""The acts about a claim's amount: the sentence that tells one, and how it looks."""

_ANSWERS = frozenset({Trigger.report, Trigger.amend, Trigger.raise_, Trigger.withdraw, Trigger.expire})
"""Moves that answer a dispute of the amount or end it, and so come after an act of the same moment."""


def acts_on_amount(claim_id: int) -> Sequence[Any]:
    """Return the acts about a claim's amount, the earliest first."""
    mine = EVERY_ACT.where(Act.kind.in_(ON_AMOUNT), Act.subject == f"claim:{claim_id}")
    return reading().execute(mine.order_by(Act.id)).all()


def in_order(moves: Sequence[Any], acts: Sequence[Any]) -> list[Any]:
    """Return moves and acts, each in their own order, as they came one after the other."""
    entries = list(moves)
    for act in reversed(acts):
        later = (
            at
            for at, one in enumerate(moves)
            if one.at > act.at or (one.at == act.at and one.trigger in _ANSWERS)
        )
        entries.insert(next(later, len(moves)), act)
    return entries


def ended_unanswered(entries: Sequence[Any]) -> frozenset[int]:
    """Return the ids of the moves that ended a dispute of the amount before anybody answered it."""
    found, is_open = set[int](), False
    for one in entries:
        if hasattr(one, "trigger"):
            if is_open and one.trigger is not Trigger.raise_:
                found.add(one.id)
            is_open = False
        else:
            is_open = one.kind == "amount_disputed"
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class SentBack:
    """Who sent a claim back, rejected it or disputed that, when and why."""

    sentence: str
    at: datetime
    reason: str


SENT_BACK = frozenset({Trigger.return_, Trigger.rework, Trigger.reject, Trigger.reopen})
"""Moves whose reason is the first thing to read on the claim's page."""


def sent_back(claim_id: int) -> SentBack | None:
    """Return who sent a claim back and why, if that is the last thing that happened to it."""
    last = (
        reading()
        .execute(
            select(Move.trigger, Move.at, User.name, ABSENT.name.label("on_behalf_of"), *REASON)
            .outerjoin(User, User.id == Move.actor_id)
            .outerjoin(ABSENT, ABSENT.id == Move.on_behalf_of_id)
            .outerjoin(Reason, Reason.hash == Move.reason_hash)
            .outerjoin(ERASING, ERASING.id == Reason.erased_by)
            .where(Move.claim_id == claim_id)
            .order_by(Move.number.desc())
            .limit(1)
        )
        .first()
    )
    if last is None or last.trigger not in SENT_BACK:
        return None
    sentence = did(last.trigger, last.name, last.on_behalf_of)
    return SentBack(sentence, last.at, _reason(last))


def disputed(claim: Claim) -> SentBack | None:
    """Return who disputed the decision before and why, while somebody else has not decided yet."""
    if claim.disputed_on is None or claim.state not in (State.submitted, State.executed):
        return None
    last = (
        reading()
        .execute(
            select(Move.at, User.name, *REASON)
            .outerjoin(User, User.id == Move.actor_id)
            .outerjoin(Reason, Reason.hash == Move.reason_hash)
            .outerjoin(ERASING, ERASING.id == Reason.erased_by)
            .where(Move.claim_id == claim.id, Move.trigger == Trigger.dispute)
            .order_by(Move.number.desc())
            .limit(1)
        )
        .first()
    )
    if last is None:
        return None
    sentence = did(Trigger.dispute, last.name)
    return SentBack(sentence, last.at, _reason(last))


def _reason(row: Any) -> str:
    """Return the reason that was given, or that it was erased."""
    return reason_told(row) or str(_("The reason was erased."))


def _of_act(act: Any) -> Event:
    sentence, tone = ON_AMOUNT[act.kind]
    facts = [(_("Asked for"), act.figures["requested"]), (_("Granted"), act.figures["approved"])]
    return Event(
        number=0,
        at=act.at,
        target=None,
        sentence=str(sentence) % {"who": act.actor or _("The product")},
        who=str(role_label(act.role)) if act.role else "",
        tone=tone,
        reason=_reason(act) if act.reason_hash else "",
        facts=[(str(label), money(parse_amount(amount))) for label, amount in facts],
        verdicts=[],
    )


def _event(row: Any, *, ended: bool) -> Event:
    """Return a move in words. `ended` says that it ended a dispute of the amount which nobody answered."""
    move: Move = row.Move
    who = None if move.role is Role.scheduler else row.name
    return Event(
        number=move.number,
        at=move.at,
        target=move.target,
        sentence=did(move.trigger, who, row.absent),
        who=str(role_label(move.role)),
        tone=TONES.get(move.target, "quiet"),
        reason=_reason(row) if move.reason_hash else "",
        facts=[
            *((str(label), value) for label, value in facts_of(move) if value),
            *([(str(_("Dispute of the amount")), str(_("ended unanswered")))] if ended else []),
        ],
        verdicts=verdict_items(
            [verdict_from_row(row) for row in move.verdicts],
            policy_of(move.policy_version_id) if move.verdicts else None,
        ),
    )
