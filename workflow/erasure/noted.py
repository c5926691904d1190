"""The act that erased the reason of a row, for whoever reads reasons."""

from typing import Any

from sqlalchemy.orm import aliased

from models.history import Act

ERASING = aliased(Act)
"""The act that erased the reason of a row."""

NOTED = (ERASING.at.label("erased_at"), ERASING.figures.label("erased_why"))
"""What a query of reasons asks of it."""


def reason_or_erased(row: Any) -> str | None:
    """Return the reason of a row for a table of data; `[erased]` where it was."""
    return "[erased]" if row.erased_at is not None else row.reason
