"""One person of finance collects accepted claims into a run, and another releases it."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from models.claims import Claim
from models.history import Act
from models.payment_runs import PaymentRun, RunClaim
from models.vocabulary import Role, RunState, State
from tests.support.runs import (
    MAY_1,
    cancel_by,
    collect_by,
    inside,
    release_by,
    settle_by,
    state_of,
    take_out_by,
    why,
)
from tests.support.stages import accepted, collected, payable, released
from tests.support.world import World
from workflow.acts.record import once
from workflow.payment_runs.collecting import collect
from workflow.payment_runs.releasing import export
from workflow.refusals import Refused

BRITISH = "GB82WEST12345698765432"


def test_a_run_is_collected_by_one_released_by_another_and_paid_claim_by_claim(
    world: World, fay: str
) -> None:
    first, second = payable(world), payable(world)
    run_id = collect_by(world)
    assert inside(world, run_id) == [first, second]
    release_by(world, run_id, fay)
    lines = settle_by(world, run_id, {first: "2026H1-00001", second: "BANK-2"})
    assert why(lines) == {first: "", second: ""}
    assert [world.claim(one).payment_reference for one in (first, second)] == ["2026H1-00001", "BANK-2"]
    assert [world.claim(one).state for one in (first, second)] == [State.reimbursed] * 2
    assert world.fund_row().paid == 800_000


def test_only_what_can_be_paid_is_collected(world: World) -> None:
    without_account = accepted(world)
    with pytest.raises(Refused, match="nothing_to_collect"):
        collect_by(world)
    account_id = world.account("anna")
    with pytest.raises(Refused, match="nothing_to_collect"):
        collect_by(world)
    world.confirm(account_id, "mia")
    with pytest.raises(Refused, match="nothing_to_collect"):
        collect_by(world, currency="EUR")
    with pytest.raises(Refused, match="nothing_to_collect"):
        collect_by(world, due_until=MAY_1 - timedelta(days=1))
    assert inside(world, collect_by(world, due_until=MAY_1)) == [without_account]


def test_what_waits_for_another_account_is_not_collected(world: World) -> None:
    payable(world)
    world.account("anna", iban=BRITISH)
    with pytest.raises(Refused, match="nothing_to_collect"):
        collect_by(world)


def test_a_claim_is_in_one_run_at_most(world: World) -> None:
    run_id = collected(world)
    with pytest.raises(Refused, match="nothing_to_collect"):
        collect_by(world)
    (claim_id,) = inside(world, run_id)
    line = {"run_id": run_id, "claim_id": claim_id, "account_id": 1}
    with pytest.raises(IntegrityError), world.database.write() as connection:
        connection.execute(insert(RunClaim).values(line))


def test_two_who_collect_at_the_same_moment_share_no_claim(world: World, fay: str) -> None:
    payable(world), payable(world)
    start, found = threading.Barrier(2), list[int | str]()

    def collect_one(by: str) -> None:
        start.wait()
        try:
            run_id = once(
                world.database,
                by,
                lambda connection: collect(
                    connection, world.people[by], world.clock.now(), currency="USD", due_on=MAY_1, key=by
                ),
            )
            found.append(run_id or 0)
        except Refused as refused:
            found.append(refused.why)

    threads = [threading.Thread(target=collect_one, args=(by,)) for by in ("dan", fay)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "nothing_to_collect" in found
    (run_id,) = (one for one in found if isinstance(one, int))
    assert len(inside(world, run_id)) == 2


def test_a_day_that_is_past_is_no_day_to_pay_on(world: World) -> None:
    payable(world)
    with pytest.raises(Refused, match="due_past"):
        collect_by(world, due_on=MAY_1 - timedelta(days=1))


def test_who_collected_a_run_does_not_release_it(world: World) -> None:
    run_id = collected(world)
    with pytest.raises(Refused, match="collected_it"):
        release_by(world, run_id, "dan")
    mine = {"released_by_id": world.people["dan"].user_id}
    with pytest.raises(IntegrityError), world.database.write() as connection:
        connection.execute(update(PaymentRun).values(mine))


@pytest.mark.parametrize("column", ["accepted_by_id", "accepted_for_id"])
def test_who_accepted_a_claim_or_had_it_accepted_on_their_behalf_does_not_release_its_run(
    world: World, fay: str, column: str
) -> None:
    run_id = collected(world)
    (claim_id,) = inside(world, run_id)
    with world.database.write() as connection:
        me = {column: world.people[fay].user_id}
        connection.execute(update(Claim).where(Claim.id == claim_id).values(me))
    with pytest.raises(Refused) as refused:
        release_by(world, run_id, fay)
    assert refused.value.why == "accepted_in_run"
    assert refused.value.problems[0].figures == {"claims": "2026H1-00001"}
    assert state_of(world, run_id) is RunState.draft


@pytest.mark.parametrize("name", ["anna", "bob", "eve", "mia"])
def test_nobody_but_finance_has_to_do_with_runs(world: World, name: str) -> None:
    run_id = collected(world)
    (claim_id,) = inside(world, run_id)
    for act in (
        lambda: collect_by(world, name),
        lambda: release_by(world, run_id, name),
        lambda: take_out_by(world, run_id, claim_id, name),
        lambda: cancel_by(world, run_id, name),
        lambda: settle_by(world, run_id, {claim_id: "P"}, name),
    ):
        with pytest.raises(Refused, match="not_yours"):
            act()


def test_an_account_that_was_changed_keeps_its_claim_from_being_released_until_it_is_taken_out(
    world: World, fay: str
) -> None:
    run_id = collected(world)
    other = payable_of_another_partner(world)
    second = collect_by(world)
    account_id = world.account("anna", iban=BRITISH)
    with pytest.raises(Refused, match="run_account_changed"):
        release_by(world, run_id, fay)
    world.confirm(account_id, "mia")
    with pytest.raises(Refused, match="run_account_changed"):
        release_by(world, run_id, fay)
    assert inside(world, second) == [other]
    release_by(world, second, fay)


def payable_of_another_partner(world: World) -> int:
    """Return the id of an accepted claim of a second partner with an account in force."""
    partner_id = world.partner("Isar Networks")
    world.person("olga", Role.partner, partner_id=partner_id)
    world.confirm(world.account("olga", iban="FR1420041010050500013M02606"), "mia")
    claim_id = accepted(world)
    with world.database.write() as connection:
        connection.execute(update(Claim).where(Claim.id == claim_id).values(partner_id=partner_id))
    return claim_id


def test_a_file_is_not_made_for_an_account_that_is_no_longer_in_force(world: World) -> None:
    run_id = released(world)
    with world.database.write() as connection:
        run, payments = export(connection, world.people["dan"], world.clock.now(), run_id, "csv")
    assert (run.id, [payment.iban for payment in payments]) == (run_id, ["DE89370400440532013000"])
    world.account("anna", iban=BRITISH)
    with pytest.raises(Refused, match="run_account_changed"), world.database.write() as connection:
        export(connection, world.people["dan"], world.clock.now(), run_id, "csv")


def test_a_draft_gives_no_file(world: World) -> None:
    run_id = collected(world)
    with pytest.raises(Refused, match="run_is_draft"), world.database.write() as connection:
        export(connection, world.people["dan"], world.clock.now(), run_id, "csv")


def test_a_claim_in_a_draft_is_not_paid_by_hand_until_it_is_taken_out(world: World) -> None:
    run_id = collected(world)
    (claim_id,) = inside(world, run_id)
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "reimburse", "dan", payment_reference="P", paid_on=MAY_1)
    assert refused.value.why == "in_draft_run"
    take_out_by(world, run_id, claim_id)
    take_out_by(world, run_id, claim_id)
    world.move(claim_id, "reimburse", "dan", payment_reference="P", paid_on=MAY_1)
    assert inside(world, run_id) == []
    with world.database.read() as connection:
        acts = connection.scalars(select(Act.kind).where(Act.subject == f"payment_run:{run_id}")).all()
    assert acts == ["run_collected", "run_claim_taken_out"]


def test_a_run_that_was_emptied_is_not_released(world: World, fay: str) -> None:
    run_id = collected(world)
    (claim_id,) = inside(world, run_id)
    take_out_by(world, run_id, claim_id)
    with pytest.raises(Refused, match="run_empty"):
        release_by(world, run_id, fay)


def test_a_released_run_stands_still(world: World) -> None:
    run_id = released(world)
    (claim_id,) = inside(world, run_id)
    with pytest.raises(Refused, match="run_is_released"):
        take_out_by(world, run_id, claim_id)
    with pytest.raises(Refused, match="run_is_released"):
        release_by(world, run_id, "fay")


def test_what_a_cancelled_run_did_not_pay_can_be_collected_again(world: World, fay: str) -> None:
    first, second = payable(world), payable(world)
    run_id = collect_by(world)
    release_by(world, run_id, fay)
    settle_by(world, run_id, {first: "P-1"})
    with pytest.raises(Refused, match="cancel_why"):
        cancel_by(world, run_id, reason=" ")
    cancel_by(world, run_id)
    assert state_of(world, run_id) is RunState.cancelled
    assert inside(world, run_id) == [first]
    assert inside(world, collect_by(world)) == [second]


def test_a_claim_that_was_paid_while_it_was_collected_keeps_its_run_from_being_released(
    world: World, fay: str
) -> None:
    run_id = collected(world)
    (claim_id,) = inside(world, run_id)
    with world.database.write() as connection:  # as if both had happened at the same moment
        connection.execute(update(Claim).where(Claim.id == claim_id).values(state=State.reimbursed))
    with pytest.raises(Refused, match="run_claim_gone"):
        release_by(world, run_id, fay)


def test_a_run_collects_what_is_due_until_a_day(world: World) -> None:
    world.demand(pay_within_days=14)
    later = payable(world)
    assert world.claim(later).pay_by == MAY_1 + timedelta(days=14)
    with pytest.raises(Refused, match="nothing_to_collect"):
        collect_by(world, due_until=MAY_1 + timedelta(days=13))
    assert inside(world, collect_by(world, due_until=MAY_1 + timedelta(days=14))) == [later]
