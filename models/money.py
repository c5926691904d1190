"""Money: held as a whole number of cents (hundredths), so that every sum is exact on every database.

US dollars, unless a currency stands beside: a claim's costs, a bank account.

Text such as `4000.00` stands only at the edges (documents, forms, pages).
"""

import re
from fractions import Fraction
from functools import lru_cache

Cents = int

Exact = int | Fraction
"""Cents that are not rounded: an amount that was converted."""

MAX_CENTS = 10**13 - 1
"""The largest amount a form takes (99,999,999,999.99): the sum of 900,000 such fits a 64-bit column."""

_AMOUNT = re.compile(r"[0-9]+\.[0-9]{2}")

_PIECE = 4000
"""Digits turned in one go: Python refuses more than 4,300, and a document's amount may be of any length."""

_LONG = 10**_PIECE


def parse_amount(text: str) -> Cents:
    """Return the cents of a plain amount such as `4000.00`.

    Raises ValueError for any other form: no sign, no thousands separator, exactly two decimals.
    """
    if not _AMOUNT.fullmatch(text):
        raise ValueError(text)
    return whole(text[:-3] + text[-2:])


def whole(text: str) -> int:
    """Return the number that ASCII digits stand for, however many there are."""
    if len(text) <= _PIECE:
        return int(text)
    half = len(text) // 2
    unit: int = 10**half
    return whole(text[:-half]) * unit + whole(text[-half:])


def digits(number: int) -> str:
    """Return the decimal digits of a number that is not negative, however many there are."""
    if number < _LONG:
        return str(number)
    half = number.bit_length() * 3 // 20  # about half the digits: a digit is 3.32 bits
    left, right = divmod(number, 10**half)
    return digits(left) + digits(right).zfill(half)


@lru_cache(maxsize=4096)  # one move writes the same few amounts two dozen times
def plain(cents: Cents) -> str:
    """Return the plain text of an amount, `4000.00`, as documents and history hold it."""
    if cents < 0:
        return f"-{plain(-cents)}"
    text = digits(cents).zfill(3)
    return f"{text[:-2]}.{text[-2:]}"


def grouped(cents: Cents) -> str:
    """Return an amount as a person reads it in English text: `4,000.00`."""
    return group(plain(cents))


def written(amount: Cents, currency: str = "USD") -> str:
    """Return an amount as a person reads it, with its currency: `4,000.00 USD`."""
    return f"{grouped(amount)} {currency}"


def group(amount: str) -> str:
    """Return a plain amount with its thousands apart: `4000.00` becomes `4,000.00`."""
    sign = amount[:1] if amount.startswith("-") else ""
    number, cents = amount[len(sign) : -3], amount[-3:]
    first = len(number) % 3 or 3
    groups = [number[:first], *(number[start : start + 3] for start in range(first, len(number), 3))]
    return sign + ",".join(groups) + cents


def share_of(share: Fraction, amount: Exact) -> Cents:
    """Return a share of an amount, rounded down to the cent (rulebook, Words)."""
    return share.numerator * amount // share.denominator


def rounded_down(amount: Exact) -> Cents:
    """Return an amount as one to grant or to pay, or as a limit: the part of a cent is left out."""
    return amount.numerator // amount.denominator


def rounded_up(amount: Exact) -> Cents:
    """Return an amount as one that is spent: so what is shown as within a limit is within it."""
    return -(-amount.numerator // amount.denominator)
