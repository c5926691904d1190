"""The background parts leave word that they live, and a manager's page says where one is silent."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from models.database import Database
from models.heartbeats import Heartbeat

PARTS = ("scheduler", "worker")

EVERY = timedelta(minutes=1)
"""How often a part leaves word."""

SILENT_AFTER = 5 * EVERY
"""After how long without word a part counts as silent."""


def beat(database: Database, now: datetime, *, part: str) -> None:
    """Leave word that a part lives. Several nodes may do it at once: the latest word counts."""
    with database.write() as connection:
        changed = connection.execute(update(Heartbeat).where(Heartbeat.part == part).values(seen_at=now))
    if changed.rowcount:
        return
    try:
        with database.write() as connection:
            connection.execute(insert(Heartbeat).values(part=part, seen_at=now))
    except IntegrityError:
        return  # another node was faster with the very first word


def silent_parts(connection: Connection, now: datetime) -> dict[str, datetime | None]:
    """Return the parts that left no word lately, with their last; None for one that was never seen."""
    rows = connection.execute(select(Heartbeat.part, Heartbeat.seen_at))
    seen = {row.part: row.seen_at for row in rows}
    return {part: seen.get(part) for part in PARTS if part not in seen or now - seen[part] > SILENT_AFTER}
