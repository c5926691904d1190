"""The acts of holds and erasures of one claim, in words."""

from collections.abc import Sequence
from typing import Any

from models.claims import Claim
from models.history import Act
from web.acting import told_acts
from web.services import reading
from workflow.searches.acts import EVERY_ACT

OF_ERASURE = ("erased", "erasure_proposed", "erasure_turned_down", "hold_set", "hold_lifted")
"""The kinds of acts that are told."""


def acts_of_erasure(claim: Claim) -> Sequence[tuple[Any, str, str]]:
    """Return the acts on what a claim holds of persons, with holds on its partner, the newest first."""
    subjects = f"claim:{claim.id}", f"partner:{claim.partner_id}"
    mine = EVERY_ACT.where(Act.subject.in_(subjects), Act.kind.in_(OF_ERASURE))
    return told_acts(reading().execute(mine.order_by(Act.id.desc())).all())
