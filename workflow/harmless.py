"""Keeps a spreadsheet from taking the text of a CSV file for a formula, so that it is read back unchanged."""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r|%]")
_GUARDED = re.compile(r"'+[=+\-@\t\r|%]")


def harmless(text: str) -> str:
    """Return the text with an apostrophe before it where it, or what is behind apostrophes, is a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_it_was(text: str) -> str:
    """Return the text from before `harmless`; any other text as it stands, such as `'t Hooft`."""
    return text[1:] if _GUARDED.match(text) else text
