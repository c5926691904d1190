"""Auditors draw samples and record what they find; programme managers read; nobody else sees either."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from config import Settings
from models.history import Act
from models.samples import Sample, SampleClaim, SampleFinding
from tests.functional.conftest import SignIn
from tests.integration.test_verification import tamper
from tests.support.looking import as_read
from tests.support.pages import Browser, Page
from tests.support.samples import ask, drawn, put_sample, signer_in, work
from tests.support.stages import approved, submitted
from tests.support.statements import statements
from tests.support.world import World
from web.services import Services
from workflow.proof.doing import Signer

ROOM = "/samples"
TYPED: dict[str, Any] = {"method": "money", "size": "2", "seed_text": "lottery 4 8 15"}


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return signer_in(tmp_path)


@pytest.fixture
def eve(world: World, sign_in: SignIn) -> Browser:
    """The auditor's browser."""
    return sign_in(world.people["eve"])


def new(browser: Browser, **typed: Any) -> Page:
    return browser.open(f"{ROOM}/new").submit(f"{ROOM}/new", **{**TYPED, "do": "draw", **typed})


def test_what_it_would_be_drawn_from_is_shown_and_records_nothing(world: World, eve: Browser) -> None:
    approved(world)
    submitted(world)
    page = new(eve, do="preview")
    assert (page.status, "4,000.00" in page.text, "lottery 4 8 15" in page.text) == (200, True, True)
    assert not [act for act in world.rows(Act) if act.kind == "sample_asked"]
    assert "0.00" in new(eve, do="preview", state="rejected").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"size": "0"}, "Enter 1 or more."),
        ({"size": "501"}, "Enter 500 or less."),
        ({"size": ""}, "Enter how many claims to take."),
        ({"seed_text": " "}, "Enter a text."),
        ({"first": "2026-03-02", "last": "2026-03-01"}, "The last day is before the first."),
        ({"state": "rejected"}, "There is no claim to draw from."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    world: World, eve: Browser, typed: dict[str, str], said: str
) -> None:
    approved(world)
    page = new(eve, **{"seed_text": "kept as it is", **typed})
    assert (page.status, said in page.text) == (422, True), page.text
    assert ("kept as it is" in page.text) is ("seed_text" not in typed)


def test_a_sample_is_asked_for_drawn_and_read(
    world: World, sign_in: SignIn, eve: Browser, signer: Signer
) -> None:
    claims = [approved(world) for _ in range(3)]
    page = new(eve, partner=str(world.partner_id), period="2026H1", first="2026-03-01")
    assert page.status == 302
    assert "begins in a moment" in page.follow().text
    work(world, signer)
    assert eve.open(ROOM).offers(f"{ROOM}/1")
    (sample,) = world.rows(Sample)
    for name in ("eve", "mia"):
        shown = sign_in(world.people[name]).open(f"{ROOM}/1").text
        for word in ("12,000.00", "lottery 4 8 15", sample.seed, "Elbe Systems", "0 of 2", "of all was hit"):
            assert word in shown, word
    taken = {row.claim_id for row in world.rows(SampleClaim)}
    assert len(taken) == 2
    assert taken < set(claims)
    acts = eve.open("/audit/acts").text
    assert "Asked for a sample (monetary unit): 2 claims, seed “lottery 4 8 15”" in acts
    assert "Drew sample 1 by checkpoint 1: 2 of 3 claims." in acts


def test_what_it_would_be_drawn_from_needs_no_seed_and_says_where_less_is_left_than_asked_for(
    world: World, eve: Browser
) -> None:
    approved(world)
    page = new(eve, do="preview", seed_text="", size="3")
    assert page.status == 200, page.text
    assert "fewer than the 3 that you ask for: all of them would be taken" in page.text
    assert "fewer than" not in new(eve, do="preview", size="1").text
    assert "There is no claim to draw from." in new(eve, do="preview", state="rejected").text


