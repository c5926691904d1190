"""Reads the European Central Bank's file of reference rates: one day (`eurofxref-daily.xml`), or many.

For each day it states what one euro is worth in US dollars and in other currencies; so many US dollars and so
many units of another currency are worth the same.
"""

from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

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
    try:
        cubes = [each for each in fromstring(content, forbid_dtd=True).iter() if each.tag.endswith("Cube")]
        days = [each for each in cubes if "time" in each.attrib]
        if sum(map(len, days)) != sum("currency" in each.attrib for each in cubes):
            raise NotRates("a rate without a day")
        return {date.fromisoformat(day.attrib["time"]): dict(map(_rate, day)) for day in days}
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotRates(str(error)) from None


def _rate(cube: Element) -> tuple[str, str]:
    rate_figure(cube.attrib["rate"])
    return _currency(cube.attrib["currency"]), cube.attrib["rate"]


def _currency(code: str) -> str:
    if not (len(code) == 3 and code.isascii() and code.isupper()):
        raise NotRates(code)
    return code
