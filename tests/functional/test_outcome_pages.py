"""A partner reports what came of an activity on the claim's page; the vendor and auditors read it there."""

from datetime import timedelta
from typing import Any

import pytest

from models.outcomes import Outcome
from tests.functional.conftest import SignIn
from tests.support.looking import as_read
from tests.support.many_claims import another_partner
from tests.support.stages import approved, executed, reimbursed, with_outcomes
from tests.support.world import World

TOLD = {"leads": "1,200", "meetings": "30", "revenue": "45,000.50"}


def form_of(claim_id: int) -> str:
    return f"/claims/{claim_id}/outcomes"


def stored(world: World) -> list[tuple[Any, ...]]:
    return [(row.leads, row.meetings, row.revenue) for row in world.rows(Outcome)]


def test_a_partner_reports_from_the_claims_page_and_reads_it_there(world: World, sign_in: SignIn) -> None:
    claim_id, anna = executed(world), sign_in(world.people["anna"])
    page = anna.open(f"/claims/{claim_id}")
    assert page.offers(form_of(claim_id))
    answer = anna.open(form_of(claim_id)).submit(form_of(claim_id), **TOLD)
    assert stored(world) == [(1200, 30, 4_500_050)]
    told = as_read(answer.follow())
    assert "What came of it Leads 1,200 Meetings 30 Revenue 45,000.50 USD" in told
    assert "Reported by Anna" in told


def test_the_next_report_begins_with_the_last_and_the_earlier_one_stays_visible(
    world: World, sign_in: SignIn
) -> None:
    claim_id = with_outcomes(world)
    world.clock.advance(timedelta(days=30))
    anna = sign_in(world.people["anna"])
    form = anna.open(form_of(claim_id))
    assert dict(form.form(form_of(claim_id)).fields)["leads"] == "12"
    form.submit(form_of(claim_id), leads="13")
    assert stored(world) == [(13, 5, 4_500_000)]
    for name in ("anna", "bob", "dan", "mia"):
        told = as_read(sign_in(world.people[name]).open(f"/claims/{claim_id}"))
        assert "Leads 13" in told
        assert "One earlier report Leads: 12, meetings: 5" in told
    assert "Leads 13" in as_read(sign_in(world.people["eve"]).open(f"/audit/claims/{claim_id}"))


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"leads": ""}, "leads", "Enter a number; 0 if there were none."),
        ({"leads": "a dozen"}, "leads", "Enter a whole number such as 40."),
        ({"meetings": "-1"}, "meetings", "Enter a whole number such as 40."),
        ({"meetings": "2.5"}, "meetings", "Enter a whole number such as 40."),
        ({"revenue": "1.500,00"}, "revenue", "Enter an amount such as 4000.00."),
        ({"revenue": ""}, "revenue", "Enter an amount; 0 if there was none."),
        ({"leads": "9" * 30}, "leads", "This number is too large."),
    ],
)
def test_what_is_no_figure_is_told_at_its_field_and_stays_typed(
    world: World, sign_in: SignIn, typed: dict[str, str], field: str, said: str
) -> None:
    claim_id, anna = reimbursed(world), sign_in(world.people["anna"])
    page = anna.open(form_of(claim_id)).submit(form_of(claim_id), **{**TOLD, **typed})
    assert page.status == 422
    assert said in page.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    fields = dict(page.form(form_of(claim_id)).fields)
    assert {name: fields[name] for name in TOLD} == {**TOLD, **typed}
    assert stored(world) == []


def test_the_same_form_sent_twice_reports_once(world: World, sign_in: SignIn) -> None:
    claim_id, anna = reimbursed(world), sign_in(world.people["anna"])
    form = anna.open(form_of(claim_id))
    first, second = (form.submit(form_of(claim_id), **TOLD) for _ in range(2))
    assert first.location == second.location
    assert "You had done this already." in second.follow().text
    assert "earlier report" not in anna.open(f"/claims/{claim_id}").text


def test_the_very_figures_of_the_newest_report_are_said_to_be_on_file(world: World, sign_in: SignIn) -> None:
    claim_id, anna = with_outcomes(world), sign_in(world.people["anna"])
    page = anna.open(form_of(claim_id)).submit(form_of(claim_id))
    assert page.status == 409
    assert "These very figures are on file already." in page.text
    assert "earlier report" not in anna.open(f"/claims/{claim_id}").text


def test_before_the_report_there_is_nothing_to_tell(world: World, sign_in: SignIn) -> None:
    claim_id, anna = approved(world), sign_in(world.people["anna"])
    assert not anna.open(f"/claims/{claim_id}").offers(form_of(claim_id))
    assert anna.open(form_of(claim_id)).location.endswith(f"/claims/{claim_id}")


def test_a_claim_that_was_sent_back_meanwhile_says_so_and_keeps_what_was_typed(
    world: World, sign_in: SignIn
) -> None:
    claim_id, anna = executed(world), sign_in(world.people["anna"])
    form = anna.open(form_of(claim_id))
    world.move(claim_id, "rework", "bob", reason="Once more.")
    page = form.submit(form_of(claim_id), **TOLD)
    assert page.status == 409
    assert "This claim is approved" in page.text
    assert "45,000.50" in page.text
    assert stored(world) == []


@pytest.mark.parametrize("name", ["olga", "bob", "dan", "eve", "mia"])
def test_nobody_else_reports_for_a_partner(world: World, sign_in: SignIn, name: str) -> None:
    claim_id = with_outcomes(world)
    another_partner(world)
    browser = sign_in(world.people[name])
    assert browser.open(form_of(claim_id)).status == (404 if name == "olga" else 403)
    assert not browser.open(f"/claims/{claim_id}").offers(form_of(claim_id))
