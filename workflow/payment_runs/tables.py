"""A run as a table: CSV, and a workbook. No text in either is ever taken for a formula."""

import csv
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from models.money import Cents, plain
from workflow.payment_runs.files import PaymentFile, row_of

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def csv_of(file: PaymentFile) -> bytes:
    """Return the run as CSV in UTF-8; amounts as `4000.00`."""
    text = StringIO()
    writer = csv.writer(text)
    rows = [row_of(file, payment) for payment in file.payments]
    writer.writerow(rows[0])
    writer.writerows([_harmless(value) for value in row.values()] for row in rows)
    return text.getvalue().encode()


def xlsx_of(file: PaymentFile) -> bytes:
    """Return the run as a workbook of one sheet: text as text, amounts as numbers."""
    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        # The moment of the release, not of the export: the same run gives the same file.
        book.set_properties({"created": file.released_at.replace(tzinfo=None)})
        sheet = book.add_worksheet(file.reference)
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        rows = [row_of(file, payment) for payment in file.payments]
        for column, name in enumerate(rows[0]):
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row.values()):
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                else:
                    sheet.write_number(line, column, value / 100, money)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return content.getvalue()


def _harmless(value: str | Cents) -> str:
    """Return a cell's text; an apostrophe before what would be a formula makes it text."""
    if not isinstance(value, str):
        return plain(value)
    return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
