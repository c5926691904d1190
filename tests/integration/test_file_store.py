"""Files are kept whole, under names of our own, in a folder and in a bucket alike."""

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from models.failures import silence_of
from models.file_store import FilesAway, FileStore, TooLarge, Unusable
from models.file_store.local import LocalFiles
from models.file_store.s3 import TRIAL, S3Files
from tests.support.file_places import Place, keep
from tests.support.object_store import ObjectStore

HELLO = hashlib.sha256(b"hello").hexdigest()


def content_of(store: FileStore, digest: str) -> bytes:
    with store.find(digest) as content:
        return content.read()


def test_a_kept_file_is_found_by_the_digest_of_its_content(place: Place) -> None:
    assert keep(place.files, b"hello") == HELLO
    assert content_of(place.files, HELLO) == b"hello"
    assert place.names() == [f"{HELLO[:2]}/{HELLO}"]


def test_the_same_content_twice_is_one_file(place: Place) -> None:
    assert keep(place.files, b"hello") == keep(place.files, b"hello")
    assert len(place.names()) == 1
    assert content_of(place.files, HELLO) == b"hello"


def test_what_another_left_half_under_a_files_name_becomes_the_file(place: Place) -> None:
    place.put(f"{HELLO[:2]}/{HELLO}", b"hel")
    keep(place.files, b"hello")
    assert content_of(place.files, HELLO) == b"hello"


def test_what_is_not_kept_leaves_nothing_behind(place: Place) -> None:
    with place.files.receive(io.BytesIO(b"hello"), 100) as arrived:
        assert arrived.path.read_bytes() == b"hello"
        assert arrived.path.stat().st_mode & 0o077 == 0
    assert place.names() == []


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(place: Place) -> None:
    with place.files.receive(io.BytesIO(b"x" * 100), 100) as arrived:
        assert arrived.size == 100
    with pytest.raises(TooLarge), place.files.receive(io.BytesIO(b"x" * 101), 100):
        pass
    assert place.names() == []


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "0" * 64, "A" * 64, "0" * 63 + "/"])
def test_what_is_no_digest_of_ours_is_not_found(place: Place, digest: str) -> None:
    keep(place.files, b"hello")
    with pytest.raises(FileNotFoundError):
        place.files.find(digest)


def test_a_place_is_tried_before_the_first_file_comes(place: Place) -> None:
    place.files.prepare()
    assert [name for name in place.names() if name != TRIAL] == []
    keep(place.files, b"hello")


def test_a_place_out_of_reach_says_so_in_one_line_and_keeps_nothing(place: Place, tmp_path: Path) -> None:
    files = place.files
    keep(files, b"hello")
    place.take_away()
    with pytest.raises(FilesAway) as unread:
        files.find(HELLO)
    with pytest.raises(FilesAway) as unkept:
        keep(files, b"hello again")
    for refused in (unread, unkept):
        line = silence_of(refused.value)
        assert line is not None
        assert "\n" not in line
    assert list(tmp_path.rglob("tmp*")) == []


def test_a_full_disk_says_so_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(28, "No space left on device")

    store = LocalFiles(tmp_path)
    with pytest.raises(FilesAway, match="No space left"), store.receive(Full(), 100):
        pass
    assert list((tmp_path / "incoming").iterdir()) == []


def test_nobody_else_on_the_machine_reads_the_files(tmp_path: Path) -> None:
    store = LocalFiles(tmp_path / "files")
    with store.find(keep(store, b"hello")) as content:
        assert os.fstat(content.fileno()).st_mode & 0o077 == 0
        assert Path(content.name).parent.stat().st_mode & 0o077 == 0


def test_a_folder_is_made_where_it_can_be(tmp_path: Path) -> None:
    LocalFiles(tmp_path / "files").prepare()
    assert (tmp_path / "files").is_dir()

    (tmp_path / "file").touch()
    with pytest.raises(Unusable, match=r"^FILES_DIR: .*Not a directory"):
        LocalFiles(tmp_path / "file").prepare()


@pytest.mark.parametrize(
    ("setting", "value", "blamed"),
    [
        ("s3_bucket", "elsewhere", "S3_BUCKET"),
        ("s3_bucket", "no name of a bucket", "S3_BUCKET"),
        ("s3_access_key_id", "AKIANOBODYKNOWSIT", "S3_ACCESS_KEY_ID"),
        ("s3_secret_access_key", "not the secret", "S3_SECRET_ACCESS_KEY"),
    ],
)
def test_a_bucket_that_cannot_be_used_names_the_setting(
    object_store: ObjectStore, setting: str, value: str, blamed: str
) -> None:
    with pytest.raises(Unusable) as refused:
        object_store.files(**{setting: value}).prepare()
    assert str(refused.value).startswith(f"{blamed}: ")
    assert "\n" not in str(refused.value)


def test_a_key_without_rights_is_named(object_store: ObjectStore) -> None:
    object_store.let_nothing_be_done()
    with pytest.raises(Unusable, match=r"^S3_ACCESS_KEY_ID: "):
        object_store.files().prepare()


def test_a_key_that_lost_its_rights_meanwhile_is_no_fault_of_the_user(object_store: ObjectStore) -> None:
    object_store.let_nothing_be_done()
    with pytest.raises(FilesAway, match=r"\(403\)|AccessDenied"):
        keep(object_store.files(), b"hello")


def test_an_object_store_that_does_not_answer_may_later(object_store: ObjectStore) -> None:
    object_store.stop()
    with pytest.raises(FilesAway, match=r"^S3_ENDPOINT_URL: "):
        object_store.files().prepare()


class Careless:
    """An object store that thanks for everything, keeps nothing, and writes down what it was told."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "PUT":
            self.told = {name: value for name, value in environ.items() if name.startswith("HTTP_X_AMZ")}
            environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            start_response("200 OK", [("ETag", '"a"')])
        else:
            start_response("404 Not Found", [])
        return []


class Silent(WSGIRequestHandler):
    """Writes nothing on the screen."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def careless() -> Iterator[tuple[Careless, S3Files]]:
    """A careless object store, and the product's way to it."""
    store = Careless()
    with make_server("127.0.0.1", 0, store, handler_class=Silent) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        yield (
            store,
            S3Files("papers", endpoint_url=address, region="x", access_key_id="a", secret_access_key="b"),
        )
        server.shutdown()
        thread.join()


def test_what_an_object_store_did_not_keep_whole_does_not_count_as_kept(
    careless: tuple[Careless, S3Files],
) -> None:
    _store, files = careless
    with pytest.raises(FilesAway, match="not there whole"):
        keep(files, b"hello")


def test_an_object_store_is_told_the_digest_of_what_it_must_have_got(
    careless: tuple[Careless, S3Files],
) -> None:
    store, files = careless
    with pytest.raises(FilesAway):
        keep(files, b"hello")
    assert store.told["HTTP_X_AMZ_CONTENT_SHA256"] == HELLO
    assert store.told["HTTP_X_AMZ_CHECKSUM_SHA256"] == "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
