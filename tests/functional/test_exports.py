"""All that a search finds as a file: made by the worker, downloaded by whoever asked, gone after a week."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import orjson
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import delete, select, update

from models.claims import Claim, LooseFile
from models.funds import LedgerEntry
from models.history import Act, Move, RefusedAttempt
from models.jobs import Job
from models.people import UserRole
from models.searches import Export
from models.vocabulary import JobKind, Role, Trigger
from tests.functional.conftest import IN_EITHER_STORE, SignIn
from tests.support.every_act import do_every_act
from tests.support.looking import places, token_of
from tests.support.pages import Browser, Page
from tests.support.stages import approved, rejected, submitted
from tests.support.world import World
from web.commands.worker import doers_of
from web.services import Services
from workflow import jobs
from workflow.attempt import Command
from workflow.harmless import as_it_was
from workflow.jobs import work_off
from workflow.leases import LEASE
from workflow.loose_files import GRACE, remove_loose
from workflow.refusals import Refused
from workflow.refused_attempts import remember
from workflow.searches import making
from workflow.searches.exports import KEPT, forget_exports

EVIL = '=HYPERLINK("http://x.example","y"), \'quoted\' @中文'
SINGLE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def eve(world: World, sign_in: SignIn) -> Browser:
    """The auditor, signed in."""
    return sign_in(world.people["eve"])


def work(app: Flask, world: World, **more: Any) -> int:
    shared: Services = app.extensions["cofund"]
    return work_off(world.database, doers_of(shared), world.clock.now, **more)


def ask(browser: Browser, search: str = "moves", form: str = "csv", query: str = "") -> Page:
    path = {"claims": "/audit"}.get(search, f"/audit/{search}")
    return browser.open(f"{path}?{query}").submit(f"/audit/exports/{search}", form=form)


def content(browser: Browser, page: Page) -> bytes:
    with browser.client.get(f"{page.location}/file") as answer:
        assert answer.status_code == 200
        return answer.get_data()


def rows(form: str, data: bytes) -> list[dict[str, Any]]:
    """Return the rows of a file, texts as they were before they were made harmless."""
    if form == "jsonl":
        return [orjson.loads(line) for line in data.splitlines()]
    if form == "csv":
        found = csv.DictReader(StringIO(data.decode(), newline=""))
        return [{name: as_it_was(value) for name, value in row.items()} for row in found]
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    cells = list(sheet.iter_rows())
    assert all(cell.data_type != "f" for row in cells for cell in row)
    names = [cell.value for cell in cells[0]]
    return [dict(zip(names, [cell.value for cell in row], strict=True)) for row in cells[1:]]


def refused(world: World) -> None:
    """Let Anna ask for too much."""
    claim_id = world.draft(requested=450_000, title=EVIL)
    with pytest.raises(Refused) as why:
        world.move(claim_id, "submit", "anna", key="k")
    command = Command(claim_id, Trigger.submit, world.people["anna"], "k")
    remember(world.database, command, why.value, world.clock.now())


KEYS = {
    "claims": ("claim_id", select(Claim.id).where(Claim.moves > 0)),
    "moves": ("move_id", select(Move.id)),
    "refused": ("attempt_id", select(RefusedAttempt.id)),
    "acts": ("act_id", select(Act.id)),
    "ledger": ("entry_id", select(LedgerEntry.id)),
}


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
@pytest.mark.parametrize("search", KEYS)
def test_an_export_holds_every_row_that_is_found_whatever_texts_are_in_it(
    app: Flask, world: World, eve: Browser, search: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PART", 2)
    submitted(world, title=EVIL)
    world.move(submitted(world, title="=1+1"), "reject", "bob", reason=f"{EVIL}\nsecond line")
    refused(world)
    page = ask(eve, search, form)
    work(app, world)
    found = rows(form, content(eve, page))
    key, wanted = KEYS[search]
    with world.database.read() as connection:
        assert [int(row[key]) for row in found] == list(connection.scalars(wanted.order_by("id")))
    texts = {value for row in found for value in row.values() if isinstance(value, str)}
    if search in ("claims", "moves"):
        assert {EVIL, "=1+1"} <= texts
    if search == "moves":
        assert f"{EVIL}\nsecond line" in texts
    assert not [text for text in texts if "people.example" in text], "nobody's address leaves the product"


@SINGLE
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60),
    st.sampled_from(["csv", "jsonl"]),
)
def test_any_text_comes_back_as_it_stands_on_file(
    app: Flask, world: World, eve: Browser, text: str, form: str
) -> None:
    claim_id = submitted(world)
    with world.database.write() as connection:
        connection.execute(update(Claim).where(Claim.id == claim_id).values(title=text))
    page = ask(eve, "claims", form, f"number={world.claim(claim_id).number}")
    work(app, world)
    (row,) = rows(form, content(eve, page))
    assert row["title"] == text


def test_an_export_finds_what_its_search_finds(app: Flask, world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.clock.advance(timedelta(days=1))
    world.move(claim_id, "approve", "bob", approved=350_000, reason="Less.")
    eve = sign_in(world.people["eve"])
    page = ask(eve, "moves", "jsonl", "sum=approved&least=3%2C000&first=2026-03-03&actor=bob")
    submitted(world)
    work(app, world)
    (row,) = rows("jsonl", content(eve, page))
    assert row["move"] == "approve"
    assert row["approved_usd"] == "3500.00"
    assert row["at_utc"] == world.clock.now().isoformat()
    assert (row["reason"], row["rules_broken"], row["acted_for"]) == ("Less.", "", None)


def test_an_amount_of_a_workbook_is_a_number_and_a_day_a_day(app: Flask, world: World, eve: Browser) -> None:
    approved(world)
    page = ask(eve, "claims", "xlsx")
    work(app, world)
    (row,) = rows("xlsx", content(eve, page))
    assert row["approved_usd"] == 4000
    assert row["starts_on"].date().isoformat() == "2026-04-10"


def test_what_comes_later_is_no_part_of_an_export(app: Flask, world: World, eve: Browser) -> None:
    submitted(world)
    page = ask(eve, "moves", "jsonl")
    submitted(world)
    work(app, world)
    assert len(rows("jsonl", content(eve, page))) == 1


def test_every_kind_of_act_is_exported(app: Flask, world: World, sign_in: SignIn) -> None:
    do_every_act(world)
    eve = sign_in(world.people["eve"])
    page = ask(eve, "acts", "xlsx")
    work(app, world)
    found = rows("xlsx", content(eve, page))
    assert len(found) == len(world.rows(Act))
    assert not [value for row in found for value in row.values() if "people.example" in str(value)]


@IN_EITHER_STORE
@SINGLE
def test_the_page_tells_how_far_it_is_and_gives_the_file(
    app: Flask, world: World, eve: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PART", 1)
    rejected(world)
    asked = ask(eve)
    places(asked.follow(), "begins in a moment", "Stop here")
    assert eve.open(f"{asked.location}/file").status == 404
    done = iter([False, False])
    work(app, world, stopping=lambda: next(done, True))
    places(asked.follow(), "0 rows read", "1 of 4 steps")
    work(app, world)
    page = asked.follow()
    places(page, "2 rows", "Download", "Here until", "9 Mar 2026")
    with eve.client.get(f"{asked.location}/file") as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename=moves-2026-03-02-1.csv"
        assert int(answer.headers["Content-Length"]) == len(answer.get_data())
    places(eve.open("/audit/exports"), "Moves", "CSV", "ready")


def test_an_export_of_nothing_has_its_headings(app: Flask, world: World, eve: Browser) -> None:
    page = ask(eve, "refused", "csv")
    work(app, world)
    assert content(eve, page).decode().startswith("attempt_id,at_utc,")
    places(page.follow(), "0 rows")


def test_an_export_that_was_stopped_says_so(app: Flask, world: World, eve: Browser) -> None:
    submitted(world)
    asked = ask(eve)
    asked.follow().submit(f"{asked.location}/cancel")
    work(app, world)
    places(asked.follow(), "It was stopped.")
    assert eve.open(f"{asked.location}/file").status == 404
    places(eve.open("/audit/exports"), "not made")


@SINGLE
def test_more_than_a_workbook_takes_is_told(
    app: Flask, world: World, eve: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_IN_WORKBOOK", 1)
    rejected(world)
    for form, told in (("xlsx", "more than the 1 rows that a workbook takes"), ("csv", "2 rows")):
        asked = ask(eve, "moves", form)
        work(app, world)
        places(asked.follow(), told)


def test_a_second_click_asks_for_nothing_more(world: World, eve: Browser) -> None:
    page = eve.open("/audit/moves")
    first, second = (page.submit("/audit/exports/moves", form="csv") for _ in range(2))
    assert first.location == second.location
    assert len(world.rows(Export)) == len(world.rows(Job)) == 1


def test_an_export_is_for_who_asked_and_is_still_an_auditor(
    app: Flask, world: World, eve: Browser, sign_in: SignIn
) -> None:
    asked = ask(eve)
    work(app, world)
    other = sign_in(world.person("zoe", Role.auditor))
    for path in (asked.location, f"{asked.location}/file"):
        assert other.open(path).status == 404
    token = token_of(other)
    assert other.post(f"{asked.location}/cancel", {"csrf_token": token}).status == 404
    assert asked.location not in other.open("/audit/exports").text
    with world.database.write() as connection:
        connection.execute(delete(UserRole).where(UserRole.user_id == world.people["eve"].user_id))
    assert eve.open(f"{asked.location}/file").status == 403


def test_who_is_no_auditor_any_more_gets_no_file_made(app: Flask, world: World, eve: Browser) -> None:
    ask(eve)
    with world.database.write() as connection:
        connection.execute(delete(UserRole).where(UserRole.user_id == world.people["eve"].user_id))
    work(app, world)
    (export,) = world.rows(Export)
    assert (export.digest, export.ready_at) == (None, None)


def test_a_worker_that_dies_leaves_the_next_one_what_it_read(
    app: Flask, world: World, eve: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PART", 1)
    rejected(world)
    asked = ask(eve, "moves", "jsonl")
    shared: Services = app.extensions["cofund"]
    doer = doers_of(shared)[JobKind.export]
    begun: Iterator[int] = iter(range(99))

    class Died(BaseException):
        """The worker is gone."""

    def ready(*given: Any) -> Any:
        if next(begun) == 2:
            raise Died
        assert doer.ready is not None
        return doer.ready(*given)

    dying = {JobKind.export: jobs.Doer(doer.do, ready=ready)}
    with pytest.raises(Died):
        work_off(world.database, dying, world.clock.now)
    assert work(app, world) == 0, "it is still the other's"
    world.clock.advance(LEASE)
    assert work(app, world) == 2, "the part that was begun, and the whole"
    assert len(rows("jsonl", content(eve, asked))) == 2


def test_an_export_of_which_a_part_is_lost_is_not_made(
    app: Flask, world: World, eve: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(world)
    asked = ask(eve)
    monkeypatch.setattr(making, "_lines", lambda *_: 1 / 0)
    work(app, world)
    places(asked.follow(), "It could not be made.")


def test_an_export_and_its_parts_go_after_a_while(app: Flask, world: World, eve: Browser) -> None:
    shared: Services = app.extensions["cofund"]
    submitted(world)
    ask(eve)
    work(app, world)
    digests = [row.digest for row in world.rows(LooseFile)]
    assert len(digests) == 2, "the part and the whole were written down before they were stored"
    world.clock.advance(GRACE)
    remove_loose(world.database, world.clock.now(), files=shared.files)
    (export,) = world.rows(Export)
    shared.files.find(export.digest).close()  # what is named stays
    world.clock.advance(KEPT - GRACE - timedelta(seconds=1))
    forget_exports(world.database, world.clock.now())
    assert len(world.rows(Export)) == 1
    world.clock.advance(timedelta(seconds=1))
    forget_exports(world.database, world.clock.now())
    world.clock.advance(GRACE)
    remove_loose(world.database, world.clock.now(), files=shared.files)
    assert world.rows(Export) == []
    for digest in digests:
        with pytest.raises(FileNotFoundError):
            shared.files.find(digest)
    assert [row.input["search"] for row in world.rows(Job)] == ["moves"], "who asked for what is still known"


def test_a_forged_form_asks_for_nothing(world: World, eve: Browser) -> None:
    page = eve.open("/audit/moves")
    fields = dict(page.form("/audit/exports/moves").fields)
    for path, form, status in (
        ("/audit/exports/moves", "pdf", 400),
        ("/audit/exports/moves", "", 400),
        ("/audit/exports/funds", "csv", 404),
        ("/audit/exports/moves?least=much", "csv", 422),
    ):
        assert eve.post(path, {**fields, "form": form}).status == status
    assert eve.post("/audit/exports/moves", {"csrf_token": fields["csrf_token"], "form": "csv"}).status == 400
    assert world.rows(Export) == []
