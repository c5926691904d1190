"""The programme itself is set up, once."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, insert, select

from models.programme import Programme
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager
from workflow.refusals import Problem, Refused


def set_up_programme(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    owner: str,
    name: str,
    time_zone: str,
    is_demo: bool = False,
) -> None:
    """Say whose fund this is, and in which zone its days are. Raise Refused where it was said before."""
    require_manager(connection, actor)
    running = connection.execute(select(Programme.is_demo)).one_or_none()
    if running is not None:
        raise Refused(Problem("holds_demo" if running.is_demo else "set_up_already"))
    problems = [
        Problem("field_missing", field)
        for field, value in (("owner", owner), ("name", name))
        if not value.strip()
    ]
    if not is_zone(time_zone):
        problems.append(Problem("time_zone", "time_zone"))
    if problems:
        raise Refused(*problems)
    values = {"owner": owner.strip(), "name": name.strip(), "time_zone": time_zone}
    connection.execute(insert(Programme).values(id=1, **values, is_demo=is_demo, created_at=now))
    record_act(connection, actor, now, "programme_set_up", "programme:1", {**values, "demo": is_demo})


def is_zone(name: str) -> bool:
    """Return whether this is the name of a time zone (`Europe/Berlin`)."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
