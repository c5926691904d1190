"""What changes while a file is imported: nobody's work is lost, nothing is done twice, and money adds up."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from models.base import canonical
from models.file_store.local import LocalFiles
from models.funds import Fund, LedgerEntry
from models.people import Partner, User
from models.standing import Certificate
from models.vocabulary import Bucket, Role
from tests.integration.test_races import meanwhile, outcome_of
from tests.support.imports import LIFE, Importer, table
from tests.support.world import World
from workflow.acts.funds import allocate
from workflow.acts.partners import add_partner, change_partner, on_file
from workflow.acts.standing import record_certificate
from workflow.acts.users import add_user, change_user
from workflow.imports.applying import apply_file
from workflow.imports.asking import judge_again
from workflow.moves import settled

Act = Callable[[Connection], Any]

HEADINGS = ("name", "type", "country")
PARTNERS = table(HEADINGS, ("Elbe Systems", "vap", "DE"), ("Weser", "vap", "DE"))
CERTIFICATES = table(
    ("partner", "valid_from", "valid_until"),
    ("Elbe Systems", "2025-01-01", "2027-12-31"),
    ("Elbe Systems", "2028-01-01", "2028-12-31"),
)
ALLOCATIONS = table(("partner", "period", "allocated"), ("Elbe Systems", "2026H1", "60000.00"))
USERS = table(
    ("email", "name", "roles"),
    ("bob@people.example", "Bob", "approver finance"),
    ("x@y.example", "X", "auditor"),
)
FILES = {"partners": PARTNERS, "certificates": CERTIFICATES, "allocations": ALLOCATIONS, "users": USERS}


@pytest.fixture
def importer(world: World, tmp_path: Path) -> Importer:
    """Return Mia, who imports into the world."""
    return Importer(world, LocalFiles(tmp_path / "files"))


def applying(importer: Importer, import_id: int) -> Act:
    """Return what applies a file as it was seen."""
    mia, seen, now = importer.world.people["mia"], importer.file(import_id).seen, importer.world.clock.now()
    return lambda connection: apply_file(connection, mia, now, import_id, seen, LIFE)


def beside(world: World, first: Act, second: Act) -> str:
    """Do the first, and the second while the first is not over yet; return what came of the second."""
    late = partial(outcome_of, lambda: settled(world.database, second))
    with world.database.engine.connect() as connection, connection.begin() as transaction:
        first(connection)
        with meanwhile(world.database, late) as running:
            transaction.commit()
    return str(running.result())


@pytest.mark.parametrize("kind", FILES)
def test_of_two_imports_of_the_same_at_once_one_is_done(importer: Importer, kind: str) -> None:
    world = importer.world
    one, two = importer.read(kind, FILES[kind]), importer.read(kind, FILES[kind])
    assert beside(world, applying(importer, one), applying(importer, two)) == "import_changed"
    assert (importer.file(one).act_id is None, importer.file(two).applied_at) == (False, None)
    assert importer.acts("import_applied") == 1
    importer.again(two)
    assert set(importer.counts(two)) == {"same"}


def test_of_two_imports_at_once_one_finds_the_others_new_partner_in_capitals_too(importer: Importer) -> None:
    one = importer.read("partners", table(HEADINGS, ("Weser", "vap", "DE")))
    two = importer.read("partners", table(HEADINGS, ("WESER", "vap", "DE")))
    assert beside(importer.world, applying(importer, one), applying(importer, two)) == "import_changed"


def test_one_file_applied_twice_at_once_is_applied_once(importer: Importer) -> None:
    import_id = importer.read("allocations", ALLOCATIONS)
    work = applying(importer, import_id)
    assert beside(importer.world, work, work) == "done", "it finds that it was done"
    assert importer.acts("import_applied") == 1
    assert importer.world.fund_row().available == 6_000_000


def by_page(world: World, kind: str) -> Act:
    """Return what a page does to the first row of a file of a kind."""
    mia, now = world.people["mia"], world.clock.now()
    partner: dict[str, Any] = {"partner_id": world.partner_id}
    match kind:
        case "partners":
            values: dict[str, Any] = {"name": "Elbe Systems", "partner_type": "distributor", "country": "PL"}
            return lambda c: change_partner(c, mia, now, world.partner_id, **values)
        case "certificates":
            days: dict[str, Any] = {
                "valid_from": date(2025, 1, 1),
                "valid_until": date(2029, 1, 1),
                "replaces_id": 1,
            }
            return lambda c: record_certificate(c, mia, now, **partner, **days)
        case "allocations":
            return lambda c: allocate(c, mia, now, **partner, period_id=world.period_id, amount=100)
        case _:
            bob = world.people["bob"].user_id or 0
            roles = [Role.approver, Role.auditor]
            return lambda c: change_user(c, mia, now, bob, roles=roles, is_contact=False)


def new_by_page(world: World, kind: str) -> Act:
    """Return what puts something on file by a page that a file of a kind has as new."""
    mia, now = world.people["mia"], world.clock.now()
    match kind:
        case "partners":
            return lambda c: add_partner(c, mia, now, name="Weser", partner_type="vap", country="PL")
        case "certificates":
            days: dict[str, Any] = {"valid_from": date(2028, 1, 1), "valid_until": date(2029, 1, 1)}
            return lambda c: record_certificate(c, mia, now, partner_id=world.partner_id, **days)
        case _:
            who: dict[str, Any] = {"email": "x@y.example", "name": "X", "roles": [Role.finance]}
            return lambda c: add_user(c, mia, now, **who)


@pytest.mark.parametrize("kind", FILES)
def test_what_a_page_changes_meanwhile_is_not_overwritten(importer: Importer, kind: str) -> None:
    import_id = importer.read(kind, FILES[kind])
    before = importer.acts("import_applied")
    page = by_page(importer.world, kind)
    assert beside(importer.world, page, applying(importer, import_id)) == "import_changed"
    assert importer.acts("import_applied") == before
    importer.again(import_id)
    assert importer.apply(import_id) == "done"


@pytest.mark.parametrize("kind", ["partners", "certificates", "users"])
def test_what_a_page_puts_on_file_meanwhile_is_found(importer: Importer, kind: str) -> None:
    import_id = importer.read(kind, FILES[kind])
    page = new_by_page(importer.world, kind)
    assert beside(importer.world, page, applying(importer, import_id)) == "import_changed"
    importer.again(import_id)
    assert importer.counts(import_id) == {"changed": 2}


def test_a_page_finds_what_an_import_has_changed_meanwhile(importer: Importer) -> None:
    world = importer.world
    import_id = importer.read("partners", PARTNERS)
    seen = canonical(on_file(world.rows(Partner)[0]))
    mia, now = world.people["mia"], world.clock.now()

    def page(connection: Connection) -> None:
        values: dict[str, Any] = {"name": "Elbe Systems", "partner_type": "distributor", "country": "PL"}
        change_partner(connection, mia, now, world.partner_id, **values, seen=seen)

    assert beside(world, applying(importer, import_id), page) == "changed_meanwhile"
    assert world.rows(Partner)[0].partner_type == "vap"


def test_a_correction_by_hand_during_an_import_replaces_no_certificate_twice(importer: Importer) -> None:
    world = importer.world
    import_id = importer.read("certificates", CERTIFICATES)
    page = by_page(world, "certificates")
    assert beside(world, applying(importer, import_id), page) == "already_replaced"
    assert [row.replaces_id for row in world.rows(Certificate)] == [None, 1, None]


def test_money_allocated_by_hand_during_an_import_adds_to_what_it_leaves(importer: Importer) -> None:
    world = importer.world
    import_id = importer.read("allocations", ALLOCATIONS)
    assert beside(world, applying(importer, import_id), by_page(world, "allocations")) == "done"
    (fund,) = world.rows(Fund)
    booked = [
        entry.amount * ((entry.target is Bucket.available) - (entry.source is Bucket.available))
        for entry in world.rows(LedgerEntry)
    ]
    assert fund.available == sum(booked) == 6_000_100


def test_a_worker_that_dies_while_it_applies_leaves_nothing(importer: Importer) -> None:
    world = importer.world
    import_id = importer.read("users", USERS)
    with world.database.engine.connect() as connection, connection.begin() as transaction:
        applying(importer, import_id)(connection)
        transaction.rollback()
    assert len(world.rows(User)) == 5
    assert importer.acts("user_invited") == 5
    assert importer.apply(import_id) == "done"
    assert len(world.rows(User)) == 6


def test_having_a_file_looked_through_again_twice_by_one_form_does_it_once(
    world: World, tmp_path: Path
) -> None:
    """The second request may come when the first is done, and would undo what it found."""
    importer = Importer(world, LocalFiles(tmp_path / "files"))
    import_id = importer.read("partners", "name,type,country\nHavel GmbH,vap,DE\n")
    for _ in range(2):
        with world.database.write() as connection:
            judge_again(connection, world.people["mia"], world.clock.now(), import_id, "once")
        importer.work()
    assert importer.counts(import_id)["new"] == 1
