"""Whose claims somebody sees. What is not theirs does not exist for them."""

from sqlalchemy import ColumnElement, false, true

from models.claims import Claim
from models.vocabulary import Role
from workflow.actors import Actor


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Claim` that holds for what somebody may see.

    A partner's people see all of their partner's claims. The vendor's people see what was ever submitted, and
    auditors whatever was moved; a draft that nobody submitted is for the programme managers alone, who are
    told what it waits for.
    """
    if Role.partner in actor.roles:
        return Claim.partner_id == actor.partner_id
    if Role.manager in actor.roles:
        return true()
    if Role.auditor in actor.roles:
        return Claim.moves > 0
    return Claim.number.is_not(None) if actor.roles else false()