def test_enter_in_a_field_shows_and_does_not_draw(eve: Browser) -> None:
    form = eve.open(f"{ROOM}/new").text.partition(f'action="{ROOM}/new"')[2].partition("</form>")[0]
    first = form.partition('type="submit"')[2].partition(">")[0]
    assert 'value="preview"' in first


def test_what_was_asked_for_and_is_not_drawn_says_what_it_is(world: World, eve: Browser) -> None:
    approved(world)
    told = as_read(new(eve, method="risk", size="3", seed_text="lottery 16 23").follow())
    assert "Risk-weighted, 3 lottery 16 23" in told.partition("Asked for and not drawn")[2]


def test_a_double_click_asks_once(world: World, eve: Browser) -> None:
    approved(world)
    page = eve.open(f"{ROOM}/new")
    for _ in range(2):
        assert page.submit(f"{ROOM}/new", **TYPED, do="draw").status == 302
    assert sum(act.kind == "sample_asked" for act in world.rows(Act)) == 1


def test_what_was_found_is_recorded_on_the_sample_and_summed_up(
    world: World, sign_in: SignIn, eve: Browser, signer: Signer
) -> None:
    for _ in range(4):
        approved(world)
    drawn(world, signer)
    first, second = (row.claim_id for row in world.rows(SampleClaim))
    path = f"{ROOM}/1/claims/{first}"
    for typed, said in (
        ({}, "Choose one."),
        ({"verdict": "exception", "note": "No agenda."}, "An exception needs the amount that is wrong."),
        ({"verdict": "exception", "amount": "4000.01", "note": "No agenda."}, "The claim held 4,000.00 USD."),
        ({"verdict": "exception", "amount": "1"}, "Say what is wrong."),
        ({"verdict": "in_order", "amount": "400"}, "Of what is in order no money is wrong."),
    ):
        wrong = eve.open(path).submit(path, **typed)
        assert (wrong.status, said in wrong.text) == (422, True), wrong.text
    form = eve.open(path)
    assert "field__optional" not in form.text
    for _ in range(2):
        form.submit(path, verdict="exception", amount="400", note="No agenda.")
    assert len(world.rows(SampleFinding)) == 1
    other = f"{ROOM}/1/claims/{second}"
    eve.open(other).submit(other, verdict="in_order")

    # A tenth of the claim is wrong: a tenth of the interval, 16,000.00 / 2.
    for name in ("eve", "mia"):
        shown = sign_in(world.people[name]).open(f"{ROOM}/1").text
        for word in ("2 of 2", "No agenda.", "400.00", "800.00", "Projection onto all", "an estimate"):
            assert word in shown, word

    eve.open(path).submit(path, verdict="in_order", note="It came later.")
    page = eve.open(path)
    assert "replaced since" in page.text
    assert "800.00" not in eve.open(f"{ROOM}/1").text


def test_a_form_that_comes_back_records_no_other_finding_in_silence(
    world: World, eve: Browser, signer: Signer
) -> None:
    path = f"{ROOM}/1/claims/{approved(world)}"
    drawn(world, signer)
    form, right = eve.open(path), {"verdict": "in_order", "note": "Looked at."}
    corrected = {"verdict": "exception", "amount": "5.00", "note": "No agenda."}
    assert "The finding is recorded on the sample." in form.submit(path, **right).follow().text
    again = form.submit(path, **right).follow().text
    assert "You had done this already." in again
    assert "The finding is recorded on the sample." not in again
    refused = form.submit(path, **corrected)
    assert refused.status == 422
    assert "This form was sent before with something else" in refused.text
    assert "No agenda." in refused.text
    assert [row.note for row in world.rows(SampleFinding)] == ["Looked at."]
    assert refused.submit(path, **corrected).status == 302
    assert [row.amount for row in world.rows(SampleFinding)] == [0, 500]


