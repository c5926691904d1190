"""A run as an ISO 20022 customer credit transfer (pain.001.001.09), as banks take it.

The run's reference names the message and its one group of payments; each payment bears the claim's own.
"""

from datetime import UTC
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from stdnum import iban

from models.money import plain
from workflow.payment_runs.contents import AnyPayment, ordered
from workflow.payment_runs.files import PaymentFile, remittance
from workflow.payment_runs.settling import end_to_end

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
LONGEST_NAME = 140


def xml_of(file: PaymentFile) -> bytes:
    """Return the run as an XML document in UTF-8."""
    document = Element("Document", xmlns=NAMESPACE)
    message = SubElement(document, "CstmrCdtTrfInitn")
    _head(SubElement(message, "GrpHdr"), file)
    group = SubElement(message, "PmtInf")
    _payer(group, file)
    for payment in file.payments:
        _payment(SubElement(group, "CdtTrfTxInf"), file, payment)
    indent(document)
    content: bytes = tostring(document, encoding="utf-8", xml_declaration=True)
    return content


def _head(head: Element, file: PaymentFile) -> None:
    _text(head, file.reference, "MsgId")
    _text(head, file.released_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "CreDtTm")
    _sums(head, file)
    _text(head, file.payer.name[:LONGEST_NAME], "InitgPty", "Nm")


def _payer(group: Element, file: PaymentFile) -> None:
    payer = file.payer
    _text(group, file.reference, "PmtInfId")
    _text(group, "TRF", "PmtMtd")
    _sums(group, file)
    _text(group, file.due_on.isoformat(), "ReqdExctnDt", "Dt")
    _text(group, payer.name[:LONGEST_NAME], "Dbtr", "Nm")
    _account(group, "DbtrAcct", payer.account, is_iban=iban.is_valid(payer.account))
    _bank(group, "DbtrAgt", payer.bic or None, None)
    _text(group, "SHAR", "ChrgBr")


def _payment(transfer: Element, file: PaymentFile, payment: AnyPayment) -> None:
    _text(transfer, end_to_end(payment), "PmtId", "EndToEndId")
    amount, currency = ordered(payment)
    _text(transfer, plain(amount), "Amt", "InstdAmt").set("Ccy", currency)
    if payment.bic or payment.bank_code:
        _bank(transfer, "CdtrAgt", payment.bic, payment.bank_code)
    _text(transfer, payment.holder, "Cdtr", "Nm")
    number = payment.iban or payment.account_number
    account = _account(transfer, "CdtrAcct", number, is_iban=payment.iban is not None)
    _text(account, payment.currency, "Ccy")
    _text(transfer, remittance(file, payment), "RmtInf", "Ustrd")


def _sums(parent: Element, file: PaymentFile) -> None:
    _text(parent, str(len(file.payments)), "NbOfTxs")
    _text(parent, plain(sum(ordered(payment)[0] for payment in file.payments)), "CtrlSum")


def _account(parent: Element, name: str, number: str, *, is_iban: bool) -> Element:
    account = SubElement(parent, name)
    _text(account, number, "Id", *(("IBAN",) if is_iban else ("Othr", "Id")))
    return account


def _bank(parent: Element, name: str, bic: str | None, code: str | None) -> None:
    bank = SubElement(SubElement(parent, name), "FinInstnId")
    if bic:
        _text(bank, bic, "BICFI")
    if code:
        _text(bank, code, "ClrSysMmbId", "MmbId")
    if not (bic or code):
        _text(bank, "NOTPROVIDED", "Othr", "Id")


def _text(parent: Element, text: str, *path: str) -> Element:
    """Put text at the end of a path of new elements; return the last of them."""
    for name in path:
        parent = SubElement(parent, name)
    parent.text = text
    return parent
