"""The kinds of members that a routing rule has."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from models.money import parse_amount, plain
from models.people import Partner
from web.claims.fields import text_field
from web.formats import country, money
from web.forms import MoneyField
from web.names import all_names, names_of
from web.policy.fields import in_capitals, on_the_map
from web.policy.kinds import Kind, line, none_or, same
from web.policy.routes import rule_words, tiers_in_words
from workflow.catalogue import Catalogue


def _partner(value: Any, _catalogue: Catalogue) -> str:
    return str(_("every partner")) if value is None else names_of(Partner, [value]).get(value, "–")


def _above(value: Any, _catalogue: Catalogue) -> str:
    cents = parse_amount(value or "0.00")
    return str(money(cents) if cents else _("every amount"))


COUNTRY = Kind(
    lambda label, hint: text_field(label, 60, hint, [on_the_map]),
    lambda field: in_capitals(field.data or "") or None,
    lambda value: value or "",
    lambda value, _catalogue: country(value) if value else str(_("every country")),
)
ACTIVITY_TYPE = Kind(
    lambda label, hint: SelectField(label, description=hint),
    lambda field: field.data or None,
    lambda value: value or "",
    lambda value, catalogue: catalogue.label("activity_type", value) if value else str(_("every activity")),
    offers=lambda catalogue: {"": _l("every activity"), **catalogue.labels["activity_type"]},
)
PARTNER = Kind(
    lambda label, hint: SelectField(label, description=hint),
    lambda field: int(field.data) if field.data else None,
    lambda value: "" if value is None else str(value),
    _partner,
    offers=lambda _catalogue: {
        "": _l("every partner"),
        **{str(one): name for one, name in all_names(Partner).items()},
    },
)
ABOVE = Kind(
    lambda label, hint: MoneyField(label, description=hint),
    lambda field: plain(field.data or 0),
    lambda value: parse_amount(value or "0.00") or None,
    _above,
)
TIERS = Kind(line, same, same, lambda value, _catalogue: tiers_in_words(value))
"""Each tier is a row of the form, so its field is never made."""
ROUTES = Kind(
    line,
    same,
    same,
    lambda value, catalogue: none_or("; ".join(rule_words(one, catalogue) for one in value or ())),
)
"""Each rule is a part of its own."""
