"""What the fields of a claim are called, in its forms and in what is said of them."""

from flask_babel import lazy_gettext as _l

FIELDS: dict[str, str] = {
    "title": _l("Title"),
    "period_id": _l("JMF period"),
    "starts_on": _l("First day"),
    "ends_on": _l("Last day"),
    "organiser_kind": _l("Who organises it"),
    "requested": _l("Amount asked for"),
    "lines": _l("Planned costs"),
    "actual_lines": _l("Actual costs"),
}
"""The fields that a problem can be about."""

LINE_FIELDS: dict[str, str] = {
    "category": _l("Category"),
    "quantity": _l("Quantity"),
    "unit_value": _l("Unit value"),
    "amount": _l("Amount"),
}
"""Those of a cost line."""
