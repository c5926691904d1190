"""Invoices, told apart as a person tells them apart: by supplier and number, however these are written."""

import hashlib
import re
import unicodedata

from workflow.references import folded

COMPANY_FORM = re.compile(
    "ab|ag|and|aps|as|bhd|bv|co|company|corp|corporation|doo|ek|ev|gbr|gesellschaft|gmbh|inc"
    "|incorporated|kft|kg|kgaa|limited|llc|llp|ltd|ltda|lp|mbh|nv|ohg|oo|oy|oyj|plc|private|pte|pty"
    "|pvt|sa|sarl|sas|sdn|se|sl|sp|spa|spol|srl|sro|ug|und|z"
)
"""Words at the end of a name that say what kind of company it is, without dots."""

_BETWEEN_WORDS = re.compile(r"[\s,;/&+()]+")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def invoice_key(supplier: str, number: str) -> str | None:
    """Return what two spellings of the same invoice share; None where supplier or number is missing.

    Always 64 characters, so that it fits into an index whatever was typed.
    """
    names = supplier_key(supplier), _number(number)
    return hashlib.sha256("|".join(names).encode()).hexdigest() if all(names) else None


def supplier_key(name: str) -> str:
    """Return what the spellings of a company's name share; empty where it has no letter."""
    words = [word for each in _BETWEEN_WORDS.split(name) if (word := letters(each))]
    while len(words) > 1 and COMPANY_FORM.fullmatch(words[-1]):
        words.pop()
    return "".join(words)


def _number(number: str) -> str:
    return _LEADING_ZEROS.sub("", letters(number))


def letters(text: str) -> str:
    """Return the letters and digits of a text: no accents, no capitals, no punctuation."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", folded(text)) if sign.isalnum())
