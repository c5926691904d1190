"""Whoever becomes programme manager, finance or auditor is told to the other managers and all auditors."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.file_store.local import LocalFiles
from models.messages import FIGURES, Message
from models.vocabulary import MessageKind, Role
from notifications.wording import Telling, tell
from tests.support.imports import Importer, table
from tests.support.letting_in import changed, invited, shut_out_and_in
from tests.support.world import World

HEADINGS = ("email", "name", "roles", "partner")


def told(world: World) -> dict[str, list[str]]:
    """Return what everybody heard of appointments, by their names."""
    names = {actor.user_id: name for name, actor in world.people.items()}
    heard: dict[str, list[str]] = {}
    for row in world.rows(Message):
        if row.kind is MessageKind.appointed:
            assert set(row.figures) == set(FIGURES[row.kind])
            heard.setdefault(names[row.user_id], []).append(_telling(row.figures).headline)
    return heard


def _telling(figures: dict[str, object]) -> Telling:
    return tell(MessageKind.appointed, None, figures, ZoneInfo("UTC"))


@pytest.fixture
def world(world: World, ines: str) -> World:
    """A programme with two managers, of whose appointment nobody needs to read."""
    heard = {"eve": ["Ines is a programme manager now."], "mia": ["Ines is a programme manager now."]}
    assert told(world) == heard
    return world


def heard_since(world: World) -> dict[str, list[str]]:
    """Return what everybody heard after Ines became a manager."""
    about_ines = "Ines is a programme manager now."
    rest = {who: [one for one in heard if one != about_ines] for who, heard in told(world).items()}
    return {who: heard for who, heard in rest.items() if heard}


def to_the_others(*said: str) -> dict[str, list[str]]:
    """Return what is heard where all but Mia, who did it, are told."""
    return {"eve": [*said], "ines": [*said]}


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ([Role.manager], "a programme manager"),
        ([Role.finance, Role.approver], "a member of finance"),
        ([Role.auditor, Role.manager], "an auditor and a programme manager"),
    ],
)
def test_an_invitation_to_watch_or_pay_is_told_by_name(world: World, roles: list[Role], said: str) -> None:
    invited(world, "mia", "otto", *roles)
    assert heard_since(world) == to_the_others(f"Otto is {said} now.")
    figures = world.rows(Message)[-1].figures
    assert dict(_telling(figures).facts) == {"By": "Mia"}


def test_a_role_that_somebody_gets_is_told_and_not_one_they_have(world: World) -> None:
    invited(world, "mia", "otto", Role.approver)
    changed(world, "mia", "otto", Role.approver, Role.finance)
    changed(world, "mia", "otto", Role.approver, Role.finance, Role.auditor)
    changed(world, "mia", "otto", Role.approver)
    said = ("Otto is a member of finance now.", "Otto is an auditor now.")
    assert heard_since(world) == to_the_others(*said)


def test_an_approver_and_a_partners_user_are_nobodys_news(world: World) -> None:
    invited(world, "mia", "otto", Role.approver)
    invited(world, "mia", "pia", Role.partner, partner_id=world.partner_id)
    assert heard_since(world) == {}


def test_somebody_who_is_let_in_again_is_told_of(world: World) -> None:
    shut_out_and_in(world, "mia", "dan")
    assert heard_since(world) == to_the_others("Dan is a member of finance now.")


@pytest.fixture
def importer(world: World, tmp_path: Path) -> Importer:
    """Return Mia, who imports into the world."""
    return Importer(world, LocalFiles(tmp_path / "files"))


def test_an_import_tells_once_how_many_it_appointed_and_tells_none_of_them(
    world: World, importer: Importer
) -> None:
    rows = (
        HEADINGS,
        ("nele@people.example", "Nele", "approver", ""),
        ("otto@people.example", "Otto", "manager", ""),
        ("bob@people.example", "Bob", "approver finance", ""),
        ("eve@people.example", "Eve", "auditor finance", ""),
    )
    importer.put("users", table(*rows))
    said = "An import gave 3 people a role as a member of finance and a programme manager."
    assert heard_since(world) == {"ines": [said]}


def test_an_import_of_one_names_them(world: World, importer: Importer) -> None:
    importer.put("users", table(HEADINGS, ("bob@people.example", "Robert", "approver manager", "")))
    assert heard_since(world) == to_the_others("Bob is a programme manager now.")
