"""What the forms of a policy's parts stand on: fields made of entries, and rows of them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, cast

from flask_babel import gettext as _
from wtforms import Form, HiddenField, SelectField

from web.policy.entries import Entry
from web.policy.fields import CodesField, slug
from web.rows import RowList
from workflow.catalogue import Catalogue

MOST_ROWS = 300
"""Rows in one list of a policy: countries, words, or details."""

_STEP = re.compile(r"\[?([^\[\].]+)\]?\.?(.*)", re.DOTALL)


class PartForm(Protocol):
    """What the form of each part can do. `value` is what the document then holds of the part."""

    table: Mapping[str, Entry]

    def validate(self) -> bool:
        """Return whether everything typed can be read."""

    @property
    def shown(self) -> Iterable[str]:
        """Return the names of the fields above the rows, in their order."""

    @property
    def value(self) -> Any:
        """Return the part as a document holds it."""

    def place(self, path: str, said: str) -> bool:
        """Put an error at the field that a path within the part names; return whether there is one."""

    def change(self, wish: str) -> bool:
        """Add a row or take one away, if that is what a button wishes; return whether it was."""


class Members(Form):
    """Fields made of entries, by the names of the members that they hold."""

    table: Mapping[str, Entry] = {}

    def offer(self, catalogue: Catalogue, stands: Mapping[str, Any]) -> None:
        """Offer what there is to choose from, and what stands there already."""
        for name, entry in self.table.items():
            if entry.kind.offers is None:
                continue
            words, field = entry.kind.offers(catalogue), cast(Any, self[name])
            if isinstance(field, CodesField):
                field.offer(words, stands.get(name) or ())
            else:
                field.choices = list(words.items())
                if field.raw_data is None and field.data not in words:
                    field.data = next(iter(words))  # as a browser shows it

    @property
    def shown(self) -> Iterable[str]:
        """Return the names of the fields above the rows, in their order."""
        return self.table

    @property
    def value(self) -> dict[str, Any]:
        """Return the members as a document holds them."""
        return {name: entry.kind.stored(self[name]) for name, entry in self.table.items()}

    def place(self, path: str, said: str) -> bool:
        """Put an error at the field that a path names; return whether there is one."""
        name = path.partition(".")[0].partition("[")[0]
        field = self._fields.get({"code": "label", "name": "label"}.get(name, name))
        if field is None:
            return False
        field.errors = [*field.errors, said]
        return True

    def change(self, _wish: str) -> bool:
        """Return False: there are no rows."""
        return False


def typed(entries: Mapping[str, Entry], value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a form of what a document holds."""
    return {name: entry.kind.typed(value.get(name)) for name, entry in entries.items()}


def fields_of(entries: Mapping[str, Entry]) -> dict[str, Any]:
    """Return an unbound field for each entry, in the words of the request's language."""
    return {name: entry.kind.make(str(entry.label), _hint(entry)) for name, entry in entries.items()}


def _hint(entry: Entry) -> str:
    return " ".join(str(part) for part in (entry.kind.unit, entry.hint) if part)


class FreeRow(Members):
    """A row of a list, which holds nothing where only its choices hold something."""

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was entered."""
        entered = [field for field in self if not isinstance(field, SelectField)]
        return not any(
            str(text).strip() for field in entered for text in field.raw_data or [field.data or ""]
        )


class Row(FreeRow):
    """A row whose code is hidden, since it is stored with claims; a new row is given one."""

    key = "code"
    label: Any

    code = HiddenField()

    @property
    def value(self) -> dict[str, Any]:
        """Return the thing as a document holds it."""
        return {self.key: self.code.data or slug(self.label.data), **super().value}


class NamedRow(Row):
    """A row of a detail, whose code is called its name."""

    key = "name"


class Rows(Members):
    """A form with a list of rows."""

    rows: RowList

    def change(self, wish: str) -> bool:
        """Add a row or take one away, if that is what a button wishes; return whether it was."""
        changed = self.rows.change(wish)
        self.offer(*self._offered)
        return changed

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether everything can be read, but for rows that hold nothing."""
        fine = [self[name].validate(self) for name in self.shown]
        fine += [row.validate() for row in self.rows.filled]
        self.rows.errors = []
        if len(self.rows.entries) > MOST_ROWS:
            self.rows.errors = [_("Use at most %(most)s rows.", most=MOST_ROWS)]
        return all(fine) and not self.rows.errors

    def offer(self, catalogue: Catalogue, stands: Mapping[str, Any]) -> None:
        """Offer what there is to choose from, in the rows too."""
        self._offered = catalogue, stands
        super().offer(catalogue, stands)
        for entry in self.rows.entries:
            if isinstance(entry.form, Row):
                entry.form.offer(catalogue, {})

    def place_in_rows(self, path: str, said: str) -> bool:
        """Put an error at a field of the row that a path begins with; return whether there is one."""
        found = _STEP.fullmatch(path)
        rows = self.rows.filled
        if found is None or not found[1].isdecimal() or int(found[1]) >= len(rows):
            return False
        return bool(rows[int(found[1])].place(found[2] or "code", said))
