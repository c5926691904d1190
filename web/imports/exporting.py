"""What is on file as CSV or as a workbook, with the columns that an import takes."""

from tempfile import TemporaryFile

from flask import Response, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from models.vocabulary import ImportKind, Role
from web.access import allow
from web.imports.room import room
from web.services import services, today
from workflow.imports.exporting import csv_of, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@room.get("/export")
@allow(Role.manager)
def export() -> ResponseReturnValue:
    """Give everything of a kind as the file that the address asks for; where it asks for none, lead back."""
    kind, form = request.args.get("kind", ""), request.args.get("as", "")
    if kind not in set(ImportKind) or form not in ("csv", "xlsx"):
        return redirect(url_for("imports.index"))
    name = f"{kind}-{today().isoformat()}.{form}"
    return _csv(ImportKind(kind), name) if form == "csv" else _xlsx(ImportKind(kind), name)


def _csv(kind: ImportKind, name: str) -> Response:
    answer = Response(csv_of(services().database, kind), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _xlsx(kind: ImportKind, name: str) -> Response:
    content = TemporaryFile()  # noqa: SIM115 # the answer closes it, and it is gone
    write_xlsx(services().database, kind, content)
    content.seek(0)
    return send_file(content, XLSX, as_attachment=True, download_name=name, etag=False)
