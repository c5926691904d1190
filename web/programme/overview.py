"""Where programme managers start: what needs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.funds import Fund
from models.people import Partner, SingleUseLink, User
from models.policies import PolicyProposal
from models.programme import Period
from models.standing import Certificate, Performance
from models.tasks import Task
from models.vocabulary import Role, State
from web.access import allow
from web.auth.visitor import actor
from web.messages.outbox import failures, mail_is_off
from web.policies import policy_of
from web.programme.first_steps import first_steps
from web.programme.funds import fund_sums
from web.programme.room import room
from web.services import now, reading, today
from workflow.certification import last_certified_day
from workflow.gathering import certificates_of
from workflow.heartbeats import silent_parts

AHEAD = timedelta(days=30)
"""How long before its end a certificate is shown here."""
MOST = 12
"""Partners or people shown in one list."""
COUNTED = 1000


SILENT: dict[str, str] = {
    "scheduler": _l("Nobody does the timed work: claims do not expire, and tasks follow no absence"),
    "worker": _l("Nobody sends mail: messages wait in the outbox"),
}
"""What comes of a background part that is silent. Whoever runs the installation has to start it."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that some eligible partners lack. `code` names the period it is about, or is empty."""

    what: str
    code: str
    partners: Sequence[Any]
    more: int


@dataclass(frozen=True, slots=True)
class Ending:
    """A partner whose certification ends soon, or has ended."""

    partner: Any
    last_day: date | None


@room.get("")
@allow(Role.manager)
def overview() -> ResponseReturnValue:
    """Show what needs a programme manager."""
    running = _running_periods()
    return render_template(
        "programme/overview.html",
        steps=first_steps(),
        unassigned=_count(select(Task.id).where(Task.unassigned_why.is_not(None), Task.closed_at.is_(None))),
        expired=_count(select(Claim.id).where(Claim.state == State.expired)),
        failed=failures(),
        mail_is_off=mail_is_off(),
        missing=[found for found in _missing(running) if found.partners],
        endings=_endings(),
        periods=running,
        proposals=_count(select(PolicyProposal.id).where(PolicyProposal.proposed_by_id != actor().user_id)),
        silent_words=SILENT,
        silent=silent_parts(reading().connection(), now()),
        locked_out=_without_a_way_in() if mail_is_off() else [],
        today=today(),
    )


def _without_a_way_in() -> Sequence[Any]:
    """Return who has a single-use link that was not used: without mail, a manager has to pass one on."""
    latest = func.max(SingleUseLink.created_at)
    return (
        reading()
        .execute(
            select(User.id, User.name, User.email, User.password_hash, latest.label("created_at"))
            .join(SingleUseLink, SingleUseLink.user_id == User.id)
            .where(
                SingleUseLink.used_at.is_(None),
                SingleUseLink.expires_at > now(),
                User.deactivated_at.is_(None),
            )
            .group_by(User.id)
            .order_by(latest.desc())
            .limit(MOST)
        )
        .all()
    )


def _count(query: Any) -> int:
    return reading().scalar(select(func.count()).select_from(query.limit(COUNTED).subquery())) or 0


def _running_periods() -> Sequence[Any]:
    """Return the open periods that have not ended, or have claims that go on, the latest first."""
    totals = select(Fund.period_id, *fund_sums()).group_by(Fund.period_id).subquery()
    return (
        reading()
        .execute(
            select(
                Period.__table__,
                *(func.coalesce(totals.c[name], 0).label(name) for name in ("available", "reserved", "paid")),
            )
            .outerjoin(totals, totals.c.period_id == Period.id)
            .where(Period.closed_at.is_(None))
            .order_by(Period.first_day.desc())
        )
        .all()
    )


def _missing(periods: Sequence[Any]) -> list[Missing]:
    """Return, fact by fact, the eligible partners that lack it, for each open period that has not ended."""
    found = [
        _lacking(_l("No contact"), "", exists().where(User.partner_id == Partner.id, *_REACHABLE)),
        _lacking(_l("No certificate on file"), "", exists().where(Certificate.partner_id == Partner.id)),
    ]
    for period in periods:
        if period.last_day < today():
            continue
        replaced = aliased(Performance)
        rated = exists().where(
            Performance.partner_id == Partner.id,
            Performance.period_id == period.id,
            ~exists().where(replaced.replaces_id == Performance.id),
        )
        endowed = exists().where(Fund.partner_id == Partner.id, Fund.period_id == period.id)
        found.append(_lacking(_l("No performance record"), period.code, rated))
        found.append(_lacking(_l("No fund"), period.code, endowed))
    return found


_REACHABLE = (User.is_contact, User.deactivated_at.is_(None))


def _lacking(what: str, code: str, has: ColumnElement[bool]) -> Missing:
    eligible = Partner.partner_type.in_(policy_of(None).eligible_partner_types)
    query = select(Partner.id, Partner.name).where(eligible, ~has).order_by(Partner.name)
    rows = reading().execute(query.limit(COUNTED)).all()
    return Missing(what, code, rows[:MOST], len(rows[MOST:]))


def _endings() -> list[Ending]:
    """Return the eligible partners whose certification ends within AHEAD or has ended, most urgent first."""
    later, newer = aliased(Certificate), aliased(Certificate)
    soon = today() + AHEAD
    covers_longer = exists().where(
        later.partner_id == Partner.id,
        later.valid_until > soon,
        later.revoked_on.is_(None),
        later.valid_from <= soon,
        ~exists().where(newer.replaces_id == later.id),
    )
    rows = (
        reading()
        .execute(
            select(Partner.id, Partner.name)
            .where(
                Partner.partner_type.in_(policy_of(None).eligible_partner_types),
                exists().where(Certificate.partner_id == Partner.id),
                ~covers_longer,
            )
            .order_by(Partner.name)
            .limit(COUNTED)
        )
        .all()
    )
    certificates = certificates_of(reading().connection(), [row.id for row in rows])
    found = [Ending(row, last_certified_day(certificates[row.id], today())) for row in rows]
    urgent = [one for one in found if one.last_day is None or one.last_day <= soon]
    return sorted(urgent, key=lambda one: one.last_day or date.min)[:MOST]
