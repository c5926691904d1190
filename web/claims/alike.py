"""Documents of a claim that are on file already, told to each as far as it is theirs to know."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_

from models.claims import Claim
from models.vocabulary import Role, State
from web.access import can_see_claim
from web.auth.visitor import actor
from web.services import reading
from workflow.duplicates.finding import Document, Likeness, Match, matches_of

LIKENESS: dict[Likeness, str] = {
    Likeness.file: _l("This is the same file, byte for byte."),
    Likeness.invoice: _l("This is the same invoice: supplier, number and amount agree."),
    Likeness.photo: _l("This looks like the same photo, perhaps resized, compressed or cropped."),
}

WARNED = frozenset({State.draft, State.approved})
"""States in which the partner is warned: what is on the claim can still be changed."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A document of the claim, what is said of it, and the one that is the same.

    `other` is None where it is another partner's: a partner learns nothing of that, not even in what way.
    """

    mine: Document
    words: str
    other: Document | None = None


def alike_of(claim: Claim) -> list[Alike]:
    """Return which documents of a claim are on file already, in words for the signed-in user."""
    if Role.partner not in actor().roles:
        return [_told(match) for match in matches_of(reading().connection(), claim.id, can_see_claim())]
    if claim.state not in WARNED:
        return []
    matches = matches_of(reading().connection(), claim.id, _counts_for_partner())
    own = [_told(match) for match in matches if match.other.partner_id == claim.partner_id]
    foreign = (match.mine for match in matches if match.other.partner_id != claim.partner_id)
    closer = str(_("This document needs a closer look."))
    return own + [Alike(document, closer) for document in dict.fromkeys(foreign)]


def _told(match: Match) -> Alike:
    return Alike(match.mine, str(LIKENESS[match.likeness]), match.other)


def _counts_for_partner() -> ColumnElement[bool]:
    """Return which other claims count: all of one's own partner, and whatever others ever submitted."""
    return or_(Claim.partner_id == actor().partner_id, Claim.number.is_not(None))
