"""A run as a table: CSV, and a workbook. No text in either is ever taken for a formula."""

from io import BytesIO

from xlsxwriter import Workbook

from workflow import tabular
from workflow.payment_runs.files import PaymentFile, row_of


def csv_of(file: PaymentFile) -> bytes:
    """Return the run as CSV in UTF-8; amounts as `4000.00`."""
    rows = [row_of(file, payment) for payment in file.payments]
    return b"".join(tabular.csv_of([list(rows[0]), *(list(row.values()) for row in rows)]))


def xlsx_of(file: PaymentFile) -> bytes:
    """Return the run as a workbook of one sheet: text as text, amounts as numbers."""
    content = BytesIO()
    rows = [row_of(file, payment) for payment in file.payments]
    with Workbook(content, {"in_memory": True}) as book:
        # The moment of the release, not of the export: the same run gives the same file.
        book.set_properties({"created": file.released_at.replace(tzinfo=None)})
        sheet = tabular.write_sheet(book, file.reference, list(rows[0]), [list(row.values()) for row in rows])
        sheet.autofit()
    return content.getvalue()
