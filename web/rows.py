"""Rows of a form: a form for each thing of a list, added and taken away by buttons."""

from collections.abc import Iterator
from typing import Any

from wtforms import FieldList

from web.forms import sent_number


class RowList(FieldList):  # type: ignore[type-arg] # generic to mypy alone
    """The rows of a form. Whatever is wrong with one stands at its own field.

    Of a forged list with more rows than `most`, the first are read, and one more to refuse it by. Each row's
    form says whether it `is_blank`.
    """

    def __init__(self, row: Any, *, most: int, **kwargs: Any) -> None:
        super().__init__(row, max_entries=most + 1, **kwargs)
        self.most = most

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """Yield the numbers of the rows that were sent. A forged name that bears no number is left out."""
        for name in formdata:
            index = sent_number(name.removeprefix(f"{prefix}-").partition("-")[0], digits=6)
            if name.startswith(f"{prefix}-") and index is not None:
                yield index

    @property
    def filled(self) -> list[Any]:
        """Return the forms of the rows that hold anything."""
        return [entry.form for entry in self.entries if not entry.form.is_blank]

    def change(self, wish: str) -> bool:
        """Add an empty row (`add_line`) or take one away (`remove_line:2`); return whether it was that."""
        verb, _colon, index = wish.partition(":")
        if verb == "add_line" and len(self.entries) < self.most:
            self.append_entry()
        elif verb == "remove_line":
            self.entries = [entry for number, entry in enumerate(self.entries) if str(number) != index]
        return verb in ("add_line", "remove_line")
