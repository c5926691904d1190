"""Exchange rates, exact: how amounts in a claim's own currency are compared with limits in US dollars.

A rate says that `usd` US dollars and `local` units of a currency are worth the same, in the two figures that
its source states: nothing is divided, and so nothing is rounded, before an amount is compared.
"""

import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from models.money import Cents, Exact, rounded_down, rounded_up, whole, written

USD = "USD"
"""The currency of the fund, and of a claim that names no other."""

_WHOLE = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG")
WHOLE_UNITS = frozenset([*_WHOLE, "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"])
"""Currencies without hundredths (ISO 4217): their amounts are whole."""

THOUSANDTHS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
"""Currencies with thousandths (ISO 4217). No claim is in one: amounts have hundredths here."""

MOST_DAYS_OLD = 7
"""How old a rate may be on the day that it is used: it bridges every run of bank holidays, and no more."""

_RATE = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,10})?")


class Exchange(NamedTuple):
    """`usd` US dollars are worth `local` units of the currency, by its source on its day."""

    currency: str
    usd: Fraction = Fraction(1)
    local: Fraction = Fraction(1)
    day: date | None = None
    source: str = ""

    @property
    def is_foreign(self) -> bool:
        """Return whether the currency is another than the fund's."""
        return self.currency != USD

    @property
    def unit(self) -> Cents:
        """Return the smallest amount of the currency, in hundredths."""
        return smallest(self.currency)

    def in_usd(self, amount: Exact) -> Exact:
        """Return what an amount in the currency is worth in cents of a US dollar, unrounded."""
        return Fraction(amount) * self.usd / self.local if self.is_foreign else amount

    def most_for(self, cents: Exact) -> Cents:
        """Return the largest amount in the currency that is worth no more than these cents of a US dollar."""
        return rounded_down(self._in_units(cents)) * self.unit if self.is_foreign else rounded_down(cents)

    def least_for(self, cents: Exact) -> Cents:
        """Return the smallest amount in the currency that is worth no less than these cents."""
        return rounded_up(self._in_units(cents)) * self.unit if self.is_foreign else rounded_up(cents)

    def _in_units(self, cents: Exact) -> Fraction:
        return Fraction(cents) * self.local / self.usd / self.unit


IN_USD = Exchange(USD)
"""What a claim in US dollars goes by: every amount is what it is."""


def smallest(currency: str) -> Cents:
    """Return the smallest amount of a currency, in hundredths: 1, or 100 where amounts are whole."""
    return 100 if currency in WHOLE_UNITS else 1


def rate_figure(text: str) -> Fraction:
    """Return one of the two figures of a rate, such as `1.0856`: above 0, at most ten decimals.

    Raises ValueError for anything else.
    """
    if not _RATE.fullmatch(text):
        raise ValueError(text)
    before, _, after = text.partition(".")
    figure = Fraction(whole(before + after), 10 ** len(after))
    if not figure:
        raise ValueError(text)
    return figure


def young_enough(day: date, on: date) -> bool:
    """Return whether the rate of a day may be used on another."""
    return timedelta(0) <= on - day <= timedelta(MOST_DAYS_OLD)


def exchange_of(row: Any) -> Exchange | None:
    """Return what a claim goes by, from a row that bears `currency` and the `rate_…` of its rate.

    None where its currency has no rate.
    """
    if row.currency == USD:
        return IN_USD
    if row.rate_id is None:
        return None
    return Exchange(
        row.currency, rate_figure(row.rate_usd), rate_figure(row.rate_local), row.rate_day, row.rate_source
    )


def both(amount: Cents, exchange: Exchange) -> str:
    """Return an amount with its currency and, where that is another, what it is worth: a cost is rounded up.

    `1,000.00 EUR (1,085.60 USD)`
    """
    local = written(amount, exchange.currency)
    return f"{local} ({written(rounded_up(exchange.in_usd(amount)))})" if exchange.is_foreign else local
