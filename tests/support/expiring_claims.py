"""Claims in every state that expire or do not, with days, deadlines and certificates drawn by chance."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.programme import PolicyVersion, Programme
from models.standing import Certificate
from models.vocabulary import Role, Trigger
from tests.support.stages import (
    accepted,
    approved,
    correct_certificate,
    disputed_amount,
    draft,
    executed,
    expired,
    hand_over,
    rejected,
    submitted,
    withdrawn,
)
from tests.support.world import INSTALLER, World, line
from workflow.acts.standing import record_certificate
from workflow.amending import amend
from workflow.attempt import Command
from workflow.drafts import PLAN_COLUMNS

ZONES = ("UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu")
FAR = date(2030, 1, 1)
"""The first day of versions that are in force for no submission: claims are given them afterwards."""


def reinstated(world: World) -> int:
    """Return the id of a claim that expired and was brought back with a deadline of its own."""
    claim_id = expired(world, approved)
    correct_certificate(world)
    day = world.clock.now().date() + timedelta(days=70)
    world.move(claim_id, "reinstate", "mia", reason="The certificate came late.", report_by=day)
    return claim_id


def approved_late(world: World) -> int:
    """Return the id of a claim that was decided after its day, so that its partner may report later."""
    claim_id = submitted(world)
    world.clock.advance(timedelta(days=5))
    world.move(claim_id, "approve", "bob", approved=400_000)
    return claim_id


def resubmitted(world: World) -> int:
    """Return the id of a claim that was sent back and submitted again, days later."""
    claim_id = returned(world)
    world.clock.advance(timedelta(days=2))
    world.move(claim_id, "submit", "anna")
    return claim_id


def amended(world: World) -> int:
    """Return the id of an approved claim whose plan was changed, so that it waits for its approval again."""
    claim_id = approved(world)
    claim, key = world.claim(claim_id), f"amend-{claim_id}"
    plan = {name: getattr(claim, name) for name in PLAN_COLUMNS}
    command = Command(claim_id, Trigger.amend, world.people["anna"], key, version=claim.version)
    amend(world.database, command, {**plan, "requested": 300_000}, [line(amount=600_000)], world.clock.now())
    return claim_id


def reworked(world: World) -> int:
    """Return the id of an approved claim that has to be reported once more."""
    claim_id = executed(world)
    world.move(claim_id, "rework", "bob", reason="The agenda is missing.")
    return claim_id


def reopened(world: World) -> int:
    """Return the id of a claim that was accepted and is checked once more: it does not expire."""
    claim_id = accepted(world)
    world.move(claim_id, "reopen", "dan", reason="An invoice was counted twice.")
    return claim_id


def returned(world: World) -> int:
    """Return the id of a draft that was sent back."""
    claim_id = submitted(world)
    world.move(claim_id, "return", "bob", reason="Say where.")
    return claim_id


def disputed(world: World) -> int:
    """Return the id of a rejected claim that its partner disputed. Somebody else has to decide it."""
    claim_id = submitted(world)
    if world.holder(claim_id)[0] != "bob":
        hand_over(world, claim_id, "bob")
    world.move(claim_id, "reject", "bob", reason="Not this time.")
    world.move(claim_id, "dispute", "anna", reason="It is within the rules.")
    return claim_id


STAGES: tuple[Callable[[World], int], ...] = (
    reinstated,
    approved_late,
    resubmitted,
    draft,
    submitted,
    approved,
    amended,
    withdrawn,
    rejected,
    returned,
    executed,
    reworked,
    accepted,
    reopened,
    disputed_amount,
    disputed,
)
"""Every way in which a claim stands that expires, or does not. `disputed_amount` brings a second approver."""


def scatter_claims(world: World, draw: Random) -> None:
    """Give claims days, deadlines and policies that no move gave them."""
    today = world.clock.now().date()
    world.demand(FAR, report_within_days=20)
    world.demand(FAR + timedelta(days=1), report_within_days=0, expirable_states=["approved", "executed"])
    versions = [row.id for row in world.rows(PolicyVersion)]
    with world.database.write() as connection:
        for claim in connection.execute(select(Claim.id).where(Claim.submitted_on.is_not(None))).all():
            connection.execute(
                update(Claim)
                .where(Claim.id == claim.id)
                .values(
                    submitted_on=today - timedelta(days=draw.randint(0, 40)),
                    ends_on=today + timedelta(days=draw.randint(-30, 90)),
                    report_by=draw.choice([None, None, today + timedelta(days=draw.randint(-2, 95))]),
                    policy_version_id=draw.choice(versions),
                )
            )


def scatter_certificates(world: World, draw: Random) -> None:
    """Give partners certificates with gaps, some revoked, and the programme a time zone."""
    today = world.clock.now().date()
    with world.database.write() as connection:
        connection.execute(update(Programme).values(time_zone=draw.choice(ZONES)))
    for certificate in in_force(world):
        until = today + timedelta(days=draw.randint(-3, 100))
        revoked = draw.choice([None, None, until - timedelta(days=draw.randint(0, 60))])
        certify(world, certificate.partner_id, date(2025, 1, 1), until, revoked, certificate.id)
        for _ in range(draw.randint(0, 2)):
            first = draw.choice([until + timedelta(days=1), today + timedelta(days=draw.randint(-5, 60))])
            last = first + timedelta(days=draw.randint(0, 60))
            certify(world, certificate.partner_id, first, last, None, None)


def in_force(world: World) -> list[Certificate]:
    """Return the certificates that no later one replaces."""
    newer = aliased(Certificate)
    with world.database.reading_session() as session:
        query = select(Certificate).outerjoin(newer, newer.replaces_id == Certificate.id)
        return list(session.scalars(query.where(newer.id.is_(None))))


def certify(
    world: World, partner_id: int, first: date, last: date, revoked: date | None, replaces: int | None
) -> None:
    """Record a certificate, perhaps a revoked one, perhaps in place of another."""
    with world.database.write() as connection:
        record_certificate(
            connection,
            INSTALLER,
            world.clock.now(),
            partner_id=partner_id,
            valid_from=first,
            valid_until=last,
            revoked_on=revoked,
            replaces_id=replaces,
        )


def other_partners_claims(world: World) -> None:
    """Let another partner, certified throughout, submit some claims, of which one is approved."""
    other = world.partner("Isar Networks")
    world.certify(other, date(2025, 1, 1), date(2026, 12, 31))
    world.performed(other)
    world.fund(other)
    world.person("olga", Role.partner, partner_id=other, contact=True)
    for _ in range(4):
        claim_id = world.draft("olga")
        world.move(claim_id, "submit", "olga")
    world.move(claim_id, "approve", world.holder(claim_id)[0] or "", approved=400_000)
