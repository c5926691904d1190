"""Several tasks at once: only what was ticked and visible, each on its own, with a result for each."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from models.history import Move
from models.jobs import Job
from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.support.looking import as_read, places
from tests.support.stages import executed, submitted
from tests.support.statements import statements
from tests.support.world import World, line
from web.services import Services
from workflow.bulk import DOERS
from workflow.jobs import work_off

APPROVE, RETURN, GIVE_BACK = (f"/inbox/several/{way}" for way in ("approve", "return", "give-back"))
REASSIGN = "/programme/waiting/reassign"


def work(world: World) -> None:
    work_off(world.database, DOERS, world.clock.now)


def ticked(path: str, claims: list[int]) -> str:
    return f"{path}?{'&'.join(f'claim={one}' for one in claims)}"


def states(world: World, claims: list[int]) -> list[State]:
    return [world.claim(one).state for one in claims]


def test_ticked_claims_are_shown_once_more_then_approved_with_a_line_for_each(
    world: World, sign_in: SignIn
) -> None:
    claims = [submitted(world, title=f"Seminar {number}") for number in range(3)]
    bob = sign_in(world.people["bob"])
    page = bob.open(ticked(APPROVE, claims[:2]))
    assert "Total 8,000.00" in as_read(page)
    assert "Seminar 2" not in page.text

    job = page.submit(APPROVE).follow()
    assert "0 of 2 done · begins in a moment" in as_read(job)
    work(world)
    page = bob.open(job.path)
    assert "2 of 2 done · ended" in as_read(page)
    assert page.text.count(">Approved<") == 2
    assert states(world, claims) == [State.approved, State.approved, State.submitted]


def test_what_changes_between_look_and_job_is_refused_and_said_so(world: World, sign_in: SignIn) -> None:
    first, second = submitted(world, title="Fair"), submitted(world, title="Foul")
    bob = sign_in(world.people["bob"])
    job = bob.open(ticked(APPROVE, [first, second])).submit(APPROVE)
    world.move(second, "withdraw", "anna")
    work(world)
    page = job.follow()
    places(page, "one could not be done", "This claim has changed since you opened the page.")
    assert states(world, [first, second]) == [State.approved, State.withdrawn]


def test_money_that_runs_out_stops_only_what_it_no_longer_covers(world: World, sign_in: SignIn) -> None:
    costs = [line(amount=1_900_000)]
    claims = [submitted(world, requested=900_000, lines=costs) for _ in range(6)]  # 54,000 of 50,000
    job = sign_in(world.people["bob"]).open(ticked(APPROVE, claims)).submit(APPROVE)
    work(world)
    assert states(world, claims) == [State.approved] * 5 + [State.submitted]
    assert world.fund_row().reserved == 4_500_000
    assert "available" in as_read(job.follow())


def test_several_are_returned_with_one_reason_that_each_partner_reads(world: World, sign_in: SignIn) -> None:
    claims = [submitted(world), submitted(world)]
    page = sign_in(world.people["bob"]).open(ticked(RETURN, claims))
    without = page.submit(RETURN)
    assert without.status == 422
    assert "Say why." in without.text
    without.submit(RETURN, reason="Name the speakers, please.")
    work(world)
    assert states(world, claims) == [State.draft, State.draft]
    for claim_id in claims:
        assert "Name the speakers, please." in sign_in(world.people["anna"]).open(f"/claims/{claim_id}").text


def test_several_are_given_back_and_those_of_others_stay_out(world: World, sign_in: SignIn) -> None:
    mine = [submitted(world), executed(world)]
    cora = world.person("cora", Role.approver)
    page = sign_in(world.people["bob"]).open(ticked(GIVE_BACK, mine))
    page.submit(GIVE_BACK, reason="I am new here.")
    work(world)
    assert [world.holder(one)[0] for one in mine] == ["cora", "cora"]
    stranger = sign_in(world.people["bob"]).open(ticked(GIVE_BACK, mine))
    assert "2 of those you ticked are not yours any more" in as_read(stranger)
    assert sign_in(cora).open(ticked(GIVE_BACK, mine)).status == 200


def test_a_report_to_check_is_left_out_of_what_is_approved_at_once(world: World, sign_in: SignIn) -> None:
    report = executed(world)
    page = sign_in(world.people["bob"]).open(ticked(APPROVE, [report]))
    places(page, "Nothing of this can be done at once", "Its report has to be checked on its own page.")


def test_an_endorsement_is_no_approval_when_it_is_made_with_others(world: World, sign_in: SignIn) -> None:
    world.person("cora", Role.approver)
    world.route(world.only("bob"), {})
    claim_id = submitted(world)
    sign_in(world.people["bob"]).open(ticked(APPROVE, [claim_id])).submit(APPROVE)
    work(world)
    assert world.claim(claim_id).state is State.submitted
    with world.database.read() as connection:
        triggers = connection.scalars(select(Move.trigger).where(Move.claim_id == claim_id)).all()
    assert [one.value for one in triggers] == ["submit", "endorse"]


def test_tasks_are_reassigned_at_once_save_where_the_new_holder_may_not(
    world: World, sign_in: SignIn
) -> None:
    cora = world.person("cora", Role.approver)
    world.route(world.only("bob"), world.only("cora"), country="DE")
    first = submitted(world)
    world.move(first, "endorse", "bob", approved=400_000)  # bob has decided on it: it cannot be his again
    second = submitted(world)
    page = sign_in(world.people["mia"]).open(ticked(REASSIGN, [first, second]))
    assert page.submit(REASSIGN).status == 422
    job = page.submit(REASSIGN, assignee=str(cora.user_id), reason="Bob is overloaded.")
    work(world)
    assert [world.holder(one)[0] for one in (first, second)] == ["cora", "cora"]
    again = sign_in(world.people["mia"]).open(ticked(REASSIGN, [first, second]))
    job = again.submit(REASSIGN, assignee=str(world.people["bob"].user_id))
    work(world)
    assert [world.holder(one)[0] for one in (first, second)] == ["cora", "bob"]
    places(job.follow(), "This person may not decide on this claim.")


def test_a_job_is_stopped_by_who_asked_for_it_and_seen_by_nobody_else(world: World, sign_in: SignIn) -> None:
    claims = [submitted(world), submitted(world)]
    bob, carl = sign_in(world.people["bob"]), sign_in(world.person("carl", Role.approver))
    job = bob.open(ticked(APPROVE, claims)).submit(APPROVE).follow()
    assert carl.open(job.path).status == 404
    job.submit(f"{job.path}/cancel")
    work(world)
    page = bob.open(job.path)
    assert page.text.count("Not begun") == 2
    assert states(world, claims) == [State.submitted, State.submitted]
    places(bob.open("/jobs"), "Decisions on several claims", "2 of 2")
    assert "Decisions on several" not in carl.open("/jobs").text


def test_a_form_that_is_sent_twice_is_one_job(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.people["bob"]).open(ticked(APPROVE, [submitted(world)]))
    assert page.submit(APPROVE).location == page.submit(APPROVE).location
    with world.database.read() as connection:
        assert len(connection.scalars(select(Job.id)).all()) == 1


@pytest.mark.parametrize(
    "forged",
    [{"seen": "x"}, {"seen": ""}, {"seen": "1-1e9"}, {"seen": "99999999999-4000.00"}],
)
def test_what_no_page_sends_is_refused(world: World, sign_in: SignIn, forged: dict[str, Any]) -> None:
    claim_id = submitted(world)
    page = sign_in(world.people["bob"]).open(ticked(APPROVE, [claim_id]))
    assert page.submit(APPROVE, **{f"seen-{claim_id}": forged["seen"]}).status == 400


def test_a_forged_amount_above_what_may_be_granted_is_refused_by_the_rules(
    world: World, sign_in: SignIn
) -> None:
    claim_id = submitted(world)
    version = world.claim(claim_id).version
    page = sign_in(world.people["bob"]).open(ticked(APPROVE, [claim_id]))
    page.submit(APPROVE, **{f"seen-{claim_id}": f"{version}-4000.01"})
    work(world)
    assert world.claim(claim_id).state is State.submitted


def test_an_unknown_way_is_not_found_and_nothing_ticked_says_so(world: World, sign_in: SignIn) -> None:
    bob = sign_in(world.people["bob"])
    assert bob.open("/inbox/several/reject").status == 404
    places(bob.open(APPROVE), "Nothing of this can be done at once")
    assert bob.open(f"{APPROVE}?claim=abc&claim=9999999999999999999999").status == 200


def test_looking_at_many_takes_no_more_statements_than_looking_at_few(
    world: World, sign_in: SignIn, app: Any
) -> None:
    shared: Services = app.extensions["cofund"]
    claims = [submitted(world, requested=1_000) for _ in range(12)]
    bob = sign_in(world.people["bob"])
    counts = []
    for some in (claims[:2], claims):
        bob.open(ticked(APPROVE, some))
        with statements(shared.database) as sent:
            bob.open(ticked(APPROVE, some))
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_every_task_of_the_inbox_can_be_ticked(world: World, sign_in: SignIn) -> None:
    claims = [submitted(world), executed(world)]
    page = sign_in(world.people["bob"]).open("/inbox")
    boxes = re.findall(r'type="checkbox" name="claim" value="(\d+)"', page.text)
    assert sorted(map(int, boxes)) == sorted(claims)
