"""A programme manager sends a spreadsheet, sees what is wrong with it, and has the corrected one written."""

from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, expect

from config import Settings
from tests.browser.desk import OpenDesk
from tests.support.imports import table
from tests.support.world import World
from web.services import file_store
from workflow.imports.doing import import_doers
from workflow.jobs import work_off

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HEADINGS = ("name", "type", "country")
WRONG = table(HEADINGS, ("Weser Networks", "vap", "Holland"))
RIGHT = table(HEADINGS, ("Weser Networks", "vap", "NL"))


def sheet(content: str) -> FilePayload:
    return {"name": "partners.csv", "mimeType": "text/csv", "buffer": content.encode()}


def test_a_spreadsheet_is_looked_through_corrected_and_written(
    world: World, settings: Settings, desk_of: OpenDesk
) -> None:
    desk = desk_of("mia")
    page = desk.open("/imports")
    desk.assert_sound()

    def send(content: str) -> None:
        desk.open("/imports")
        page.get_by_label("What its rows are about").select_option("partners")
        page.get_by_label("File", exact=True).set_input_files(sheet(content))
        page.get_by_role("button", name="Look through it").click()
        expect(page.get_by_text("The file is being read.")).to_be_visible()
        work()

    def work() -> None:
        work_off(world.database, import_doers(file_store(settings), timedelta(hours=1)), world.clock.now)

    send(WRONG)
    expect(page.get_by_text("One row is wrong")).to_be_visible()
    expect(page.get_by_role("row", name="Weser Networks")).to_contain_text(
        "country: This is no country code."
    )
    expect(page.get_by_role("button", name="Write")).to_have_count(0)
    desk.assert_sound()

    send(RIGHT)
    page.get_by_role("button", name="Write this one row").click()
    expect(page.get_by_text("All rows are being written")).to_be_visible()
    work()
    expect(page.get_by_text("imported", exact=True)).to_be_visible()
    desk.open("/programme/partners")
    expect(page.get_by_role("link", name="Weser Networks")).to_be_visible()
