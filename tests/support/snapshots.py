"""What stands on file at a moment, and what is read back to it later, in the same form."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from models.claims import Claim
from models.funds import Fund
from models.people import Absence, User, UserRole
from models.standing import Performance
from models.tasks import Task
from models.vocabulary import Role
from tests.support.world import World
from workflow.as_of.gathering import AsOf
from workflow.as_of.knowledge import Known
from workflow.assignment import absent_on
from workflow.clock import programme_today
from workflow.gathering import certificates_of
from workflow.policy_shelf import policy_in_force


class Snapshot(NamedTuple):
    """What stands on file, in the form in which what is read back can be held to it."""

    claim: object
    holder: object
    fund: object
    people: object
    certificates: object
    performance: object
    version: object
    away: object


def on_file(connection: Connection, world: World, claim_id: int) -> Snapshot:
    """Return what stands on file now."""
    today = programme_today(connection, world.clock.now())
    claim = connection.execute(select(Claim.__table__).where(Claim.id == claim_id)).one()
    task = connection.execute(
        select(Task.kind, Task.assignee_id, User.name, Task.unassigned_why, Task.opened_at)
        .outerjoin(User, User.id == Task.on_behalf_of_id)
        .where(Task.claim_id == claim_id, Task.closed_at.is_(None))
    ).one_or_none()
    fund = connection.execute(select(Fund.available, Fund.reserved, Fund.paid)).one()
    people = connection.execute(
        select(User.id, User.name, User.amount_limit, User.deactivated_at).where(User.partner_id.is_(None))
    ).all()
    version = policy_in_force(connection, today)
    replaced = select(Performance.replaces_id).where(Performance.replaces_id.is_not(None))
    performance = connection.execute(
        select(Performance.required, Performance.achieved).where(Performance.id.not_in(replaced))
    )
    away = connection.execute(
        select(Absence.user_id, Absence.substitute_id, Absence.amount_limit).where(absent_on(today))
    )
    certificates = certificates_of(connection, [world.partner_id])[world.partner_id]
    return Snapshot(
        claim=(
            *(claim.state, claim.state_since, claim.number, claim.title),
            *(claim.requested, claim.approved, claim.reimbursable, claim.reserved, claim.paid),
        ),
        holder=tuple(task) if task else None,
        fund=tuple(fund),
        people={
            row.id: (row.name, roles_of(connection, row.id), row.amount_limit, row.deactivated_at is None)
            for row in people
        },
        certificates=[tuple(row)[1:] for row in certificates],
        performance=sorted(map(tuple, performance)),
        version=version.id if version else None,
        away=sorted(map(tuple, away)),
    )


def roles_of(connection: Connection, user_id: int) -> frozenset[Role]:
    return frozenset(connection.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))


def read_back(found: AsOf, then: Known) -> Snapshot:
    """Return what is read back in the form of a snapshot."""
    stand, task, fund = found.stand, found.task, found.fund
    return Snapshot(
        claim=(
            *(stand.state, stand.since, stand.number, stand.title),
            *(stand.requested, stand.approved, stand.reimbursable, stand.reserved, stand.paid),
        ),
        holder=(task.kind, task.user_id, task.on_behalf_of, task.why, task.opened_at) if task else None,
        fund=(fund.available, fund.reserved, fund.paid) if fund else None,
        people={one.user_id: (one.name, one.roles, one.limit, one.active) for one in found.people},
        certificates=[(row.valid_from, row.valid_until, row.revoked_on) for row in then.certificates],
        performance=sorted((row.required, row.achieved) for row in then.performance),
        version=then.version.id if then.version else None,
        away=sorted((one.user_id, one.substitute_id, one.limit) for one in then.away),
    )
