"""Reads the European Central Bank's file of reference rates: one day (`eurofxref-daily.xml`), or many.

For each day it states what one euro is worth in US dollars and in other currencies; so many US dollars and so
many units of another currency are worth the same.
"""

from datetime import date
from xml.parsers import expat

from workflow.acts.exchange import Rate
from workflow.exchange import USD, rate_figure

SOURCE = "European Central Bank, euro reference rates"

_EURO = "EUR"
_MOST_DAYS = 400
"""More than the file of ninety days holds, and few enough for one act."""


class NotRates(ValueError):
    """A file that does not hold the reference rates."""


def read_reference_rates(content: bytes) -> list[Rate]:
    """Return the rates of a file, the earliest day first. Raises NotRates, whatever bytes it is given."""
    days = _days(content)
    if not days or len(days) > _MOST_DAYS:
        raise NotRates("no days")
    return [rate for day in sorted(days) for rate in _rates_of(day, days[day])]


def _rates_of(day: date, euro_in: dict[str, str]) -> list[Rate]:
    usd = euro_in.get(USD)
    if usd is None:
        raise NotRates("no rate of the US dollar")
    others = {currency: rate for currency, rate in euro_in.items() if currency != USD}
    return [
        Rate(currency, day, usd, local, SOURCE) for currency, local in sorted({_EURO: "1", **others}.items())
    ]


def _days(content: bytes) -> dict[date, dict[str, str]]:
    """Return what a euro is worth by day and currency. A `Cube` bears a day, or a currency and a rate."""
    days: dict[date, dict[str, str]] = {}
    present: dict[str, str] | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal present
        if name.rpartition(":")[2] != "Cube":
            return
        if "time" in attributes:
            present = days.setdefault(date.fromisoformat(attributes["time"]), {})
        elif "currency" in attributes:
            if present is None:
                raise NotRates("a rate without a day")
            rate_figure(attributes["rate"])
            present[_currency(attributes["currency"])] = attributes["rate"]

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, KeyError) as error:
        raise NotRates(str(error)) from None
    return days


def _currency(code: str) -> str:
    if not (len(code) == 3 and code.isascii() and code.isupper()):
        raise NotRates(code)
    return code


def _refuse(*_: object) -> None:
    """Refuse a document type: the bank's file has none, and with one come entities that grow without end."""
    raise NotRates("a document type")
