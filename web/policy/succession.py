"""Which policy version follows which: the one in force, the one before a first day, and the one after it."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from models.programme import PolicyVersion
from web.formats import day
from web.policy.words import told_changes
from web.services import reading, today
from workflow.policy_shelf import Coming, Version, policies_to_come, policy_in_force, stands


def in_force() -> Version | None:
    """Return the version in force today."""
    return policy_in_force(reading().connection(), today())


def before(first_day: date) -> Version | None:
    """Return the version that is in force until a new one starts on a day."""
    earlier = reading().scalar(
        select(func.max(PolicyVersion.first_day)).where(PolicyVersion.first_day < first_day, stands())
    )
    return None if earlier is None else policy_in_force(reading().connection(), earlier)


def after(first_day: date) -> Coming | None:
    """Return the version that a new one which starts on a day would hold until."""
    return next(iter(policies_to_come(reading().connection(), first_day)), None)


def news_to_come(day: date) -> list[Coming]:
    """Return the versions that come into force after a day and change something that partners read."""
    return [
        one
        for one in policies_to_come(reading().connection(), day)
        if one.before is None or told_changes(one.version.policy, one.before.policy)
    ]


def with_end(said: str, first_day: date) -> str:
    """Return what is said of a version that starts on a day, with how long it holds where that is known."""
    end = end_of(after(first_day))
    return f"{said} {end}" if end else said


def end_of(later: Coming | None) -> str:
    """Return until when a version holds that another one follows, in words; empty where none does."""
    if later is None:
        return ""
    return str(
        _(
            "It holds until %(last)s: from %(first)s on, the version that is published for that day holds.",
            last=day(later.eve),
            first=day(later.version.first_day),
        )
    )
