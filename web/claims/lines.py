"""The rows of a cost table in a form: a form for each line, added and taken away by buttons."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form

from models.money import MAX_CENTS
from web.claims.fields import CountField, OpenSelectField, text_field
from web.field_names import LINE_FIELDS
from web.forms import MoneyField, choices
from web.rows import RowList
from workflow.catalogue import ActivityType, Catalogue
from workflow.drafts import ACTUAL_COLUMNS, LINE_COLUMNS
from workflow.exchange import USD, smallest

MOST_LINES = 100
"""Lines in one claim. A table that is longer belongs into an attached file."""

_TEXTS = frozenset({"description", "product_model", "supplier", "invoice_number"})


class PlannedLine(Form):
    """One planned cost."""

    columns: tuple[str, ...] = LINE_COLUMNS

    category = OpenSelectField(LINE_FIELDS["category"])
    description = text_field(LINE_FIELDS["description"], 300)
    product_model = text_field(LINE_FIELDS["product_model"], 200)
    quantity = CountField(LINE_FIELDS["quantity"], least=1)
    unit_value = MoneyField(LINE_FIELDS["unit_value"])
    amount = MoneyField(LINE_FIELDS["amount"])

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the line can be stored. An amount left out is worked out."""
        fine = super().validate(extra_validators)
        if fine and self.amount.data is None and None not in (self.quantity.data, self.unit_value.data):
            self.amount.data = min(self.quantity.data * self.unit_value.data, MAX_CENTS)
            self.amount.typed = None
        return fine

    @property
    def row(self) -> dict[str, Any]:
        """Return the line as it is stored."""
        values = {name: self.data[name] for name in self.columns}
        return {name: value or "" if name in _TEXTS else _or_none(value) for name, value in values.items()}

    @property
    def is_blank(self) -> bool:
        """Return whether nothing at all was entered."""
        return not any(value not in (None, "") for value in self.data.values())


def _or_none(value: Any) -> Any:
    return None if value == "" else value


def id_or_none(value: Any) -> int | None:
    """Return an id as it was sent or is stored; None for none. ValueError for what is no id."""
    return int(value) if value else None


class ActualLine(PlannedLine):
    """One cost as it was billed."""

    columns = ACTUAL_COLUMNS

    supplier = text_field(LINE_FIELDS["supplier"], 200)
    invoice_number = text_field(LINE_FIELDS["invoice_number"], 100)
    proof_id = OpenSelectField(LINE_FIELDS["proof_id"], coerce=id_or_none)


class LineList(RowList):
    """The lines of a form.

    `invoices` are the names of the files that a line may point to, by their ids.
    `currency` is what their amounts are in.
    """

    invoices: Mapping[int, str] = MappingProxyType({})

    def __init__(self, line: Any, **kwargs: Any) -> None:
        super().__init__(line, most=MOST_LINES, **kwargs)
        self.currency = USD

    def validate(self, form: Any, extra_validators: Sequence[Any] = ()) -> bool:
        """Return whether all lines can be stored."""
        fine = [entry.form.validate() and self._are_whole(entry.form) for entry in self.entries]
        self.errors = []
        if len(self.entries) > MOST_LINES:
            self.errors = [_("Use at most %(most)s lines.", most=MOST_LINES)]
        return all(fine) and not self.errors

    def _are_whole(self, line: Any) -> bool:
        """Return whether a line's amounts are whole where their currency has nothing smaller."""
        broken = [
            field for field in (line.unit_value, line.amount) if (field.data or 0) % smallest(self.currency)
        ]
        for field in broken:
            field.errors = [_("Enter a whole amount: %(currency)s has no cents.", currency=self.currency)]
        return not broken

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the lines that hold anything, as they are stored."""
        return [line.row for line in self.filled]

    @property
    def unread(self) -> list[int]:
        """Return the numbers, from 1, of the lines whose amount cannot be read: no sum holds them."""
        amounts = [entry.form.amount for entry in self.entries]
        return [number for number, field in enumerate(amounts, 1) if field.typed and field.data is None]

    def offer(self, catalogue: Catalogue, activity: ActivityType | None) -> None:
        """Offer each line the categories that its activity type admits, and the one that it has already."""
        every = {one.code: one.label for one in catalogue.categories}
        admitted = [code for code in (activity.categories if activity else every) if code in every]
        for entry in self.entries:
            category = entry.form.category
            own = [category.data] if category.data in every else []
            labels = {code: every[code] for code in [*admitted, *own]}
            category.choices = choices(labels, blank=str(_l("Choose…")))
            if "proof_id" in entry.form:
                entry.form.proof_id.choices = choices(self.invoices, blank=str(_l("None yet")))

    def loosen(self, proof_id: int | None) -> int:
        """Return how many lines point to a file that is taken off; where it is gone already, let none."""
        pointing = [entry.form.proof_id for entry in self.entries if entry.form.proof_id.data == proof_id]
        if proof_id is None:
            return 0
        if proof_id not in self.invoices:
            for field in pointing:
                field.data = None
        return len(pointing)

    def ensure_one(self, catalogue: Catalogue, activity: ActivityType | None) -> None:
        """Let an empty table begin with an empty line."""
        if not self.entries:
            self.append_entry()
            self.offer(catalogue, activity)
