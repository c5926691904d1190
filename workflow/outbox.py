"""Puts messages into the outbox that may be there already: what is told by time, however often it runs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from models.messages import Message


def announce(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Store messages, each once by its natural key."""
    if rows:
        make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(make(Message).on_conflict_do_nothing(index_elements=[Message.key]), rows)
