"""A claim's file: all that is on record of it as one PDF, for auditors and programme managers."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import insert, select, update

from models.claims import Claim, ClaimLine, Evidence
from models.history import Reason
from models.links import Link
from models.vocabulary import Role, Trigger
from tests.functional.conftest import SignIn
from tests.support.looking import places
from tests.support.pages import Browser
from tests.support.stages import approved, reimbursed, rejected, submitted
from tests.support.statements import statements
from tests.support.world import World, line
from web.audit.claim_file import page as claim_file
from web.services import Services
from workflow.attempt import Command
from workflow.refusals import Refused
from workflow.refused_attempts import remember


@pytest.fixture
def eve(world: World, sign_in: SignIn) -> Browser:
    """The auditor, signed in."""
    return sign_in(world.people["eve"])


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def text_of(browser: Browser, claim_id: int) -> str:
    """Return the words of a claim's file without blanks."""
    answer = browser.client.get(f"/audit/claims/{claim_id}/file.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    return squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages))


def holds(text: str, *wanted: str) -> None:
    for one in wanted:
        assert squeezed(one) in text, f"{one!r} is not in the file"


def test_a_paid_claims_file_tells_all_of_it(world: World, sign_in: SignIn) -> None:
    claim_id = reimbursed(world)
    world.checkpoint()
    text = text_of(sign_in(world.people["eve"]), claim_id)
    holds(text, "Claim 2026H1-00001: Spring seminar", "Joint Marketing Fund of Northwind", "Elbe Systems")
    holds(text, "Seminar", "10 Apr 2026 – 11 Apr 2026", "Hamburg", "Planned costs", "Actual costs")
    holds(text, "Kongresshalle", "K-1", "attendee_list.pdf", "0" * 64, "meets the standard")
    holds(text, "Granted 4,000.00 USD", "Paid 4,000.00 USD", "PAY-1")
    holds(text, "1. Submitted", "Anna submitted the claim.", "5. Paid", "Dan paid the claim.")
    holds(text, "4,000.00 USD granted is within 50%", "Requirements, 1st paragraph", "Held")
    holds(text, "Entries in the ledger of its fund", "Reserved available reserved 4,000.00 USD")
    holds(text, "Tasks", "Decide Bob")
    last = world.rows(Link)
    head = [row for row in last if row.chain == claim_id][-1]
    holds(text, head.hash, "checkpoint 1 of", f"up to link {head.position}", "verify.py shows")


def test_what_no_checkpoint_covers_is_called_unproven(world: World, eve: Browser) -> None:
    claim_id = submitted(world)
    holds(text_of(eve, claim_id), "no checkpoint yet", "The last link is not proven")
    world.checkpoint()
    world.move(claim_id, "approve", "bob", approved=350_000, reason="Less.")
    text = text_of(eve, claim_id)
    holds(text, "up to link 1", "The last link is not proven: no checkpoint covers it yet.", "Reason Less.")
    assert "verify.py" not in text


def test_refused_attempts_acts_and_an_erased_reason_are_told(world: World, sign_in: SignIn) -> None:
    claim_id = rejected(world)
    other = world.draft(requested=450_000, title="Too much")
    for each in (claim_id, other):
        with pytest.raises(Refused) as why:
            world.move(each, "submit", "anna", key=f"k{each}")
        command = Command(each, Trigger.submit, world.people["anna"], f"k{each}")
        remember(world.database, command, why.value, world.clock.now())
    holds(text_of(sign_in(world.people["eve"]), claim_id), "Not this time.", "The claim stood elsewhere")
    with world.database.session() as session:
        session.delete(session.scalars(select(Reason).where(Reason.text == "Not this time.")).one())
    text = text_of(sign_in(world.people["eve"]), claim_id)
    assert "Notthistime" not in text
    holds(text, "The reason was erased.")
    draft = text_of(sign_in(world.people["mia"]), other)
    holds(draft, "It was never moved.", "nothing to prove", "Share of the costs")


def test_who_stood_in_for_whom_is_told(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    today = world.clock.now().date()
    world.away("bob", today, today + timedelta(days=3), substitute="cora")
    world.move(claim_id, "approve", "cora", approved=350_000, reason="Less.")
    holds(
        text_of(sign_in(world.people["eve"]), claim_id), "Cora, for Bob, approved the claim.", "Cora, for Bob"
    )


def test_nothing_in_a_claim_is_read_as_markup_and_nothing_breaks_its_file(world: World, eve: Browser) -> None:
    claim_id = approved(world)
    evil, long = '#import "x": y *b* $z$ <l> @r // c', "x" * 10_000
    with world.database.write() as connection:
        changed = {
            "title": evil,
            "place": "W" * 200,
            "audience": "中文 and 语言",
            "objective": f"{long}\nsecond",
        }
        connection.execute(update(Claim).where(Claim.id == claim_id).values(**changed))
        connection.execute(update(ClaimLine).values(description="Z" * 300))
    text = text_of(eve, claim_id)
    holds(text, f"Claim 2026H1-00001: {evil}", "W" * 200, "Z" * 300, "second")
    assert text.count("x") >= len(long), "it goes on over pages"
    assert "中文" in text or "[U+4E2D][U+6587]" in text


def test_the_costs_of_a_claim_in_euro_stand_in_both_currencies(world: World, eve: Browser) -> None:
    world.rate("EUR", "1.0856")
    claim_id = world.draft(currency="EUR", lines=[line()])
    world.move(claim_id, "submit", "anna")
    text = text_of(eve, claim_id)
    holds(text, "Planned costs 8,000.00 EUR (8,684.80 USD)", "Asked for 4,000.00 USD")
    holds(text, "Exchange rate, pinned 1.0856 USD = 1 EUR, 2 Mar 2026, A bank of the tests")


def test_the_thread_with_its_internal_notes_is_no_part_of_it(world: World, eve: Browser) -> None:
    claim_id = submitted(world)
    world.post(claim_id, "anna", "Hello from the partner.")
    world.post(claim_id, "dan", "A note of ours.", internal=True)
    text = text_of(eve, claim_id)
    assert "Hellofrom" not in text
    assert "Anoteofours" not in text


def test_auditors_and_managers_find_the_file_and_nobody_else_gets_it(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    path = f"/audit/claims/{claim_id}/file.pdf"
    assert sign_in(world.people["eve"]).open(f"/audit/claims/{claim_id}").offers(path)
    for name, status in (("eve", 200), ("mia", 200), ("anna", 403), ("bob", 403), ("dan", 403)):
        browser = sign_in(world.people[name])
        assert browser.client.get(path).status_code == status
        assert browser.open(f"/claims/{claim_id}").offers(path) is (status == 200)
    assert sign_in(world.people["eve"]).client.get("/audit/claims/99/file.pdf").status_code == 404


def test_a_claim_that_is_too_large_for_one_pdf_leads_to_its_page(
    world: World, eve: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim_id = submitted(world)
    monkeypatch.setattr(claim_file, "typeset", lambda *_: None)
    page = eve.open(f"/audit/claims/{claim_id}/file.pdf")
    assert page.location == f"/claims/{claim_id}"
    places(page.follow(), "There is too much in this claim for one PDF.")


def test_a_file_takes_as_many_statements_for_a_long_life_as_for_a_short_one(
    app: Flask, world: World, eve: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared: Services = app.extensions["cofund"]
    monkeypatch.setattr(claim_file, "typeset", lambda *_: b"%PDF-")
    claim_id = submitted(world)
    path = f"/audit/claims/{claim_id}/file.pdf"

    def sends_back() -> None:
        world.move(claim_id, "return", "bob", reason="Once more.")
        world.move(claim_id, "submit", "anna")

    sends_back()
    eve.client.get(path)
    with statements(shared.database) as before:
        assert eve.client.get(path).status_code == 200
    for _ in range(3):
        sends_back()
    with world.database.write() as connection:
        file = {"claim_id": claim_id, "kind": "attachment", "content_type": "text/plain", "size": 1}
        file |= {"digest": "1" * 64, "uploaded_by": world.people["anna"].user_id}
        for number in range(4):
            row = {**file, "name": f"{number}.txt", "uploaded_at": world.clock.now()}
            connection.execute(insert(Evidence).values(row))
    with statements(shared.database) as after:
        assert eve.client.get(path).status_code == 200
    assert abs(len(after) - len(before)) <= 1, "the names of who uploaded files, where there are any"
