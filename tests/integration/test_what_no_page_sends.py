"""What no page of ours sends, and what happens beside the usual way: refused in words, never half done."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.database import Database
from models.people import SingleUseLink, UserSession
from models.vocabulary import MessageKind, Role, State
from tests.integration.test_moves import accepted, messages, open_task
from tests.support.world import World, line
from workflow.accounts import DoorPolicy, SignInFailed, redeem_link, sign_in
from workflow.actors import INSTALLER, Actor
from workflow.acts.periods import set_period_closed
from workflow.acts.standing import record_performance
from workflow.acts.users import change_user, deactivate, invite, reactivate
from workflow.assignment import roles_now
from workflow.drafts import copy_claim, save_plan
from workflow.lockout import Limit
from workflow.passwords import Passwords
from workflow.refusals import ClaimNotFound, Refused

HOUR = timedelta(hours=1)
DOOR = DoorPolicy(idle=HOUR, link_life=HOUR, failures=Limit(5, HOUR))


def broken_rules(refused: Refused) -> set[str]:
    return {verdict.rule for verdict in refused.verdicts if verdict.broken}


def user(world: World, name: str) -> int:
    user_id = world.people[name].user_id
    assert user_id is not None
    return user_id


def test_a_closed_period_does_not_hide_the_rules_that_are_broken(world: World) -> None:
    claim_id = world.draft(requested=500_000)
    with world.database.write() as connection:
        set_period_closed(connection, world.people["mia"], world.clock.now(), world.period_id, closed=True)
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "submit", "anna")
    assert [problem.code for problem in refused.value.problems] == ["period_closed", "rules"]
    assert broken_rules(refused.value) == {"funding-share"}


def test_an_approval_without_a_fund_names_the_rules_that_are_broken_too(world: World) -> None:
    partner_id = world.partner("Rhine Networks")
    world.certify(partner_id, date(2025, 1, 1), date(2026, 12, 31))
    world.performed(partner_id)
    world.person("rolf", Role.partner, partner_id=partner_id)
    claim_id = world.draft("rolf")
    world.move(claim_id, "submit", "rolf")
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "approve", "bob", approved=400_000)
    assert [problem.code for problem in refused.value.problems] == ["no_fund", "rules"]
    assert broken_rules(refused.value) == {"available-amount"}


def test_granting_more_than_was_asked_names_the_limits_that_it_breaks(world: World) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "approve", "bob", approved=1_000_001)
    assert [problem.code for problem in refused.value.problems] == ["above_requested", "rules"]
    assert broken_rules(refused.value) == {"funding-share", "activity-cap"}


@pytest.mark.parametrize("blank", ["", " ", "\u00a0"])
def test_what_holds_only_blanks_is_named_as_empty(world: World, blank: str) -> None:
    claim_id = world.draft(title=blank, organiser_kind=blank, lines=[line(category=blank)])
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "submit", "anna")
    assert [problem.field for problem in refused.value.problems] == [
        "title",
        "organiser_kind",
        "lines[0].category",
    ]


def test_a_key_that_made_somebody_elses_move_makes_none(world: World) -> None:
    world.person("carl", Role.partner, partner_id=world.partner_id)
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna", key="form-1")
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "withdraw", "carl", key="form-1")
    assert refused.value.why == "stale"
    assert world.claim(claim_id).state is State.submitted


def test_performance_is_never_negative(world: World) -> None:
    with world.database.write() as connection, pytest.raises(Refused) as refused:
        record_performance(
            connection,
            world.people["mia"],
            world.clock.now(),
            partner_id=world.partner_id,
            period_id=world.period_id,
            required=-1,
            achieved=10**15,
        )
    assert [(one.code, one.field) for one in refused.value.problems] == [
        ("amount_negative", "required"),
        ("amount_too_large", "achieved"),
    ]


def test_a_partners_role_without_a_partner_opens_no_claim(world: World) -> None:
    claim_id = world.draft()
    nobody = Actor(user(world, "bob"), frozenset({Role.partner}), None)
    with pytest.raises(ClaimNotFound):
        copy_claim(world.database, nobody, claim_id, world.clock.now())
    with pytest.raises(ClaimNotFound):
        save_plan(world.database, nobody, claim_id, 2, {"title": "Mine"}, [])


@pytest.mark.parametrize(
    ("name", "roles", "why"),
    [
        ("anna", {Role.approver}, "role_needs_vendor"),
        ("anna", {Role.partner, Role.auditor}, "role_needs_vendor"),
        ("bob", {Role.partner}, "role_needs_partner"),
        ("bob", {Role.approver, Role.partner}, "role_needs_partner"),
    ],
)
def test_nobody_is_given_a_role_of_the_other_side(
    world: World, name: str, roles: set[Role], why: str
) -> None:
    mia, now, partner_id = world.people["mia"], world.clock.now(), world.people[name].partner_id
    with world.database.write() as connection, pytest.raises(Refused) as refused:
        change_user(connection, mia, now, user(world, name), roles=roles, is_contact=False)
    assert [(one.code, one.field) for one in refused.value.problems] == [(why, "roles")]
    with pytest.raises(Refused, match=why):
        world.person("nora", *roles, partner_id=partner_id)


@pytest.mark.parametrize("how", ["leaves", "loses the role"])
def test_a_payment_that_nobody_may_make_any_more_waits_at_the_managers(world: World, how: str) -> None:
    claim_id = accepted(world)
    mia, dan, now = world.people["mia"], user(world, "dan"), world.clock.now()
    assert open_task(world, claim_id) == ("pay", None, None)
    with world.database.write() as connection:
        if how == "leaves":
            deactivate(connection, mia, now, dan)
        else:
            change_user(connection, mia, now, dan, roles={Role.auditor}, is_contact=False)
    assert open_task(world, claim_id) == ("pay", None, "no_finance")
    assert messages(world, MessageKind.unassigned) == [(mia.user_id, "pay")]
    world.person("dora", Role.finance)
    assert open_task(world, claim_id) == ("pay", None, None)


def test_a_payment_that_somebody_else_may_make_stays_where_it_is(world: World) -> None:
    world.person("dora", Role.finance)
    claim_id = accepted(world)
    with world.database.write() as connection:
        deactivate(connection, world.people["mia"], world.clock.now(), user(world, "dan"))
    assert open_task(world, claim_id) == ("pay", None, None)
    assert messages(world, MessageKind.unassigned) == []


@pytest.mark.parametrize("how", ["leaves", "loses the role"])
def test_the_last_manager_stays_whoever_asks(world: World, how: str) -> None:
    """No manager is in the way here: it is asked from the command line, where nobody acts on themselves."""
    mia, now = user(world, "mia"), world.clock.now()
    max_ = world.person("max", Role.manager).user_id
    assert max_ is not None

    def out(user_id: int) -> None:
        with world.database.write() as connection:
            if how == "leaves":
                deactivate(connection, INSTALLER, now, user_id)
            else:
                change_user(connection, INSTALLER, now, user_id, roles={Role.auditor}, is_contact=False)

    out(max_)
    with pytest.raises(Refused) as refused:
        out(mia)
    assert [problem.code for problem in refused.value.problems] == ["last_manager"]
    with world.database.read() as connection:
        assert roles_now(connection, mia) == {Role.manager}


def test_deactivating_ends_a_link_for_good(world: World) -> None:
    mia, now, bob = world.people["mia"], world.clock.now(), user(world, "bob")
    with world.database.write() as connection:
        invite(connection, mia, now, bob, HOUR)
        deactivate(connection, mia, now, bob)
        reactivate(connection, mia, now, bob)
        assert connection.scalars(select(SingleUseLink.user_id)).all() == []


def test_a_password_that_is_reset_while_it_is_checked_opens_nothing(world: World) -> None:
    """The old password fits, but by then it is the old one."""
    database, now = world.database, world.clock.now()
    plain = Passwords(time_cost=1, memory_kib=8)
    with database.write() as connection:
        first = invite(connection, world.people["mia"], now, user(world, "bob"), HOUR)
    redeem_link(database, plain, first, "the old password", now)
    with database.write() as connection:
        second = invite(connection, world.people["mia"], now, user(world, "bob"), HOUR)

    class SlowPasswords(Passwords):
        def verify(self, stored: str | None, password: str) -> bool:
            fits = super().verify(stored, password)
            redeem_link(database, plain, second, "a new password", now)
            return fits

    slow = SlowPasswords(time_cost=1, memory_kib=8)
    with pytest.raises(SignInFailed):
        sign_in(database, slow, DOOR, "bob@people.example", "the old password", now)
    assert sessions(database) == []


def sessions(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.scalars(select(UserSession.user_id)))
