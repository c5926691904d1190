"""The migrated schema: it equals the models, goes down and up again, and guards what is history."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from models.base import Base
from models.database import Database


def differences(database: Database) -> list[Any]:
    with database.read() as connection:
        return compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )


def test_the_migrated_schema_equals_the_models(database: Database) -> None:
    assert differences(database) == [], "write a migration for what the models gained or lost"
