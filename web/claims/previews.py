"""Pictures among the files of a claim, shown on a page: drawn anew and small, never as they were sent."""

import io

from flask import Response, abort
from flask.typing import ResponseReturnValue

from web.access import allow
from web.claims.files import SANDBOX, file_or_404
from web.claims.room import READERS, room
from workflow.small_pictures import read_picture

SIDE = 640
"""Pixels of a preview's longer side."""


@room.get("/<int:claim_id>/files/<int:evidence_id>/preview")
@allow(*READERS)
def preview(claim_id: int, evidence_id: int) -> ResponseReturnValue:
    """Send a picture of a claim, small. What cannot be drawn is not found."""
    file, content = file_or_404(claim_id, evidence_id)
    with content:
        picture = read_picture(content, SIDE) if file.content_type.startswith("image/") else None
    if picture is None:
        abort(404)
    picture.thumbnail((SIDE, SIDE))
    drawn = io.BytesIO()
    picture.save(drawn, "JPEG", quality=80)
    return Response(drawn.getvalue(), mimetype="image/jpeg", headers={"Content-Security-Policy": SANDBOX})
