"""How a draft begins: from an activity type, or as a copy of one's own claim."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.people import Partner
from models.vocabulary import Role, Trigger
from web.access import allow, claim_or_404
from web.auth.visitor import actor
from web.claims.room import room
from web.moving import sent_key
from web.policies import policy_of
from web.services import now, reading, services
from workflow.catalogue import ActivityType
from workflow.drafts import copy_claim, create_draft
from workflow.judgement import judge_partial
from workflow.policies import Policy
from workflow.wording import message


@dataclass(frozen=True, slots=True)
class Card:
    """An activity type to choose, or why it cannot be chosen."""

    activity: ActivityType
    closed_because: str


@room.get("/new")
@allow(Role.partner)
def new() -> ResponseReturnValue:
    """Offer the activity types of the catalogue in force."""
    return _choice()


@room.post("/new")
@allow(Role.partner)
def create() -> ResponseReturnValue:
    """Begin a draft of an activity type."""
    chosen = request.form.get("activity_type", "")
    open_types = {card.activity.code for card in _cards(policy_of(None)) if not card.closed_because}
    if chosen not in open_types:
        return _choice(_("Choose one of the activity types that are open to you.")), 422
    claim_id = create_draft(services().database, actor(), chosen, now(), sent_key())
    return redirect(url_for("claims.plan", claim_id=claim_id))


@room.post("/<int:claim_id>/copy")
@allow(Role.partner)
def copy(claim_id: int) -> ResponseReturnValue:
    """Begin a draft with the plan of one of one's own claims."""
    claim = claim_or_404(claim_id)
    draft_id = copy_claim(services().database, actor(), claim.id, now(), sent_key())
    flash(_("This is a copy. Check its days and its JMF period; files were not copied."), "success")
    return redirect(url_for("claims.plan", claim_id=draft_id))


def _choice(problem: str = "") -> str:
    return render_template("claims/new.html", cards=_cards(policy_of(None)), problem=problem)


def _cards(policy: Policy) -> list[Card]:
    partner = reading().get_one(Partner, actor().partner_id)
    document = {"partner": {"partner_type": partner.partner_type, "country": partner.country}}
    return [_card(activity, document, policy) for activity in policy.catalogue.activity_types]


def _card(activity: ActivityType, document: Mapping[str, object], policy: Policy) -> Card:
    asked = {**document, "claim": {"activity_type": activity.code}}
    verdicts = judge_partial(asked, policy, Trigger.submit)
    broken = [one for one in verdicts if one.rule == "activity-type" and one.broken]
    return Card(activity, message(broken[0], _, policy) if broken else "")
