"""One person of finance collects accepted claims into a run, another releases it, and each is paid once."""

import threading
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from models.claims import Claim
from models.history import Act, RefusedAttempt
from models.payment_runs import PaymentRun, RunClaim
from models.vocabulary import LeftRun, Role, RunState, State
from tests.support.stages import accepted, collected, executed, hand_over, payable, released
from tests.support.world import World
from workflow.acts.record import once
from workflow.payment_runs.collecting import collect
from workflow.payment_runs.contents import left_of, payments_of
from workflow.payment_runs.leaving import cancel, take_out
from workflow.payment_runs.releasing import export, release
from workflow.payment_runs.settling import Settled, settle
from workflow.refusals import Refused

MAY_1 = date(2026, 5, 1)
BRITISH = "GB82WEST12345698765432"


def inside(world: World, run_id: int) -> list[int]:
    """Return the claims in a run."""
    with world.database.read() as connection:
        return [payment.id for payment in payments_of(connection, run_id)]


def state_of(world: World, run_id: int) -> RunState:
    with world.database.read() as connection:
        return RunState(connection.scalars(select(PaymentRun.state).where(PaymentRun.id == run_id)).one())


def collect_by(world: World, by: str = "dan", **more: Any) -> int:
    values = {"currency": "USD", "due_on": world.clock.now().date(), **more}
    with world.database.write() as connection:
        return collect(connection, world.people[by], world.clock.now(), **values)


def release_by(world: World, run_id: int, by: str) -> int:
    with world.database.write() as connection:
        return release(connection, world.people[by], world.clock.now(), run_id)


def take_out_by(world: World, run_id: int, claim_id: int, by: str = "dan") -> None:
    with world.database.write() as connection:
        take_out(connection, world.people[by], world.clock.now(), run_id, claim_id)


def cancel_by(world: World, run_id: int, by: str = "dan", reason: str = "Not this week.") -> None:
    with world.database.write() as connection:
        cancel(connection, world.people[by], world.clock.now(), run_id, reason)


def settle_by(
    world: World, run_id: int, references: Mapping[int, str], by: str = "dan", key: str = "paid"
) -> list[Settled]:
    return settle(
        world.database,
        world.people[by],
        world.clock.now(),
        run_id,
        paid_on=world.clock.now().date(),
        references=references,
        versions={},
        key=key,
    )


def why(lines: list[Settled]) -> dict[int, str]:
    """Return of each claim of a run why it was not paid, or an empty word."""
    return {line.claim_id: line.outcome.why if isinstance(line.outcome, Refused) else "" for line in lines}


@pytest.fixture
def fay(world: World) -> str:
    """Somebody else in finance."""
    world.person("fay", Role.finance)
    return "fay"


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


def test_a_payment_that_is_refused_stops_no_other_and_is_remembered(world: World, fay: str) -> None:
    first, second, third = payable(world), payable(world), accepted_by(world, "pat")
    run_id = collect_by(world)
    release_by(world, run_id, fay)
    references = {first: "SAME", second: " same ", third: "P-3"}
    lines = settle_by(world, run_id, references, by="pat")
    assert why(lines) == {first: "", second: "reference_used", third: "accepted_it"}
    with world.database.read() as connection:
        assert len(connection.execute(select(RefusedAttempt.id)).all()) == 2
    assert why(settle_by(world, run_id, {second: "P-2", third: "P-3"}, key="again")) == {
        second: "",
        third: "",
    }


def accepted_by(world: World, name: str) -> int:
    """Return the id of a claim that somebody accepted who is in finance as well."""
    world.person(name, Role.approver, Role.finance)
    claim_id = executed(world)
    hand_over(world, claim_id, name)
    world.review(claim_id, name)
    world.move(claim_id, "accept", name)
    return claim_id


def test_a_form_that_is_sent_twice_pays_once(world: World) -> None:
    run_id = released(world)
    (claim_id,) = inside(world, run_id)
    assert why(settle_by(world, run_id, {claim_id: "P"})) == {claim_id: ""}
    assert why(settle_by(world, run_id, {claim_id: "P"})) == {claim_id: ""}
    assert world.claim(claim_id).paid == 400_000
    assert why(settle_by(world, run_id, {claim_id: "P"}, key="other")) == {claim_id: "wrong_state"}


def test_only_claims_of_a_released_run_are_recorded_with_it(world: World) -> None:
    elsewhere = accepted(world)
    run_id = collected(world)
    with pytest.raises(Refused, match="run_is_draft"):
        settle_by(world, run_id, {elsewhere: "P"})
    take_out_by(world, run_id, elsewhere)
    world.person("fay", Role.finance)
    release_by(world, run_id, "fay")
    assert settle_by(world, run_id, {elsewhere: "P"}) == []
    assert world.claim(elsewhere).state is State.accepted


