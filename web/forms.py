"""What every form stands on: a base that trims what was typed, and fields for money and days."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from flask import Flask, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, SelectMultipleField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined] # its types lack it
from wtforms.widgets import CheckboxInput, DateInput, TextInput

from models.money import MAX_CENTS, Cents, parse_amount, plain


def trimmed(value: Any) -> Any:
    """Return text without blanks around it; anything else as it is."""
    return value.strip() if isinstance(value, str) else value


def sent_number(text: str, digits: int = 18) -> int | None:
    """Return the whole number, such as an id, that a request sent; None where it is none or too long."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


class PageForm(FlaskForm):  # type: ignore[misc] # it is not typed
    """A form of a page. Its CSRF token is put there by `csrf_field()`, which bears no id."""

    class Meta:
        """Fields hold what was sent as text: a file under a field's name is not for them, nor is JSON."""

        def wrap_formdata(self, form: Form, formdata: Any) -> Any:
            """Return the text of the request where it was sent, unless other data are given."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form if request.method == "POST" else None


class TypedField(Field):
    """A value that is typed as text. Where what was typed is none, it stands there still, to be put right."""

    widget: Any = TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self.shown(self.data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed. ValueError says what is wanted."""
        self.typed = self.cleaned(valuelist[0]) if valuelist else ""
        self.raw_data = [self.typed]  # InputRequired looks here, and blanks are no input
        self.data = None
        if self.typed:
            self.data = self.read(self.typed)

    def cleaned(self, text: str) -> str:
        """Return what was typed without what does not count."""
        return text.strip()

    def shown(self, value: Any) -> str:
        """Return a value as it is typed."""
        return str(value)

    def read(self, text: str) -> Any:
        """Return the value of a text that is not empty. Raise ValueError with what is wanted instead."""
        raise NotImplementedError


class MoneyField(TypedField):
    """An amount in cents. Reads `4000`, `4000.5`, `4,000.00`."""

    def shown(self, value: Cents) -> str:
        """Return the plain amount."""
        return plain(value)

    def read(self, text: str) -> Cents:
        """Return the cents. ValueError says what an amount looks like."""
        return amount_typed(text)


class DayField(TypedField):
    """A calendar day."""

    widget = DateInput()

    def read(self, text: str) -> date:
        """Return the day. ValueError says what a day looks like."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError(_l("Enter a day such as 2026-11-24.")) from None


class TicksField(SelectMultipleField):
    """Boxes to tick, one for each choice."""

    option_widget = CheckboxInput()


def choices(words: Mapping[Any, Any], *, blank: str | None = None) -> list[Any]:
    """Return the choices of a select or radio field from a table of values and labels.

    `blank` is the label of a first choice without a value.
    """
    first = [] if blank is None else [SelectChoice(value="", label=blank)]
    return first + [SelectChoice(value=str(value), label=label) for value, label in words.items()]


def amount_typed(text: str) -> Cents:
    """Return the cents of an amount that a person typed. Raise ValueError with what an amount looks like."""
    whole, point, rest = text.replace(" ", "").replace("\u202f", "").partition(".")
    groups = whole.split(",")
    grouped_well = len(groups) == 1 or (
        1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    )
    try:
        if not grouped_well or (point and not 1 <= len(rest) <= 2):
            raise ValueError
        cents = parse_amount(f"{''.join(groups)}.{rest:0<2}")
    except ValueError:
        raise ValueError(_l("Enter an amount such as 4000.00.")) from None
    if cents > MAX_CENTS:
        raise ValueError(_l("This amount is too large."))
    return cents


def csrf_field() -> Markup:
    """Return the hidden field that shows a form came from our own page."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def request_key() -> str:
    """Return a new idempotency key: the same form sent twice moves a claim once."""
    return uuid4().hex


def attributes(described: str, wrong: bool, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return an input's attributes: those given, and those that tie it to its hint and its errors."""
    tied = {"aria-describedby": described.strip()} if described else {}
    return {**given, **tied, **({"aria-invalid": "true"} if wrong else {})}


def offer_form_helpers(app: Flask) -> None:
    """Offer what forms need to an app's templates."""
    app.jinja_env.globals.update(csrf_field=csrf_field, request_key=request_key, attributes=attributes)
