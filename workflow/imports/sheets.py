"""The first sheet of a workbook as lines of text, read by a process that is dispensable (sheet_child.py)."""

from collections.abc import Iterator
from pathlib import Path

import orjson

from workflow.bounded import read_bounded
from workflow.office_files import is_office, office_objection
from workflow.refusals import Problem, Refused

READER = Path(__file__).with_name("sheet_child.py")

CPU_SECONDS = 60
SECONDS = 90
"""A hundred thousand rows take a fifth of it, and a job is kept for longer."""


def sheet_lines(path: Path, most: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line with something in it, at most so many. Raises Refused."""
    with path.open("rb") as file:
        start = file.read(4)
    if not is_office(path, start, "xl/workbook.xml") or office_objection(path) is not None:
        raise Refused(Problem("sheet_unreadable"))
    found = read_bounded(READER, path, str(most), cpu_seconds=CPU_SECONDS, seconds=SECONDS)
    if found is None:
        raise Refused(Problem("sheet_unreadable"))
    for line in found.splitlines():
        number, cells = orjson.loads(line)
        yield number, cells
