"""Programme managers import files on their pages: a preview of every row, then all of it or nothing."""

from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select

from models.history import Act
from models.people import Partner, User
from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.imports import table
from tests.support.looking import places, token_of
from tests.support.pages import Browser, Page
from tests.support.world import World
from web.services import Services
from workflow.bulk import DOERS
from workflow.imports.doing import import_doers
from workflow.jobs import work_off

HEADINGS = ("partner_number", "name", "type", "country")
GOOD = table(HEADINGS, ("N-1", "Elbe Systems", "distributor", "DE"), ("N-2", "Weser Networks", "vap", "NL"))
WRONG = table(
    HEADINGS, ("N-1", "Elbe Systems", "spaceship", "Germany"), ("N-2", "Weser Networks", "vap", "NL")
)


def send(browser: Browser, content: str | bytes, kind: str = "partners", name: str = "partners.csv") -> Page:
    data = content.encode() if isinstance(content, str) else content
    return browser.open("/imports").submit("/imports", kind=kind, file=(BytesIO(data), name))


def work(app: Flask, world: World) -> None:
    shared: Services = app.extensions["cofund"]
    doers = {**DOERS, **import_doers(shared.files, shared.door.link_life)}
    work_off(world.database, doers, world.clock.now)


def partners(world: World) -> int:
    with world.database.read() as connection:
        return connection.scalar(select(func.count(Partner.id))) or 0


