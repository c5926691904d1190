"""The manager's pages of partners: what is on file, certificates, performance, funds."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from models.history import Act
from models.people import Partner, User
from models.programme import Period
from models.standing import Certificate, Performance
from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.factories import Factory
from tests.support.looking import places
from tests.support.pages import Browser
from tests.support.world import World
from workflow.heartbeats import beat
from workflow.policies import default_document


def number_of_acts(world: World, kind: str) -> int:
    with world.database.read() as connection:
        return connection.scalar(select(func.count()).where(Act.kind == kind)) or 0


def test_a_partner_is_put_on_file_and_shown(mia: Browser, world: World) -> None:
    page = mia.open("/programme/partners/new").submit(
        "/programme/partners/new", name="Weser Networks", partner_type="vap", country="nl"
    )
    shown = page.follow().text
    assert "Weser Networks" in shown
    assert "not certified today" in shown
    assert (world.rows(Partner)[-1].country, number_of_acts(world, "partner_added")) == ("NL", 2)


NO_COUNTRY = (
    "This is no country code."
    " Use the two capital letters of ISO 3166, such as DE, or GB for the United Kingdom."
)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "This is still empty. Fill it in."),
        ({"name": "elbe systems"}, "elbe systems is taken already. Choose another one."),
        ({"name": "x" * 201}, "Use at most 200 characters."),
        ({"country": "Germany"}, NO_COUNTRY),
        ({"country": "uk"}, NO_COUNTRY),
        ({"partner_type": "spaceship"}, "Not a valid choice"),
        ({"partner_type": ""}, "This is still empty."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    mia: Browser, world: World, typed: dict[str, str], said: str
) -> None:
    whole = {"name": "Weser Networks", "partner_type": "vap", "country": "NL", **typed}
    page = mia.open("/programme/partners/new").submit("/programme/partners/new", **whole)
    assert page.status == 422
    assert said in page.text
    assert len(world.rows(Partner)) == 1
    kept = dict(page.form("/programme/partners/new").fields)
    assert kept["name"] == whole["name"].strip()


def test_the_same_form_sent_twice_adds_one_partner_and_says_so(mia: Browser, world: World) -> None:
    page = mia.open("/programme/partners/new")
    typed = {"name": "Weser Networks", "partner_type": "vap", "country": "NL"}
    page.submit("/programme/partners/new", **typed)
    again = page.submit("/programme/partners/new", **typed)
    assert "You had done this already" in again.follow().text
    assert len(world.rows(Partner)) == 2


def test_what_is_on_file_can_be_corrected(mia: Browser, world: World) -> None:
    path = f"/programme/partners/{world.partner_id}/change"
    shown = mia.open(path).submit(path, name="Elbe Systems SE", country="de").follow()
    assert "Elbe Systems SE" in shown.text
    assert "name Elbe Systems → Elbe Systems SE" in shown.text


def test_two_managers_at_one_partner_do_not_undo_each_other(
    mia: Browser, world: World, sign_in: SignIn
) -> None:
    path = f"/programme/partners/{world.partner_id}/change"
    max_ = sign_in(world.person("max", Role.manager))
    stale = mia.open(path)
    max_.open(path).submit(path, country="NL")
    late = stale.submit(path, name="Elbe Systems SE")
    assert late.status == 409
    assert "Nothing was saved: this has changed since you opened the page" in late.text
    assert (
        "Max, 2 Mar 2026, 13:00 CET: Changed what is on file of Elbe Systems: country DE → NL." in late.text
    )
    elbe = world.rows(Partner)[0]
    assert (elbe.name, elbe.country) == ("Elbe Systems", "NL")
    kept = dict(late.form(path).fields)
    assert (kept["name"], kept["country"]) == ("Elbe Systems SE", "DE")
    assert late.submit(path, country="NL").status == 302
    elbe = world.rows(Partner)[0]
    assert (elbe.name, elbe.country) == ("Elbe Systems SE", "NL")


def test_what_was_wrong_with_a_stale_partner_form_does_not_make_it_a_new_one(
    mia: Browser, world: World, sign_in: SignIn
) -> None:
    path = f"/programme/partners/{world.partner_id}/change"
    stale = mia.open(path)
    sign_in(world.person("max", Role.manager)).open(path).submit(path, country="NL")
    wrong = stale.submit(path, name="")
    assert wrong.status == 422
    assert wrong.submit(path, name="Elbe Systems SE").status == 409
    assert world.rows(Partner)[0].name == "Elbe Systems"


def test_partners_are_found_by_name_type_and_country_and_paged(mia: Browser, world: World) -> None:
    for number in range(55):
        world.partner(f"Reseller ~ {number:02}", "vap", "NL")
    first = mia.open("/programme/partners")
    assert "Reseller ~ 48" in first.text
    assert "Reseller ~ 49" not in first.text
    following = next(
        each.attributes["href"]
        for each in first.read.elements
        if each.tag == "a" and "after=" in each.attributes.get("href", "")
    )
    assert "Reseller ~ 49" in mia.open(following).text
    found = mia.open("/programme/partners?name=elbe&partner_type=distributor&country=de").text
    assert "Elbe Systems" in found
    assert "Reseller ~" not in found
    assert "No partner fits" in mia.open("/programme/partners?name=%25").text


def test_a_certificate_is_recorded_corrected_and_revoked_without_losing_a_row(
    mia: Browser, world: World
) -> None:
    path = f"/programme/partners/{world.partner_id}/certificates/new"
    mia.open(path).submit(path, valid_from="2027-01-01", valid_until="2027-12-31")
    recorded = world.rows(Certificate)[-1]
    correct = f"/programme/certificates/{recorded.id}/correct"
    shown = mia.open(correct).submit(correct, revoked_on="2027-07-01", reason="Audit failed").follow().text
    revoked = world.rows(Certificate)[-1]
    assert (revoked.replaces_id, revoked.revoked_on) == (recorded.id, date(2027, 7, 1))
    assert f"replaces no. {recorded.id}" in shown
    assert f"replaced by no. {revoked.id}" in shown
    assert "revoked on 1 Jul 2027" in shown
    assert "Audit failed" in shown


def test_a_record_that_was_corrected_already_is_not_corrected_again(mia: Browser, world: World) -> None:
    certificate = world.rows(Certificate)[0]
    path = f"/programme/certificates/{certificate.id}/correct"
    stale = mia.open(path)
    mia.open(path).submit(path, valid_until="2026-11-30")
    late = stale.submit(path, valid_until="2026-10-31")
    assert late.status == 409
    assert "This record was corrected already. Correct the newest one instead." in late.text
    assert len(world.rows(Certificate)) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"valid_until": "2025-12-31"}, "The last day is before the first."),
        ({"valid_from": "tomorrow"}, "Enter a day such as 2026-11-24."),
        ({"valid_from": ""}, "Enter the first day."),
    ],
)
def test_a_certificate_with_wrong_days_is_refused_at_the_field(
    mia: Browser, world: World, typed: dict[str, str], said: str
) -> None:
    path = f"/programme/partners/{world.partner_id}/certificates/new"
    page = mia.open(path).submit(path, **{"valid_from": "2026-01-01", "valid_until": "2026-12-31", **typed})
    assert page.status == 422
    assert said in page.text
    assert len(world.rows(Certificate)) == 1


def test_performance_is_recorded_and_corrected(mia: Browser, world: World) -> None:
    record = world.rows(Performance)[0]
    path = f"/programme/performance/{record.id}/correct"
    shown = (
        mia.open(path).submit(path, achieved="240,000.5", reason="Two orders were cancelled").follow().text
    )
    corrected = world.rows(Performance)[-1]
    assert (corrected.achieved, corrected.replaces_id) == (24_000_050, record.id)
    assert "below" in shown
    assert "Two orders were cancelled" in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"achieved": "lots"}, "Enter an amount such as 4000.00."),
        ({"required": "-1"}, "Enter an amount such as 4000.00."),
        ({"required": "99999999999999.00"}, "This amount is too large."),
        ({"period_id": ""}, "Choose the JMF period."),
        ({"period_id": "999"}, "Not a valid choice"),
    ],
)
def test_performance_that_is_none_is_refused_at_the_field(
    mia: Browser, world: World, typed: dict[str, str], said: str
) -> None:
    path = f"/programme/partners/{world.partner_id}/performance/new"
    whole = {"period_id": str(world.period_id), "required": "1.00", "achieved": "2.00", **typed}
    page = mia.open(path).submit(path, **whole)
    assert page.status == 422
    assert said in page.text
    assert len(world.rows(Performance)) == 1


def test_money_is_allocated_and_taken_back_through_the_ledger(mia: Browser, world: World) -> None:
    before = world.fund_row()
    path = f"/programme/partners/{world.partner_id}/allocate/{world.period_id}"
    mia.open(path).submit(path, amount="1,250.5", reason="Second half")
    fund = f"/programme/funds/{before.id}"
    shown = mia.open(fund).submit(f"{fund}/reduce", amount="250.50", reason="Not needed").follow().text
    assert world.fund_row().available == before.available + 100_000
    assert "Second half" in shown
    assert "Not needed" in shown


def test_a_double_click_allocates_once(mia: Browser, world: World) -> None:
    before = world.fund_row().available
    path = f"/programme/partners/{world.partner_id}/allocate/{world.period_id}"
    page = mia.open(path)
    page.submit(path, amount="1000")
    assert "You had done this already" in page.submit(path, amount="1000").follow().text
    assert world.fund_row().available == before + 100_000


def test_a_fund_is_made_by_its_first_allocation(mia: Browser, world: World) -> None:
    fresh = world.partner("Weser Networks")
    path = f"/programme/partners/{fresh}/allocate/{world.period_id}"
    assert "There is none yet" in mia.open(path).text
    mia.open(path).submit(path, amount="5000.00")
    assert world.fund_row(fresh).available == 500_000


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("", "Enter the amount."),
        ("0", "The amount has to be more than 0.00."),
        ("1,00", "Enter an amount such as 4000.00."),
        (
            "60000",
            "60,000.00 USD is more than the 50,000.00 USD that is available."
            " Take back at most 50,000.00 USD.",
        ),
    ],
)
def test_money_that_cannot_be_taken_back_is_told_at_the_field(
    mia: Browser, world: World, amount: str, said: str
) -> None:
    fund = world.fund_row()
    path = f"/programme/funds/{fund.id}"
    page = mia.open(path).submit(f"{path}/reduce", amount=amount)
    assert page.status == 422
    assert said in page.text
    assert dict(page.form(f"{path}/reduce").fields)["amount"] == amount
    assert world.fund_row().available == fund.available


def test_funds_are_found_with_their_sums(mia: Browser, world: World) -> None:
    world.fund(world.partner("Weser Networks"), 700_000)
    page = mia.open(f"/programme/funds?period={world.period_id}").text
    assert "57,000.00" in page
    assert "Weser Networks" not in mia.open("/programme/funds?partner=elbe").text


@pytest.mark.parametrize(
    "path",
    [
        "/programme/partners/999",
        "/programme/partners/999/change",
        "/programme/partners/999/certificates/new",
        "/programme/certificates/999/correct",
        "/programme/performance/999/correct",
        "/programme/partners/999/allocate/1",
        "/programme/partners/1/allocate/999",
        "/programme/funds/999",
        "/programme/users/999",
        "/programme/policy/999",
        "/programme/policy/999/download",
    ],
)
def test_what_is_not_there_is_not_found(mia: Browser, path: str) -> None:
    assert mia.open(path).status == 404


def test_the_overview_names_what_is_missing_and_what_ends(mia: Browser, world: World) -> None:
    fresh = world.partner("Weser Networks")
    world.partner("Corner Shop", "reseller")
    ending = world.partner("Ilmenau Data")
    world.certify(ending, date(2026, 1, 1), date(2026, 3, 12))
    page = mia.open("/programme").text
    assert "No certificate on file" in page
    assert "No fund, 2026H1" in page
    assert "until 12 Mar 2026" in page
    assert f"/programme/partners/{fresh}" in page
    assert "Corner Shop" not in page
    assert "Elbe Systems" not in page


def test_a_fresh_programme_says_what_comes_first(world: World, mia: Browser) -> None:
    steps = ("/programme/periods", "/programme/partners/new", "/programme/users/new")
    assert "First steps" not in mia.open("/programme").text
    with world.database.write() as connection:
        connection.execute(update(Period).values(closed_at=world.clock.now()))
        connection.execute(update(User).where(User.name == "Bob").values(deactivated_at=world.clock.now()))
    page = mia.open("/programme")
    text = page.text[page.text.index("First steps") :]
    assert text[: text.index("</section>")].count("to do") == 2
    assert [path for path in steps if page.offers(path)] == [steps[0], steps[2]]
    assert "Invite an approver" in text


def test_an_empty_list_of_partners_says_what_to_do_first(make: Factory, sign_in: SignIn) -> None:
    make.policy_version(default_document())
    mia = sign_in(make.user("Mia", Role.manager))
    page = mia.open("/programme/partners")
    places(page, "No partner yet", "Add the first partner")
    searched = mia.open("/programme/partners?name=elbe")
    places(searched, "No partner fits")
    assert "No partner yet" not in searched.text


def test_the_overview_says_which_background_part_is_silent(mia: Browser, world: World) -> None:
    places(mia.open("/programme"), "Nobody does the timed work", "Nobody sends mail", "It has not run yet.")
    beat(world.database, world.clock.now(), part="scheduler")
    beat(world.database, world.clock.now() - timedelta(minutes=6), part="worker")
    page = mia.open("/programme")
    assert "Nobody does the timed work" not in page.text
    places(page, "Nobody sends mail", "It was last seen 2 Mar 2026")
