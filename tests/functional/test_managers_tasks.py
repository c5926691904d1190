"""Programme managers hand tasks on and bring claims back; they never decide on one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.history import Act
from models.tasks import Task
from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.support.looking import as_read, places
from tests.support.stages import (
    accepted,
    approved,
    correct_certificate,
    expired,
    new_policy,
    reinstatable,
    submitted,
)
from tests.support.world import World
from workflow.acts.funds import reduce_fund
from workflow.acts.users import deactivate
from workflow.moves import in_transaction


def holder(world: World, claim_id: int) -> int | None:
    with world.database.read() as connection:
        return connection.scalar(
            select(Task.assignee_id).where(Task.claim_id == claim_id, Task.closed_at.is_(None))
        )


def shut_out(world: World, name: str) -> None:
    """Have `mia` deactivate somebody."""
    user_id = world.people[name].user_id
    assert user_id is not None
    in_transaction(
        world.database,
        lambda connection: deactivate(connection, world.people["mia"], world.clock.now(), user_id),
    )


def test_a_task_goes_to_another_entitled_person_chosen_by_load(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.person("carl", Role.approver)
    mia = sign_in(world.people["mia"])
    path = f"/programme/claims/{claim_id}/reassign"
    page = mia.open(path)
    places(page, "Carl, open tasks: 0", "Held by", "Bob")
    assert "Bob, " not in page.text, "who holds it is no choice"
    answer = page.submit(path, assignee=world.people["carl"].user_id, reason="Bob is away.")
    assert answer.location == f"/claims/{claim_id}"
    assert holder(world, claim_id) == world.people["carl"].user_id
    again = page.submit(path, assignee=world.people["carl"].user_id)
    assert again.status in (302, 422)
    with world.database.read() as connection:
        acts = connection.scalars(select(Act.id).where(Act.kind == "task_reassigned")).all()
    assert len(acts) == 1, "the second click changed nothing"


def test_a_task_goes_to_nobody_who_is_not_entitled(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.person("carl", Role.approver)
    mia = sign_in(world.people["mia"])
    path = f"/programme/claims/{claim_id}/reassign"
    page = mia.open(path)
    for who in ("dan", "anna", "mia"):
        assert page.submit(path, assignee=world.people[who].user_id).status == 422
    assert page.submit(path).status == 422
    assert page.submit(path, assignee="nonsense").status == 422
    assert holder(world, claim_id) == world.people["bob"].user_id


def test_where_nobody_else_may_do_it_the_page_says_so(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    page = sign_in(world.people["mia"]).open(f"/programme/claims/{claim_id}/reassign")
    places(page, "There is nobody else who may do it")


def test_a_payment_is_for_all_of_finance_and_is_not_reassigned(world: World, sign_in: SignIn) -> None:
    claim_id = accepted(world)
    world.person("fay", Role.finance)
    mia = sign_in(world.people["mia"])
    answer = mia.open(f"/programme/claims/{claim_id}/reassign")
    places(answer.follow(), "Open tasks to pay are for all of finance")
    assert not mia.open(f"/claims/{claim_id}").offers(f"/programme/claims/{claim_id}/reassign")


def test_a_manager_is_not_offered_a_task_for_themselves(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    page = sign_in(world.person("max", Role.manager, Role.approver)).open(
        f"/programme/claims/{claim_id}/reassign"
    )
    assert "Cora, open tasks: 0" in page.text
    assert "Max, open tasks: 0" not in page.text


def test_tasks_that_nobody_may_do_wait_at_the_managers_with_the_reason(world: World, sign_in: SignIn) -> None:
    mia = world.people["mia"]
    bob = world.people["bob"].user_id
    assert bob is not None
    in_transaction(world.database, lambda connection: deactivate(connection, mia, world.clock.now(), bob))
    claim_id = submitted(world)
    page = sign_in(mia).open("/programme/waiting")
    places(page, "2026H1-00001", "Elbe Systems", "Nobody may decide it")
    world.person("carl", Role.approver)
    assert holder(world, claim_id) == world.people["carl"].user_id, "whoever joins takes up what waited"
    assert "2026H1-00001" not in sign_in(mia).open("/programme/waiting").text


def test_decisions_past_the_day_of_their_own_policy_are_listed(world: World, sign_in: SignIn) -> None:
    timeless = submitted(world, title="Without a deadline")
    new_policy(world, decide_within_days=2)
    submitted(world, title="With a deadline")
    world.clock.advance(timedelta(days=2))
    assert "With a deadline" not in sign_in(world.people["mia"]).open("/programme/waiting").text
    world.clock.advance(timedelta(days=1))
    page = sign_in(world.people["mia"]).open("/programme/waiting")
    places(page, "Tasks that are late", "With a deadline", "5 Mar 2026", "Bob")
    assert world.claim(timeless).title not in page.text


def test_an_expired_claim_comes_back_with_a_reason(world: World, sign_in: SignIn) -> None:
    claim_id = reinstatable(world)
    mia = sign_in(world.people["mia"])
    path = f"/programme/claims/{claim_id}/reinstate"
    page = mia.open(path)
    refused = page.submit(path)
    assert refused.status == 422
    places(refused, 'id="reason-error"', "Say why.")
    assert refused.submit(path, reason="The certificate came late.").location == f"/claims/{claim_id}"
    assert world.claim(claim_id).state is State.submitted


def test_while_the_gap_is_open_the_page_says_why_it_cannot_come_back(world: World, sign_in: SignIn) -> None:
    claim_id = expired(world)
    mia = sign_in(world.people["mia"])
    path = f"/programme/claims/{claim_id}/reinstate"
    page = mia.open(path)
    places(page, "It cannot be reinstated yet", "Certification still misses")
    assert not page.offers(path)


def test_a_fund_that_is_too_small_keeps_a_claim_expired(world: World, sign_in: SignIn) -> None:
    claim_id = expired(world, approved)
    correct_certificate(world)
    fund = world.fund_row()
    in_transaction(
        world.database,
        lambda connection: reduce_fund(
            connection, world.people["mia"], world.clock.now(), fund_id=fund.id, amount=fund.available
        ),
    )
    page = sign_in(world.people["mia"]).open(f"/programme/claims/{claim_id}/reinstate")
    places(page, "4,000.00 USD would have to be reserved again, but only 0.00 USD is available")


def test_a_claim_that_is_not_expired_is_not_reinstated(world: World, sign_in: SignIn) -> None:
    claim_id = reinstatable(world)
    mia = sign_in(world.people["mia"])
    path = f"/programme/claims/{claim_id}/reinstate"
    page = mia.open(path)
    world.move(claim_id, "reinstate", "mia", reason="Already.")
    late = page.submit(path, reason="Again.")
    assert late.status == 409
    places(late, "Mia reinstated the claim.", "The claim is no longer expired")
    assert "decide again" not in late.text
    assert world.claim(claim_id).moves == 3
    assert mia.open(path).location == f"/claims/{claim_id}"


def test_what_waits_at_the_managers_is_said_to_wait_there(world: World, sign_in: SignIn) -> None:
    claim_id = accepted(world)

    def told(name: str) -> str:
        return sign_in(world.people[name]).open(f"/claims/{claim_id}").text

    assert "Waiting for finance" in told("anna")
    shut_out(world, "dan")
    for name in ("anna", "mia", "eve"):
        assert "Waiting for the programme managers: nobody may pay it yet" in told(name)
    assert "programme managers: nobody may pay it yet" in sign_in(world.people["anna"]).open("/claims").text


def test_a_decision_that_nobody_may_make_is_said_to_wait_at_the_managers(
    world: World, sign_in: SignIn
) -> None:
    shut_out(world, "bob")
    claim_id = submitted(world)
    for path in ("/claims", f"/claims/{claim_id}"):
        page = sign_in(world.people["anna"]).open(path)
        assert "programme managers: nobody may decide on it yet" in page.text


def test_a_new_day_to_report_by_is_asked_for_only_where_a_report_will_be_due(
    world: World, sign_in: SignIn
) -> None:
    asks = "New day to report by"
    without = reinstatable(world)
    assert asks not in sign_in(world.people["mia"]).open(f"/programme/claims/{without}/reinstate").text

    new_policy(world, report_within_days=30)
    world.clock.advance(timedelta(days=1))
    claim_id = expired(world, approved)
    correct_certificate(world)
    assert asks in sign_in(world.people["mia"]).open(f"/programme/claims/{claim_id}/reinstate").text


def test_a_claim_that_waits_for_its_partner_says_so_in_the_managers_list(
    world: World, sign_in: SignIn
) -> None:
    approved(world)
    row = sign_in(world.people["mia"]).open("/programme/claims").text.split("<tbody>")[1]
    assert "Elbe Systems" in row.split('data-label="Waits for"')[1].split("</td>")[0]


DEADLINES = "/programme/deadlines"


def test_a_manager_sets_deadlines_and_sees_what_they_mean_today(world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    page = mia.open(DEADLINES).submit(
        DEADLINES, country="DE", region="by", decide_working_days="5", decide_remind_days="1"
    )
    assert page.status == 302, page.text
    read = as_read(page.follow())
    assert "Tasks that are opened from now on have these deadlines." in read
    assert "A task that is opened today is due by 9 Mar 2026" in read
    submitted(world, title="In time")
    world.clock.advance(timedelta(days=8))
    mia = sign_in(world.people["mia"])
    places(mia.open("/programme/waiting"), "Tasks that are late", "In time", "9 Mar 2026", "Bob")
    mia.open(DEADLINES).submit(DEADLINES, decide_working_days="", decide_remind_days="")
    assert "is due by" not in mia.open(DEADLINES).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"decide_working_days": "0"}, "Enter 1 or more."),
        ({"decide_working_days": "251"}, "Enter 1 to 250 working days."),
        ({"decide_working_days": "2", "decide_remind_days": "2"}, "before the task began"),
        ({"region": "BY"}, "A region needs its country."),
        ({"country": "DE", "region": "TX"}, "TX is no region of this country."),
        ({"pay_escalate_to": "999"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_with_a_deadline_stands_at_its_field(
    world: World, sign_in: SignIn, typed: dict[str, str], said: str
) -> None:
    page = sign_in(world.people["mia"]).open(DEADLINES).submit(DEADLINES, **typed)
    assert page.status == 422
    assert said in page.text


def test_two_managers_do_not_overwrite_each_others_deadlines(world: World, sign_in: SignIn) -> None:
    world.person("max", Role.manager)
    one, other = sign_in(world.people["mia"]).open(DEADLINES), sign_in(world.people["max"]).open(DEADLINES)
    one.submit(DEADLINES, decide_working_days="5", decide_remind_days="1", decide_escalate_days="2")
    late = other.submit(DEADLINES, decide_working_days="9")
    assert late.status == 409
    places(late, "Nothing was saved")
    said = (
        "5 working days (holder reminded 1 before it is due, the programme managers told 2 after it was due)"
    )
    places(late, said)


def test_each_part_of_a_deadline_says_what_its_days_are_counted_from(world: World, sign_in: SignIn) -> None:
    read = as_read(sign_in(world.people["mia"]).open(DEADLINES))
    assert "Remind the holder Working days before it is due." in read.replace("optional ", "")
    assert "Tell somebody else Working days after it was due." in read.replace("optional ", "")


def test_a_claim_says_who_holds_it_and_since_when(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    world.clock.advance(timedelta(days=3))
    cora = world.people["cora"].user_id or 0
    sign_in(world.people["mia"]).open(f"/programme/claims/{claim_id}/reassign").submit(
        f"/programme/claims/{claim_id}/reassign", assignee=str(cora)
    )
    for reader in ("anna", "cora", "mia"):
        page = sign_in(world.people[reader]).open(f"/claims/{claim_id}")
        assert "since 5 Mar 2026" in as_read(page)
