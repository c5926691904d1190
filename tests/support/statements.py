"""Counts the SQL statements that something takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from models.database import Database


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Give a list that fills with every statement that is sent to a database meanwhile; a batch is one."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engines = {database.engine, database.reader}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
