"""The forecast's pages: what they say, what their figures lead to, and who may read them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from models.claims import Claim
from models.funds import Fund
from models.tasks import Task
from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.factories import Factory
from tests.support.pages import Browser
from tests.support.stages import approved, correct_certificate, submitted
from tests.support.world import World

ROOM = "/forecast"
CLAIMS = "/forecast/claims"


def report_by(world: World, claim_id: int, day: date) -> int:
    with world.database.write() as connection:
        connection.execute(update(Claim).where(Claim.id == claim_id).values(report_by=day))
    return claim_id


@pytest.mark.parametrize("name", ["mia", "eve"])
def test_claims_at_risk_are_summed_by_cause_and_lead_to_themselves(
    world: World, sign_in: SignIn, name: str
) -> None:
    report_by(world, approved(world), date(2026, 3, 20))
    submitted(world)
    correct_certificate(world, date(2026, 4, 20))
    browser = sign_in(world.people[name])
    page = browser.open(ROOM)
    assert f"{CLAIMS}?within=30&amp;because=report_within_days" in page.text
    assert f"{CLAIMS}?within=30&amp;because=certification" not in page.text
    assert f"{CLAIMS}?within=60&amp;because=certification" in page.text

    late = browser.open(f"{CLAIMS}?within=30&because=report_within_days").text
    assert "21 Mar 2026" in late
    assert "Report by 20 Mar 2026." in late
    assert "2026H1-00002" not in late
    page = browser.open(f"{CLAIMS}?because=certification")
    assert page.offers(f"/programme/partners/{world.partner_id}") is (name == "mia")
    lapsing = page.text
    assert "2026H1-00001" not in lapsing
    assert "Not certified on 21 Apr 2026." in lapsing
    assert "Record a certificate for that day by 20 Apr 2026." in lapsing


def test_what_is_due_now_is_said_to_expire_now(mia: Browser, world: World) -> None:
    report_by(world, approved(world), date(2026, 3, 1))
    assert "It is due now" in mia.open(CLAIMS).text


def test_a_search_narrows_claims_at_risk_and_says_what_is_wrong_with_it(mia: Browser, world: World) -> None:
    submitted(world)
    correct_certificate(world, date(2026, 4, 20))
    assert "2026H1-00001" in mia.open(f"{CLAIMS}?partner=elbe&period={world.period_id}").text
    assert "No claim is at risk" in mia.open(f"{CLAIMS}?partner=isar").text
    assert "No claim is at risk" in mia.open(f"{CLAIMS}?within=30").text
    wrong = mia.open(f"{CLAIMS}?within=31&partner=elbe")
    assert (wrong.status, 'value="elbe"' in wrong.text) == (422, True)


def test_a_long_list_of_claims_at_risk_goes_on_on_the_next_page(mia: Browser, world: World) -> None:
    for _ in range(51):
        submitted(world)
    correct_certificate(world, date(2026, 4, 20))
    first = mia.open(f"{CLAIMS}?partner=elbe")
    assert "2026H1-00050" in first.text
    assert "2026H1-00051" not in first.text
    second = mia.open(f"{CLAIMS}?partner=elbe&after=50")
    assert "2026H1-00051" in second.text
    assert "2026H1-00050" not in second.text
    assert f"{CLAIMS}?partner=elbe&amp;before=51" in second.text
    back = mia.open(f"{CLAIMS}?partner=elbe&before=51")
    assert "2026H1-00001" in back.text
    assert "2026H1-00051" not in back.text
    assert "2026H1-00001" in mia.open(f"{CLAIMS}?after=nothing").text


def test_a_period_shows_its_formula_with_its_figures(mia: Browser, world: World) -> None:
    report_by(world, approved(world), date(2026, 3, 20))
    page = mia.open(f"{ROOM}/periods/{world.period_id}").text
    assert "61 of 181" in page
    for figure in ("50,000.00", "4,000.00", "65.57", "11,868.86", "38,131.14", "42,131.14"):
        assert figure in page, figure
    assert mia.open(f"{ROOM}/periods/99").status == 404


@pytest.mark.parametrize(("name", "place"), [("mia", "/programme/funds"), ("eve", "/audit/funds")])
def test_a_partners_row_leads_to_its_fund(world: World, sign_in: SignIn, name: str, place: str) -> None:
    (fund,) = world.rows(Fund)
    browser = sign_in(world.people[name])
    assert browser.open(f"{ROOM}/periods/{world.period_id}").offers(f"{place}/{fund.id}")
    assert browser.open(f"{place}/{fund.id}").status == 200


def test_it_is_said_where_unused_sums_add_up_to_more_than_the_whole(mia: Browser, world: World) -> None:
    path = f"{ROOM}/periods/{world.period_id}"
    approved(world)
    assert "can come to more than" not in mia.open(path).text
    with world.database.write() as connection:
        connection.execute(update(Fund).values(available=0))
    assert "can come to more than" in mia.open(path).text


def test_an_approvers_figures_lead_to_what_they_count(mia: Browser, world: World) -> None:
    late, open_one, coming = submitted(world), submitted(world), approved(world)
    with world.database.write() as connection:
        yesterday = world.clock.now().date() - timedelta(days=1)
        connection.execute(update(Task).where(Task.claim_id == late).values(due_on=yesterday))
        soon = yesterday + timedelta(days=8)
        connection.execute(update(Task).where(Task.claim_id == open_one).values(due_on=soon))
    number = {claim_id: world.claim(claim_id).number for claim_id in (late, open_one, coming)}
    base = f"{ROOM}/approvers/{world.people['bob'].user_id}"
    page = mia.open(ROOM)
    counted = {
        "open": {late, open_one},
        "overdue": {late},
        "due_5": {open_one},
        "due_20": {open_one},
        "decided": {coming},
        "coming_60": {coming},
    }
    for figure, claims in counted.items():
        assert page.offers(f"{base}/{figure}")
        behind = mia.open(f"{base}/{figure}").text
        assert {claim_id for claim_id, name in number.items() if name in behind} == claims, figure
    assert not page.offers(f"{base}/coming_30")
    assert "Nothing stands behind it now" in mia.open(f"{base}/coming_30").text


def test_nobody_who_does_not_approve_has_a_load(mia: Browser, world: World) -> None:
    for user_id in (world.people["anna"].user_id, world.people["dan"].user_id, 99):
        assert mia.open(f"{ROOM}/approvers/{user_id}/open").status == 404
    assert mia.open(f"{ROOM}/approvers/{world.people['bob'].user_id}/anything").status == 404


@pytest.mark.parametrize("name", ["anna", "bob", "dan"])
def test_the_forecast_is_for_programme_managers_and_auditors(
    world: World, sign_in: SignIn, name: str
) -> None:
    assert sign_in(world.people[name]).open(ROOM).status == 403


def test_a_new_installation_says_what_will_stand_there(make: Factory, sign_in: SignIn) -> None:
    page = sign_in(make.user("Somebody", Role.manager)).open(ROOM).text
    assert "No JMF period is open" in page
    assert "Nobody approves yet" in page
    assert "0 claims" in page


def test_a_partner_sees_which_of_its_claims_expire_when_and_no_other(world: World, sign_in: SignIn) -> None:
    anna = sign_in(world.people["anna"])
    report_by(world, approved(world), date(2026, 3, 20))
    assert "your report is due by 20 Mar 2026." in anna.open("/claims").text
    other = world.partner("Isar Networks")
    world.person("olga", Role.partner, partner_id=other)
    assert "expire if nothing changes" not in sign_in(world.people["olga"]).open("/claims").text
