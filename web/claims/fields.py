"""The fields of claims' forms: text without control characters, counts, and choices that may stay open."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import TextInput

from web.forms import choices
from workflow.readable import one_line, several_lines

MOST = 10**9
"""The largest count that a form takes."""

_COUNT = re.compile(r"[0-9]+|[0-9]{1,3}(,[0-9]{3})+")


def text_field(label: Any, most: int, hint: Any = "", validators: Sequence[Any] = ()) -> Any:
    """Return a field for a line of text of at most so many characters, held to more validators."""
    return StringField(label, [*validators, _at_most(most)], [one_line], description=hint, default="")


def long_text_field(label: Any, most: int, hint: Any = "", validators: Sequence[Any] = ()) -> Any:
    """Return a field for several lines of text of at most so many characters, held to more validators."""
    return TextAreaField(label, [*validators, _at_most(most)], [several_lines], description=hint, default="")


def _at_most(most: int) -> Length:
    return Length(max=most, message=_l("Use at most %(most)s characters.", most=most))


class CountField(Field):
    """A whole number. Keeps what was typed where it is none."""

    widget = TextInput()

    def __init__(self, *args: Any, least: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least = least
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed. ValueError names what a count looks like."""
        self.typed = one_line(valuelist[0]) if valuelist else ""
        self.data = None
        if not self.typed:
            return
        if not _COUNT.fullmatch(self.typed):
            raise ValueError(_l("Enter a whole number such as 40."))
        number = int(self.typed.replace(",", "")[:20])
        if number > MOST:
            raise ValueError(_l("This number is too large."))
        if number < self.least:
            raise ValueError(_l("Enter %(least)s or more.", least=self.least))
        self.data = number


class RadioField(wtforms.RadioField):
    """A choice that may stay open."""

    def pre_validate(self, form: Any) -> None:
        """Raise ValidationError for what is none of the choices."""
        if self.data:
            super().pre_validate(form)


class OpenSelectField(SelectField):
    """A choice from a list that may stay open."""

    def pre_validate(self, form: Any) -> None:
        """Raise ValidationError for what is none of the choices."""
        if self.data:
            super().pre_validate(form)


def open_choice(label: Any, words: Mapping[str, Any], hint: Any = "") -> Any:
    """Return a field to choose one of the words, or none yet: radio buttons for few, a list for many."""
    if len(words) <= 3:
        return RadioField(label, choices=choices(words), description=hint)
    return OpenSelectField(label, choices=choices(words, blank=_l("Choose…")), description=hint)
