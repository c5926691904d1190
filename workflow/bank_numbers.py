"""What is plain sense about the numbers of a bank account, and how they are written down."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from babel.core import get_global
from stdnum import bic, iban, numdb
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.util import clean

from workflow.exchange import THOUSANDTHS
from workflow.refusals import Problem

SHOWN = 4
"""How many signs of a masked number stand at each of its ends, at most."""

LONGEST_NUMBER = 34
SHORTEST_NUMBER = 4
LONGEST_CODE = 35


class Entered(NamedTuple):
    """A bank account as somebody enters it: with an IBAN, or with an account number and a bank code.

    `country` is where the account is held if nothing else says so: that of the partner.
    """

    country: str
    holder: str
    iban: str
    account_number: str
    bank_code: str
    bic: str
    currency: str


def problems_of(entered: Entered) -> Iterator[Problem]:
    """Yield everything that is wrong with an account whose numbers are `tidy`."""
    if not entered.holder:
        yield Problem("field_missing", "holder")
    if entered.currency not in currencies():
        yield Problem("currency_code", "currency")
    if entered.bic and not bic.is_valid(entered.bic):
        yield Problem("bic_form", "bic")
    yield from _of_iban(entered) if entered.iban else _of_number(entered)


def tidy(number: str) -> str:
    """Return a number without the blanks, dashes and points that people write it with, in capitals.

    Signs that look like plain ones become those: what is found to be right is what the bank is given.
    """
    return "".join(clean(number, "-.").upper().split())


def in_fours(number: str) -> str:
    """Return an IBAN as it is printed, in groups of four."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def masked(number: str) -> str:
    """Return a number's first and last signs; what lies between, at least a third of it, is left out."""
    shown = min(SHOWN, len(number) // 3)
    return f"{number[:shown]}…{number[-shown:]}"


@lru_cache
def currencies() -> frozenset[str]:
    """Return the ISO 4217 codes of the currencies that are legal tender somewhere today.

    Those with thousandths are left out: amounts here have hundredths, and no rate of theirs is taken.
    """
    tenders = get_global("territory_currencies").values()
    valid = frozenset(code for rows in tenders for code, _first, last, tender in rows if tender and not last)
    return valid - THOUSANDTHS


def _of_iban(entered: Entered) -> Iterator[Problem]:
    if entered.account_number or entered.bank_code:
        yield Problem("iban_and_number", "account_number" if entered.account_number else "bank_code")
    try:
        iban.validate(entered.iban)
    except InvalidChecksum:
        yield Problem("iban_check", "iban")
    except ValidationError:
        yield Problem("iban_form", "iban")


def _of_number(entered: Entered) -> Iterator[Problem]:
    if not (entered.account_number or entered.bank_code):
        yield Problem("account_missing", "iban")
        return
    country = entered.bic[4:6] or entered.country
    if _has_ibans(country):
        yield Problem("iban_needed", "iban", {"country": country})
    if not _is_number(entered.account_number):
        yield Problem("account_number_form", "account_number")
    if not entered.bank_code:
        yield Problem("bank_code_missing", "bank_code")
    elif not _is_word(entered.bank_code, LONGEST_CODE):
        yield Problem("bank_code_form", "bank_code")


def _is_number(text: str) -> bool:
    return _is_word(text, LONGEST_NUMBER) and len(text) >= SHORTEST_NUMBER


def _is_word(text: str, most: int) -> bool:
    """Return whether a text is plain letters and digits. In capitals it can be longer than it was typed."""
    return text.isascii() and text.isalnum() and len(text) <= most


def _has_ibans(country: str) -> bool:
    return any(properties.get("bban") for _part, properties in numdb.get("iban").info(country))
