"""What to look at in routing rules, in words."""

from collections.abc import Sequence

from flask_babel import gettext as _

from models.vocabulary import Role
from web.services import reading
from web.tiers import decider_names
from workflow.assignment import holders
from workflow.routing import groups_of
from workflow.routing_concerns import MayWait, NeverReached, may_wait, never_reached
from workflow.routing_rules import RoutingRule


def concerns_of(rules: Sequence[RoutingRule]) -> list[str]:
    """Return what to look at in routing rules as the groups are now, a sentence each."""
    connection, hidden = reading().connection(), never_reached(rules)
    unseen = {one.rule.code for one in hidden}
    reached = [rule for rule in rules if rule.code not in unseen]
    approvers = frozenset(holders(connection, Role.approver))
    waiting = may_wait(reached, groups_of(connection), approvers)
    names = decider_names([one.tier for one in waiting])
    return [*map(_hidden, hidden), *map(_waiting, waiting, names)]


def _hidden(found: NeverReached) -> str:
    return str(
        _(
            "No claim comes to “%(rule)s”: “%(earlier)s” is tried first and fits all of its claims.",
            rule=found.rule.label,
            earlier=found.earlier.label,
        )
    )


def _waiting(found: MayWait, decider: str) -> str:
    named = {"rule": found.rule.label, "place": found.place, "decider": decider}
    if not found.people:
        return str(
            _(
                "In tier %(place)s of “%(rule)s”, %(decider)s, there is nobody who can sign in and decide:"
                " a claim would wait for a programme manager to reassign it.",
                **named,
            )
        )
    return str(
        _(
            "In tier %(place)s of “%(rule)s”, %(decider)s, nobody may be left: the tiers before can take"
            " everybody in it, and a claim would then wait for a programme manager to reassign it.",
            **named,
        )
    )
