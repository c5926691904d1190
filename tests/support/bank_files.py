"""What banks answer, as the messages of ISO 20022 that they send: written by hand, in several versions."""

from collections.abc import Iterable
from typing import NamedTuple

from models.money import Cents, plain

ISO = "urn:iso:std:iso:20022:tech:xsd"


class Status(NamedTuple):
    """What a pain.002 says of one payment. No amount where `amount` is None."""

    end_to_end: str
    status: str = "ACSC"
    reason: str = ""
    amount: Cents | None = None
    settled_on: str = ""


class Booking(NamedTuple):
    """An entry of a camt.053 or camt.054."""

    end_to_end: str
    amount: Cents = 400_000
    reference: str = "BANK-1"
    currency: str = "USD"
    booked_on: str = "2026-05-01"
    indicator: str = "DBIT"
    status: str = "BOOK"
    returned: str = ""
    """The reason of a return, if it is one."""


def pain_002(run: str, *statuses: Status, of_all: str = "", reason: str = "", version: str = "03") -> bytes:
    """Return the status of a run's payments, or, with `of_all`, of the whole run."""
    group = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{run}</OrgnlPmtInfId>{_each(map(_status, statuses))}"
    return _document(
        f"pain.002.001.{version}",
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-05-01T10:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{run}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"{f'<GrpSts>{of_all}</GrpSts>' if of_all else ''}{_why(reason)}</OrgnlGrpInfAndSts>"
        f"{f'{group}</OrgnlPmtInfAndSts>' if statuses else ''}</CstmrPmtStsRpt>",
    )


def camt(*bookings: Booking, kind: str = "camt.054.001.08") -> bytes:
    """Return a notification of bookings, or, as camt.053, a statement."""
    message, report = ("BkToCstmrStmt", "Stmt") if "053" in kind else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    coded = not kind.endswith(("02", "04"))
    entries = _each(_entry(one, coded=coded) for one in bookings)
    return _document(kind, f"<{message}><{report}><Id>1</Id>{entries}</{report}></{message}>")


def _status(one: Status) -> str:
    amount = "" if one.amount is None else f'<Amt><InstdAmt Ccy="USD">{plain(one.amount)}</InstdAmt></Amt>'
    settled = f"<IntrBkSttlmDt>{one.settled_on}</IntrBkSttlmDt>" if one.settled_on else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{one.end_to_end}</OrgnlEndToEndId><TxSts>{one.status}</TxSts>"
        f"{_why(one.reason)}<OrgnlTxRef>{amount}{settled}</OrgnlTxRef></TxInfAndSts>"
    )


def _why(reason: str) -> str:
    code, _blank, words = reason.partition(" ")
    more = f"<AddtlInf>{words}</AddtlInf>" if words else ""
    return f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn>{more}</StsRsnInf>" if reason else ""


def _entry(one: Booking, *, coded: bool) -> str:
    amount = f'<Amt Ccy="{one.currency}">{plain(one.amount)}</Amt>'
    returned = f"<RtrInf><Rsn><Cd>{one.returned}</Cd></Rsn></RtrInf>" if one.returned else ""
    return (
        f"<Ntry>{amount}<CdtDbtInd>{one.indicator}</CdtDbtInd>"
        f"<Sts>{f'<Cd>{one.status}</Cd>' if coded else one.status}</Sts>"
        f"<BookgDt><Dt>{one.booked_on}</Dt></BookgDt><AcctSvcrRef>{one.reference}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{one.end_to_end}</EndToEndId></Refs>{returned}"
        f"</TxDtls></NtryDtls></Ntry>"
    )


def _document(kind: str, text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{ISO}:{kind}">{text}</Document>'.encode()


def _each(parts: Iterable[str]) -> str:
    return "".join(parts)
