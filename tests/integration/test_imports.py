"""A file is imported whole or not at all, by the acts of the pages, and twice it changes nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from models.base import canonical
from models.file_store.local import LocalFiles
from models.funds import Fund, LedgerEntry
from models.history import Act
from models.messages import Message
from models.people import Partner, User
from models.standing import Certificate, Performance
from models.vocabulary import MessageKind, Role
from tests.support.by_the_pages import by_the_pages
from tests.support.imports import Importer, table
from tests.support.stages import submitted
from tests.support.world import World
from workflow.acts.users import change_user
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


def test_partners_are_put_on_file_and_corrected(importer: Importer) -> None:
    assert importer.put("partners", PARTNERS) == {"changed": 1, "new": 2}
    found = [(row.number, row.name, row.partner_type, row.country) for row in importer.world.rows(Partner)]
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
    assert importer.world.rows(Partner)[1].name == "Weser Cloud"


def test_certificates_are_recorded_and_corrected_by_new_rows(importer: Importer) -> None:
    assert importer.put("certificates", CERTIFICATES) == {"changed": 1, "new": 1}
    first, correction, second = importer.world.rows(Certificate)
    assert (correction.replaces_id, correction.valid_until) == (first.id, date(2027, 3, 31))
    assert (second.valid_until, second.revoked_on) == (date(2027, 12, 31), date(2027, 5, 1))
    assert first.valid_until == date(2026, 12, 31), "nothing is edited"


def test_performance_is_corrected_by_a_new_row(importer: Importer) -> None:
    assert importer.put("performance", PERFORMANCE) == {"changed": 1}
    first, correction = importer.world.rows(Performance)
    assert (correction.replaces_id, correction.achieved) == (first.id, 27_000_050)


def test_allocations_raise_and_reduce_a_fund_through_its_ledger(importer: Importer) -> None:
    world = importer.world
    assert importer.put("allocations", ALLOCATIONS) == {"changed": 1}
    assert importer.put("allocations", ALLOCATIONS.replace("60000", "20000.50")) == {"changed": 1}
    assert world.rows(Fund)[0].available == 2_000_050
    entries = [(row.kind.value, row.amount) for row in world.rows(LedgerEntry)]
    assert entries == [("allocate", 5_000_000), ("allocate", 1_000_000), ("reduce", 3_999_950)]
    assert [row.figures for row in world.rows(Act) if row.kind == "fund_reduced"] == [
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
    assert importer.world.rows(Fund)[1].available == 700_000


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


def test_one_wrong_row_keeps_all_the_others_out(importer: Importer) -> None:
    import_id = importer.read("partners", PARTNERS + "N-9,Isar,spaceship,Germany\n")
    assert importer.counts(import_id) == {"changed": 1, "new": 2, "wrong": 1}
    assert importer.problems(import_id) == [
        (5, "type", "partner_type_unknown"),
        (5, "country", "country_code"),
    ]
    with pytest.raises(Refused, match="import_wrong"):
        importer.ask(import_id)
    assert len(importer.world.rows(Partner)) == 1


WRONG_ROWS = [
    ("partners", "N-1,,vap,DE", [("name", "field_missing")]),
    ("partners", "N-1,Isar,vap,UK", [("country", "country_code")]),
    ("partners", "N-1,Elbe Systems,vap,DE\nN-1,Isar,vap,DE", [("", "row_repeats")] * 2),
    ("partners", "N-1,Isar,vap,DE\nN-2,isar,vap,DE", [("", "row_repeats")] * 2),
    ("certificates", "Nobody,2026-01-01,2026-12-31,", [("partner", "partner_unknown")]),
    ("certificates", "Elbe Systems,2026-12-31,2026-01-01,", [("valid_until", "ends_before_start")]),
    ("certificates", "Elbe Systems,2026-01-01,soon,", [("valid_until", "cell_day")]),
    ("performance", "Elbe Systems,2027H1,1,2", [("period", "period_unknown")]),
    ("performance", ",2026H1,-1,2.005", [("required", "cell_amount"), ("achieved", "cell_amount")]),
    ("performance", ",2026H1,1,2", [("partner", "field_missing")]),
    ("allocations", "Elbe Systems,2026H1,99999999999999999", [("allocated", "amount_too_large")]),
    ("users", "nobody,Nobody,auditor,,,", [("email", "email_form")]),
    ("users", "n@people.example,Nele,boss,,,", [("roles", "cell_role")]),
    ("users", "n@people.example,Nele,,,,", [("roles", "no_role")]),
    ("users", "n@people.example,Nele,partner,,,", [("roles", "role_needs_partner")]),
    ("users", "n@people.example,Nele,finance,Elbe Systems,,", [("roles", "role_needs_vendor")]),
    ("users", "n@people.example,Nele,auditor,,yes,", [("contact", "contact_needs_partner")]),
    ("users", "n@people.example,Nele,approver,,,0", [("amount_limit", "amount_positive")]),
    ("users", "n@people.example,Nele,,Elbe Systems,,9", [("amount_limit", "limit_needs_vendor")]),
    ("users", "mia@people.example,Mia,auditor,,,", [("roles", "own_roles")]),
    ("users", "bob@people.example,Bob,,Elbe Systems,,", [("partner", "partner_stays")]),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("kind", "line", "expected"), WRONG_ROWS)
def test_what_is_wrong_is_named_by_its_column(
    importer: Importer, kind: str, line: str, expected: list[tuple[str, str]]
) -> None:
    headings = FILES[kind].split("\n")[0]
    import_id = importer.read(kind, f"{headings}\n{line}\n")
    found = [(column, code) for _line, column, code in importer.problems(import_id)]
    assert [one for one in found if one in expected] == expected, found
    assert importer.counts(import_id)["wrong"]


def test_no_fund_is_brought_below_what_is_reserved(importer: Importer) -> None:
    world = importer.world
    world.move(submitted(world), "approve", "bob", approved=400_000)
    low = table(("partner", "period", "allocated"), ("Elbe Systems", "2026H1", "3999.99"))
    import_id = importer.read("allocations", low)
    assert importer.problems(import_id) == [(2, "allocated", "more_than_available")]
    assert importer.put("allocations", low.replace("3999.99", "4000.00")) == {"changed": 1}
    assert world.fund_row().available == 0


def test_a_number_and_a_name_that_disagree_are_no_partner(importer: Importer) -> None:
    importer.put("partners", PARTNERS)
    rows = table(("partner_number", "partner", "period", "allocated"), ("N-2", "Elbe Systems", "2026H1", "1"))
    assert importer.problems(importer.read("allocations", rows)) == [(2, "partner", "partner_other")]


def test_of_several_certificates_in_force_none_is_corrected_by_guess(importer: Importer) -> None:
    importer.world.certify(importer.world.partner_id, date(2025, 1, 1), date(2026, 6, 30))
    rows = table(
        ("partner", "valid_from", "valid_until"),
        ("Elbe Systems", "2025-01-01", "2026-12-31"),
        ("Elbe Systems", "2025-01-01", "2026-06-30"),
    )
    assert importer.counts(importer.read("certificates", rows)) == {"same": 2}
    import_id = importer.read("certificates", rows.replace("2026-06-30", "2027-06-30"))
    assert (3, "", "several_in_force") in importer.problems(import_id)


def test_a_file_without_a_column_leaves_what_is_on_file_there(importer: Importer) -> None:
    importer.put("certificates", CERTIFICATES)
    rows = table(("partner", "valid_from", "valid_until"), ("Elbe Systems", "2027-04-01", "2027-12-31"))
    assert importer.counts(importer.read("certificates", rows)) == {"same": 1}
    importer.put("users", USERS)
    rows = table(("email", "name", "roles"), ("bob@people.example", "Robert", "approver"))
    assert importer.counts(importer.read("users", rows)) == {"same": 1}


def test_a_role_that_is_taken_away_hands_the_task_on(importer: Importer) -> None:
    world = importer.world
    claim_id = submitted(world)
    assert world.holder(claim_id)[0] == "bob"
    cora = world.person("cora", Role.approver)
    assert cora.user_id is not None
    importer.put("users", table(("email", "name", "roles"), ("bob@people.example", "Bob", "finance")))
    assert world.holder(claim_id)[0] == "cora"


def test_nobody_whom_a_file_does_not_name_is_touched(importer: Importer) -> None:
    before = {row.email: row for row in importer.world.rows(User)}
    importer.put("users", USERS)
    after = {row.email: row for row in importer.world.rows(User)}
    changed = {email for email, row in before.items() if row != after[email]}
    assert changed == {"bob@people.example"}


def test_a_role_lost_before_the_work_begins_judges_and_applies_nothing(importer: Importer) -> None:
    world = importer.world
    import_id = importer.read("partners", PARTNERS)
    importer.ask(import_id)
    max_ = world.person("max", Role.manager)
    mia = world.people["mia"].user_id or 0
    with world.database.write() as connection:
        change_user(connection, max_, world.clock.now(), mia, roles=[Role.auditor], is_contact=False)
    importer.work()
    assert len(world.rows(Partner)) == 1
    assert importer.file(import_id).applied_at is None


def test_more_rows_than_are_judged_together_are_judged_as_one_file(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("applying", "judging"):
        monkeypatch.setattr(f"workflow.imports.{module}.CHUNK", 2)
    assert importer.put("partners", PARTNERS) == {"changed": 1, "new": 2}
    import_id = importer.read("partners", PARTNERS + "N-7,Alster AG,vap,DE\n")
    repeats = [(line, code) for line, _column, code in importer.problems(import_id) if code == "row_repeats"]
    assert repeats == [(4, "row_repeats"), (5, "row_repeats")]


def history(connection: Connection, before: int) -> list[tuple[Any, ...]]:
    told = (Act.kind, Act.subject, Act.figures, Act.partner_id, Act.actor_id, Act.role, Act.reason_hash)
    return sorted(
        (
            tuple(canonical(value) if isinstance(value, dict) else value for value in row)
            for row in connection.execute(select(*told).where(Act.id > before, Act.kind != "import_applied"))
        ),
        key=repr,
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", FILES)
def test_history_says_of_an_import_what_it_says_of_the_pages(importer: Importer, kind: str) -> None:
    world, before = importer.world, importer.acts()
    with world.database.engine.connect() as connection, connection.begin() as transaction:
        by_the_pages(world, kind, connection)
        by_hand = history(connection, before)
        transaction.rollback()
    importer.put(kind, FILES[kind])
    with world.database.read() as connection:
        assert history(connection, before) == by_hand
