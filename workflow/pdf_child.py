"""Reads one PDF and prints what it found as JSON.

Run by workflow/pdf_files.py, within the bounds of workflow/bounded.py.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

RUNNING = frozenset({"/JavaScript", "/Launch"})
"""Actions that run a script or start a program."""

_LONGEST_DAY = 40

HARMLESS_INSIDE = (".xml",)
"""What a PDF may carry: electronic invoices carry their own figures as XML."""

LEFT_OUT = frozenset({"/Contents", "/Resources", "/StructTreeRoot"})
"""What is drawn, and its outline for screen readers: most of a file, and no place for an action."""


def found_in(reader: PdfReader) -> str | None:
    """Return the code of what stands against a PDF, or None."""
    if reader.is_encrypted and not reader.decrypt(""):
        return "pdf_locked"
    return next(filter(None, map(_objection, _dictionaries(reader.trailer["/Root"]))), None)


def _dictionaries(root: Any) -> Iterator[DictionaryObject]:
    """Give every dictionary that can be reached from the catalogue, however deep, each object once."""
    waiting, seen = [root], set()
    while waiting:
        here = waiting.pop()
        if isinstance(here, IndirectObject):
            if here.idnum in seen:
                continue
            seen.add(here.idnum)
            here = here.get_object()
        if isinstance(here, DictionaryObject):
            yield here
            waiting.extend(dict.__getitem__(here, key) for key in here if key not in LEFT_OUT)
        elif isinstance(here, ArrayObject):
            waiting.extend(list.__iter__(here))


def _objection(found: DictionaryObject) -> str | None:
    if "/JS" in found or "/XFA" in found or ("/S" in found and str(found["/S"]) in RUNNING):
        return "pdf_runs"
    if "/EF" in found:
        names = [str(found[key]) for key in ("/UF", "/F") if key in found]
        if not names or not all(name.lower().endswith(HARMLESS_INSIDE) for name in names):
            return "pdf_carries"
    return None


def days_of(reader: PdfReader) -> list[str]:
    """Return when a PDF says it was created and last changed, as it says it, or nothing where that is odd."""
    with suppress(Exception):
        if said := reader.metadata:
            days = (said.creation_date_raw, said.modification_date_raw)
            return [day[:_LONGEST_DAY] for day in days if isinstance(day, str)]
    return []


def main(path: str) -> None:
    """Read a PDF and print what was found. Whatever is raised ends this process with an error."""
    with Path(path).open("rb") as file:
        reader = PdfReader(file)
        print(json.dumps({"objection": found_in(reader), "days": days_of(reader)}))


if __name__ == "__main__":
    main(sys.argv[1])
