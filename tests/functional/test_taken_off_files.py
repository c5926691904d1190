"""Those who set holds read what was taken off a held claim; its partner sees what they see without a hold."""

import io
import re

import pytest

from models.claims import Evidence
from models.erasure import TakenOffFile
from tests.functional.conftest import IN_EITHER_STORE, SignIn
from tests.support.files import pdf
from tests.support.pages import Browser, Page
from tests.support.personal import hold, lift
from tests.support.world import World


@pytest.fixture
def anna(world: World, sign_in: SignIn) -> Browser:
    """The browser of a partner's contact."""
    return sign_in(world.people["anna"])


def returned(world: World) -> int:
    """Return the id of a draft that everybody may see, since it was submitted before."""
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "return", "bob", reason="More.")
    return claim_id


def attached_to(world: World, anna: Browser, claim_id: int) -> int:
    """Attach a file by the page of a plan; return its id."""
    place = f"/claims/{claim_id}/plan"
    anna.open(place).submit(place, files=(io.BytesIO(pdf()), "guests.pdf"), do="attach")
    return int(max(file.id for file in world.rows(Evidence)))


def taken_off_by_page(world: World, anna: Browser, claim_id: int) -> int:
    """Attach a file to a claim and take it off again; return its id."""
    file_id, place = attached_to(world, anna, claim_id), f"/claims/{claim_id}/plan"
    assert anna.open(place).submit(place, do=f"detach:{file_id}").status == 302
    return file_id


@IN_EITHER_STORE
@pytest.mark.parametrize("who", ["mia", "eve"])
def test_who_sets_holds_downloads_what_was_taken_off(
    world: World, sign_in: SignIn, anna: Browser, who: str
) -> None:
    claim_id = returned(world)
    hold_id = hold(world, "eve", claim_id=claim_id)
    taken_off_by_page(world, anna, claim_id)
    (kept,) = world.rows(TakenOffFile)

    browser, at = sign_in(world.people[who]), f"/claims/{claim_id}/taken-off/{kept.id}"
    page = browser.open(f"/personal-data/claims/{claim_id}")
    assert "guests.pdf" in page.text
    assert "Taken off while it is held" in page.text
    assert f'href="{at}"' in page.text
    answer = browser.client.get(at, buffered=True)
    assert answer.data == pdf()
    assert answer.headers["Content-Disposition"] == "attachment; filename=guests.pdf"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]

    lift(world, hold_id, "eve")
    assert browser.open(at).status == 404
    assert "guests.pdf" not in browser.open(f"/personal-data/claims/{claim_id}").text


def test_a_file_is_found_at_its_own_claim_alone(world: World, sign_in: SignIn, anna: Browser) -> None:
    claim_id, other = returned(world), returned(world)
    hold(world, "eve", claim_id=claim_id)
    taken_off_by_page(world, anna, claim_id)
    assert sign_in(world.people["eve"]).open(f"/claims/{other}/taken-off/1").status == 404


@pytest.mark.parametrize("who", ["anna", "bob", "dan"])
def test_nobody_else_reaches_it(world: World, sign_in: SignIn, anna: Browser, who: str) -> None:
    claim_id = returned(world)
    hold(world, "eve", partner_id=world.partner_id)
    file_id = taken_off_by_page(world, anna, claim_id)
    (kept,) = world.rows(TakenOffFile)
    client = sign_in(world.people[who]).client
    assert client.get(f"/claims/{claim_id}/taken-off/{kept.id}").status_code == 403
    assert client.get(f"/claims/{claim_id}/files/{file_id}").status_code == 404
    assert client.get(f"/claims/{claim_id}/files.zip").status_code == 404
    assert "guests.pdf" not in client.get(f"/claims/{claim_id}").text


@pytest.mark.parametrize("of", ["claim", "partner"])
def test_its_partner_reads_the_same_words_as_without_a_hold(
    world: World, sign_in: SignIn, anna: Browser, of: str
) -> None:
    """Every answer to the same requests is compared, once nothing is held and once all is."""
    free, held = world.draft(), world.draft()
    answers: dict[int, list[str]] = {}
    for claim_id in (free, held):
        if claim_id == held:
            hold(world, "eve", **({"claim_id": held} if of == "claim" else {"partner_id": world.partner_id}))
        answers[claim_id] = [told(page, claim_id) for page in seen(world, anna, claim_id)]
    assert len(world.rows(TakenOffFile)) == 2
    assert answers[held] == answers[free]


def seen(world: World, anna: Browser, claim_id: int) -> list[Page]:
    """Return what a partner sees who attaches and takes off, twice, also what is not there any more."""
    place, pages = f"/claims/{claim_id}/plan", []
    for _ in range(2):
        file_id = attached_to(world, anna, claim_id)
        before = anna.open(place)
        sent = before.submit(place, do=f"detach:{file_id}")
        again = before.submit(place, do=f"detach:{file_id}")
        pages += [before, sent, again, anna.open(place), anna.open(f"/claims/{claim_id}")]
        pages.append(anna.open(f"/claims/{claim_id}/files/{file_id}"))
    return pages


def told(page: Page, claim_id: int) -> str:
    """Return status, way on and words of a page, without the ids, keys and tokens in them."""
    told = f"{page.status} {page.location} {page.text}".replace(f"/claims/{claim_id}", "/claims/N")
    return re.sub(r'name="(csrf_token|key)" value="[^"]*"|(files/|detach:)\d+', "", told)
