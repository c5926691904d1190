"""Runs timed work in one process of the installation; the others stand by. The only importer of apscheduler.

Duties do what is due at the moment they are given, however often they run, so that nothing depends on this.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy.exc import DBAPIError

from models.database import Database
from models.failures import log_failure
from workflow.clock import Clock
from workflow.leadership import Leadership, leadership

PATIENCE = 5.0
"""Seconds between two looks: of those who stand by, at whether nobody leads; of the leader, at its lock."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """Work that is done at every start, and then at the times (UTC) that `at` names as a crontab would.

    `at` holds `minute`, `hour` and so on, as `{"minute": "*/15"}`.
    """

    name: str
    work: Callable[[Database, datetime], object]
    at: Mapping[str, str]


def run(database: Database, duties: Sequence[Duty], clock: Clock, ending: Event) -> None:
    """Do the duties, or stand by while another process does them, until `ending` is set.

    A duty that fails is logged and stops no other. Whoever leads does what was missed at once.
    """
    stood_by = False
    while not ending.is_set():
        try:
            with leadership(database) as held:
                if held is not None:
                    log.info("This scheduler leads")
                    _lead(database, duties, clock, ending, held)
                elif not stood_by:
                    log.info("Another scheduler leads: standing by")
                stood_by = held is None
        except DBAPIError as error:
            log_failure(log, "The database does not answer", error)
        ending.wait(PATIENCE)


def _lead(database: Database, duties: Sequence[Duty], clock: Clock, ending: Event, held: Leadership) -> None:
    """Do every duty now and then in its time, until the end, or until the lock is lost."""
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for duty in duties:
        scheduler.add_job(
            _do, CronTrigger(**duty.at, timezone=UTC), args=(duty, database, clock), id=duty.name
        )
    for duty in duties:
        if not ending.is_set():
            _do(duty, database, clock)
    scheduler.start()
    try:
        while not ending.wait(PATIENCE):
            if not held.holds():
                log.warning("The lock was lost: this scheduler leads no more")
                return
    finally:
        scheduler.shutdown()


def _do(duty: Duty, database: Database, clock: Clock) -> None:
    try:
        duty.work(database, clock.now())
    except Exception as error:
        log_failure(log, f"The duty {duty.name} failed", error)
