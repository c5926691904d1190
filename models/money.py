"""Money: US dollars, held as a whole number of cents, so that every sum is exact on every database.

Text such as `4000.00` stands only at the edges (documents, forms, pages).
"""

import re
from fractions import Fraction

Cents = int

MAX_CENTS = 10**15 - 1
"""The largest amount a form takes (9,999,999,999,999.99): it fits a 64-bit column with room for sums."""

_AMOUNT = re.compile(r"[0-9]{1,40}\.[0-9]{2}", re.ASCII)


def parse_amount(text: str) -> Cents:
    """Return the cents of a plain amount such as `4000.00`.

    Raises ValueError for any other form: no sign, no thousands separator, exactly two decimals.
    """
    if not _AMOUNT.fullmatch(text):
        raise ValueError(text)
    return int(text[:-3]) * 100 + int(text[-2:])


def plain(cents: Cents) -> str:
    """Return the plain text of an amount, `4000.00`, as documents and history hold it."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole}.{rest:02d}"


def grouped(cents: Cents) -> str:
    """Return an amount as a person reads it in English text: `4,000.00`."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def share_of(share: Fraction, amount: Cents) -> Cents:
    """Return a share of an amount, rounded down to the cent (rulebook, Words)."""
    return int(share * amount // 1)
