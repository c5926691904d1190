"""What the fields of a claim are called, in its forms and in what is said of them."""

from flask_babel import lazy_gettext as _l

FIELDS: dict[str, str] = {
    "title": _l("Title"),
    "place": _l("Place"),
    "audience": _l("Audience"),
    "objective": _l("Objective"),
    "contact": _l("Contact"),
    "period_id": _l("JMF period"),
    "starts_on": _l("First day"),
    "ends_on": _l("Last day"),
    "organiser_kind": _l("Who organises it"),
    "organiser_name": _l("Name of the organiser"),
    "expected_attendees": _l("Expected attendees"),
    "currency": _l("Currency of the costs"),
    "requested": _l("Amount asked for"),
    "lines": _l("Planned costs"),
    "actual_lines": _l("Actual costs"),
}
"""The fields that a problem, or a change, can be about."""

LINE_FIELDS: dict[str, str] = {
    "category": _l("Category"),
    "description": _l("Description"),
    "product_model": _l("Product model"),
    "quantity": _l("Quantity"),
    "unit_value": _l("Unit value"),
    "amount": _l("Amount"),
    "supplier": _l("Supplier"),
    "invoice_number": _l("Invoice number"),
    "proof_id": _l("Proven by"),
}
"""Those of a cost line."""