def test_an_interval_is_worked_out_and_nothing_is_projected_before_a_claim_is_looked_at(
    world: World, eve: Browser, signer: Signer
) -> None:
    for _ in range(4):
        approved(world)
    drawn(world, signer, size=3)
    page = eve.open(f"{ROOM}/1")
    assert "16,000.00 USD / 3 = 5,333.33 USD" in as_read(page)
    assert "Projection onto all" not in page.text
    path = f"{ROOM}/1/claims/{world.rows(SampleClaim)[0].claim_id}"
    eve.open(path).submit(path, verdict="in_order")
    assert "Projection onto all" in eve.open(f"{ROOM}/1").text


def test_programme_managers_read_and_record_nothing(world: World, sign_in: SignIn, signer: Signer) -> None:
    claim_id = approved(world)
    drawn(world, signer)
    mia = sign_in(world.people["mia"])
    path = f"{ROOM}/1/claims/{claim_id}"
    assert not mia.open(ROOM).offers(f"{ROOM}/new")
    assert mia.open(f"{ROOM}/new").status == 403
    page = mia.open(path)
    assert (page.status, page.offers(path)) == (200, False)
    assert mia.post(path, {"verdict": "in_order"}).status == 403


def test_nobody_else_sees_a_sample_and_what_is_not_sampled_is_not_there(
    world: World, sign_in: SignIn, eve: Browser, signer: Signer
) -> None:
    claim_id = approved(world)
    drawn(world, signer)
    for name in ("anna", "bob", "dan"):
        browser = sign_in(world.people[name])
        for path in (ROOM, f"{ROOM}/1", f"{ROOM}/1/claims/{claim_id}"):
            assert browser.open(path).status == 403
    for path in (f"{ROOM}/2", f"{ROOM}/1/claims/{submitted(world)}", f"{ROOM}/2/claims/{claim_id}"):
        assert eve.open(path).status == 404


def test_a_list_that_somebody_changed_is_told(world: World, eve: Browser, signer: Signer) -> None:
    approved(world)
    drawn(world, signer)
    assert "This list was changed" not in eve.open(f"{ROOM}/1").text
    tamper(world.database, "UPDATE sample_claim SET amount = 1")
    assert "This list was changed" in eve.open(f"{ROOM}/1").text


def test_without_a_key_it_says_whom_to_ask(world: World, eve: Browser, tmp_path: Path) -> None:
    approved(world)
    new(eve)
    work(world, Signer(tmp_path / "no-key.pem", tmp_path / "checkpoints"))
    assert "The worker finds no key to sign with." in eve.open(ROOM).text


def test_a_sample_takes_as_many_statements_for_many_claims_as_for_one(
    app: Flask, settings: Settings, world: World, eve: Browser, signer: Signer
) -> None:
    shared: Services = app.extensions["cofund"]
    approved(world)
    drawn(world, signer)
    for _ in range(4):
        approved(world)
    drawn(world, signer, size=5)
    eve.open(f"{ROOM}/1")
    with statements(shared.database) as for_one:
        eve.open(f"{ROOM}/1")
    with statements(shared.database) as for_many:
        eve.open(f"{ROOM}/2")
    assert len(for_many) == len(for_one)


def test_lists_take_as_many_statements_for_many_partners_as_for_one(
    app: Flask, world: World, eve: Browser
) -> None:
    shared: Services = app.extensions["cofund"]
    world.checkpoint()
    counts: list[list[int]] = []
    for name in ("Isar Networks", "Weser Media"):
        put_sample(world, partner_id=world.partner(name))
        counts.append([])
        for path in ("/audit/acts?kind=sample_asked", ROOM):
            eve.open(path)
            with statements(shared.database) as seen:
                assert f"Partner: {name}" in eve.open(path).text
            counts[-1].append(len(seen))
    assert counts[0] == counts[1]


def test_asking_names_no_partner_to_partners(world: World, sign_in: SignIn) -> None:
    approved(world)
    ask(world, partner_id=world.partner_id)
    assert "lottery 4 8 15" not in sign_in(world.people["anna"]).open("/claims/1").text
