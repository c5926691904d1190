"""Claims that look like parts of one activity, in words for whoever may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.vocabulary import Role
from web.access import can_see_claim
from web.auth.visitor import actor
from web.claims.alike import WARNED
from web.services import reading
from workflow.dossier import Dossier
from workflow.duplicates.splits import NEIGHBOURING, Ground, Split, splits_of
from workflow.policies import Policy

GROUNDS: dict[Ground, str] = {
    Ground.supplier: _l("They share the supplier %(name)s."),
    Ground.organiser: _l("They share the organiser %(name)s."),
    Ground.event: _l("They bear the name of one event, %(name)s."),
}
"""What claims have in common, in words."""


@dataclass(frozen=True, slots=True)
class SplitTold:
    """A group of claims that are together above the cap, and why it is shown, sentence by sentence."""

    split: Split
    reasons: Sequence[str]


def splits_in(dossier: Dossier, policy: Policy) -> list[SplitTold]:
    """Return what a claim looks like a part of; a partner is told while its own can still be changed."""
    if Role.partner in actor().roles and dossier.claim.state not in WARNED:
        return []
    found = splits_of(reading().connection(), dossier, policy.max_amount_per_activity, can_see_claim())
    return [SplitTold(one, _reasons(one)) for one in found]


def _reasons(split: Split) -> list[str]:
    common = [str(GROUNDS[ground]) % {"name": name} for ground, name in split.grounds]
    days = _("Their days are at most %(days)s days apart.", days=NEIGHBOURING.days)
    return [*common, str(days)]
