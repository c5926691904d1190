"""A released run as files: ISO 20022 that its schema takes, and tables without a single formula."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
import sepaxml
from openpyxl import load_workbook
from xmlschema import XMLSchema

from workflow.payment_runs.files import Payer, PaymentFile
from workflow.payment_runs.iso20022 import NAMESPACE, xml_of
from workflow.payment_runs.settling import end_to_end
from workflow.payment_runs.tables import csv_of, xlsx_of

SCHEMA = XMLSchema(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd")


@dataclass(frozen=True)
class Payment:
    """What files say of one claim."""

    number: str = "2026H1-00042"
    partner: str = "Elbe Systems"
    amount: int = 400_000
    holder: str = "Elbe Systems GmbH"
    iban: str | None = "DE89370400440532013000"
    account_number: str | None = None
    bank_code: str | None = None
    bic: str | None = "COBADEFF"
    currency: str = "USD"
    instructed: int | None = None
    ordered_usd: str | None = None
    ordered_local: str | None = None
    ordered_rate_day: date | None = None
    tried_before: int = 0


GERMAN = Payment()
AMERICAN = Payment(
    "2026H1-00043",
    "Hudson Inc.",
    1,
    "Hudson & Søns <Inc.>",
    iban=None,
    account_number="000123456789",
    bank_code="021000021",
    bic=None,
)


def file_of(*payments: Payment, account: str = "FR1420041010050500013M02606", bic: str = "") -> PaymentFile:
    return PaymentFile(
        Payer("Northwind", account, bic),
        "Joint Marketing Fund",
        "RUN-00007",
        date(2026, 5, 4),
        datetime(2026, 5, 1, 12, 0, tzinfo=UTC),
        payments,
    )


def texts(root: Element, path: str) -> Sequence[str | None]:
    steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
    return [element.text for element in root.iterfind(f".//{steps}")]


@pytest.mark.parametrize(
    "file",
    [
        file_of(GERMAN),
        file_of(GERMAN, AMERICAN, bic="BNPAFRPP"),
        file_of(AMERICAN, account="6222020200099887766", bic="ICBKCNBJ"),
        file_of(replace(GERMAN, bic=None)),
        file_of(replace(AMERICAN, bic="CHASUS33")),
        file_of(replace(GERMAN, holder="x" * 140, number="P" * 20 + "-00001", amount=10**15 - 1)),
    ],
)
def test_the_file_for_the_bank_is_what_its_schema_takes(file: PaymentFile) -> None:
    SCHEMA.validate(BytesIO(xml_of(file)))


def test_the_runs_reference_and_each_claims_own_are_apart() -> None:
    root = fromstring(xml_of(file_of(GERMAN, AMERICAN)))
    assert texts(root, "GrpHdr/MsgId") == texts(root, "PmtInf/PmtInfId") == ["RUN-00007"]
    assert texts(root, "PmtId/EndToEndId") == ["2026H1-00042", "2026H1-00043"]


def test_an_order_that_follows_one_in_vain_has_a_reference_of_its_own() -> None:
    assert [end_to_end(Payment(tried_before=tried)) for tried in (0, 1, 2)] == [
        "2026H1-00042",
        "2026H1-00042-2",
        "2026H1-00042-3",
    ]


def test_the_file_for_the_bank_says_what_is_paid_from_where_to_whom_and_when() -> None:
    root = fromstring(xml_of(file_of(GERMAN, AMERICAN)))
    assert texts(root, "NbOfTxs") == ["2", "2"]
    assert texts(root, "CtrlSum") == ["4000.01", "4000.01"]
    assert texts(root, "Amt/InstdAmt") == ["4000.00", "0.01"]
    assert texts(root, "DbtrAcct/Id/IBAN") == ["FR1420041010050500013M02606"]
    assert texts(root, "CdtrAcct/Id/IBAN") == ["DE89370400440532013000"]
    assert texts(root, "CdtrAcct/Id/Othr/Id") == ["000123456789"]
    assert texts(root, "CdtrAgt/FinInstnId/BICFI") == ["COBADEFF"]
    assert texts(root, "CdtrAgt/FinInstnId/ClrSysMmbId/MmbId") == ["021000021"]
    assert texts(root, "Cdtr/Nm") == ["Elbe Systems GmbH", "Hudson & Søns <Inc.>"]
    assert texts(root, "ReqdExctnDt/Dt") == ["2026-05-04"]
    assert texts(root, "RmtInf/Ustrd")[0] == "2026H1-00042 Joint Marketing Fund"


def test_the_same_run_gives_the_same_file() -> None:
    assert xml_of(file_of(GERMAN)) == xml_of(file_of(GERMAN))
    made = load_workbook(BytesIO(xlsx_of(file_of(GERMAN)))).properties.created
    assert made == datetime(2026, 5, 1, 12, 0)  # noqa: DTZ001 # a workbook knows no zones


def test_csv_holds_a_line_for_each_payment() -> None:
    header, german, american = csv.reader(StringIO(csv_of(file_of(GERMAN, AMERICAN)).decode()))
    told = dict(zip(header, german, strict=True))
    assert (told["Run"], told["End-to-end reference"]) == ("RUN-00007", "2026H1-00042")
    assert (told["Amount"], told["Currency"], told["IBAN"]) == ("4000.00", "USD", "DE89370400440532013000")
    assert dict(zip(header, american, strict=True))["Account number"] == "000123456789"


def test_a_table_says_by_which_rate_of_which_day_another_currency_is_paid() -> None:
    euro = replace(GERMAN, currency="EUR", instructed=320_000, ordered_usd="1.25", ordered_local="1")
    euro = replace(euro, ordered_rate_day=date(2026, 4, 30))
    header, german, plain = csv.reader(StringIO(csv_of(file_of(euro, GERMAN)).decode()))
    names = ("Amount", "Currency", "Amount in USD", "Exchange rate", "Day of the rate")
    told = dict(zip(header, german, strict=True))
    assert [told[name] for name in names] == ["3200.00", "EUR", "4000.00", "1.25 USD = 1 EUR", "2026-04-30"]
    told = dict(zip(header, plain, strict=True))
    assert [told[name] for name in names] == ["4000.00", "USD", "4000.00", "", ""]


def test_a_workbook_holds_amounts_as_numbers_and_everything_else_as_text() -> None:
    sheet = load_workbook(BytesIO(xlsx_of(file_of(GERMAN, AMERICAN)))).active
    assert sheet is not None
    header, german, american = sheet.iter_rows()
    names = [cell.value for cell in header]
    assert german[names.index("Amount")].value == 4000
    assert american[names.index("Amount")].value == 0.01
    assert american[names.index("Account number")].value == "000123456789"
    assert {cell.data_type for cell in german if cell.column != names.index("Amount") + 1} <= {"s", "n"}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_becomes_a_formula(sign: str) -> None:
    evil = f'{sign}HYPERLINK("http://x.example","y")'
    file = file_of(replace(GERMAN, holder=evil, partner=evil))
    header, row = csv.reader(StringIO(csv_of(file).decode(), newline=""))
    assert dict(zip(header, row, strict=True))["Account holder"] == f"'{evil}"
    sheet = load_workbook(BytesIO(xlsx_of(file))).active
    assert sheet is not None
    cells = [cell for cells in sheet.iter_rows(min_row=2) for cell in cells if "HYPERLINK" in str(cell.value)]
    assert [cell.data_type for cell in cells] == ["s", "s"]
    assert not [cell for cell in cells if cell.hyperlink]