def test_an_account_that_waits_holds_a_runs_payments_too(world: World) -> None:
    run_id = released(world)
    (claim_id,) = inside(world, run_id)
    world.account("anna", iban=BRITISH)
    assert why(settle_by(world, run_id, {claim_id: "P"})) == {claim_id: "account_pending"}


def test_a_claim_that_was_paid_while_it_was_collected_keeps_its_run_from_being_released(
    world: World, fay: str
) -> None:
    run_id = collected(world)
    (claim_id,) = inside(world, run_id)
    with world.database.write() as connection:  # as if both had happened at the same moment
        connection.execute(update(Claim).where(Claim.id == claim_id).values(state=State.reimbursed))
    with pytest.raises(Refused, match="run_claim_gone"):
        release_by(world, run_id, fay)


def test_an_account_that_was_changed_after_its_claims_were_paid_is_in_nobodys_way(world: World) -> None:
    run_id = released(world)
    (claim_id,) = inside(world, run_id)
    settle_by(world, run_id, {claim_id: "P"})
    world.account("anna", iban=BRITISH)
    with world.database.write() as connection:
        _run, payments = export(connection, world.people["dan"], world.clock.now(), run_id, "csv")
    assert [payment.id for payment in payments] == [claim_id]


def failed(world: World, claim_id: int, reference: str, by: str = "dan") -> None:
    """Record that a claim's payment came back."""
    world.move(claim_id, "payment_failed", by, payment_reference=reference, reason="Account closed.")


@pytest.mark.parametrize("given_up", [False, True])
def test_a_payment_that_failed_after_its_run_goes_into_a_later_run(world: World, given_up: bool) -> None:
    first, second = payable(world), payable(world)
    run_id = released(world)
    settle_by(world, run_id, {first: "P-1"} if given_up else {first: "P-1", second: "P-2"})
    if given_up:
        cancel_by(world, run_id)
    failed(world, first, "P-1")
    with world.database.read() as connection:
        left = {one.id: one.taken_out_why for one in left_of(connection, run_id)}
    assert left[first] is LeftRun.failed
    later = collect_by(world)
    assert first in inside(world, later)
    release_by(world, later, "fay")
    assert why(settle_by(world, later, {first: "P-3"}, key="later")) == {first: ""}
    assert world.fund_row().paid == world.claim(first).paid + world.claim(second).paid


def test_a_part_that_failed_takes_its_claim_out_of_the_draft_that_would_pay_too_little(world: World) -> None:
    claim_id = payable(world)
    world.move(claim_id, "pay_part", "dan", amount=100_000, payment_reference="PART", paid_on=MAY_1)
    run_id = collect_by(world)
    failed(world, claim_id, "PART")
    assert inside(world, run_id) == []
    with world.database.read() as connection:
        (payment,) = payments_of(connection, collect_by(world))
    assert payment.amount == 400_000


def test_a_part_that_failed_is_recorded_only_after_the_run_that_pays_the_rest(world: World, fay: str) -> None:
    claim_id = payable(world)
    world.move(claim_id, "pay_part", "dan", amount=100_000, payment_reference="PART", paid_on=MAY_1)
    run_id = collect_by(world)
    release_by(world, run_id, fay)
    with pytest.raises(Refused, match="in_released_run"):
        failed(world, claim_id, "PART")
    settle_by(world, run_id, {claim_id: "REST"})
    failed(world, claim_id, "PART")
    assert (world.claim(claim_id).paid, world.claim(claim_id).reserved) == (300_000, 100_000)
    assert inside(world, collect_by(world)) == [claim_id]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_had_failed_before_a_claim_left_its_run_by_it_can_be_collected_after_all(world: World) -> None:
    first = payable(world)
    run_id = released(world)
    second = max(inside(world, run_id))
    settle_by(world, run_id, {first: "P-1"})
    failed(world, first, "P-1")
    world.database.downgrade("0021")
    with world.database.write() as connection:  # as it was then
        connection.execute(text("UPDATE payment_run_claim SET taken_out_at = NULL"))

    world.database.migrate()
    assert inside(world, run_id) == [second]
    assert inside(world, collect_by(world)) == [first]


def test_a_run_collects_what_is_due_until_a_day(world: World) -> None:
    world.demand(pay_within_days=14)
    later = payable(world)
    assert world.claim(later).pay_by == MAY_1 + timedelta(days=14)
    with pytest.raises(Refused, match="nothing_to_collect"):
        collect_by(world, due_until=MAY_1 + timedelta(days=13))
    assert inside(world, collect_by(world, due_until=MAY_1 + timedelta(days=14))) == [later]
