"""Whoever has as much long work under way as there is room for reads so at the form, and loses nothing."""

from collections.abc import Callable
from io import BytesIO

import pytest

from models.history import Act
from models.imports import ImportFile
from models.jobs import Job
from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.pages import Browser, Page
from tests.support.stages import rejected, submitted
from tests.support.world import World
from workflow.jobs import MOST_AT_ONCE

TOLD = "You have 5 of these under way already. Wait until one has ended, or stop one."


@pytest.fixture
def eve(world: World, sign_in: SignIn) -> Browser:
    """The auditor's browser."""
    return sign_in(world.people["eve"])


def once_too_often(world: World, send: Callable[[], Page]) -> Page:
    """Ask as often as there is room for and once more; return the page that refuses, which starts nothing."""
    for _ in range(MOST_AT_ONCE):
        assert send().status == 302
    page = send()
    assert page.status == 422
    assert TOLD in page.text
    assert len(world.rows(Job)) == MOST_AT_ONCE
    return page


def acts(world: World, kind: str) -> int:
    return sum(act.kind == kind for act in world.rows(Act))


def test_a_package_too_many_is_neither_made_nor_recorded(world: World, eve: Browser) -> None:
    once_too_often(world, lambda: eve.open("/audit/proof").submit("/audit/proof/packages"))
    assert acts(world, "package_asked") == MOST_AT_ONCE
    page = eve.open("/audit/proof").submit("/audit/proof/verifications", what="new")
    assert page.status == 302, "another kind of work has room of its own"


def test_a_verification_too_many_is_not_begun(world: World, eve: Browser) -> None:
    path = "/audit/proof/verifications"
    page = once_too_often(world, lambda: eve.open("/audit/proof").submit(path, what="whole"))
    assert page.offers("/audit/proof/packages")


def test_a_sample_too_many_is_neither_drawn_nor_recorded(world: World, eve: Browser) -> None:
    rejected(world)
    typed = {"method": "risk", "size": 3, "seed_text": "Lottery of Friday", "do": "draw"}
    page = once_too_often(world, lambda: eve.open("/samples/new").submit("/samples/new", **typed))
    assert "Lottery of Friday" in page.text
    assert acts(world, "sample_asked") == MOST_AT_ONCE


def test_what_was_typed_stays_where_a_what_if_has_no_room(world: World, mia: Browser) -> None:
    page = once_too_often(
        world, lambda: mia.open("/what-if").submit("/what-if", policy="version:1", partner="Elbe")
    )
    assert 'value="Elbe"' in page.text


def test_what_was_typed_stays_where_a_count_of_rules_has_no_room(world: World, eve: Browser) -> None:
    page = once_too_often(world, lambda: eve.open("/rule-counts").submit("/rule-counts", first="2026-01-31"))
    assert 'value="2026-01-31"' in page.text


def test_an_import_too_many_is_not_taken_in(world: World, mia: Browser) -> None:
    def send() -> Page:
        file = (BytesIO(b"name,type,country\nWeser,vap,NL\n"), "partners.csv")
        return mia.open("/imports").submit("/imports", kind="partners", file=file)

    once_too_often(world, send)
    assert len(world.rows(ImportFile)) == MOST_AT_ONCE


def test_an_export_too_many_leaves_the_search_as_it_is(world: World, eve: Browser) -> None:
    search = "?partner=Elbe"
    page = once_too_often(
        world,
        lambda: eve.post(
            f"/audit/exports/moves{search}",
            {**dict(eve.open(f"/audit/moves{search}").read.forms[-1].fields), "form": "csv"},
        ),
    )
    assert 'value="Elbe"' in page.text


def test_ticked_claims_stay_ticked_where_there_is_no_room(world: World, sign_in: SignIn) -> None:
    claim_id, bob = submitted(world), sign_in(world.people["bob"])
    path = "/inbox/several/return"
    page = once_too_often(
        world, lambda: bob.open(f"{path}?claim={claim_id}").submit(path, reason="Name the speakers.")
    )
    assert page.offers(path)
    assert f'name="claim" value="{claim_id}"' in page.text
    assert "Name the speakers." in page.text


def test_tasks_to_reassign_stay_ticked_where_there_is_no_room(world: World, mia: Browser) -> None:
    claim_id, cora = submitted(world), world.person("cora", Role.approver)
    path = "/programme/waiting/reassign"
    page = once_too_often(
        world, lambda: mia.open(f"{path}?claim={claim_id}").submit(path, assignee=cora.user_id)
    )
    assert f'name="claim" value="{claim_id}"' in page.text
