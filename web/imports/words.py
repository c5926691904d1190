"""What is said of a file that came in, and of each of its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.vocabulary import RowVerdict
from web.moving import words_of
from workflow.imports.applying import writes
from workflow.refusals import Problem

VERDICTS: dict[RowVerdict, tuple[str, str]] = {
    RowVerdict.wrong: (_l("wrong"), "stopped"),
    RowVerdict.changed: (_l("changed"), "active"),
    RowVerdict.new: (_l("new"), "active"),
    RowVerdict.same: (_l("unchanged"), "quiet"),
}
"""What people call a verdict, and its tone; in the order of the preview, what is wrong first."""


class Standing(NamedTuple):
    """How it is with a file, in a word, and its tone."""

    word: str
    tone: str


def standing(file: Any) -> Standing:
    """Return how it is with a file."""
    if file.applied_at is not None:
        return Standing(_("imported"), "done") if file.act_id else Standing(_("nothing new"), "quiet")
    if file.problem is not None:
        return Standing(_("cannot be read"), "stopped")
    if file.counts is None:
        return Standing(_("not looked through"), "waiting")
    if file.counts[RowVerdict.wrong]:
        return Standing(_("wrong"), "stopped")
    return (
        Standing(_("to be decided"), "waiting")
        if writes(file.counts)
        else Standing(_("nothing new"), "quiet")
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words: its line, what it is about, and what is wrong or changes, column by column."""

    number: int
    verdict: RowVerdict
    name: str
    said: Sequence[tuple[str, str]]


def line_of(row: Any) -> Line:
    """Return a row of a file in words."""
    told = row.told
    problems = [(one["field"], words_of(problem_in(one))) for one in told["problems"]]
    changes = [(column, _change(row.verdict, *both)) for column, both in told["changes"].items()]
    return Line(row.line, row.verdict, told["name"], problems or changes)


def problem_in(row: Mapping[str, Any]) -> Problem:
    """Return a problem as it was kept."""
    return Problem(row["code"], row.get("field", ""), row["figures"])


def _change(verdict: RowVerdict, before: str | None, after: str | None) -> str:
    return after or "–" if verdict is RowVerdict.new else f"{before or '–'} → {after or '–'}"
