"""The files of a claim: attached by its partner, downloaded by whoever may see the claim."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from flask import Response, abort, current_app, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from models.claims import Claim, Evidence
from models.erasure import TakenOffFile
from models.file_store import FilesAway, TooLarge, digest_of
from models.packages import AuditPackage
from models.threads import PostFile
from web.access import allow, claim_or_404
from web.auth.visitor import actor
from web.claims.room import READERS, room
from web.forms import sent_number
from web.services import now, reading, services
from web.virus_scan import NotScanned
from workflow import attaching, loose_files
from workflow.duplicates.pictures import fingerprint
from workflow.file_types import FileRefused, clean_name, examine

SANDBOX = "default-src 'none'; sandbox"


@room.get("/<int:claim_id>/files/<int:evidence_id>")
@allow(*READERS)
def download(claim_id: int, evidence_id: int) -> ResponseReturnValue:
    """Send a file of a claim, to be stored and never to be shown by the browser."""
    return send(*file_or_404(claim_id, evidence_id))


def file_or_404(claim_id: int, evidence_id: int) -> tuple[Evidence, IO[bytes]]:
    """Return a file of a claim that the signed-in user may see, and its content, for the caller to close."""
    claim = claim_or_404(claim_id)
    file = reading().scalar(select(Evidence).where(Evidence.id == evidence_id, Evidence.claim_id == claim.id))
    if file is None:
        abort(404)
    return file, content_or_404(file)


def content_or_404(file: Evidence | PostFile | TakenOffFile | AuditPackage) -> IO[bytes]:
    """Return the content of a file that was kept, for the caller to close.

    404 where the store lost it, 410 where it was erased.
    """
    if not file.digest:
        abort(410)
    try:
        return services().files.find(file.digest)
    except FileNotFoundError:
        abort(404)


def send(file: Evidence | PostFile | TakenOffFile, content: IO[bytes]) -> Response:
    """Return a file as a download that no browser shows."""
    response = send_file(content, file.content_type, as_attachment=True, download_name=file.name, etag=False)
    response.content_length = file.size
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def change_files(claim_id: int, version: int, wish: str, kinds: Iterable[str]) -> list[FileRefused]:
    """Attach the files that were sent, or take one off (`detach:12`), as the button wishes.

    Whatever is saved saves a chosen file too; `attach` asks for one. Each file is judged by itself: the
    good ones are attached, and why each other is not is returned.
    """
    evidence_id = taken_off(wish)
    if evidence_id is not None:
        version = attaching.detach(services().database, actor(), claim_id, version, evidence_id, now())
    if wish == "attach" or sent_files():
        return _attach_all(claim_id, version, frozenset(kinds))
    return []


def taken_off(wish: str) -> int | None:
    """Return the id of the file that a button takes off (`detach:12`); None for any other button."""
    verb, _colon, target = wish.partition(":")
    return sent_number(target) if verb == "detach" else None


def files_stand(claim: Claim, wish: str) -> bool:
    """Return whether a claim's files are as the button wishes already: the same request came before."""
    if taken_off(wish) in {file.id for file in claim.evidence}:
        return False
    kept = {(file.kind, file.digest) for file in claim.evidence}
    return kept.issuperset((request.form.get("kind", ""), digest_of(file.stream)) for file in sent_files())


def sent_files() -> list[FileStorage]:
    """Return the files that were chosen in the present form."""
    return [file for file in request.files.getlist("files") if file.filename]


def _attach_all(claim_id: int, version: int, kinds: frozenset[str]) -> list[FileRefused]:
    sent, kind = sent_files(), request.form.get("kind", "")
    if not sent:
        return [FileRefused("nothing")]
    if kind not in kinds:
        return [FileRefused("kind")]
    refused = []
    for file in sent:
        try:
            row, look = keep_evidence(file.stream, clean_name(file.filename or ""))
            new = {**row, "kind": kind}
            version = attaching.attach(services().database, actor(), claim_id, version, new, now(), look)
        except FileRefused as problem:
            refused.append(problem)
    return refused


def keep_file(source: IO[bytes], name: str) -> dict[str, Any]:
    """Keep a file that is of a type we take and that no scanner objects to; return what its row says.

    Raises FileRefused.
    """
    with _received(source, name) as (row, _path):
        return row


def keep_evidence(source: IO[bytes], name: str) -> tuple[dict[str, Any], bytes | None]:
    """Keep a file as `keep_file` does; return what its row says, and its fingerprint if it is a picture."""
    with _received(source, name) as (row, path):
        return row, fingerprint(path) if row["content_type"].startswith("image/") else None


FILE_STATUS = {"too_large": 413, "not_kept": 503, "not_scanned": 503}


def file_status(refused: Sequence[FileRefused]) -> int:
    """Return the HTTP status that tells of refused files: that of the first."""
    return FILE_STATUS.get(refused[0].code, 422)


@contextmanager
def _received(source: IO[bytes], name: str) -> Iterator[tuple[dict[str, Any], Path]]:
    """Give what the row of a file says, and where it lies until it is kept, which it is at the end."""
    store, scanner, limit = services().files, services().scanner, services().settings.max_file_mb
    try:
        with store.receive(source, limit * 1_000_000) as arrived:
            examined = examine(arrived.path, arrived.size, name)
            if scanner is not None:
                scanner.clear(arrived.path, examined.name)
            row = {
                "name": examined.name,
                "content_type": examined.kind.content_type,
                "dated_on": examined.dated_on,
                "size": arrived.size,
                "digest": arrived.digest,
            }
            yield row, arrived.path
            loose_files.write_down_as_loose(services().database, arrived.digest, now())
            store.keep(arrived)
    except TooLarge:
        raise FileRefused("too_large", {"name": name, "limit": str(limit)}) from None
    except (FilesAway, NotScanned) as error:
        current_app.logger.error("a file was not kept: %s", error)
        code = "not_scanned" if isinstance(error, NotScanned) else "not_kept"
        raise FileRefused(code, {"name": name}) from None
