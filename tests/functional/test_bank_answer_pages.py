"""Finance looks at what the bank answers, records it, and records rejections by hand."""

from io import BytesIO

import pytest
from sqlalchemy import update

from models.claims import Claim
from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.support.bank_files import Booking, Status, camt, pain_002
from tests.support.looking import places
from tests.support.pages import Browser, Page
from tests.support.stages import payable, released
from tests.support.world import World
from workflow.bulk import DOERS
from workflow.jobs import work_off


def send_file(browser: Browser, run_id: int, content: bytes, name: str = "camt.xml") -> Page:
    """Send a file of the bank's answers from a run's page."""
    page = browser.open(f"/payment-runs/{run_id}")
    return page.submit(f"/payment-runs/{run_id}/bank-files", file=(BytesIO(content), name))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_banks_answers_are_looked_at_then_recorded_one_by_one(world: World, sign_in: SignIn) -> None:
    first, second = payable(world), payable(world)
    released(world)
    dan = sign_in(world.people["dan"])
    file = camt(
        Booking("2026H1-00001"), Booking("2026H1-00002", 399_999), Booking("2026H1-00777", reference="B-3")
    )
    answer = send_file(dan, 1, file)
    page = answer.follow()
    places(
        page,
        "Is recorded as paid on 1 May 2026, with the reference BANK-1.",
        "Is another amount or currency than the 4,000.00 USD that was ordered",
        "No payment of this run has this end-to-end reference.",
    )
    assert world.claim(first).state is State.accepted
    job = page.submit("/payment-runs/1/bank-files/1").follow()
    places(job, "A bank’s answers recorded", "0 of 1 done")
    work_off(world.database, DOERS, world.clock.now)
    places(dan.open("/jobs/1"), "1 of 1 done", "2026H1-00001")
    assert [world.claim(one).state for one in (first, second)] == [State.reimbursed, State.accepted]
    assert world.claim(first).payment_reference == "BANK-1"
    places(send_file(dan, 1, file).follow(), "Nothing to record", "Is recorded already.")
    places(dan.open("/payment-runs/1"), "camt.xml", "Read the bank’s answers on RUN-00001 in camt.xml")
    told = "Recorded from the bank’s file camt.xml on RUN-00001: 1 paid, 0 rejected, 0 came back"
    places(dan.open("/payment-runs/1"), told)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_changed_since_the_look_is_shown_before_anything_is_recorded(
    world: World, sign_in: SignIn
) -> None:
    first = payable(world)
    released(world)
    dan = sign_in(world.people["dan"])
    page = send_file(dan, 1, camt(Booking("2026H1-00001"))).follow()
    world.move(first, "reimburse", "dan", payment_reference="BY HAND", paid_on=world.clock.now().date())
    late = page.submit("/payment-runs/1/bank-files/1")
    assert late.status == 409
    places(late, "Something has changed since you looked.", "Is recorded already.")
    assert dan.open("/jobs/1").status == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_bank_rejected_is_told_on_the_runs_page(world: World, sign_in: SignIn) -> None:
    payable(world)
    released(world)
    dan = sign_in(world.people["dan"])
    file = pain_002("RUN-00001", Status("2026H1-00001", "RJCT", "AC04 Account closed."))
    page = send_file(dan, 1, file).follow()
    places(page, "Was rejected, so nothing left the bank", "AC04 Account closed.")
    page.submit("/payment-runs/1/bank-files/1")
    work_off(world.database, DOERS, world.clock.now)
    places(dan.open("/jobs/1"), "Rejected by the bank: taken out of the run")
    places(
        dan.open("/payment-runs/1"), "No longer in the run", "rejected by the bank", "AC04 Account closed."
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_rejection_is_recorded_by_hand_where_no_file_tells_of_it(world: World, sign_in: SignIn) -> None:
    claim_id, second = payable(world), payable(world)
    released(world)
    dan = sign_in(world.people["dan"])
    run, path = dan.open("/payment-runs/1"), f"/payment-runs/1/claims/{claim_id}/rejected"
    assert run.offers(path)
    page = dan.open(path)
    places(page, "Only where nothing left the bank.", "4,000.00", "2026H1-00001")
    empty = page.submit(path, reason=" ")
    assert empty.status == 422
    places(empty, 'id="reason-error"', "Say why the bank rejected it.")
    sent = page.submit(path, reason="AC04 Account closed.")
    places(sent.follow(), "Recorded as rejected by the bank.", "No longer in the run", "AC04 Account closed.")
    places(page.submit(path, reason="AC04 Account closed.").follow(), "You had done this already")
    assert world.claim(claim_id).state is State.accepted
    assert dan.open(path).status == 404
    assert dan.open("/payment-runs").offers("/payment-runs")
    world.move(second, "reimburse", "dan", payment_reference="P", paid_on=world.clock.now().date())
    assert dan.open(f"/payment-runs/1/claims/{second}/rejected").status == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_paid_meanwhile_is_not_rejected_by_hand(world: World, sign_in: SignIn) -> None:
    claim_id = payable(world)
    released(world)
    path = f"/payment-runs/1/claims/{claim_id}/rejected"
    page = sign_in(world.people["dan"]).open(path)
    world.move(claim_id, "reimburse", "dan", payment_reference="P", paid_on=world.clock.now().date())
    late = page.submit(path, reason="AC04")
    assert late.status == 409
    places(late, "The payment is no longer what it was when you looked.")
    assert world.claim(claim_id).state is State.reimbursed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_cancelled_run_says_that_it_takes_no_file(world: World, sign_in: SignIn) -> None:
    released(world)
    page = sign_in(world.people["dan"]).open("/payment-runs/1")
    cancelled = page.submit("/payment-runs/1/cancel", reason="Not sent after all.").follow()
    places(cancelled, "This run was cancelled, so it takes no file of the bank’s answers.")
    assert not cancelled.offers("/payment-runs/1/bank-files")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("content", "told"),
    [(b"Claim;Amount", "This is no XML file"), (b"<Document/>", "none of the messages that are read here")],
)
def test_a_file_that_cannot_be_read_says_so_at_its_field(
    world: World, sign_in: SignIn, content: bytes, told: str
) -> None:
    released(world)
    page = send_file(sign_in(world.people["dan"]), 1, content)
    assert page.status == 422
    places(page, 'id="file-error"', told)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_file_is_no_error_of_ours(world: World, sign_in: SignIn) -> None:
    released(world)
    page = sign_in(world.people["dan"]).open("/payment-runs/1").submit("/payment-runs/1/bank-files")
    assert page.status == 422
    places(page, "Choose the file that your bank gave you.")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_rejected_by_hand_is_told_to_the_others_and_where_it_is_to_be_paid_again(
    world: World, sign_in: SignIn
) -> None:
    claim_id = payable(world)
    released(world)
    world.person("gus", Role.finance)
    dan, gus = sign_in(world.people["dan"]), sign_in(world.people["gus"])
    path = f"/payment-runs/1/claims/{claim_id}/rejected"
    dan.open(path).submit(path, reason="AC04 Account closed.")
    told = ("Dan recorded by hand that the bank rejected it", "AC04 Account closed.", "Check with the bank")
    places(gus.open("/payment-runs"), "Rejected by the bank, and still to be paid", "2026H1-00001", *told)
    dan.open("/payment-runs").submit("/payment-runs", currency="USD", due_on="2026-05-04")
    places(gus.open("/payment-runs/2"), "rejected before", "RUN-00001", *told)
    gus.open("/payment-runs/2").submit("/payment-runs/2/release")
    gus.open("/payment-runs/2").submit("/payment-runs/2/paid")
    assert "still to be paid" not in gus.open("/payment-runs").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_file_rejected_is_told_to_be_of_the_bank(world: World, sign_in: SignIn) -> None:
    payable(world)
    released(world)
    dan = sign_in(world.people["dan"])
    page = send_file(dan, 1, pain_002("RUN-00001", Status("2026H1-00001", "RJCT", "AC04"))).follow()
    page.submit("/payment-runs/1/bank-files/1")
    work_off(world.database, DOERS, world.clock.now)
    told = dan.open("/payment-runs").text
    assert "the bank’s file, which Dan read, rejected it" in told
    assert "Check with the bank" not in told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_accepted_a_claim_is_offered_no_way_to_record_its_rejection(
    world: World, sign_in: SignIn
) -> None:
    claim_id = payable(world)
    released(world)
    dan = sign_in(world.people["dan"])
    path = f"/payment-runs/1/claims/{claim_id}/rejected"
    page = dan.open(path)
    with world.database.write() as connection:
        connection.execute(update(Claim).values(accepted_by_id=world.people["dan"].user_id))
    late = page.submit(path, reason="AC04")
    assert late.status == 409
    places(late, "so somebody else has to record its rejection.")
    assert not late.offers(path)
    assert not dan.open(path).offers(path)
