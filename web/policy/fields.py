"""Fields that only a policy's forms have: shares in percent, codes to tick, choices one to a line."""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from web.forms import TicksField, TypedField, choices
from workflow.policies import plain_share
from workflow.readable import one_line, several_lines
from workflow.reading import is_country
from workflow.working_days import countries

_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")


class PercentField(TypedField):
    """A share, typed in percent: `50` or `12.5 %`."""

    def cleaned(self, text: str) -> str:
        """Return it on one line, without control characters."""
        return str(one_line(text))

    def shown(self, value: Fraction) -> str:
        """Return the number of percent."""
        return in_percent(value)

    def read(self, text: str) -> Fraction:
        """Return the share. ValueError says what a share looks like."""
        number = text.removesuffix("%").strip()
        if not _PERCENT.fullmatch(number):
            raise ValueError(_l("Enter a share such as 50 or 12.5."))
        if Fraction(number) > 100:
            raise ValueError(_l("Enter at most 100."))
        return Fraction(number) / 100


def in_percent(share: Fraction) -> str:
    """Return a share as a number of percent: `50`, `12.5`."""
    return plain_share(share * 100).rstrip("0").rstrip(".")


def in_capitals(code: str) -> str:
    """Return a country code in capitals; what is none stays as it is, so that it is refused."""
    return code.upper() if code.isascii() else code


def on_the_map(_form: Any, field: Any) -> None:
    """Refuse what has the form of a country code and is none: no claim would ever come from there."""
    code = in_capitals(field.data or "")
    if is_country(code) and code not in countries():
        raise ValidationError(_l("There is no such country: the United Kingdom, for one, is GB."))


class CodesField(TicksField):
    """Codes to tick. What is offered is set once the catalogue is known; the order of before is kept."""

    stands: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()

    def offer(self, words: Mapping[str, Any], stands: Iterable[str]) -> None:
        """Offer these words, and what stands there already without being one of them."""
        self.stands, self.offered = tuple(dict.fromkeys(stands)), tuple(words)
        self.choices = choices({**words, **{code: code for code in self.stands if code not in words}})

    @property
    def codes(self) -> list[str]:
        """Return what is ticked: what stood there in its order, then what is new in the order offered."""
        ticked = set(self.data or ())
        new = [code for code in self.offered if code in ticked and code not in self.stands]
        return [code for code in self.stands if code in ticked] + new


class WordsField(TextAreaField):
    """Words, one to a line: `code | label | hint`. A line of a label alone is given a code."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep the lines as they were typed, without what nobody sees."""
        self.data = several_lines(valuelist[0]) if valuelist else ""

    @property
    def words(self) -> list[dict[str, str]]:
        """Return the words of the lines that hold any."""
        return [_word(line) for line in (self.data or "").splitlines() if line.strip()]


def _word(line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.split("|", 2)]
    if len(parts) == 1:
        return {"code": slug(parts[0]), "label": parts[0]}
    code, label, *hint = parts
    return {"code": code, "label": label, **({"hint": hint[0]} if hint and hint[0] else {})}


def lines_of(words: Iterable[Mapping[str, str]]) -> str:
    """Return words as they are typed, one to a line."""
    return "\n".join(
        " | ".join(part for part in (word["code"], word["label"], word.get("hint", "")) if part)
        for word in words
    )


def slug(label: str) -> str:
    """Return a code made of a label: `Booth rental` becomes `booth_rental`."""
    return "_".join(re.findall(r"[^\W_]+", label.lower()))[:60]
