"""Reads the first sheet of a workbook and prints each line with something in it, as JSON.

Run by workflow/imports/sheets.py, within the bounds of workflow/bounded.py.
"""

import json
import sys
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any

from openpyxl import DEFUSEDXML, load_workbook

MOST_COLUMNS = 60
LAST_LINE = 200_000


def text_of(value: Any) -> str:
    """Return a cell's value as a person would type it: `2026-03-31`, `4000.5`, `yes`."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            # A spreadsheet itself reckons with fifteen digits: what is behind them is noise.
            return format(Decimal(format(value, ".15g")), "f")
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def main(path: str, most: int) -> None:
    """Print the lines of the first sheet. Whatever is raised ends this process with an error."""
    if not DEFUSEDXML:
        raise SystemExit("Without defusedxml no workbook is read.")
    warnings.simplefilter("ignore")
    with Path(path).open("rb") as file:  # by its path alone, a name that does not end in .xlsx is refused
        for line, cells in islice(lines_of(file), most):
            print(json.dumps([line, cells]))


def lines_of(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each line with something in it."""
    sheet = load_workbook(file, read_only=True, data_only=True, keep_links=False).worksheets[0]
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=LAST_LINE, max_col=MOST_COLUMNS, values_only=True)
    for line, row in enumerate(rows, start=1):
        cells = [text_of(value) for value in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield line, cells


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
