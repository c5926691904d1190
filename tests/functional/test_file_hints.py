"""A file that says a day far from the activity is shown with a hint to partner and approver, never judged."""

import io

import pytest

from tests.functional.conftest import SignIn
from tests.support.files import dated_pdf, photo
from tests.support.stages import AFTER_THE_ACTIVITY, approved
from tests.support.world import EVIDENCE, World

FILES: dict[str, tuple[str, bytes]] = {
    "photos": ("hall.jpg", photo("2026:03:01 12:00:00")),
    "attendee_list": ("guests.pdf", dated_pdf("D:20260302080000Z")),
    "invoice": ("invoice.pdf", dated_pdf("D:20260302080000Z")),
    "agenda": ("agenda.jpg", photo("2026:04:10 09:00:00")),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_remarkable_day_is_a_hint_beside_the_file(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    world.clock.advance(AFTER_THE_ACTIVITY)
    address, anna = f"/claims/{claim_id}/report", sign_in(world.people["anna"])
    billed = {"lines-0-supplier": "Kongresshalle", "lines-0-invoice_number": "K-1"}
    for kind in EVIDENCE:
        name, content = FILES[kind]
        anna.open(address).submit(
            address, **billed, kind=kind, files=(io.BytesIO(content), name), do="attach"
        )

    def seen() -> None:
        for page in pages:
            said = " ".join(page.text.split())
            assert "The photo says it was taken on 1 Mar 2026, 40 days before the activity." in said
            assert "The PDF says it was last changed on 2 Mar 2026, 39 days before the activity." in said
            assert said.count("This is a hint: the clocks of cameras and computers are often wrong.") == 2

    pages = [anna.open(address), anna.open(f"/claims/{claim_id}")]
    seen()
    assert anna.open(f"{address}/confirm").submit(f"{address}/confirm").status == 302
    bob = sign_in(world.people["bob"])
    pages = [bob.open(f"/claims/{claim_id}/accept"), bob.open(f"/claims/{claim_id}")]
    seen()
