"""Files of claims in an S3 store: attached and downloaded as from a folder, and never half there."""

import io
from pathlib import Path

import pytest

from config import Settings
from models.claims import Evidence
from models.database import Database
from tests.functional.conftest import SignIn
from tests.functional.test_start import FLASK, SECRET, SERVER, run
from tests.support.files import pdf
from tests.support.object_store import ObjectStore
from tests.support.pages import Browser, Page
from tests.support.world import World

in_a_bucket = pytest.mark.parametrize(("database_url", "file_store"), [("sqlite", "bucket")], indirect=True)


@pytest.fixture
def anna(world: World, sign_in: SignIn) -> Browser:
    """The browser of a partner's contact."""
    return sign_in(world.people["anna"])


def attach(browser: Browser, claim_id: int, **typed: str) -> Page:
    address = f"/claims/{claim_id}/plan"
    sent = (io.BytesIO(pdf()), "offer.pdf")
    return browser.open(address).submit(address, files=sent, do="attach", **typed)


def files_of(world: World) -> list[Evidence]:
    with world.database.reading_session() as session:
        return list(session.query(Evidence))


@in_a_bucket
def test_a_file_goes_into_the_bucket_and_comes_back_as_it_was(
    world: World, anna: Browser, object_store: ObjectStore, settings: Settings
) -> None:
    claim_id = world.draft()
    assert attach(anna, claim_id).status == 302
    (file,) = files_of(world)
    assert object_store.names() == [f"{file.digest[:2]}/{file.digest}"]
    assert not settings.files_dir.exists()

    answer = anna.client.get(f"/claims/{claim_id}/files/{file.id}", buffered=True)
    assert answer.data == pdf()
    assert answer.content_length == len(pdf())
    assert answer.headers["Content-Disposition"] == "attachment; filename=offer.pdf"


@in_a_bucket
def test_a_file_that_cannot_be_kept_now_is_told_at_its_field_and_what_was_typed_stays(
    world: World, anna: Browser, object_store: ObjectStore, caplog: pytest.LogCaptureFixture
) -> None:
    claim_id = world.draft()
    object_store.stop()
    page = attach(anna, claim_id, title="A better title")
    assert page.status == 503
    assert 'id="files-sent-error"' in page.text
    assert "so offer.pdf was not attached. Wait a minute, then attach it again." in page.text
    assert "A better title" in page.text
    assert files_of(world) == []
    assert len([record for record in caplog.records if record.name == "web"]) == 1


@in_a_bucket
def test_a_download_while_the_store_is_away_says_so_plainly(
    world: World, anna: Browser, object_store: ObjectStore
) -> None:
    claim_id = world.draft()
    attach(anna, claim_id)
    (file,) = files_of(world)
    object_store.stop()
    page = anna.open(f"/claims/{claim_id}/files/{file.id}")
    assert page.status == 503
    assert "We cannot reach our files right now" in page.text


@in_a_bucket
def test_a_file_that_the_bucket_lost_is_not_found(
    world: World, anna: Browser, object_store: ObjectStore
) -> None:
    claim_id = world.draft()
    attach(anna, claim_id)
    (file,) = files_of(world)
    object_store.take(f"{file.digest[:2]}/{file.digest}")
    assert anna.open(f"/claims/{claim_id}/files/{file.id}").status == 404


@pytest.mark.parametrize("command", [(*FLASK, "run"), SERVER])
def test_a_bucket_that_is_not_there_stops_the_start_with_one_line(
    tmp_path: Path, object_store: ObjectStore, command: tuple[str, ...]
) -> None:
    ran = run(*command, **variables(tmp_path, object_store.settings(s3_bucket="elsewhere")))
    assert ran.returncode == 3
    assert ran.stderr.startswith("Cofund does not start. S3_BUCKET: ")
    assert len(ran.stderr.splitlines()) == 1


def test_an_s3_store_that_does_not_answer_is_one_line_and_may_be_tried_again(
    tmp_path: Path, object_store: ObjectStore
) -> None:
    object_store.stop()
    ran = run(*SERVER, **variables(tmp_path, object_store.settings()))
    assert ran.returncode == 1
    assert ran.stderr.startswith("Cofund does not start. S3_ENDPOINT_URL: ")
    assert len(ran.stderr.splitlines()) == 1


def variables(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """Return the environment of an installation with these settings and an empty database."""
    Database(f"sqlite:///{folder / 'cofund.db'}").migrate()
    named = {name.upper(): value for name, value in settings.items()}
    return {"DATA_DIR": str(folder), "SECRET_KEY": SECRET, **named}
