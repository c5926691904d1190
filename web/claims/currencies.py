"""The currencies that a claim may be in, as a form offers them."""

from typing import Any

from babel.numbers import get_currency_name
from flask_babel import get_locale
from wtforms import SelectField

from web.forms import choices
from workflow.acts.exchange import offered_currencies
from workflow.exchange import USD


def currency_field(label: Any, hint: Any = "", *, foreign: bool = False) -> Any:
    """Return a field to choose a currency: US dollars first or, where it is to be `foreign`, never."""
    first = [] if foreign else [USD]
    return SelectField(
        label,
        choices=lambda: choices(named([*first, *sorted(offered_currencies())])),
        description=hint,
        default="EUR" if foreign else USD,
    )


def named(codes: list[str]) -> dict[str, str]:
    """Return currencies with their names in the reader's language: `EUR – Euro`."""
    return {code: f"{code} – {get_currency_name(code, locale=get_locale())}" for code in codes}
