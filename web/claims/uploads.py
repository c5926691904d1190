"""Files sent in pieces by tus 1.0 (core, creation, termination), so that a cut connection loses one piece.

Who may attach what is the same as for the form, and a file that has come whole is judged by the same checks.
"""

from base64 import b64decode
from collections.abc import Collection
from functools import partial
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.claims import Claim
from models.file_store import TooLarge
from models.vocabulary import Role, State
from web.access import allow, claim_or_404
from web.auth.visitor import actor
from web.claims.files import file_status, keep_evidence
from web.claims.judging import policy_for
from web.claims.proofs import kinds_of_files
from web.claims.room import room
from web.forms import sent_number
from web.moving import words_of
from web.services import now, services
from workflow import loose_files, uploads
from workflow.attaching import ATTACHMENT
from workflow.file_types import FileRefused, clean_name
from workflow.refusals import Refused
from workflow.uploads import TooManyPieces, UploadNotFound, WrongOffset

VERSION = {"Tus-Resumable": "1.0.0"}
PIECE_TYPE = "application/offset+octet-stream"
PASSING = frozenset({"not_kept", "not_scanned"})
"""Why a file is not taken now, and may be in a minute: its pieces are kept."""


@room.post("/<int:claim_id>/uploads")
@allow(Role.partner)
def begin_upload(claim_id: int) -> ResponseReturnValue:
    """Begin an upload. `Upload-Metadata` says its `filename` and what it shows, as `kind`."""
    claim, size = claim_or_404(claim_id), sent_number(request.headers.get("Upload-Length", ""))
    said = _metadata()
    if size is None or said is None or _other_version():
        return _answer(412 if _other_version() else 400)
    name, most = clean_name(said.get("filename", "")), services().settings.max_file_mb
    try:
        if not size:
            raise FileRefused("empty", {"name": name})
        if size > most * 1_000_000:
            raise FileRefused("too_large", {"name": name, "limit": str(most)})
        if said.get("kind", "") not in _kinds(claim):
            raise FileRefused("kind")
        upload_id = uploads.begin(services().database, actor(), claim_id, said["kind"], name, size, now())
    except (FileRefused, Refused) as refused:
        return _refused(refused)
    address = url_for("claims.upload_stands", claim_id=claim_id, upload_id=upload_id)
    return _answer(201, {"Location": address, "Upload-Offset": "0"})


@room.route("/<int:claim_id>/uploads/<upload_id>", methods=["HEAD"])
@allow(Role.partner)
def upload_stands(claim_id: int, upload_id: str) -> ResponseReturnValue:
    """Tell how far an upload has come."""
    upload = _own(claim_id, upload_id)
    return _answer(200, {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)})


@room.route("/<int:claim_id>/uploads/<upload_id>", methods=["PATCH"])
@allow(Role.partner)
def append_to_upload(claim_id: int, upload_id: str) -> ResponseReturnValue:
    """Take the next piece. With the last one, or an empty one after it, the file is attached.

    `Claim-Version` then tells the version that the claim got by this.
    """
    upload, offset = _own(claim_id, upload_id), sent_number(request.headers.get("Upload-Offset", ""))
    if request.mimetype != PIECE_TYPE or offset is None or _other_version():
        return _answer(412 if _other_version() else 400 if offset is None else 415)
    try:
        return _taken(upload, offset)
    except WrongOffset:
        return _answer(409)
    except (TooLarge, TooManyPieces):
        return _answer(413)
    except (FileRefused, Refused) as refused:
        return _refused(refused)


@room.delete("/<int:claim_id>/uploads/<upload_id>")
@allow(Role.partner)
def drop_upload(claim_id: int, upload_id: str) -> ResponseReturnValue:
    """Forget an upload; a file that it attached stays."""
    _own(claim_id, upload_id)
    uploads.drop(services().database, actor(), claim_id, upload_id, now())
    return _answer(204)


@room.errorhandler(UploadNotFound)
def no_such_upload(_error: UploadNotFound) -> ResponseReturnValue:
    """Answer as tus does where there is no such upload of the visitor's own."""
    return _answer(404)


def _own(claim_id: int, upload_id: str) -> Any:
    """Return one of the visitor's own uploads. Any other is not found, whatever else is wrong."""
    claim_or_404(claim_id)
    with services().database.read() as connection:
        return uploads.upload_of(connection, actor(), claim_id, upload_id, lock=False)


def _taken(upload: Any, offset: int) -> Response:
    database, store = services().database, services().files
    if offset != upload.received:
        raise WrongOffset(upload.id)
    with store.receive(request.stream, upload.size - offset) as piece:
        if piece.size:
            loose_files.write_down_as_loose(database, piece.digest, now())
            store.keep(piece)
            offset = uploads.append(
                database, actor(), upload.claim_id, upload.id, offset, piece.digest, piece.size
            )
    told = {"Upload-Offset": str(offset)}
    if offset == upload.size:
        told["Claim-Version"] = str(_attached(upload.claim_id, upload.id))
    return _answer(204, told)


def _attached(claim_id: int, upload_id: str) -> int:
    """Attach a file that has come whole, or forget it where it is refused; return its claim's new version."""
    database, find = services().database, services().files.find
    with database.read() as connection:
        upload = uploads.upload_of(connection, actor(), claim_id, upload_id, lock=False)
        pieces = uploads.pieces_of(connection, upload_id)
    if upload.attached_version is not None:
        return int(upload.attached_version)
    try:
        with uploads.joined(partial(find, digest) for digest in pieces) as whole:
            file, look = keep_evidence(whole, upload.name)
        return uploads.finish(database, actor(), claim_id, upload_id, file, now(), look)
    except FileRefused as refused:
        if refused.code not in PASSING:
            uploads.drop(database, actor(), claim_id, upload_id, now())
        raise


def _kinds(claim: Claim) -> Collection[str]:
    """Return what an attached file may show, as the form of the claim's state offers it."""
    if claim.state is not State.approved:
        return {ATTACHMENT}
    return kinds_of_files(claim.activity_type, policy_for(claim))


def _metadata() -> dict[str, str] | None:
    """Return what `Upload-Metadata` says; None where it is not as tus has it."""
    pairs = (pair.split() for pair in request.headers.get("Upload-Metadata", "").split(",") if pair.strip())
    try:
        return {pair[0]: b64decode("".join(pair[1:]), validate=True).decode() for pair in pairs}
    except (ValueError, IndexError):
        return None


def _other_version() -> bool:
    return request.headers.get("Tus-Resumable") != VERSION["Tus-Resumable"]


def _refused(refused: FileRefused | Refused) -> Response:
    if isinstance(refused, FileRefused):
        return _answer(file_status([refused]), said=refused.words(_))
    return _answer(409, said=" ".join(map(words_of, refused.problems)))


def _answer(status: int, headers: dict[str, str] | None = None, said: str = "") -> Response:
    more = {"Tus-Version": "1.0.0"} if status == 412 else {}
    return Response(said, status, {**VERSION, **more, **(headers or {})}, mimetype="text/plain")
