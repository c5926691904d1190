"""All files of a claim as one archive, for whoever may see the claim."""

from flask import Response, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.http import dump_options_header

from models.claims import Evidence
from models.people import User
from web.access import allow, claim_or_404
from web.claims.files import SANDBOX
from web.claims.room import READERS, room
from web.erased import file_erased
from web.services import reading, services
from workflow.archives import Packed, archive_of


@room.get("/<int:claim_id>/files.zip")
@allow(*READERS)
def archive(claim_id: int) -> ResponseReturnValue:
    """Send all files of a claim as one ZIP archive, made while it is sent."""
    claim = claim_or_404(claim_id)
    found = reading().execute(
        select(Evidence, User.name)
        .join(User, User.id == Evidence.uploaded_by)
        .where(Evidence.claim_id == claim.id)
        .order_by(Evidence.kind, Evidence.id)
    )
    files = [_packed(file, by) for file, by in found]
    if not files:
        abort(404)
    name = f"{claim.number or f'draft-{claim.id}'}-files.zip".replace("/", "-")
    headers = {
        "Content-Disposition": dump_options_header("attachment", {"filename": name}),
        "Content-Security-Policy": SANDBOX,
    }
    return Response(archive_of(files, services().files.find), mimetype="application/zip", headers=headers)


def _packed(file: Evidence, by: str) -> Packed:
    """Return a file as it goes into the archive. One that was erased has no name any more."""
    name = file.name or f"erased-{file.id}"
    return Packed(file.kind, name, file.size, file.digest, by, file.uploaded_at, file_erased(file))
