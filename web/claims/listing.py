"""The partner's own claims, with what there is to do, to draw on and to watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, case, or_, select

from models.claims import Claim
from models.funds import Fund
from models.people import Partner, User
from models.programme import Period
from models.tasks import Task
from models.vocabulary import Role, State
from web.access import allow
from web.auth.visitor import actor
from web.claims.judging import version_judged_by
from web.claims.room import room
from web.claims.turns import whose_turn
from web.forms import sent_number
from web.paging import ListPage, page_of
from web.policies import policy_of
from web.policy.succession import news_to_come
from web.services import reading, today
from workflow.certification import last_certified_day
from workflow.deadlines import next_deadline
from workflow.forecast.expiries import at_risk
from workflow.gathering import certificates_of
from workflow.readable import one_line
from workflow.table import UNPAID

LONGEST_SEARCH = 100
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Certification:
    """Until when the partner is certified: `last_day` is None where it is not certified today."""

    last_day: date | None
    days_left: int

    @property
    def tone(self) -> str:
        """Return how urgent it is."""
        if self.last_day is None:
            return "stopped"
        return "waiting" if self.days_left <= SOON_DAYS else ""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to."""

    state: State | None
    period_id: int | None
    words: str

    @property
    def is_set(self) -> bool:
        """Return whether the list is narrowed at all."""
        return bool(self.state or self.period_id or self.words)


@room.get("")
@allow(Role.partner)
def index() -> ResponseReturnValue:
    """Show the partner's claims, newest first, its funds and its certification."""
    chosen = _filter()
    page = page_of(_narrowed(_claims(), chosen), (Claim.id,), descending=True)
    return render_template(
        "claims/index.html",
        page=page,
        claims=_rows(page),
        chosen=chosen,
        periods=reading().scalars(select(Period).order_by(Period.first_day.desc())).all(),
        funds=_funds(),
        certification=_certification(),
        at_risk=at_risk(reading().connection(), today(), Claim.partner_id == actor().partner_id),
        next_claim=_next_claim(),
        to_come=news_to_come(today()),
        states=list(State),
        unpaid=UNPAID,
    )


def _claims() -> Any:
    return (
        select(
            Claim,
            Period.code.label("period_code"),
            Partner.name.label("partner_name"),
            Task.assignee_id,
            Task.unassigned_why,
            Task.due_on,
            Task.held_since,
            User.name.label("assignee_name"),
        )
        .join(Partner, Partner.id == Claim.partner_id)
        .outerjoin(Period, Period.id == Claim.period_id)
        .outerjoin(Task, (Task.claim_id == Claim.id) & Task.closed_at.is_(None))
        .outerjoin(User, User.id == Task.assignee_id)
        .where(Claim.partner_id == actor().partner_id)
    )


def _narrowed(query: Select[Any], chosen: Filter) -> Select[Any]:
    if chosen.state:
        query = query.where(Claim.state == chosen.state)
    if chosen.period_id:
        query = query.where(Claim.period_id == chosen.period_id)
    if chosen.words:
        found = [
            column.icontains(chosen.words, autoescape=True)
            for column in (Claim.number, Claim.title, Claim.place)
        ]
        query = query.where(or_(*found))
    return query


def _filter() -> Filter:
    state, period = request.args.get("state", ""), request.args.get("period", "")
    return Filter(
        State(state) if state in list(State) else None,
        sent_number(period),
        one_line(request.args.get("q", ""))[:LONGEST_SEARCH],
    )


def _rows(page: ListPage) -> list[dict[str, Any]]:
    versions = {version_judged_by(row.Claim) for row in page.rows}
    policies = {version: policy_of(version) for version in versions}
    return [
        {
            "claim": row.Claim,
            "period": row.period_code,
            "turn": whose_turn(
                row.Claim.state,
                partner=row.partner_name,
                assignee=row.assignee_name,
                assignee_id=row.assignee_id,
                unassigned=row.unassigned_why is not None,
            ),
            "deadline": next_deadline(row.Claim, policies[version_judged_by(row.Claim)], row.due_on),
            "since": row.held_since or row.Claim.state_since,
        }
        for row in page.rows
    ]


def _funds() -> Sequence[Any]:
    return (
        reading()
        .execute(
            select(Fund, Period)
            .join(Period, Period.id == Fund.period_id)
            .where(Fund.partner_id == actor().partner_id)
            .order_by(Period.first_day.desc())
        )
        .all()
    )


def _certification() -> Certification:
    partner_id = actor().partner_id or 0
    certificates = certificates_of(reading().connection(), [partner_id])[partner_id]
    last = last_certified_day(certificates, today())
    return Certification(last, (last - today()).days if last else 0)


def _next_claim() -> Claim | None:
    """Return the claim that the partner should turn to first: to report, to submit again, to finish."""
    urgency = case(
        ((Claim.state == State.approved) & (Claim.ends_on <= today()), 0),
        ((Claim.state == State.draft) & (Claim.moves > 0), 1),
        else_=2,
    )
    return reading().scalar(
        select(Claim)
        .where(
            Claim.partner_id == actor().partner_id,
            or_(Claim.state == State.draft, (Claim.state == State.approved) & (Claim.ends_on <= today())),
        )
        .order_by(urgency, Claim.state_since, Claim.id)
        .limit(1)
    )