def test_the_walk_of_a_file_from_sending_to_the_history(app: Flask, world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    answer = send(mia, GOOD)
    assert answer.location == "/imports/1"
    places(answer.follow(), "being looked through", "The file is being read.", "Stop here")
    work(app, world)
    page = mia.open("/imports/1")
    places(page, "partners.csv", "to be decided", "Write these 2 rows", "1 changed", "1 new")
    places(page, "Elbe Systems", '<span class="code">partner_number</span>: – → N-1')
    places(mia.open("/imports/1?verdict=new"), "Weser Networks", '<span class="code">country</span>: NL')
    assert partners(world) == 1, "a preview writes nothing"

    page.submit("/imports/1/apply")
    work(app, world)
    places(mia.open("/imports/1"), "imported", "Imported", "1 changed", "1 new")
    assert partners(world) == 2
    places(
        sign_in(world.people["eve"]).open("/audit/acts"),
        "Imported partners from partners.csv: 1 new, 1 changed, 0 as they were.",
        "Put Weser Networks on file",
    )
    send(mia, GOOD)
    work(app, world)
    page = mia.open("/imports/2")
    places(page, "nothing new", "All of this is on file already.", "2 unchanged")
    assert not page.offers("/imports/2/apply")
    places(mia.open("/imports"), "partners.csv", "Mia", "nothing new")


def test_what_is_wrong_stands_first_by_line_and_column(app: Flask, world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    send(mia, WRONG)
    work(app, world)
    page = mia.open("/imports/1")
    places(page, "One row is wrong, so nothing of this file can be written.", "1 wrong", "1 new")
    places(
        page,
        '<td data-label="Line" class="sheet__number">2</td>',
        '<span class="code">country</span>: This is no',
    )
    places(page, '<span class="code">type</span>: This is no partner type. Write one of these: distributor')
    assert not page.offers("/imports/1/apply")
    assert partners(world) == 1


def test_a_file_that_is_none_says_why(app: Flask, world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    for content, told in (
        ("name;colour\nElbe;red\n", "Columns that are not known here: colour."),
        ("name,type\nElbe,vap\n", "The column country is missing."),
        ("Größe\n".encode("latin-1"), "Line 1 is not in UTF-8."),
    ):
        page = send(mia, content)
        work(app, world)
        places(mia.open(page.location or ""), "cannot be read", told)


def test_what_is_no_table_is_not_taken_in(world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    for kind, content, name, told in (
        ("", GOOD, "a.csv", "Choose what its rows are about."),
        ("claims", GOOD, "a.csv", "Choose what its rows are about."),
        ("partners", GOOD, "a.pdf", "Choose a file that ends in .csv or .xlsx."),
        ("partners", "", "a.csv", "is empty"),
        ("partners", b"PK\x03\x04" + bytes(60), "a.xlsx", "of a kind that is not taken"),
    ):
        answer = send(mia, content, kind, name)
        assert answer.status == 422
        places(answer, told)


def test_a_file_of_headings_alone_says_so(app: Flask, world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    send(mia, GOOD.splitlines()[0] + "\n")
    work(app, world)
    page = mia.open("/imports/1")
    places(page, "Below its headings the file has no rows.")
    assert not page.offers("/imports/1/apply")


def test_a_preview_that_stands_no_more_writes_nothing(app: Flask, world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    send(mia, GOOD)
    work(app, world)
    page = mia.open("/imports/1")
    world.partner("Weser Networks", country="PL")
    page.submit("/imports/1/apply")
    work(app, world)
    page = mia.open("/imports/1")
    places(page, "Something has changed since you looked, and nothing was written.")
    assert not page.offers("/imports/1/apply"), "it would only fail again"
    page.submit("/imports/1/judge")
    work(app, world)
    places(mia.open("/imports/1"), "2 changed", "PL → NL")


def test_a_forged_digest_a_second_click_and_an_applied_file_change_nothing(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    mia = sign_in(world.people["mia"])
    send(mia, GOOD)
    work(app, world)
    page = mia.open("/imports/1")
    assert page.submit("/imports/1/apply", seen="0" * 64).status == 409
    page.submit("/imports/1/apply")
    assert page.submit("/imports/1/apply").status == 409, "it is in work"
    work(app, world)
    assert page.submit("/imports/1/apply").status == 409
    assert page.submit("/imports/1/judge", key="other", csrf_token=token_of(mia)).status == 409
    with world.database.read() as connection:
        acts = select(func.count(Act.id)).where(Act.kind == "import_applied")
        assert connection.scalar(acts) == 1


def test_a_key_that_asked_for_something_else_sends_no_file_and_says_so(world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    mia.open("/rule-counts").submit("/rule-counts", key="spent")
    file = (BytesIO(GOOD.encode()), "a.csv")
    answer = mia.open("/imports").submit("/imports", key="spent", kind="partners", file=file)
    assert answer.status == 422
    places(answer, "This form was sent before with something else", "send it once more")
    counted = mia.open("/rule-counts").submit("/rule-counts", key="spent")
    assert counted.location == "/rule-counts/1", "the same once more is the double click"
    assert send(mia, GOOD).location == "/imports/1"


def test_stopping_before_the_end_writes_nothing(app: Flask, world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    page = send(mia, GOOD).follow()
    page.submit("/jobs/1/cancel")
    work(app, world)
    places(mia.open("/jobs/1").follow(), "It was stopped before every row was looked at.", "Look again")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["anna", "bob", "dan", "eve"])
def test_nobody_else_imports_or_exports(app: Flask, world: World, sign_in: SignIn, name: str) -> None:
    send(sign_in(world.people["mia"]), GOOD)
    work(app, world)
    browser = sign_in(world.people[name])
    token = token_of(browser)
    for path in ("/imports", "/imports/1", "/imports/export?kind=users&as=csv"):
        assert browser.open(path).status == 403
    for path in ("/imports", "/imports/1/apply", "/imports/1/judge"):
        assert browser.post(path, {"csrf_token": token, "key": "forged"}).status == 403
    assert partners(world) == 1


def test_a_manager_cannot_import_themselves_other_roles(app: Flask, world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    rows = table(("email", "name", "roles"), ("mia@people.example", "Mia", "manager finance"))
    send(mia, rows, "users", "users.csv")
    work(app, world)
    places(mia.open("/imports/1"), '<span class="code">roles</span>: Nobody changes their own roles.')


def test_whoever_is_no_manager_any_more_applies_nothing(app: Flask, world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    send(mia, GOOD)
    work(app, world)
    mia.open("/imports/1").submit("/imports/1/apply")
    with world.database.session() as session:
        user = session.get_one(User, world.people["mia"].user_id)
        user.role_rows = [row for row in user.role_rows if row.role is not Role.manager]
    work(app, world)
    assert partners(world) == 1


@pytest.mark.parametrize("kind", ["partners", "users", "certificates", "performance", "allocations"])
def test_what_is_exported_and_imported_again_changes_nothing(
    app: Flask, world: World, sign_in: SignIn, kind: str
) -> None:
    world.partner("=cmd|' /C calc'!A0", "vap")
    world.partner('\'t Hooft, "Zoon" & Söhne', "vap")
    mia = sign_in(world.people["mia"])
    for form in ("csv", "xlsx"):
        with mia.client.get(f"/imports/export?kind={kind}&as={form}") as answer:
            assert f"{kind}-2026-03-02.{form}" in answer.headers["Content-Disposition"]
            content = answer.get_data()
        if form == "csv":
            assert not [cell for cell in content.decode().split(",") if cell.startswith(('"=', "="))]
        else:
            sheet = load_workbook(BytesIO(content)).worksheets[0]
            assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        page = send(mia, content, kind, f"again.{form}")
        work(app, world)
        places(mia.open(page.location or ""), "All of this is on file already.")


def test_an_export_of_nothing_we_know_leads_back(world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    for query in ("", "?kind=claims&as=csv", "?kind=users&as=pdf"):
        assert mia.open(f"/imports/export{query}").location == "/imports"
