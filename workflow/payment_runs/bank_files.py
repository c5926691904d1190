"""Reads what a bank answers in ISO 20022: pain.002 (status of payments), camt.053 and camt.054 (bookings).

Elements are found by their local names, so every version of these messages is read alike. What is read of
each payment:

- pain.002: the status of a transaction, or of its group or message where the bank gives no single ones.
  `RJCT` is rejected, `ACSC` and `ACCC` are settled, on the day of settlement or else that of the message.
- camt: each booked entry. A debit is a payment; a reversal, or a credit that says it is a return, came back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from models.money import MAX_CENTS, Cents, parse_amount
from workflow.refusals import Problem, Refused

MOST_ANSWERS = 2000
"""How many payments one file may tell of."""

LARGEST = 5_000_000
"""How many bytes a file may have."""

NOT_PROVIDED = "NOTPROVIDED"
"""What banks write where a payment has no end-to-end reference."""


class Said(StrEnum):
    """What a bank says of a payment: it left, it was rejected, it came back; or nothing final."""

    paid = "paid"
    rejected = "rejected"
    returned = "returned"
    open = "open"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bank says of one payment. `end_to_end` is empty where it speaks of the whole run.

    `run` is the reference of the run that it speaks of, where it says so.

    `amount` is in cents of `currency`; None where the bank does not say. `day` is that of its booking or
    settlement, `reference` the bank's own, `reason` its code and words, `status` its word for the state.
    """

    said: Said
    end_to_end: str
    run: str = ""
    reference: str = ""
    day: date | None = None
    amount: Cents | None = None
    currency: str = ""
    reason: str = ""
    status: str = ""


