"""Reporting on a claim: actual costs and evidence, saved incomplete at any time, sent once."""

import io
from datetime import UTC, datetime

import pytest

from models.claims import Claim
from models.vocabulary import LineKind, State
from tests.functional.conftest import SignIn
from tests.support.files import pdf
from tests.support.pages import Browser
from tests.support.world import EVIDENCE, World
from workflow.clock import SettableClock

BILLED = {"lines-0-supplier": "Kongresshalle", "lines-0-invoice_number": "K-1"}


@pytest.fixture
def claim_id(world: World) -> int:
    """An approved seminar that will end on 11 April."""
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "approve", "bob", approved=400_000)
    return claim_id


@pytest.fixture
def anna(world: World, sign_in: SignIn, clock: SettableClock, claim_id: int) -> Browser:
    """The browser of the partner's contact, once the seminar is over."""
    clock.set(datetime(2026, 4, 20, 9, 0, tzinfo=UTC))
    return sign_in(world.people["anna"])


def bills(world: World, claim_id: int) -> list[tuple[str, str, int | None]]:
    with world.database.reading_session() as session:
        claim = session.get_one(Claim, claim_id)
        return [
            (line.supplier, line.invoice_number, line.amount)
            for line in claim.lines
            if line.kind is LineKind.actual
        ]


def test_a_report_begins_with_what_was_planned(anna: Browser, claim_id: int) -> None:
    fields = dict(anna.open(f"/claims/{claim_id}/report").form(f"/claims/{claim_id}/report").fields)
    assert fields["lines-0-description"] == "Hall"
    assert fields["lines-0-amount"] == "8000.00"
    assert fields["lines-0-supplier"] == ""


def test_a_report_is_saved_incomplete(world: World, anna: Browser, claim_id: int) -> None:
    address = f"/claims/{claim_id}/report"
    assert anna.open(address).submit(address, do="save").status == 302
    assert bills(world, claim_id) == [("", "", 800_000)]


def test_bad_costs_are_told_at_their_field_and_keep_what_was_typed(
    world: World, anna: Browser, claim_id: int
) -> None:
    address = f"/claims/{claim_id}/report"
    page = anna.open(address).submit(address, **{**BILLED, "lines-0-amount": "eight"}, do="save")
    assert page.status == 422
    assert 'id="lines-0-amount-error"' in page.text
    fields = dict(page.form(address).fields)
    assert (fields["lines-0-amount"], fields["lines-0-supplier"]) == ("eight", "Kongresshalle")
    assert bills(world, claim_id) == []


def test_the_evidence_that_is_missing_is_named_until_it_is_there(anna: Browser, claim_id: int) -> None:
    address = f"/claims/{claim_id}/report"
    page = anna.open(address)
    assert page.text.count("still missing") == len(EVIDENCE)
    attached = page.submit(
        address, **BILLED, kind="agenda", files=(io.BytesIO(pdf()), "agenda.pdf"), do="attach"
    )
    page = attached.follow()
    assert page.text.count("still missing") == len(EVIDENCE) - 1
    assert dict(page.form(address).fields)["lines-0-supplier"] == "Kongresshalle"


def test_a_report_cannot_be_sent_before_the_activity_is_over(
    world: World, sign_in: SignIn, claim_id: int
) -> None:
    world.bill(claim_id)
    address = f"/claims/{claim_id}/report/confirm"
    page = sign_in(world.people["anna"]).open(address).submit(address)
    assert page.status == 422
    assert "Come back on 11 Apr 2026 or later." in page.text
    assert world.claim(claim_id).state is State.approved


def test_what_the_rules_say_of_a_report_comes_while_it_is_typed(anna: Browser, claim_id: int) -> None:
    address = f"/claims/{claim_id}/report"
    fields = dict(anna.open(address).form(address).fields)
    before = anna.client.post(f"{address}/check", data=fields).get_data(as_text=True)
    after = anna.client.post(f"{address}/check", data={**fields, **BILLED}).get_data(as_text=True)
    assert "There is no supplier in line 1." in before
    assert "There is no supplier" not in after


def test_a_report_is_sent_once(world: World, anna: Browser, claim_id: int) -> None:
    world.bill(claim_id)
    address = f"/claims/{claim_id}/report/confirm"
    page = anna.open(address)
    assert "reported the claim" in page.submit(address).follow().text
    assert "already" in page.submit(address).follow().text
    assert world.claim(claim_id).moves == 3


def test_a_sent_report_is_frozen(world: World, anna: Browser, claim_id: int) -> None:
    world.bill(claim_id)
    address = f"/claims/{claim_id}/report"
    page = anna.open(address)
    world.move(claim_id, "report", "anna")
    late = page.submit(address, **{"lines-0-supplier": "Somebody else"}, do="save")
    assert late.status == 409
    assert "Somebody else" in late.text
    assert bills(world, claim_id) == [("Kongresshalle", "K-1", 800_000)]


def test_a_stale_report_keeps_what_was_typed(world: World, anna: Browser, claim_id: int) -> None:
    address = f"/claims/{claim_id}/report"
    page = anna.open(address)
    page.submit(address, **BILLED, do="save")
    assert "saved already" in page.submit(address, **BILLED, do="save").follow().text
    late = page.submit(address, **{**BILLED, "lines-0-supplier": "Messe"}, do="save")
    assert late.status == 409
    assert dict(late.form(address).fields)["lines-0-supplier"] == "Messe"
    assert bills(world, claim_id) == [("Kongresshalle", "K-1", 800_000)]
