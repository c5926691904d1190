"""Pictures and PDFs among the files of a claim, shown on a page: drawn anew, never as they were sent."""

import io
from collections.abc import Callable, Mapping
from typing import IO

from flask import Response, abort
from flask.typing import ResponseReturnValue

from web.access import allow
from web.claims.files import SANDBOX, file_or_404
from web.claims.room import READERS, room
from workflow.pdf_drawing import draw_pdf
from workflow.small_pictures import read_picture

SIDE = 640
"""Pixels of a picture's longer side in a preview."""


@room.get("/<int:claim_id>/files/<int:evidence_id>/preview")
@allow(*READERS)
def preview(claim_id: int, evidence_id: int) -> ResponseReturnValue:
    """Send a picture of a claim, small, or the first pages of a PDF. What cannot be drawn is not found."""
    file, content = file_or_404(claim_id, evidence_id)
    draw = DRAWN.get(file.content_type)
    with content:
        drawn = draw(content) if draw else None
    if drawn is None:
        abort(404)
    return Response(drawn, mimetype="image/jpeg", headers={"Content-Security-Policy": SANDBOX})


def _draw_picture(content: IO[bytes]) -> bytes | None:
    picture = read_picture(content, SIDE)
    if picture is None:
        return None
    picture.thumbnail((SIDE, SIDE))
    drawn = io.BytesIO()
    picture.save(drawn, "JPEG", quality=80)
    return drawn.getvalue()


DRAWN: Mapping[str, Callable[[IO[bytes]], bytes | None]] = {
    "image/jpeg": _draw_picture,
    "image/png": _draw_picture,
    "image/webp": _draw_picture,
    "application/pdf": draw_pdf,
}
"""How a file is drawn, by its content type. What is not here is downloaded alone."""


@room.app_template_test("drawable")
def is_drawable(content_type: str) -> bool:
    """Return whether files of a content type have a preview."""
    return content_type in DRAWN
