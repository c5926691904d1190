"""Text as people read it, typed or imported: without controls and signs that nobody sees."""

import unicodedata
from typing import Any


def one_line(value: Any) -> Any:
    """Return text on one line, without control characters and without blanks around it."""
    return " ".join(_readable(value).split()) if isinstance(value, str) else value


def several_lines(value: Any) -> Any:
    """Return text with its line breaks, without other control characters and without blanks around it."""
    return _readable(value.replace("\r\n", "\n")).strip() if isinstance(value, str) else value


JOINERS = "\u200c\u200d"
"""Unseen signs that some languages, and some pictures, are written with."""


def _readable(text: str) -> str:
    """Return text without controls, half characters, and signs that nobody sees or that turn others round.

    Nor with what Unicode says is no character: the file for the bank, as XML, may not hold it.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign for sign in text if sign in f"\n\t{JOINERS}" or _is_seen(sign))


def _is_seen(sign: str) -> bool:
    is_character = ord(sign) & 0xFFFE != 0xFFFE
    return is_character and unicodedata.category(sign) not in ("Cc", "Cf", "Cs")
