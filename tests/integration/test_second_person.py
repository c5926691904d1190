"""What takes two people takes two who did not lately let each other in, or come in by the same hands."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.vocabulary import Personal, Role
from tests.support.letting_in import changed, invited, linked, shut_out_and_in, user_id
from tests.support.personal import hold, lift
from tests.support.policies import drafted, proposed, published, to_be_withdrawn
from tests.support.runs import collect_by, release_by
from tests.support.stages import payable, rejected
from tests.support.world import World
from workflow.acts import policy_publishing as publishing
from workflow.acts.banking import refuse_account
from workflow.acts.erasure import confirm_erasure, propose_erasure
from workflow.clock import day_begins
from workflow.refusals import Problem, Refused
from workflow.second_person import why_not_second
from workflow.working_days import Calendar

Done = Callable[[World, str], object]
"""What a second person does."""

FIRST_DAYS = timedelta(days=7)


@pytest.fixture
def world(world: World) -> World:
    """A programme that is past its first days."""
    world.clock.advance(FIRST_DAYS)
    return world


def why_not(world: World, me: str, other: str) -> Problem | None:
    """Return why one is no second person beside another."""
    who, began_by = world.people[me], user_id(world, other)
    with world.database.read() as connection:
        return why_not_second(connection, who, world.clock.now(), [began_by], "same").get(began_by)


def publish(world: World, proposed_by: str = "mia") -> Done:
    proposal_id = proposed(world, drafted(world), by=proposed_by)

    def done(world: World, by: str) -> object:
        now = world.clock.now()
        with world.database.write() as connection:
            return publishing.publish(connection, world.people[by], now, proposal_id, today=now.date())

    return done


def publish_what_was_changed(world: World) -> Done:
    """Ines proposes what Mia wrote last."""
    return publish(world, proposed_by="ines")


def withdraw(world: World) -> Done:
    proposal_id = to_be_withdrawn(world, published(world))

    def done(world: World, by: str) -> object:
        now = world.clock.now()
        with world.database.write() as connection:
            return publishing.withdraw(connection, world.people[by], now, proposal_id, today=now.date())

    return done


def erase(world: World) -> Done:
    claim_id, now = rejected(world), world.clock.now()
    asked = {"reference": "DSR-7", "reason": "By letter."}
    with world.database.write() as connection:
        request = propose_erasure(connection, world.people["mia"], now, claim_id, [Personal.reasons], **asked)

    def done(world: World, by: str) -> object:
        with world.database.write() as connection:
            return confirm_erasure(connection, world.people[by], world.clock.now(), request)

    return done


def lift_a_hold(world: World) -> Done:
    hold_id = hold(world, "mia", claim_id=rejected(world))
    return lambda world, by: lift(world, hold_id, by)


def confirm(world: World) -> Done:
    account_id = world.account("mia", partner_id=world.partner_id)
    return lambda world, by: world.confirm(account_id, by)


def release(world: World) -> Done:
    payable(world)
    run_id = collect_by(world, "mia")
    return lambda world, by: release_by(world, run_id, by)


DEEDS = (publish, publish_what_was_changed, withdraw, erase, lift_a_hold, confirm, release)
BOTH = (Role.manager, Role.finance)


@pytest.mark.parametrize("begin", DEEDS)
def test_whom_somebody_let_in_lately_is_no_second_person_beside_them(
    world: World, begin: Callable[[World], Done]
) -> None:
    world.person("ines", *BOTH)
    changed(world, "ines", "mia", *BOTH)
    world.clock.advance(timedelta(days=7))
    done = begin(world)
    invited(world, "mia", "otto", *BOTH)
    free = world.clock.now().date() + timedelta(days=7)
    with pytest.raises(Refused, match="let_in_lately"):
        done(world, "otto")
    world.clock.set(day_begins(free, "Europe/Berlin") - timedelta(minutes=1))
    with pytest.raises(Refused, match="let_in_lately") as refused:
        done(world, "otto")
    assert refused.value.problems[0].figures["free"] == free.isoformat()
    world.clock.advance(timedelta(minutes=1))
    done(world, "otto")


def test_the_refusal_says_who_let_whom_in_and_from_when_on_it_is_possible(world: World) -> None:
    invited(world, "mia", "otto", Role.manager)
    problem = why_not(world, "otto", "mia")
    assert problem is not None
    assert problem.message() == (
        "Mia and you do not count as two people yet: Mia let Otto in, or gave them a role, on 9 Mar 2026."
    )
    assert problem.remedy() == "Somebody else can do it now. You can from 16 Mar 2026 on."


@pytest.mark.parametrize("begin", [publish, withdraw, erase, lift_a_hold, confirm, release])
def test_somebody_else_may_at_once(world: World, begin: Callable[[World], Done]) -> None:
    world.person("ines", *BOTH)
    changed(world, "ines", "mia", *BOTH)
    world.clock.advance(timedelta(days=7))
    invited(world, "mia", "otto", *BOTH)
    begin(world)(world, "ines")


@pytest.mark.parametrize(
    "lets_in",
    [
        lambda world: invited(world, "mia", "otto", Role.manager),
        lambda world: changed(world, "mia", "otto", Role.manager),
        lambda world: linked(world, "mia", "otto"),
        lambda world: shut_out_and_in(world, "mia", "otto"),
    ],
    ids=["invited", "given a role", "sent a link", "let in again"],
)
def test_every_way_to_let_somebody_in_counts_in_both_directions(
    world: World, lets_in: Callable[[World], None], request: pytest.FixtureRequest
) -> None:
    if "invited" not in request.node.name:
        world.person("otto", Role.approver)
        assert why_not(world, "mia", "otto") is None
    lets_in(world)
    for me, other in (("mia", "otto"), ("otto", "mia")):
        problem = why_not(world, me, other)
        assert problem is not None
        assert (problem.code, problem.figures["by"], problem.figures["who"]) == (
            "let_in_lately",
            "Mia",
            "Otto",
        )


def test_a_change_that_gives_no_role_lets_nobody_in(world: World) -> None:
    world.person("ines", Role.manager, Role.finance)
    changed(world, "mia", "ines", Role.manager)
    changed(world, "mia", "ines", Role.manager, calendar=Calendar("DE", "BE"))
    assert why_not(world, "ines", "mia") is None


def test_two_whom_the_same_person_let_in_are_not_two_nor_is_a_chain(world: World) -> None:
    invited(world, "mia", "otto", Role.manager)
    world.clock.advance(timedelta(days=2))
    invited(world, "mia", "pia", Role.manager)
    invited(world, "otto", "quin", Role.manager)
    for me, other in (("pia", "otto"), ("otto", "pia"), ("quin", "mia"), ("mia", "quin"), ("pia", "quin")):
        problem = why_not(world, me, other)
        assert problem is not None, (me, other)
        assert (problem.figures["who"], problem.figures["free"]) == ("Otto", "2026-03-16"), (me, other)
    world.clock.advance(timedelta(days=5))
    assert why_not(world, "quin", "mia") is why_not(world, "pia", "otto") is None
    assert why_not(world, "quin", "otto") is not None


def test_two_who_let_in_the_same_person_stay_two(world: World, ines: str) -> None:
    invited(world, "mia", "otto", Role.approver)
    linked(world, ines, "otto")
    assert why_not(world, ines, "mia") is None
    assert why_not(world, "otto", ines) is not None


def test_the_latest_day_on_which_somebody_was_let_in_counts(world: World) -> None:
    invited(world, "mia", "otto", Role.manager)
    world.clock.advance(timedelta(days=4))
    linked(world, "mia", "otto")
    problem = why_not(world, "otto", "mia")
    assert problem is not None
    assert problem.figures["free"] == "2026-03-20"


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True)])
def test_in_the_first_days_of_a_programme_letting_in_does_not_count(
    world: World, days: int, counts: bool
) -> None:
    world.clock.advance(timedelta(days=days))
    invited(world, "mia", "otto", Role.manager)
    assert (why_not(world, "otto", "mia") is not None) is counts
    assert why_not(world, "mia", "mia") == Problem("same")


def test_an_account_of_a_contact_is_not_confirmed_by_who_let_them_in_and_may_be_refused(
    world: World,
) -> None:
    invited(world, "mia", "carl", Role.partner, partner_id=world.partner_id)
    account_id = world.account("carl")
    with pytest.raises(Refused, match="let_in_lately"):
        world.confirm(account_id, "mia")
    with world.database.write() as connection:
        refuse_account(connection, world.people["mia"], world.clock.now(), account_id, "A stranger’s.")
    world.confirm(world.account("carl", bic="COBADEFF"), "dan")


def test_an_auditor_whom_a_manager_let_in_does_not_lift_their_hold(world: World) -> None:
    hold_id = hold(world, "mia", claim_id=rejected(world))
    invited(world, "mia", "otto", Role.auditor)
    with pytest.raises(Refused, match="let_in_lately"):
        lift(world, hold_id, "otto")
    lift(world, hold_id, "eve")
