"""Claims in every state of their life, brought there by the moves that people make."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from models.standing import Certificate
from models.vocabulary import Role, State, Trigger
from tests.support.world import INSTALLER, World, checked_policy
from workflow.actors import SCHEDULER
from workflow.acts.claw_backs import propose
from workflow.acts.disputes import dispute_amount
from workflow.acts.outcomes import report_outcomes
from workflow.acts.policy import load_policy
from workflow.acts.standing import record_certificate
from workflow.acts.tasks import reassign
from workflow.banking import on_file
from workflow.moves import in_transaction
from workflow.payment_runs.collecting import collect
from workflow.payment_runs.releasing import release

AFTER_THE_ACTIVITY = timedelta(days=60)


def draft(world: World) -> int:
    """Return the id of a draft that was never submitted."""
    return world.draft()


def submitted(world: World, **plan: Any) -> int:
    """Return the id of a submitted claim, which waits for `bob`."""
    claim_id = world.draft(**plan)
    world.move(claim_id, "submit", "anna")
    return claim_id


def approved(world: World) -> int:
    """Return the id of an approved claim."""
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=400_000)
    return claim_id


def disputed_amount(world: World) -> int:
    """Return the id of an approved claim that `cora` granted 3,000.00 of 4,000.00 for, which is disputed."""
    if "cora" not in world.people:
        world.person("cora", Role.approver)
    claim_id = submitted(world)
    if world.holder(claim_id)[0] != "cora":
        hand_over(world, claim_id, "cora")
    world.move(claim_id, "approve", "cora", approved=300_000, reason="Less.")
    with world.database.write() as connection:
        anna, now, version = world.people["anna"], world.clock.now(), world.claim(claim_id).version
        dispute_amount(connection, anna, now, claim_id, version, "It costs what it costs.")
    return claim_id


def executed(world: World) -> int:
    """Return the id of a reported claim; the clock stands after its activity."""
    claim_id = approved(world)
    later = world.clock.now() + AFTER_THE_ACTIVITY
    if world.clock.now().date() < date(2026, 4, 12):
        world.clock.set(later)
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")
    return claim_id


def accepted(world: World) -> int:
    """Return the id of an accepted claim, accepted by `bob`."""
    claim_id = executed(world)
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    return claim_id


def account_changed(world: World) -> int:
    """Return the id of an accepted claim whose payment is held: its partner entered another account."""
    claim_id = accepted(world)
    world.confirm(world.account("anna", bic="COBADEFF"), "mia")
    world.account("anna", iban="GB82WEST12345698765432", bic="COBADEFF")
    return claim_id


def payable(world: World) -> int:
    """Return the id of an accepted claim that a run may collect: its partner has an account in force."""
    claim_id = accepted(world)
    with world.database.read() as connection:
        known = on_file(connection, [world.partner_id])[world.partner_id].in_force
    if known is None:
        world.confirm(world.account("anna", bic="COBADEFF"), "mia")
    return claim_id


def collected(world: World) -> int:
    """Return the id of a draft run that `dan` collected."""
    payable(world)
    with world.database.write() as connection:
        return collect(
            connection,
            world.people["dan"],
            world.clock.now(),
            currency="USD",
            due_on=world.clock.now().date(),
        )


def released(world: World) -> int:
    """Return the id of a run that `fay` released."""
    run_id = collected(world)
    if "fay" not in world.people:
        world.person("fay", Role.finance)
    with world.database.write() as connection:
        return release(connection, world.people["fay"], world.clock.now(), run_id)


def reimbursed(world: World) -> int:
    """Return the id of a claim that `dan` paid."""
    claim_id = accepted(world)
    today = world.clock.now().date()
    world.move(claim_id, "reimburse", "dan", payment_reference=f"PAY-{claim_id}", paid_on=today)
    return claim_id


def partly_paid(world: World) -> int:
    """Return the id of an accepted claim of which `dan` paid 1,000.00."""
    claim_id = accepted(world)
    payment = {"payment_reference": f"PART-{claim_id}", "paid_on": world.clock.now().date()}
    world.move(claim_id, "pay_part", "dan", amount=100_000, **payment)
    return claim_id


def propose_claw_back(world: World, claim_id: int, by: str, amount: int = 100_000) -> int:
    """Have somebody propose to claw back an amount, in cents, of what was paid; return the proposal's id."""
    version, why = world.claim(claim_id).version, "The seminar was counted twice."
    return in_transaction(
        world.database,
        lambda connection: propose(
            connection, world.people[by], world.clock.now(), claim_id, version, amount=amount, reason=why
        ),
    )


