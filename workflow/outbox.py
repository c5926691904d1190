"""Puts messages into the outbox, each once by its natural key, however often they come, or at once."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from models.database import insert_into
from models.messages import Message


def announce(connection: Connection, messages: Iterable[dict[str, Any]]) -> None:
    """Store messages; those that are there already stay as they are."""
    rows = list(messages)
    if rows:
        once = insert_into(connection, Message).on_conflict_do_nothing(index_elements=[Message.key])
        connection.execute(once, rows)
