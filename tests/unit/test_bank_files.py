"""What a bank's file says of each payment, whatever its kind and version."""

from datetime import date

import pytest

from tests.support.bank_files import Booking, Status, camt, pain_002
from workflow.payment_runs.bank_files import LARGEST, NOT_PROVIDED, Answer, Said, read_answers
from workflow.refusals import Refused

MAY_1 = date(2026, 5, 1)


@pytest.mark.parametrize("version", ["03", "08", "10", "14"])
def test_a_status_report_tells_of_each_payment_whatever_its_version(version: str) -> None:
    file = pain_002(
        "RUN-00001",
        Status("A-1", amount=400_000, settled_on="2026-05-02"),
        Status("A-2", "RJCT", "AC04 The account is closed."),
        Status("A-3", "ACCC"),
        Status("A-4", "PDNG"),
        version=version,
    )
    assert read_answers(file) == (
        Answer(Said.paid, "A-1", "RUN-00001", "", date(2026, 5, 2), 400_000, "USD", status="ACSC"),
        Answer(
            Said.rejected,
            "A-2",
            "RUN-00001",
            day=MAY_1,
            reason="AC04 The account is closed.",
            status="RJCT",
        ),
        Answer(Said.paid, "A-3", "RUN-00001", day=MAY_1, status="ACCC"),
        Answer(Said.open, "A-4", "RUN-00001", day=MAY_1, status="PDNG"),
    )


def test_a_bank_may_reject_a_whole_run_at_once() -> None:
    (answer,) = read_answers(pain_002("RUN-00001", of_all="RJCT", reason="FF01"))
    assert (answer.said, answer.end_to_end, answer.run, answer.reason) == (
        Said.rejected,
        "",
        "RUN-00001",
        "FF01",
    )


def test_a_group_that_is_only_named_leaves_the_status_to_the_whole_message() -> None:
    named = (
        b"<OrgnlPmtInfAndSts><OrgnlPmtInfId>RUN-00001</OrgnlPmtInfId></OrgnlPmtInfAndSts></CstmrPmtStsRpt>"
    )
    file = pain_002("RUN-00001", of_all="RJCT").replace(b"</CstmrPmtStsRpt>", named)
    (answer,) = read_answers(file)
    assert (answer.said, answer.run) == (Said.rejected, "RUN-00001")


@pytest.mark.parametrize("kind", ["camt.053.001.02", "camt.053.001.08", "camt.054.001.04", "camt.054.001.12"])
def test_a_booked_debit_is_a_payment_whatever_the_message_and_its_version(kind: str) -> None:
    assert read_answers(camt(Booking("A-1"), kind=kind)) == (
        Answer(Said.paid, "A-1", "", "BANK-1", MAY_1, 400_000, "USD", status="DBIT"),
    )


@pytest.mark.parametrize(
    ("booking", "said"),
    [
        (Booking("A", indicator="CRDT", returned="AC04"), Said.returned),
        (Booking("A", indicator="CRDT"), Said.open),
        (Booking("A", returned="AC04"), Said.open),
        (Booking("A", status="PDNG"), Said.open),
    ],
)
def test_only_what_is_booked_and_is_a_debit_or_a_return_says_anything(booking: Booking, said: Said) -> None:
    (answer,) = read_answers(camt(booking))
    assert answer.said is said


def test_a_reversed_debit_came_back() -> None:
    file = camt(Booking("A", indicator="CRDT")).replace(b"<Sts>", b"<RvslInd>true</RvslInd><Sts>")
    (answer,) = read_answers(file)
    assert answer.said is Said.returned


def test_what_was_ordered_counts_where_the_bank_booked_another_currency() -> None:
    instructed = b'<AmtDtls><InstdAmt><Amt Ccy="USD">4000.00</Amt></InstdAmt></AmtDtls></TxDtls>'
    file = camt(Booking("A", 371_234, currency="EUR")).replace(b"</TxDtls>", instructed)
    (answer,) = read_answers(file)
    assert (answer.amount, answer.currency) == (400_000, "USD")


def test_a_reference_of_several_payments_in_one_entry_is_none_of_theirs() -> None:
    other = b"<TxDtls><Refs><EndToEndId>B</EndToEndId><AcctSvcrRef>BANK-B</AcctSvcrRef></Refs></TxDtls>"
    file = camt(Booking("A")).replace(b"</NtryDtls>", other + b"</NtryDtls>")
    assert [(one.end_to_end, one.reference) for one in read_answers(file)] == [("A", ""), ("B", "BANK-B")]


@pytest.mark.parametrize(
    ("written", "cents"),
    [("12", 1200), ("12.5", 1250), ("12.50000", 1250), ("12.345", None), ("-1.00", None), ("9" * 30, None)],
)
def test_an_amount_is_read_exactly_or_not_at_all(written: str, cents: int | None) -> None:
    file = camt(Booking("A", 100)).replace(b">1.00<", f">{written}<".encode())
    (answer,) = read_answers(file)
    assert answer.amount == cents


def test_a_payment_without_a_reference_is_nobodys() -> None:
    (answer,) = read_answers(camt(Booking("")))
    assert answer.end_to_end == NOT_PROVIDED


BOMB = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><Document>&b;</Document>'
FETCHES = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><Document>&a;</Document>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "bank_file_unreadable"),
        (b"Claim;Amount\n1;2", "bank_file_unreadable"),
        (b"<Document>", "bank_file_unreadable"),
        (b'<?xml version="1.0" encoding="no-such"?><Document/>', "bank_file_unreadable"),
        (BOMB, "bank_file_unreadable"),
        (FETCHES, "bank_file_unreadable"),
        (b"<Document/>", "bank_file_unknown"),
        (b"<Document><CstmrCdtTrfInitn/></Document>", "bank_file_unknown"),
        (b"<Document><!-- nothing --></Document>", "bank_file_unknown"),
        (b" " * (LARGEST + 1), "bank_file_large"),
    ],
)
def test_what_is_no_answer_of_a_bank_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_answers(content)


def test_a_file_of_too_many_payments_is_refused() -> None:
    with pytest.raises(Refused, match="bank_file_long"):
        read_answers(camt(*(Booking(f"A-{number}") for number in range(2001))))
