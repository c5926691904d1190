"""What a released run pays is recorded claim by claim, once each, and what fails leaves it."""

import pytest
from sqlalchemy import select, text

from models.history import RefusedAttempt
from models.vocabulary import LeftRun, Role, State
from tests.support.runs import MAY_1, cancel_by, collect_by, inside, release_by, settle_by, take_out_by, why
from tests.support.stages import accepted, collected, executed, hand_over, payable, released
from tests.support.world import World
from workflow.payment_runs.contents import left_of, payments_of
from workflow.payment_runs.releasing import export
from workflow.refusals import Refused

BRITISH = "GB82WEST12345698765432"


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
    assert why(settle_by(world, run_id, {elsewhere: "P"})) == {elsewhere: "left_by_hand"}
    assert world.claim(elsewhere).state is State.accepted


def test_an_account_that_waits_holds_a_runs_payments_too(world: World) -> None:
    run_id = released(world)
    (claim_id,) = inside(world, run_id)
    world.account("anna", iban=BRITISH)
    assert why(settle_by(world, run_id, {claim_id: "P"})) == {claim_id: "account_pending"}


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
