"""With a virus scanner, a file is kept only once it was found clean."""

import io
from collections.abc import Iterator

import pytest

from config import Settings
from models.claims import Evidence
from models.threads import Post
from tests.functional.conftest import SignIn
from tests.support.clamd import VIRUS, Clamd
from tests.support.files import pdf
from tests.support.pages import Browser, Page
from tests.support.stages import approved
from tests.support.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def clamd() -> Iterator[Clamd]:
    """A scanner that knows one virus."""
    clamd = Clamd()
    yield clamd
    clamd.stop()


@pytest.fixture
def settings(settings: Settings, clamd: Clamd) -> Settings:
    """Settings of an installation with a virus scanner."""
    return settings.model_copy(update={"clamd_url": clamd.url})


@pytest.fixture
def anna(world: World, sign_in: SignIn) -> Browser:
    """The browser of a partner's contact."""
    return sign_in(world.people["anna"])


def attach(browser: Browser, address: str, content: bytes, **typed: str) -> Page:
    sent = (io.BytesIO(content), "offer.pdf")
    return browser.open(address).submit(address, files=sent, do="attach", **typed)


def kept(world: World, settings: Settings) -> tuple[list[str], list[str]]:
    """Return the names of the files in the database and of those in the folder."""
    with world.database.reading_session() as session:
        rows = [file.digest for file in session.query(Evidence)]
    return rows, [path.name for path in settings.files_dir.rglob("*") if path.is_file()]


def test_a_clean_file_is_kept(world: World, anna: Browser, clamd: Clamd, settings: Settings) -> None:
    assert attach(anna, f"/claims/{world.draft()}/plan", pdf()).status == 302
    assert clamd.scanned == [pdf()]
    rows, files = kept(world, settings)
    assert len(rows) == 1
    assert files == rows


def test_a_virus_is_refused_at_the_field_and_not_kept(
    world: World, anna: Browser, settings: Settings
) -> None:
    page = attach(anna, f"/claims/{world.draft()}/plan", pdf() + VIRUS, title="A better title")
    assert page.status == 422
    assert 'id="files-sent-error"' in page.text
    assert "The virus scanner stopped offer.pdf: it found Test.Worm in it." in page.text
    assert "A better title" in page.text
    assert kept(world, settings) == ([], [])


def test_a_virus_in_a_report_is_refused_alike(world: World, anna: Browser, settings: Settings) -> None:
    page = attach(anna, f"/claims/{approved(world)}/report", pdf() + VIRUS, kind="photos")
    assert page.status == 422
    assert "The virus scanner stopped offer.pdf" in page.text
    assert kept(world, settings) == ([], [])


def test_a_virus_that_comes_with_a_message_is_refused_and_nothing_is_written(
    world: World, anna: Browser, settings: Settings
) -> None:
    path, sent = f"/claims/{approved(world)}", (io.BytesIO(pdf() + VIRUS), "offer.pdf")
    page = anna.open(path).submit(f"{path}/thread", text="See this.", files=sent)
    assert page.status == 422
    assert "The virus scanner stopped offer.pdf" in page.text
    assert "See this." in page.text
    assert kept(world, settings) == ([], [])
    with world.database.reading_session() as session:
        assert session.query(Post).all() == []


def test_without_an_answer_of_the_scanner_nothing_is_kept_and_the_log_says_so_once(
    world: World, anna: Browser, clamd: Clamd, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    clamd.stop()
    page = attach(anna, f"/claims/{world.draft()}/plan", pdf(), title="A better title")
    assert page.status == 503
    assert 'id="files-sent-error"' in page.text
    assert "so offer.pdf was not attached. Try again in a few minutes." in page.text
    assert "A better title" in page.text
    assert kept(world, settings) == ([], [])
    (record,) = (record for record in caplog.records if record.name == "web")
    assert "CLAMD_URL: no answer from" in record.getMessage()
    assert record.exc_info is None


def test_nonsense_from_the_scanner_keeps_nothing(
    world: World, anna: Browser, clamd: Clamd, settings: Settings
) -> None:
    clamd.reply = b"stream: certainly\0"
    assert attach(anna, f"/claims/{world.draft()}/plan", pdf()).status == 503
    assert kept(world, settings) == ([], [])


def test_a_virus_name_is_shown_as_text(world: World, anna: Browser, clamd: Clamd) -> None:
    clamd.reply = b"stream: <b>{name}</b> FOUND\0"
    page = attach(anna, f"/claims/{world.draft()}/plan", pdf())
    assert page.status == 422
    assert "it found &lt;b&gt;{name}&lt;/b&gt; in it." in page.text
