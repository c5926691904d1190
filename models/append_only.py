"""Makes the database itself refuse UPDATE, DELETE and TRUNCATE on the tables that are history.

SQLite's INSERT OR REPLACE deletes rows too, and fires no DELETE trigger: there an INSERT that would take the
place of a row is refused as well.
"""

from collections.abc import Iterator, Mapping

FIRST = ("move", "act", "ledger_entry", "certificate", "performance", "policy_version")
"""The tables that the first migrations guard. A later one is guarded by the migration that makes it."""

KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "move": (("id",), ("claim_id", "number"), ("claim_id", "key")),
    "act": (("id",), ("key",)),
    "ledger_entry": (("id",),),
    "certificate": (("id",), ("replaces_id",)),
    "performance": (("id",), ("replaces_id",)),
    "policy_version": (("id",), ("first_day", "attempt")),
    "policy_withdrawal": (("id",), ("version_id",)),
    "payment": (("id",), ("claim_id", "move_number"), ("reference_folded",)),
    "payment_failure": (("id",), ("payment_id",)),
    "exchange_rate": (("id",),),
    "link": (("chain", "position"), ("subject",)),
    "checkpoint": (("number",),),
    "checkpoint_head": (("checkpoint", "chain"),),
    "verification": (("id",),),
    "sample": (("id",), ("act_id",)),
    "sample_claim": (("sample_id", "claim_id"),),
    "sample_finding": (("id",), ("key",)),
}
"""Every key by which a new row could take the place of an old one."""

EMPTY_TOO = frozenset({"attempt"})
"""Columns of keys in which to be empty is a value like any other."""

AT_FIRST = {**KEYS, "policy_version": (("id",), ("first_day",))}
"""The keys of the tables in FIRST as they were when their first guards were made."""


def statements(dialect: str) -> Iterator[str]:
    """Yield the DDL that guards the first append-only tables on `postgresql` or `sqlite`."""
    if dialect == "postgresql":
        yield (
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in FIRST:
        yield from _guards(dialect, table)


def removal(dialect: str) -> Iterator[str]:
    """Yield the DDL that takes the first tables' guards away again, for a downgrade."""
    for table in FIRST:
        yield from _guards_removal(dialect, table)
    if dialect == "postgresql":
        yield "DROP FUNCTION refuse_change"


def replacement_guards(dialect: str) -> Iterator[str]:
    """Yield the DDL that refuses INSERT OR REPLACE; PostgreSQL knows no such statement and needs none."""
    for table in FIRST if dialect == "sqlite" else ():
        yield _replacement_guard(table, AT_FIRST[table])


def replacement_guards_removal(dialect: str) -> Iterator[str]:
    """Yield the DDL that takes the guards against INSERT OR REPLACE away again."""
    for table in FIRST if dialect == "sqlite" else ():
        yield f"DROP TRIGGER {table}_no_replace"


def guards(dialect: str, table: str, keys: Mapping[str, tuple[tuple[str, ...], ...]] = KEYS) -> Iterator[str]:
    """Yield all the DDL that guards one table, which a later migration makes."""
    yield from _guards(dialect, table)
    if dialect == "sqlite":
        yield _replacement_guard(table, keys[table])


def guards_removal(dialect: str, table: str) -> Iterator[str]:
    """Yield the DDL that takes the guards of such a table away again."""
    yield from _guards_removal(dialect, table)
    if dialect == "sqlite":
        yield f"DROP TRIGGER {table}_no_replace"


def _replacement_guard(table: str, keys: tuple[tuple[str, ...], ...]) -> str:
    taken = " OR ".join(_taken(table, key) for key in keys)
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: there is such a row'); END"
    )


def _guards_removal(dialect: str, table: str) -> Iterator[str]:
    if dialect == "postgresql":
        yield f"DROP TRIGGER {table}_append_only ON {table}"
        yield f"DROP TRIGGER {table}_not_emptied ON {table}"
    else:
        yield f"DROP TRIGGER {table}_no_update"
        yield f"DROP TRIGGER {table}_no_delete"


def _taken(table: str, key: tuple[str, ...]) -> str:
    same = " AND ".join(f"{column} {'IS' if column in EMPTY_TOO else '='} NEW.{column}" for column in key)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"


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
