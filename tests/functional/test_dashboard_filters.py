"""What dashboards say to filters, to whom there is nothing to count, and of whose claims."""

import re

import pytest

from tests.functional.conftest import SignIn
from tests.functional.test_dashboards import OF_CLAIMS, ON_ONE, PAGES, rows
from tests.support.many_claims import another_partner, many_claims
from tests.support.pages import Page
from tests.support.stages import submitted
from tests.support.world import World


def without_tokens(page: Page) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page.text)


@ON_ONE
def test_no_figure_of_a_partner_is_made_of_anothers_claims(world: World, sign_in: SignIn) -> None:
    world.fund(world.partner_id, 50_000_000)
    many_claims(world, "anna")
    anna = sign_in(world.people["anna"])
    paths = (*OF_CLAIMS, "/dashboard/claims")
    alone = [without_tokens(anna.open(path)) for path in paths]
    now = world.clock.now()
    another_partner(world)
    many_claims(world, "olga")
    world.clock.set(now)
    assert [without_tokens(anna.open(path)) for path in paths] == alone


@ON_ONE
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("period=nonsense", "Not a valid choice"),
        ("country=XX", "Not a valid choice"),
        ("activity=dancing", "Not a valid choice"),
        ("state=flying", "Not a valid choice"),
        ("paid_in=2026-13", "Enter a month such as 2026-05."),
        ("partner_id=abc", "Enter a whole number such as 40."),
    ],
)
def test_a_filter_that_makes_no_sense_is_told_at_its_field(
    world: World, sign_in: SignIn, query: str, said: str
) -> None:
    mia, name = sign_in(world.people["mia"]), query.partition("=")[0]
    page = mia.open(f"/dashboard/claims?{query}")
    assert page.status == 422
    assert said in page.text.split(f'id="{name}-error"')[1].split("</p>")[0]
    for path in OF_CLAIMS if name in ("period", "country", "activity") else ():
        assert mia.open(f"{path}?{query}").status == 422, path


@ON_ONE
def test_countries_and_what_has_no_period_are_called_by_words(world: World, sign_in: SignIn) -> None:
    another_partner(world)
    submitted(world)
    world.move(world.draft(), "withdraw", "anna")
    page = sign_in(world.people["mia"]).open("/dashboard")
    assert '<option value="FR">France (FR)</option>' in page.text
    assert '<option value="none">No period yet</option>' in page.text
    assert ">None<" not in page.text
    assert "Germany (DE)" in [row.cells[0] for row in rows(page) if row.section == "by-country"]
    assert '<button class="btn btn-primary" type="submit">Show</button>' in page.text


@ON_ONE
def test_without_any_claim_every_dashboard_says_so(world: World, sign_in: SignIn) -> None:
    for name, paths in PAGES.items():
        browser = sign_in(world.people[name])
        for path in (*paths, "/dashboard/claims"):
            page = browser.open(path)
            assert page.status == 200
            assert list(rows(page)) == []
