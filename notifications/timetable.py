"""When mail goes out: how long to wait after a failure, and at what time of day digests leave."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=4),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=12),
    timedelta(hours=12),
    timedelta(hours=12),
    timedelta(hours=12),
)
"""The wait after each failed attempt. The one after these, nearly three days after the first, is the last."""

LEASE = timedelta(minutes=10)
"""How long one mail is a worker's own before another may send it: far longer than its timeouts add up to."""

DIGEST_AT = time(7, 0)
"""The time of day in the programme's zone at which daily digests leave."""


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after so many failed attempts, or None once enough were made."""
    return now + BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def digest_for(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the digest that tells of a moment: the first one at it or after it."""
    day = moment.astimezone(zone).date()
    today = datetime.combine(day, DIGEST_AT, zone)
    return today if moment <= today else datetime.combine(day + timedelta(days=1), DIGEST_AT, zone)


def last_digest(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the latest digest that was due by now."""
    day = now.astimezone(zone).date()
    today = datetime.combine(day, DIGEST_AT, zone)
    return today if today <= now else datetime.combine(day - timedelta(days=1), DIGEST_AT, zone)
