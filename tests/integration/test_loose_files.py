"""Files that no row names are removed after a day, and never one that a row names, whichever comes first."""

import hashlib
from datetime import timedelta
from threading import Thread

import pytest

from models.file_store import FilesAway, FileStore
from tests.support.file_places import Place, keep
from tests.support.object_store import ObjectStore
from tests.support.personal import attached, taken_off
from tests.support.world import World
from workflow.attaching import MOST_FILES
from workflow.file_types import FileRefused
from workflow.loose_files import GRACE, remove_loose, write_down_as_loose

SECOND = timedelta(seconds=1)


def stored(world: World, files: FileStore, content: bytes = b"hello") -> str:
    """Store a file as a page does, and return its digest."""
    write_down_as_loose(world.database, hashlib.sha256(content).hexdigest(), world.clock.now())
    return keep(files, content)


def test_a_file_that_was_taken_off_is_removed_after_a_day(world: World, place: Place) -> None:
    claim_id = world.draft()
    taken_off(world, claim_id, attached(world, claim_id, stored(world, place.files)))
    world.clock.advance(GRACE - SECOND)
    assert remove_loose(world.database, world.clock.now(), files=place.files) == 0
    assert len(place.names()) == 1
    world.clock.advance(SECOND)
    assert remove_loose(world.database, world.clock.now(), files=place.files) == 1
    assert remove_loose(world.database, world.clock.now(), files=place.files) == 0
    assert place.names() == []


def test_a_file_that_any_claim_names_stays_for_good(world: World, place: Place) -> None:
    first, second = world.draft(), world.draft()
    loose = attached(world, first, stored(world, place.files))
    attached(world, second, stored(world, place.files))
    taken_off(world, first, loose)
    for _ in range(3):
        world.clock.advance(GRACE)
        assert remove_loose(world.database, world.clock.now(), files=place.files) == 0
    assert len(place.names()) == 1


def test_a_file_that_came_with_a_message_stays_for_good(world: World, place: Place) -> None:
    digest = stored(world, place.files)
    file = {"name": "a.txt", "content_type": "text/plain", "size": 5, "digest": digest}
    world.post(world.draft(), "anna", files=[file])
    world.clock.advance(GRACE)
    assert remove_loose(world.database, world.clock.now(), files=place.files) == 0
    assert len(place.names()) == 1


def test_a_file_that_never_got_on_a_claim_is_removed_too(world: World, place: Place) -> None:
    stored(world, place.files)
    world.clock.advance(GRACE)
    assert remove_loose(world.database, world.clock.now(), files=place.files) == 1
    assert place.names() == []


def test_who_attaches_the_same_file_again_starts_its_day_anew(world: World, place: Place) -> None:
    claim_id = world.draft()
    taken_off(world, claim_id, attached(world, claim_id, stored(world, place.files)))
    world.clock.advance(GRACE - SECOND)
    stored(world, place.files)
    world.clock.advance(GRACE - SECOND)
    assert remove_loose(world.database, world.clock.now(), files=place.files) == 0
    assert len(place.names()) == 1


def test_what_cannot_be_removed_now_is_removed_later(world: World, object_store: ObjectStore) -> None:
    digest = stored(world, object_store.files())
    world.clock.advance(GRACE)
    allowed = object_store.keys
    object_store.let_nothing_be_done()
    with pytest.raises(FilesAway):
        remove_loose(world.database, world.clock.now(), files=object_store.files())
    object_store.keys = allowed
    assert object_store.names() == [f"{digest[:2]}/{digest}"]
    assert remove_loose(world.database, world.clock.now(), files=object_store.files()) == 1
    assert object_store.names() == []


def test_who_stores_a_file_waits_for_whoever_removes_it_just_now(world: World, place: Place) -> None:
    """Otherwise it would be found there, not be stored again, and be gone once its row is written."""
    digest, files = stored(world, place.files), place.files
    world.clock.advance(GRACE)
    order: list[str] = []

    def store_again() -> None:
        write_down_as_loose(world.database, digest, world.clock.now())
        order.append("announced")
        keep(files, b"hello")

    storing = Thread(target=store_again)

    class Slow(type(files)):  # type: ignore[misc] # whichever store this place has
        """Removes a file while somebody else begins to store it."""

        def __init__(self) -> None:
            self.__dict__.update(files.__dict__)

        def remove(self, digest: str) -> None:
            storing.start()
            storing.join(0.3)
            order.append("removed")
            super().remove(digest)

    assert remove_loose(world.database, world.clock.now(), files=Slow()) == 1
    storing.join()
    assert order == ["removed", "announced"]
    assert len(place.names()) == 1


def test_a_claim_has_so_many_files_and_no_more(world: World) -> None:
    claim_id = world.draft()
    for _ in range(MOST_FILES):
        attached(world, claim_id)
    with pytest.raises(FileRefused) as refused:
        attached(world, claim_id, name="more.txt")
    assert refused.value.words().startswith("The claim has 200 files already, so more.txt was not attached.")
    attached(world, world.draft())
