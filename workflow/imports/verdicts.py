"""What becomes of a row, and how that is kept for the preview."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from models.base import canonical
from models.vocabulary import RowVerdict
from workflow.refusals import Problem

Changes = Mapping[str, tuple[str | None, str | None]]
"""The text of each column that changes, before and after."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its verdict. `name` says what it is about; no two rows of a file share one of its `keys`.

    `plan` is what is written of a row that is new or changed, as its kind knows it.
    """

    line: int
    verdict: RowVerdict
    name: str
    keys: tuple[str, ...] = ()
    changes: Changes = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    plan: Any = None


def wrong(line: int, name: str, problems: Iterable[Problem], keys: tuple[str, ...] = ()) -> Judged:
    """Return the verdict on a row that has problems."""
    return Judged(line, RowVerdict.wrong, name, keys, problems=tuple(problems))


def compared(
    line: int,
    name: str,
    keys: tuple[str, ...],
    before: Mapping[str, str | None] | None,
    after: Mapping[str, str | None],
    plan: Any,
) -> Judged:
    """Return the verdict on a row that is right, by what is on file before and after it: None for nothing."""
    there = before or {}
    changes = {name: (there.get(name), text) for name, text in after.items() if there.get(name) != text}
    if before is None:
        return Judged(line, RowVerdict.new, name, keys, changes, plan=plan)
    verdict = RowVerdict.changed if changes else RowVerdict.same
    return Judged(line, verdict, name, keys, changes, plan=plan)


def without_repeats(rows: Sequence[Judged]) -> list[Judged]:
    """Return the rows, each that is about what another one is about being wrong.

    What is on file twice may stand twice, as long as nothing of it changes.
    """
    lines = defaultdict[str, list[Judged]](list)
    for row in rows:
        for key in row.keys:
            lines[key].append(row)
    clashes = {
        key: [row.line for row in group]
        for key, group in lines.items()
        if len(group) > 1 and any(row.verdict is not RowVerdict.same for row in group)
    }
    if not clashes:
        return list(rows)
    return [_clashing(row, clashes) for row in rows]


def _clashing(row: Judged, clashes: Mapping[str, list[int]]) -> Judged:
    others = sorted({line for key in row.keys for line in clashes.get(key, ()) if line != row.line})
    if not others:
        return row
    problem = Problem("row_repeats", figures={"line": str(others[0])})
    return replace(row, verdict=RowVerdict.wrong, problems=(*row.problems, problem), changes={}, plan=None)


def told(row: Judged) -> dict[str, Any]:
    """Return what the preview keeps of a row besides line and verdict."""
    return {
        "name": row.name,
        "changes": {name: list(both) for name, both in row.changes.items()},
        "problems": [
            {"code": one.code, "field": one.field, "figures": dict(one.figures)} for one in row.problems
        ],
    }


class Seen:
    """Reckons what tells a preview from any other: fed each row in order, then asked for its `digest`."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, line: int, verdict: RowVerdict, told: Mapping[str, Any]) -> None:
        """Take in a row."""
        self._hash.update(canonical([line, verdict.value, told]).encode())

    @property
    def digest(self) -> str:
        """Return the digest of all rows that were taken in."""
        return self._hash.hexdigest()


def counts_of(verdicts: Iterable[RowVerdict]) -> dict[str, int]:
    """Return how many rows have each verdict."""
    counts = dict.fromkeys((verdict.value for verdict in RowVerdict), 0)
    for verdict in verdicts:
        counts[verdict.value] += 1
    return counts


def restored(line: int, verdict: RowVerdict, told: Mapping[str, Any], keys: Sequence[str]) -> Judged:
    """Return a row as it was judged, from what the preview keeps; without its plan."""
    return Judged(
        line,
        verdict,
        told["name"],
        tuple(keys),
        {name: tuple(both) for name, both in told["changes"].items()},
        tuple(Problem(one["code"], one["field"], one["figures"]) for one in told["problems"]),
    )
