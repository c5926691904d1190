"""The migrated schema: it equals the models, goes down and up again, and guards what is history."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Table, UniqueConstraint, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from models.append_only import KEYS
from models.base import Base
from models.claims import Claim
from models.database import Database, SchemaMismatch
from tests.support.policies import NEXT, published, withdrawn
from tests.support.samples import put_sample
from tests.support.stages import accepted, reimbursed
from tests.support.world import INSTALLER, World
from workflow.acts.standing import record_certificate, record_performance
from workflow.payments import payments_of
from workflow.proof.verifying import Seal, verify_history
from workflow.refusals import Refused

BOOKKEEPING = {"alembic_version"}


def differences(database: Database) -> list[Any]:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def triggers(database: Database) -> set[str]:
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.read() as connection:
        return set(connection.execute(text(catalogue)).scalars())


def test_the_migrated_schema_equals_the_models(database: Database) -> None:
    assert differences(database) == [], "write a migration for what the models gained or lost"


def test_down_takes_everything_away_and_up_brings_it_back(database: Database) -> None:
    guards = triggers(database)

    database.downgrade("base")
    with database.read() as connection:
        left = set(inspect(connection).get_table_names()) - BOOKKEEPING
    assert left == set()
    assert triggers(database) == set()

    database.migrate()
    assert differences(database) == []
    assert triggers(database) == guards


def attempts(database: Database, table: str) -> list[str]:
    """Return every statement that would change what a table of history holds."""
    quoted, column = f'"{table}"', next(iter(Base.metadata.tables[table].columns)).name
    statements = [f"UPDATE {quoted} SET {column} = {column}", f"DELETE FROM {quoted}"]
    return statements if database.is_sqlite else [*statements, f"TRUNCATE {quoted} CASCADE"]


def test_the_database_itself_refuses_to_change_history(world: World) -> None:
    failed(world)

    for table in KEYS:
        with world.database.read() as connection:
            before = connection.execute(select(Base.metadata.tables[table])).all()
        assert before, f"let the world hold a row of {table}, or this shows nothing"
        for statement in attempts(world.database, table):
            with pytest.raises(DBAPIError, match="append-only"), world.database.write() as connection:
                connection.execute(text(statement))
        with world.database.read() as connection:
            assert connection.execute(select(Base.metadata.tables[table])).all() == before


def keys_of(table: Table) -> list[list[str]]:
    """Return the columns of every key by which one row of a table can stand in another's way."""
    keys = [list(table.primary_key.columns)]
    keys += [list(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
    keys += [list(index.columns) for index in table.indexes if index.unique]
    return [[column.name for column in columns] for columns in keys]


def failed(world: World) -> None:
    """Let a payment be made and fail: a row in every table of history."""
    world.rate("EUR", "1.0856")
    claim_id = reimbursed(world)
    reference = f"PAY-{claim_id}"
    world.move(claim_id, "payment_failed", "dan", payment_reference=reference, reason="It came back.")
    for _time in range(2):
        withdrawn(world)
    published(world, NEXT + timedelta(days=1))
    seal = Seal([bytes.fromhex(world.checkpoint().public)], Path("nowhere"))
    verify_history(world.database, seal, world.clock.now(), since=0)
    put_sample(world, claim_id)


def of_every_key(world: World) -> None:
    """Let every key of every table of history be borne by a row."""
    failed(world)
    now, partner_id = world.clock.now(), world.partner_id
    with world.database.write() as connection:
        record_certificate(
            connection,
            INSTALLER,
            now,
            partner_id=partner_id,
            valid_from=date(2025, 1, 1),
            valid_until=date(2026, 12, 31),
            replaces_id=1,
            key="act-1",
        )
        record_performance(
            connection,
            INSTALLER,
            now,
            partner_id=partner_id,
            period_id=world.period_id,
            required=1,
            achieved=2,
            replaces_id=1,
        )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", KEYS)
def test_no_row_takes_the_place_of_one_of_history(world: World, name: str) -> None:
    """SQLite alone has a statement for that: it deletes whatever bears the same key, and tells no trigger."""
    of_every_key(world)
    table = Base.metadata.tables[name]
    keys, in_order = keys_of(table), select(table).order_by(*table.primary_key.columns)
    with world.database.read() as connection:
        before = connection.execute(in_order).mappings().all()
    for key in keys:
        old = next(row for row in reversed(before) if all(row[column] is not None for column in key))
        new = {**old} | {column: other(old[column]) for one in keys for column in one if column not in key}
        with pytest.raises(DBAPIError, match="append-only"), world.database.write() as connection:
            connection.execute(table.insert().prefix_with("OR REPLACE").values(**new))
    with world.database.read() as connection:
        assert (
            connection.execute(select(table).order_by(*table.primary_key.columns)).mappings().all() == before
        )


def other(value: Any) -> Any:
    """Return another value of the same kind, which no row holds."""
    if isinstance(value, date):
        return value + timedelta(days=999)
    return value + "x" if isinstance(value, str) else None if value is None else value + 999


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_written_before_history_was_guarded_is_kept_and_guarded(world: World) -> None:
    world.move(world.draft(), "submit", "anna")
    world.database.downgrade("0001")

    world.database.migrate()
    with pytest.raises(DBAPIError, match="append-only"), world.database.write() as connection:
        connection.execute(text("INSERT OR REPLACE INTO move SELECT * FROM move"))
    world.move(1, "withdraw", "anna")


def test_references_that_only_case_told_apart_stay_as_they_were_paid(world: World) -> None:
    first, second, third = reimbursed(world), reimbursed(world), accepted(world)
    world.database.downgrade("0003")
    with world.database.write() as connection:
        for claim_id, reference in ((first, "Bank 7"), (second, "BANK7")):
            set_to = update(Claim).where(Claim.id == claim_id)
            connection.execute(set_to.values(payment_reference=reference))

    world.database.migrate()
    assert [world.claim(each).payment_reference for each in (first, second)] == ["Bank 7", "BANK7"]
    with pytest.raises(Refused, match="reference_used"):
        world.move(third, "reimburse", "dan", payment_reference="bank7", paid_on=world.clock.now().date())


def test_what_was_paid_before_there_were_payments_is_one_each(world: World) -> None:
    claim_id, waiting = reimbursed(world), accepted(world)
    kept = payments_of_claim(world, claim_id)
    world.database.downgrade("0010")

    world.database.migrate()
    assert payments_of_claim(world, claim_id) == kept
    assert [(row.amount, row.reference) for row in kept] == [(400_000, f"PAY-{claim_id}")]
    assert payments_of_claim(world, waiting) == []


WRONG = "INSERT INTO ledger_entry (fund_id, kind, source, target, amount, act_id, at) VALUES ({})"


@pytest.mark.parametrize(
    "values",
    [
        "1, 'unpay', 'paid', 'available', 1, 1, '2026-03-02'",
        "1, 'claw_back', 'paid', 'reserved', 1, 1, '2026-03-02'",
        "1, 'pay', 'available', 'paid', 1, 1, '2026-03-02'",
        "1, 'unpay', 'paid', 'reserved', 0, 1, '2026-03-02'",
        "1, 'unpay', 'paid', 'reserved', 1, NULL, '2026-03-02'",
    ],
)
def test_the_ledger_refuses_an_entry_whose_kind_does_not_fit(world: World, values: str) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)check"), world.database.write() as connection:
        connection.execute(text(WRONG.format(values)))


def payments_of_claim(world: World, claim_id: int) -> list[Any]:
    with world.database.read() as connection:
        return payments_of(connection, claim_id)


def test_a_schema_of_a_later_product_is_refused_and_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))

    for attempt in (database.check_schema, database.migrate):
        with pytest.raises(SchemaMismatch, match="does not know"):
            attempt()


def test_a_schema_that_is_not_the_products_own_is_refused(database: Database) -> None:
    database.check_schema()

    database.downgrade("base")
    with pytest.raises(SchemaMismatch, match="run `flask --app wsgi migrate`"):
        database.check_schema()


def test_an_error_of_the_database_shows_no_values(database: Database) -> None:
    with database.read() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(text("SELECT nothing WHERE 'a' = :password"), {"password": "hunter2"})
    assert "hunter2" not in str(failed.value)