def to_be_clawed_back(world: World) -> int:
    """Return the id of a reimbursed claim of which `fay` proposed to claw back 1,000.00."""
    claim_id = reimbursed(world)
    world.person("fay", Role.finance)
    propose_claw_back(world, claim_id, "fay")
    return claim_id


def with_outcomes(world: World, leads: int = 12, meetings: int = 5, revenue: int = 4_500_000) -> int:
    """Return the id of a paid claim of which `anna` reported what came of it; revenue is in cents."""
    claim_id = reimbursed(world)
    told: dict[str, Any] = {"leads": leads, "meetings": meetings, "revenue": revenue}
    with world.database.write() as connection:
        report_outcomes(connection, world.people["anna"], world.clock.now(), claim_id, **told)
    return claim_id


def withdrawn(world: World) -> int:
    """Return the id of a claim that was withdrawn after it was submitted."""
    claim_id = submitted(world)
    world.move(claim_id, "withdraw", "anna")
    return claim_id


def rejected(world: World) -> int:
    """Return the id of a rejected claim."""
    claim_id = submitted(world)
    world.move(claim_id, "reject", "bob", reason="Not this time.")
    return claim_id


def expired(world: World, state: Callable[[World], int] = submitted) -> int:
    """Return the id of a claim whose certificate was revoked from the day after its submission."""
    claim_id = state(world)
    correct_certificate(world, revoked_on=world.clock.now().date() + timedelta(days=1))
    world.clock.advance(timedelta(days=1))
    world.people["time"] = SCHEDULER
    world.move(claim_id, Trigger.expire, "time")
    return claim_id


def reinstatable(world: World) -> int:
    """Return the id of an expired claim whose gap in certification was closed since."""
    claim_id = expired(world)
    correct_certificate(world)
    return claim_id


def hand_over(world: World, claim_id: int, name: str) -> None:
    """Have `mia` give a claim's task to somebody."""
    user_id = world.people[name].user_id
    assert user_id is not None
    in_transaction(
        world.database,
        lambda connection: reassign(connection, world.people["mia"], world.clock.now(), claim_id, user_id),
    )


def new_policy(world: World, **changed: object) -> None:
    """Load a policy with other parameters, and let the day come on which it is in force."""
    today = world.clock.now().date()
    with world.database.write() as connection:
        load_policy(
            connection,
            INSTALLER,
            world.clock.now(),
            document=checked_policy(**changed),
            first_day=today + timedelta(days=1),
            today=today,
        )
    world.clock.advance(timedelta(days=1))


def correct_certificate(
    world: World, valid_until: date = date(2026, 12, 31), *, revoked_on: date | None = None
) -> None:
    """Correct the certificate of the world's own partner: it ends on another day, or was revoked."""
    newer = aliased(Certificate)
    with world.database.write() as connection:
        in_force = connection.scalars(
            select(Certificate.id)
            .outerjoin(newer, newer.replaces_id == Certificate.id)
            .where(Certificate.partner_id == world.partner_id, newer.id.is_(None))
        ).one()
        record_certificate(
            connection,
            INSTALLER,
            world.clock.now(),
            partner_id=world.partner_id,
            valid_from=date(2025, 1, 1),
            valid_until=valid_until,
            revoked_on=revoked_on,
            replaces_id=in_force,
        )


IN_STATE: dict[State, Callable[[World], int]] = {
    State.draft: draft,
    State.submitted: submitted,
    State.approved: approved,
    State.executed: executed,
    State.accepted: accepted,
    State.reimbursed: reimbursed,
    State.withdrawn: withdrawn,
    State.rejected: rejected,
    State.expired: reinstatable,
}
"""The way to each state. A claim that expired could be reinstated at once."""
