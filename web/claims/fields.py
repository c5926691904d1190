"""The fields of claims' forms: text without control characters, counts, and choices that may stay open."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from web.forms import TypedField, choices
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


class CountField(TypedField):
    """A whole number."""

    def __init__(self, *args: Any, least: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least = least

    def cleaned(self, text: str) -> str:
        """Return it on one line, without control characters."""
        return str(one_line(text))

    def read(self, text: str) -> int:
        """Return the number. ValueError says what a count looks like."""
        if not _COUNT.fullmatch(text):
            raise ValueError(_l("Enter a whole number such as 40."))
        number = int(text.replace(",", "")[:20])
        if number > MOST:
            raise ValueError(_l("This number is too large."))
        if number < self.least:
            raise ValueError(_l("Enter %(least)s or more.", least=self.least))
        return number


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
