"""Files that would do harm: refused with a sentence at their field, or kept and served as mere downloads."""

import io
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from config import Settings
from tests.functional.conftest import SignIn
from tests.functional.test_claim_files import files_of
from tests.support.files import pdf
from tests.support.hostile_files import NAMES, REFUSED, TAKEN
from tests.support.pages import Browser, Page
from tests.support.world import World

# What is refused depends on no database, and every file starts a process.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def anna(world: World, sign_in: SignIn) -> Browser:
    """The browser of a partner's contact."""
    return sign_in(world.people["anna"])


def send(browser: Browser, claim_id: int, name: str, content: bytes, said_to_be: str) -> Page:
    """Attach a file, without the temporary one that the test client would leave open."""
    address = f"/claims/{claim_id}/plan"
    sent = FileStorage(io.BytesIO(content), name, content_type=said_to_be)
    fields = dict(browser.open(address).form(address).fields)
    boundary, body = encode_multipart({**fields, "do": "attach", "files": sent})
    form = f"multipart/form-data; boundary={boundary}"
    return Page(browser, browser.client.post(address, data=body, content_type=form), address)


@pytest.mark.parametrize("what", REFUSED)
def test_a_hostile_file_is_refused_with_a_sentence_at_its_field(
    world: World, anna: Browser, settings: Settings, what: str
) -> None:
    name, content, says = REFUSED[what]
    page = send(anna, world.draft(), name, content, "application/pdf")

    assert page.status == 422
    (error,) = [line for line in page.text.splitlines() if 'id="files-sent-error"' in line]
    assert says in error
    assert files_of(world) == []
    assert [file for file in settings.files_dir.rglob("*") if file.is_file()] == []


@pytest.mark.parametrize("what", TAKEN)
def test_what_is_taken_is_served_as_a_download_and_nothing_else(
    world: World, anna: Browser, what: str
) -> None:
    name, content, content_type = TAKEN[what]
    claim_id = world.draft()
    assert send(anna, claim_id, name, content, "text/html").status == 302
    (file,) = files_of(world)

    served = anna.client.get(f"/claims/{claim_id}/files/{file.id}", buffered=True)
    assert served.data == content
    assert served.headers["Content-Type"] == content_type
    assert served.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_leads_nowhere(world: World, anna: Browser, settings: Settings, name: str) -> None:
    claim_id = world.draft()
    send(anna, claim_id, name, pdf(), "application/pdf")
    (file,) = files_of(world)
    assert file.name == NAMES[name]

    kept = [path.relative_to(settings.files_dir) for path in settings.files_dir.rglob("*") if path.is_file()]
    assert kept == [Path(file.digest[:2]) / file.digest]
    served = anna.client.get(f"/claims/{claim_id}/files/{file.id}", buffered=True)
    assert served.headers["Content-Disposition"].startswith("attachment; filename=")
