"""Makes the database itself refuse UPDATE, DELETE and TRUNCATE on the tables that are history."""

from collections.abc import Iterator

from models.history import APPEND_ONLY


def statements(dialect: str) -> Iterator[str]:
    """Yield the DDL that guards every append-only table on `postgresql` or `sqlite`."""
    if dialect == "postgresql":
        yield (
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in APPEND_ONLY:
        yield from _guards(dialect, table)


def removal(dialect: str) -> Iterator[str]:
    """Yield the DDL that takes the guards away again, for a downgrade."""
    for table in APPEND_ONLY:
        if dialect == "postgresql":
            yield f"DROP TRIGGER {table}_append_only ON {table}"
            yield f"DROP TRIGGER {table}_not_emptied ON {table}"
        else:
            yield f"DROP TRIGGER {table}_no_update"
            yield f"DROP TRIGGER {table}_no_delete"
    if dialect == "postgresql":
        yield "DROP FUNCTION refuse_change"


def _guards(dialect: str, table: str) -> Iterator[str]:
    if dialect == "postgresql":
        yield (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        yield (
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    else:
        for verb in ("update", "delete"):
            yield (
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
