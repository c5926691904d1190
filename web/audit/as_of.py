"""A claim as of any moment, for auditors: as it was known then, and by what is known today."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from flask import render_template
from flask.typing import ResponseReturnValue

from models.claims import Claim
from models.vocabulary import Role
from web.access import allow, claim_or_404
from web.audit.known_words import entitled, known_words
from web.audit.moments import MomentForm
from web.audit.room import room
from web.formats import day_of
from web.policies import policy_of
from web.programme.tasks import WHY
from web.services import now, reading
from web.verdicts import VerdictItem, verdict_items
from workflow.as_of.claim import Stand
from workflow.as_of.gathering import AsOf, as_of
from workflow.as_of.knowledge import Known, judged_by, known
from workflow.dossier import AnyRow
from workflow.policies import Policy
from workflow.verdicts import Verdict, verdict_from_row

SHOWN = frozenset({Role.approver, Role.finance, Role.manager})
"""The roles that decide, pay and manage."""


class Judged(NamedTuple):
    """A rule as it came out at a move, as it would have with what was known at the moment, and is today."""

    made: VerdictItem
    then: VerdictItem
    today: VerdictItem


@room.get("/claims/<int:claim_id>/as-of")
@allow(Role.auditor)
def claim_as_of(claim_id: int) -> ResponseReturnValue:
    """Show a claim, its rules, its partner's records, its fund and who was entitled, as of a moment."""
    claim = claim_or_404(claim_id)
    form = MomentForm(claim.created_at)
    found = form.validate()
    told = _told(claim, form.moment.data or now()) if found else {}
    return render_template("audit/as_of.html", claim=claim, form=form, **told), 200 if found else 422


def _told(claim: Claim, at: datetime) -> Mapping[str, object]:
    """Return what the page says of a moment."""
    day = day_of(at)
    found = as_of(reading().connection(), claim, at, day)
    then, today = (known(found.records, at, day, by) for by in (at, now()))
    names = {one.user_id: one.name for one in found.people}
    stand, people = found.stand, [one for one in found.people if one.roles & SHOWN]
    return {
        "at": at,
        "on": day,
        "stand": stand,
        "moves": found.moves,
        "goes_by": _version(found, stand.move),
        "task": found.task,
        "why_nobody": WHY,
        "fund": found.fund,
        "names": names,
        "facts_told": known_words(then, today, day, stand.period, names),
        "judged": _judged(stand, then, today),
        "people": list(entitled(people, then.away, names)),
    }


def _version(found: AsOf, move: AnyRow | None) -> AnyRow | None:
    """Return the policy version that a move went by."""
    went_by = move.policy_version_id if move else None
    return next((row for row in found.records.versions if row.id == went_by), None)


def _judged(stand: Stand, then: Known, today: Known) -> list[Judged]:
    """Return how each rule of the last judgement came out, and how it does with other records."""
    move = stand.judged
    if move is None:
        return []
    policy = policy_of(move.policy_version_id)
    made = verdict_items(map(verdict_from_row, move.verdicts), policy)
    before, since = (_by_rule(judged_by(move, policy, known), policy) for known in (then, today))
    return [Judged(one, before[one.rule], since[one.rule]) for one in made if one.rule in before]


def _by_rule(verdicts: Iterable[Verdict], policy: Policy) -> dict[str, VerdictItem]:
    return {item.rule: item for item in verdict_items(verdicts, policy)}
