"""What a claim's file says of its proof: the end of its chain, and which checkpoint covers how much of it."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from models.claims import Claim
from models.links import Checkpoint, CheckpointHead, Link
from web.formats import moment
from web.services import reading
from workflow.typesetting import Section


def proof_of(claim: Claim) -> Iterator[Section]:
    """Yield the section on what proves the history of a claim, and what nothing proves yet."""
    head = (
        reading()
        .execute(
            select(Link.position, Link.hash)
            .where(Link.chain == claim.id)
            .order_by(Link.position.desc())
            .limit(1)
        )
        .one_or_none()
    )
    if head is None:
        yield Section(_("Proof"), paragraphs=[_("It has no history yet, so there is nothing to prove.")])
        return
    covered = (
        reading()
        .execute(
            select(Checkpoint.number, Checkpoint.at, CheckpointHead.length)
            .join(Checkpoint, Checkpoint.number == CheckpointHead.checkpoint)
            .where(CheckpointHead.chain == claim.id)
            .order_by(CheckpointHead.checkpoint.desc())
            .limit(1)
        )
        .one_or_none()
    )
    length = covered.length if covered else 0
    facts = [
        (_("Links in its chain"), str(head.position)),
        (_("Hash of the last link"), head.hash),
        (
            _("Signed by"),
            _(
                "checkpoint %(number)s of %(moment)s, up to link %(length)s",
                number=covered.number,
                moment=moment(covered.at),
                length=length,
            )
            if covered
            else _("no checkpoint yet"),
        ),
    ]
    yield Section(_("Proof"), facts=facts, paragraphs=[_left(head.position - length)])


def _left(links: int) -> str:
    """Return how much no checkpoint covers."""
    if not links:
        return str(_("Each move above is a link of this chain; verify.py shows that none was changed."))
    told = ngettext(
        "The last link is not proven: no checkpoint covers it yet.",
        "The last %(num)s links are not proven: no checkpoint covers them yet.",
        links,
    )
    return str(told)
