"""Loads the demo: everything that happened before the day of loading, in the order in which it did."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, select, update

from models.database import Database
from models.file_store import FileStore
from models.messages import LINK_KINDS, Message
from models.programme import Programme
from models.vocabulary import Delivery
from web.demo.cast import ZONE, half_year, half_year_before
from web.demo.founding import Beat, Founding, morning
from web.demo.stage import Stage, moment_of
from web.demo.stories import steps
from web.demo.treasury import Treasury
from workflow.clock import SettableClock, programme_day
from workflow.policies import default_policy

SWEEPS = (-39, -11)
"""The mornings after a certificate of the cast has lapsed: days from the loading day."""
UNREAD = timedelta(days=4)
"""How long people leave a notification unread."""


class NotEmpty(Exception):
    """The demo is loaded into an empty SQLite database only."""


def load_demo(database: Database, files: FileStore, now: datetime, password_hash: str) -> None:
    """Load the demo as it stands at a moment. `password_hash` is that of DEMO_PASSWORD. Raise NotEmpty."""
    with database.read() as connection:
        if not database.is_sqlite or connection.scalar(select(Programme.id)) is not None:
            raise NotEmpty("The demo is loaded into an empty SQLite database only.")
    today = programme_day(now, ZONE)
    present = half_year(today)
    before = half_year_before(present)
    clock = SettableClock(now)
    founding = Founding(database, clock, before, present, today, password_hash)
    stage = Stage(
        database,
        clock,
        files,
        default_policy().catalogue,
        founding.people,
        founding.voices,
        founding.periods,
    )
    beats: list[Beat] = list(founding.beats())
    beats += [(moment_of(step), partial(stage.play, step)) for step in steps(today, before)]
    for day in (today + timedelta(days=offset) for offset in SWEEPS):
        beats.append((morning(day, 0, 10), partial(stage.sweep, morning(day, 0, 10))))
    treasury = Treasury(database, clock, today, founding.people, founding.voices, founding.partners)
    beats += treasury.beats()
    for _, happen in sorted(beats, key=lambda beat: beat[0]):
        happen()
    with database.write() as connection:
        _leave_as_people_would(connection, now)


def _leave_as_people_would(connection: Connection, now: datetime) -> None:
    """Let people have read what is not new, and no mail wait that would go nowhere."""
    connection.execute(
        update(Message)
        .where(Message.created_at < now - UNREAD, Message.read_at.is_(None), Message.kind.not_in(LINK_KINDS))
        .values(read_at=Message.created_at)
    )
    connection.execute(
        update(Message).where(Message.delivery == Delivery.waiting).values(delivery=Delivery.off)
    )
