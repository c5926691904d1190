"""What the moves and acts announce has exactly the figures that the messages are worded with."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from models.claims import Claim
from models.messages import FIGURES, Message
from models.people import User
from models.vocabulary import MessageKind, Role, Trigger
from notifications.delivery import deliver_due
from notifications.wording import tell
from tests.support.mail import KeepingMailer
from tests.support.stages import payable, to_be_clawed_back
from tests.support.world import World
from workflow.accounts import DoorPolicy, ask_for_reset
from workflow.acts.users import invite
from workflow.attempt import Command
from workflow.lockout import Limit
from workflow.moves import perform
from workflow.payment_runs.collecting import collect
from workflow.refusals import Refused
from workflow.refused_attempts import remember

DOOR = DoorPolicy(
    idle=timedelta(hours=12),
    link_life=timedelta(hours=72),
    failures=Limit(5, timedelta(minutes=15)),
)


def told(world: World) -> list[tuple[MessageKind, str, str]]:
    """Return all that was announced: kind, who, headline. Each must be worded from exactly its figures."""
    names = {actor.user_id: name for name, actor in world.people.items()}
    with world.database.read() as connection:
        rows = connection.execute(select(Message.__table__).order_by(Message.id)).all()
    for row in rows:
        assert set(row.figures) == set(FIGURES[row.kind]), row.kind
    return [
        (
            row.kind,
            names[row.user_id],
            tell(row.kind, row.claim_id, row.figures, ZoneInfo("Europe/Berlin")).headline.split("”")[-1],
        )
        for row in rows
    ]


def test_a_claim_on_its_way_to_reimbursed_tells_each_whose_turn_it_is(world: World) -> None:
    claim = world.draft()
    world.move(claim, "submit", "anna")
    world.move(claim, "return", "bob", reason="Add the agenda.")
    world.move(claim, "submit", "anna")
    world.move(claim, "approve", "bob", approved=400_000)
    world.clock.set(world.clock.now() + timedelta(days=50))
    world.bill(claim)
    world.move(claim, "report", "anna")
    world.move(claim, "rework", "bob", reason="The photos are dark.")
    world.move(claim, "report", "anna")
    world.review(claim, "bob")
    world.move(claim, "accept", "bob")
    world.move(claim, "reimburse", "dan", payment_reference="P-1", paid_on=world.clock.now().date())
    turn, decision = MessageKind.turn, MessageKind.decision
    assert [(kind, who) for kind, who, _ in told(world)] == [
        (turn, "bob"),
        (decision, "anna"),
        (turn, "bob"),
        (decision, "anna"),
        (turn, "bob"),
        (decision, "anna"),
        (turn, "bob"),
        (decision, "anna"),
        (turn, "dan"),
        (decision, "anna"),
    ]
    mailer = KeepingMailer()
    assert deliver_due(world.database, mailer, "https://fund.example", world.clock.now).failed == 0
    assert "Add the agenda." in mailer.mails[1].text


def test_a_run_that_waits_is_told_to_those_alone_who_may_release_it(world: World) -> None:
    for name in ("fay", "max", "liz"):
        world.person(name, Role.finance, *([Role.approver] if name == "max" else []))
    payable(world)
    with world.database.write() as connection:
        mine = {"accepted_by_id": world.people["bob"].user_id, "accepted_for_id": world.people["max"].user_id}
        connection.execute(update(Claim).values(mine))
        collect(
            connection,
            world.people["dan"],
            world.clock.now(),
            currency="USD",
            due_on=world.clock.now().date(),
        )
    waiting = [one for one in told(world) if one[0] is MessageKind.run_waiting]
    said = "Dan collected the payment run RUN-00001: 4,000.00 USD, to be paid on 1 May 2026."
    assert waiting == [(MessageKind.run_waiting, name, said) for name in ("fay", "liz")]


def test_a_proposal_to_claw_back_is_told_to_those_who_may_release_it(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    (waiting,) = [one for one in told(world) if one[0] is MessageKind.claw_back_waiting]
    assert waiting[1] == "dan"
    mailer = KeepingMailer()
    deliver_due(world.database, mailer, "https://fund.example", world.clock.now)
    mail = mailer.mails[-1].text
    assert "Fay proposes to claw back 1,000.00 USD from" in mail
    assert f"https://fund.example/claims/{claim_id}/claw-back" in mail


def test_a_task_for_nobody_is_told_to_the_managers(world: World) -> None:
    claim = world.draft()
    with world.database.write() as connection:
        gone = {"deactivated_at": world.clock.now()}
        connection.execute(update(User).where(User.id == world.people["bob"].user_id).values(gone))
    world.move(claim, "submit", "anna")
    assert [(kind, who) for kind, who, _ in told(world)] == [(MessageKind.unassigned, "mia")]


def test_a_record_that_the_vendor_lacks_is_told_to_the_managers(world: World) -> None:
    partner = world.partner("Weser Systems")
    world.certify(partner, date(2025, 1, 1), date(2026, 12, 31))
    world.fund(partner)
    world.person("carl", Role.partner, partner_id=partner)
    claim = world.draft(by="carl")
    command = Command(claim, Trigger.submit, world.people["carl"], "key", version=world.claim(claim).version)
    with pytest.raises(Refused) as refused:
        perform(world.database, command, world.clock.now())
    remember(world.database, command, refused.value, world.clock.now())
    assert [(kind, who) for kind, who, _ in told(world)] == [(MessageKind.vendor_fact_missing, "mia")]


def test_an_invitation_carries_its_link(world: World) -> None:
    manager, user_id, now = world.people["mia"], world.people["bob"].user_id, world.clock.now()
    assert user_id is not None
    with world.database.write() as connection:
        connection.execute(update(User).where(User.id == user_id).values(password_hash=None))
        token = invite(connection, manager, now, user_id, timedelta(days=3))
    assert told(world) == [(MessageKind.invitation, "bob", "You are invited.")]
    mailer = KeepingMailer()
    deliver_due(world.database, mailer, "https://fund.example", world.clock.now)
    assert f"https://fund.example/set-password/{token}" in mailer.mails[0].text
    for body in (mailer.mails[0].text, mailer.mails[0].html):
        assert (
            "Northwind invites you to Joint Marketing Fund, to take part for Northwind as an approver."
            in body
        )
        assert "until 5 Mar 2026, 13:00 CET" in body


def test_an_invitation_of_a_partners_user_names_the_partner_also_where_it_was_asked_for_again(
    world: World,
) -> None:
    user_id, now = world.people["anna"].user_id, world.clock.now()
    assert user_id is not None
    with world.database.write() as connection:
        connection.execute(update(User).where(User.id == user_id).values(password_hash=None))
        invite(connection, world.people["mia"], now, user_id, timedelta(days=3))
    ask_for_reset(world.database, DOOR, "anna@people.example", now)
    assert [kind for kind, _, _ in told(world)] == [MessageKind.invitation] * 2
    mailer = KeepingMailer()
    deliver_due(world.database, mailer, "https://fund.example", world.clock.now)
    assert len(mailer.mails) == 2
    for mail in mailer.mails:
        assert "to take part for Elbe Systems as a partner." in mail.text


def test_a_password_reset_names_the_programme_and_its_owner(world: World) -> None:
    ask_for_reset(world.database, DOOR, "anna@people.example", world.clock.now())
    assert told(world) == [(MessageKind.password_reset, "anna", "You can choose a new password.")]
    mailer = KeepingMailer()
    deliver_due(world.database, mailer, "https://fund.example", world.clock.now)
    assert "your account in Joint Marketing Fund of Northwind." in mailer.mails[0].text
    assert "invite" not in mailer.mails[0].text