def read_answers(content: bytes) -> tuple[Answer, ...]:
    """Return what a file says of each payment, in its order. Raises Refused for what is no such file."""
    if len(content) > LARGEST:
        raise Refused(Problem("bank_file_large", "file", {"most": str(LARGEST // 1_000_000)}))
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Refused(Problem("bank_file_unreadable", "file")) from None
    message = next(iter(root), None)
    read = _READERS.get(_name(message)) if message is not None else None
    if message is None or read is None:
        raise Refused(Problem("bank_file_unknown", "file"))
    answers = []
    for answer in read(message):
        answers.append(answer)
        if len(answers) > MOST_ANSWERS:
            raise Refused(Problem("bank_file_long", "file", {"most": str(MOST_ANSWERS)}))
    return tuple(answers)


def _statuses(message: Element) -> Iterator[Answer]:
    """Yield what a pain.002 says: of each transaction, else of a group of them, else of the whole message."""
    created = _day(message, "GrpHdr", "CreDtTm")
    named = _text(message, "OrgnlGrpInfAndSts", "OrgnlMsgId")
    of_all = _one(message, "OrgnlGrpInfAndSts")
    told = False
    for group in _all(message, "OrgnlPmtInfAndSts"):
        run = _text(group, "OrgnlPmtInfId") or named
        transactions = list(_all(group, "TxInfAndSts"))
        told = told or bool(transactions or _text(group, "PmtInfSts"))
        for transaction in transactions:
            end_to_end = _text(transaction, "OrgnlEndToEndId") or NOT_PROVIDED
            yield _status(transaction, "TxSts", end_to_end, run, created)
        if not transactions and _text(group, "PmtInfSts"):
            yield _status(group, "PmtInfSts", "", run, created)
    if not told and of_all is not None and _text(of_all, "GrpSts"):
        yield _status(of_all, "GrpSts", "", named, created)


def _status(found: Element, name: str, end_to_end: str, run: str, created: date | None) -> Answer:
    status = _text(found, name)
    ordered = _one(found, "OrgnlTxRef", "Amt", "InstdAmt")
    return Answer(
        _FINAL.get(status, Said.open),
        end_to_end,
        run=run,
        reference=_text(found, "AcctSvcrRef"),
        day=_day(found, "OrgnlTxRef", "IntrBkSttlmDt") or created,
        amount=_cents(ordered),
        currency=_currency(ordered),
        reason=_reason(found, "StsRsnInf"),
        status=status,
    )


_FINAL = {"RJCT": Said.rejected, "ACSC": Said.paid, "ACCC": Said.paid}


def _bookings(message: Element) -> Iterator[Answer]:
    """Yield what a camt.053 or camt.054 says: of each transaction of each booked entry."""
    for report in message:
        if _name(report) in ("Stmt", "Ntfctn"):
            for entry in _all(report, "Ntry"):
                yield from _entry(entry)


def _entry(entry: Element) -> Iterator[Answer]:
    transactions = [one for details in _all(entry, "NtryDtls") for one in _all(details, "TxDtls")]
    # Of several, neither the sum nor the bank's reference of the entry is that of one.
    alone = len(transactions) < 2
    for transaction in transactions or [entry]:
        amount = _first(
            _one(transaction, "AmtDtls", "InstdAmt", "Amt"),
            _one(transaction, "AmtDtls", "TxAmt", "Amt"),
            _one(transaction, "Amt"),
            _one(entry, "Amt") if alone else None,
        )
        status = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
        yield Answer(
            _booked(entry, transaction) if status == "BOOK" else Said.open,
            _text(transaction, "Refs", "EndToEndId") or NOT_PROVIDED,
            run=_text(transaction, "Refs", "PmtInfId"),
            reference=_text(transaction, "Refs", "AcctSvcrRef")
            or (_text(entry, "AcctSvcrRef") if alone else ""),
            day=_day(entry, "BookgDt", "Dt") or _day(entry, "BookgDt", "DtTm") or _day(entry, "ValDt", "Dt"),
            amount=_cents(amount),
            currency=_currency(amount),
            reason=_reason(transaction, "RtrInf"),
            status=status if status != "BOOK" else _text(entry, "CdtDbtInd"),
        )


def _booked(entry: Element, transaction: Element) -> Said:
    """Return what a booking is: a debit is a payment, unless it takes back a credit, which is not ours."""
    indicated = _text(transaction, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    reverses = _text(entry, "RvslInd") in ("true", "1")
    returns = _one(transaction, "RtrInf") is not None or "RRTN" in (
        _text(transaction, "BkTxCd", "Domn", "Fmly", "SubFmlyCd"),
        _text(entry, "BkTxCd", "Domn", "Fmly", "SubFmlyCd"),
    )
    if indicated == "DBIT" and not reverses and not returns:
        return Said.paid
    return Said.returned if indicated == "CRDT" and (reverses or returns) else Said.open


_READERS = {
    "CstmrPmtStsRpt": _statuses,
    "BkToCstmrStmt": _bookings,
    "BkToCstmrDbtCdtNtfctn": _bookings,
}
"""How each message is read, by the name of what is in its document."""


def _reason(found: Element, name: str) -> str:
    """Return a reason as the bank gives it: its code, and what it says besides."""
    words = []
    for information in _all(found, name):
        words.append(_text(information, "Rsn", "Cd") or _text(information, "Rsn", "Prtry"))
        words += [(one.text or "").strip() for one in _all(information, "AddtlInf")]
    return " ".join(filter(None, words))[:LONGEST_REASON]


LONGEST_REASON = 500


def _cents(found: Element | None) -> Cents | None:
    """Return an amount in cents; None where there is none, or one of more than two decimals."""
    whole, _point, decimals = ((found.text or "") if found is not None else "").strip().partition(".")
    if len(decimals.rstrip("0")) > 2:
        return None
    try:
        cents = parse_amount(f"{whole}.{decimals.rstrip('0'):0<2}")
    except ValueError:
        return None
    return cents if cents <= MAX_CENTS else None


def _currency(found: Element | None) -> str:
    return found.get("Ccy", "")[:3] if found is not None else ""


def _day(found: Element, *path: str) -> date | None:
    """Return the day of a date or a moment, as the bank's own calendar has it."""
    try:
        return date.fromisoformat(_text(found, *path)[:10])
    except ValueError:
        return None


def _text(found: Element, *path: str) -> str:
    one = _one(found, *path)
    return " ".join((one.text or "").split())[:LONGEST_TEXT] if one is not None else ""


LONGEST_TEXT = 140


def _one(found: Element, *path: str) -> Element | None:
    """Return the first element at the end of a path of local names."""
    for name in path:
        step = next(_all(found, name), None)
        if step is None:
            return None
        found = step
    return found


def _all(found: Element, name: str) -> Iterator[Element]:
    return (one for one in found if _name(one) == name)


def _first(*found: Element | None) -> Element | None:
    return next((one for one in found if one is not None), None)


def _name(element: Any) -> str:
    """Return an element's local name; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
