"""Files that are dropped arrive, though the connection is cut on their way."""

from base64 import b64encode

import pytest
from playwright.sync_api import Page, Route, expect

from models.claims import Evidence
from tests.browser.desk import OpenDesk
from tests.support import stages
from tests.support.files import pdf
from tests.support.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DROP = """(place, files) => {
  const data = new DataTransfer();
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    data.items.add(new File([bytes], name, { lastModified: 1 }));
  }
  place.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def drop(page: Page, **files: bytes) -> None:
    named = [[f"{name}.pdf", b64encode(content).decode()] for name, content in files.items()]
    page.locator("[data-uploads]").evaluate(DROP, named)


def test_two_dropped_files_arrive_though_the_connection_is_cut_on_the_way(
    world: World, desk_of: OpenDesk
) -> None:
    desk = desk_of("anna")
    claim_id = stages.draft(world)
    page = desk.open(f"/claims/{claim_id}/plan")
    page.get_by_label("Title").fill("Typed meanwhile")
    sent: list[str] = []

    def cut_once(route: Route) -> None:
        sent.append(route.request.headers.get("upload-offset", ""))
        if len(sent) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/*", cut_once)
    large = pdf().ljust(1_500_000)
    drop(page, hall=large, offer=pdf())
    expect(page.get_by_role("alert")).to_contain_text("The connection is cut.")
    page.get_by_role("button", name="Try again now").click()
    for name in ("hall.pdf", "offer.pdf"):
        expect(page.locator("#files-there").get_by_role("link", name=name)).to_be_visible()
    assert sent == ["0", "1048576", "", "1048576", "0"], "only the piece that was cut travels again"
    with world.database.reading_session() as session:
        files = session.query(Evidence).order_by(Evidence.id)
        assert [(file.name, file.size) for file in files] == [
            ("hall.pdf", 1_500_000),
            ("offer.pdf", len(pdf())),
        ]
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert world.claim(claim_id).title == "Typed meanwhile"
    desk.complaints[:] = [said for said in desk.complaints if "ERR_FAILED" not in said]
