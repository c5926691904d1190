"""The migrated schema: it equals the models, goes down and up again, and guards what is history."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from models.base import Base
from models.database import Database, SchemaMismatch
from models.history import APPEND_ONLY
from tests.support.world import World

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
    world.move(world.draft(), "submit", "anna")

    for table in APPEND_ONLY:
        with world.database.read() as connection:
            before = connection.execute(select(Base.metadata.tables[table])).all()
        assert before, f"let the world hold a row of {table}, or this shows nothing"
        for statement in attempts(world.database, table):
            with pytest.raises(DBAPIError, match="append-only"), world.database.write() as connection:
                connection.execute(text(statement))
        with world.database.read() as connection:
            assert connection.execute(select(Base.metadata.tables[table])).all() == before


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
