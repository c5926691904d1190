"""The demo's claims as data, and the plots that their moves follow. Days count from the day of loading."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from web.demo.cast import HalfYear, half_year

_STORIES = Path(__file__).with_name("stories.json")

PLOTS: dict[str, str] = {
    "plain": "d0 draft, d2 submit, d7 approve, e4 report, e8 accept, e14 reimburse, e30 tell",
    "rework": "d0 draft, d2 submit, d7 approve, e4 report, e7 rework, e10 report, e13 accept, e19 reimburse,"
    " e40 tell",
    "returned": "d0 draft, d2 submit, d6 return, d9 submit, d13 approve",
    "rejected": "d0 draft, d2 submit, d6 reject",
    "disputed": "d0 draft, d2 submit, d6 reject, d9 dispute",
    "rejected_late": "d0 draft, d2 submit, d7 approve, e4 report, e9 reject",
    "withdrawn_draft": "d0 draft, d3 withdraw",
    "withdrawn_submitted": "d0 draft, d2 submit, d4 withdraw",
    "withdrawn_approved": "d0 draft, d2 submit, d7 approve, d12 withdraw",
    "refused": "d0 draft, d2 submit",
    "reinstated": "d0 draft, d2 submit, d7 approve, s16 reinstate, s18 report, s22 accept, s28 reimburse",
    "reinstated_undecided": "d0 draft, d2 submit, s11 reinstate, s14 approve, s18 report, s22 accept",
}
"""What happens to a claim, and when: days from its draft (d), its activity's first (s) or last day (e)."""


@dataclass(frozen=True, slots=True)
class Story:
    """One claim of the demo. `starts` counts from the loading day, or from the end of the period before it.

    `papers_of` is the title of another story, whose first piece of evidence is handed in here, too.
    The draft is made `lead` days before the activity; the plot ends after `until`. Amounts are US dollars;
    those of lines are in the claim's `currency`.
    """

    by: str
    type: str
    title: str
    place: str
    audience: str
    objective: str
    starts: int
    requested: float | None
    lines: tuple[tuple[Any, ...], ...]
    days: int = 1
    anchor: str = "today"
    plot: str = "plain"
    until: str = ""
    lead: int = 24
    attendees: int | None = None
    organiser: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    grant: float | None = None
    why: str = ""
    code: str = "other"
    objection: str = ""
    refused_line: int | None = None
    papers_of: str = ""
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody does with a claim on a day. `number` is the story's own."""

    day: date
    number: int
    verb: str
    story: Story
    starts: date
    ends: date


def stories() -> tuple[Story, ...]:
    """Return every claim of the demo."""
    found = json.loads(_STORIES.read_text(encoding="utf-8"))
    return tuple(
        Story(**{"anchor" if name == "from" else name: value for name, value in one.items()}) for one in found
    )


def steps(today: date, before: HalfYear) -> Iterator[Step]:
    """Yield everything that happens before the loading day, story by story."""
    for number, story in enumerate(stories()):
        base = today if story.anchor == "today" else before.last
        first = base + timedelta(days=story.starts)
        last = first + timedelta(days=story.days - 1)
        starts, ends = _within_a_period(first, last, today)
        origins = {"d": first - timedelta(days=story.lead), "s": first, "e": last}
        for beat in PLOTS[story.plot].split(", "):
            when, verb = beat.split(" ")
            day = origins[when[0]] + timedelta(days=int(when[1:]))
            if day >= today:
                break
            yield Step(day, number, verb, story, starts, ends)
            if verb == story.until:
                break


def _within_a_period(first: date, last: date, today: date) -> tuple[date, date]:
    """Return an activity's days, moved back into the period of the loading day or cut at a period's end."""
    starts = min(first, half_year(today).last)
    return starts, min(last, half_year(starts).last)
