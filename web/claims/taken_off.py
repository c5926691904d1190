"""Files that a partner took off a claim on hold, for those who set holds: everybody else finds none."""

from flask import abort
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from models.erasure import TakenOffFile
from web.access import allow, claim_or_404
from web.claims.files import content_or_404, send
from web.claims.room import room
from web.erasure.room import READERS
from web.services import reading


@room.get("/<int:claim_id>/taken-off/<int:taken_off_id>")
@allow(*READERS)
def taken_off(claim_id: int, taken_off_id: int) -> ResponseReturnValue:
    """Send a file that was taken off a claim, as its evidence is sent."""
    claim = claim_or_404(claim_id)
    mine = TakenOffFile.id == taken_off_id, TakenOffFile.claim_id == claim.id
    file = reading().scalar(select(TakenOffFile).where(*mine)) or abort(404)
    return send(file, content_or_404(file))
