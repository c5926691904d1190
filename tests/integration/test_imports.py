"""A file is imported whole or not at all, by the acts of the pages, and twice it changes nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.file_store.local import LocalFiles
from models.funds import Fund, LedgerEntry
from models.history import Act
from models.messages import Message
from models.people import Partner, User
from models.standing import Certificate, Performance
from models.vocabulary import MessageKind, Role
from tests.support.imports import Importer, table
from tests.support.world import World
from workflow.refusals import Refused

PARTNERS = table(
    ("partner_number", "name", "type", "country"),
    ("N-1", "Elbe Systems", "distributor", "DE"),
    ("N-2", "Weser Networks", "vap", "nl"),
    ("", "Alster AG", "Distributor", "AT"),
)
CERTIFICATES = table(
    ("partner", "valid_from", "valid_until", "revoked_on"),
    ("Elbe Systems", "2025-01-01", "2027-03-31", ""),
    ("elbe systems", "2027-04-01", "31.12.2027", "2027-05-01"),
)
PERFORMANCE = table(
    ("partner", "period", "required", "achieved"), ("Elbe Systems", "2026H1", "250000.00", "270000.5")
)
ALLOCATIONS = table(("partner", "period", "allocated"), ("Elbe Systems", "2026H1", "60000"))
USERS = table(
    ("email", "name", "roles", "partner", "contact", "amount_limit"),
    ("Nele@people.example", "Nele", "approver finance", "", "", "5000"),
    ("pia@elbe.example", "Pia", "", "Elbe Systems", "yes", ""),
    ("bob@people.example", "Bob", "approver", "", "no", "4000.00"),
)
FILES = {
    "partners": PARTNERS,
    "certificates": CERTIFICATES,
    "performance": PERFORMANCE,
    "allocations": ALLOCATIONS,
    "users": USERS,
}


@pytest.fixture
def importer(world: World, tmp_path: Path) -> Importer:
    """Return Mia, who imports into the world."""
    return Importer(world, LocalFiles(tmp_path / "files"))


def rows(world: World, model: Any) -> Any:
    with world.database.read() as connection:
        return connection.execute(select(model.__table__).order_by(model.id)).all()


def test_partners_are_put_on_file_and_corrected(importer: Importer) -> None:
    assert importer.put("partners", PARTNERS) == {"changed": 1, "new": 2}
    found = [(row.number, row.name, row.partner_type, row.country) for row in rows(importer.world, Partner)]
    assert found == [
        ("N-1", "Elbe Systems", "distributor", "DE"),
        ("N-2", "Weser Networks", "vap", "NL"),
        (None, "Alster AG", "distributor", "AT"),
    ]
    assert importer.acts("partner_changed") == 1
    assert importer.acts("import_applied") == 1


def test_a_number_finds_a_partner_after_a_rename(importer: Importer) -> None:
    importer.put("partners", PARTNERS)
    renamed = PARTNERS.replace("Weser Networks", "Weser Cloud")
    assert importer.put("partners", renamed) == {"changed": 1, "same": 2}
    assert rows(importer.world, Partner)[1].name == "Weser Cloud"


def test_certificates_are_recorded_and_corrected_by_new_rows(importer: Importer) -> None:
    assert importer.put("certificates", CERTIFICATES) == {"changed": 1, "new": 1}
    first, correction, second = rows(importer.world, Certificate)
    assert (correction.replaces_id, correction.valid_until) == (first.id, date(2027, 3, 31))
    assert (second.valid_until, second.revoked_on) == (date(2027, 12, 31), date(2027, 5, 1))
    assert first.valid_until == date(2026, 12, 31), "nothing is edited"


def test_performance_is_corrected_by_a_new_row(importer: Importer) -> None:
    assert importer.put("performance", PERFORMANCE) == {"changed": 1}
    first, correction = rows(importer.world, Performance)
    assert (correction.replaces_id, correction.achieved) == (first.id, 27_000_050)


def test_allocations_raise_and_reduce_a_fund_through_its_ledger(importer: Importer) -> None:
    world = importer.world
    assert importer.put("allocations", ALLOCATIONS) == {"changed": 1}
    assert importer.put("allocations", ALLOCATIONS.replace("60000", "20000.50")) == {"changed": 1}
    assert rows(world, Fund)[0].available == 2_000_050
    entries = [(row.kind.value, row.amount) for row in rows(world, LedgerEntry)]
    assert entries == [("allocate", 5_000_000), ("allocate", 1_000_000), ("reduce", 3_999_950)]
    assert [row.figures for row in rows(world, Act) if row.kind == "fund_reduced"] == [
        {
            "period": "2026H1",
            "amount": "39999.50",
            "available_before": "60000.00",
            "available_after": "20000.50",
        }
    ]


def test_an_allocation_makes_a_fund_where_there_is_none(importer: Importer) -> None:
    importer.put("partners", PARTNERS)
    other = table(
        ("partner_number", "period", "allocated"), ("N-2", "2026H1", "7000"), ("N-1", "2026H1", "50000")
    )
    assert importer.put("allocations", other) == {"new": 1, "same": 1}
    assert rows(importer.world, Fund)[1].available == 700_000


def test_users_are_invited_and_entitled(importer: Importer) -> None:
    assert importer.put("users", USERS) == {"changed": 1, "new": 2}
    world = importer.world
    with world.database.reading_session() as session:
        found = {user.name: user for user in session.scalars(select(User))}
        assert found["Nele"].roles == {Role.approver, Role.finance}
        assert found["Pia"].roles == {Role.partner}
        assert (found["Pia"].partner_id, found["Pia"].is_contact) == (world.partner_id, True)
        assert (found["Nele"].amount_limit, found["Bob"].amount_limit) == (500_000, 400_000)
        assert found["Bob"].password_hash is not None
        invited = session.scalars(select(Message).where(Message.kind == MessageKind.invitation)).all()
    assert {message.figures["partner"] for message in invited} == {None, "Elbe Systems"}
    assert importer.acts("link_issued") == 2


@pytest.mark.parametrize("kind", FILES)
def test_the_same_file_twice_changes_nothing(importer: Importer, kind: str) -> None:
    importer.put(kind, FILES[kind])
    before = importer.acts()
    import_id = importer.read(kind, FILES[kind])
    assert set(importer.counts(import_id)) == {"same"}
    with pytest.raises(Refused, match="import_same"):
        importer.ask(import_id)
    assert importer.acts() == before
