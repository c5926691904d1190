"""What to look at in routing rules, in words."""

from collections.abc import Sequence

from flask_babel import gettext as _

from models.vocabulary import Role
from web.services import reading
from web.tiers import decider_names
from workflow.assignment import holders
from workflow.routing import groups_of
from workflow.routing_concerns import TooFew, never_reached, too_few
from workflow.routing_rules import RoutingRule


def concerns_of(rules: Sequence[RoutingRule]) -> list[str]:
    """Return what to look at in routing rules as the groups are now, a sentence each."""
    connection = reading().connection()
    approvers = frozenset(holders(connection, Role.approver))
    return [
        *(
            str(
                _(
                    "No claim comes to “%(rule)s”: “%(earlier)s” is tried first and fits all of its claims.",
                    rule=one.rule.label,
                    earlier=one.earlier.label,
                )
            )
            for one in never_reached(rules)
        ),
        *(_too_few(one) for one in too_few(rules, groups_of(connection), approvers)),
    ]


def _too_few(found: TooFew) -> str:
    names = decider_names(found.tiers)
    if len(names) == 1:
        return str(
            _(
                "Nobody could decide a claim under “%(rule)s”: %(decider)s has no approver who can sign in.",
                rule=found.rule.label,
                decider=names[0],
            )
        )
    return str(
        _(
            "“%(rule)s” asks for %(tiers)s different people, and these tiers have %(people)s: %(deciders)s.",
            rule=found.rule.label,
            tiers=len(names),
            people=found.people,
            deciders=", ".join(names),
        )
    )
