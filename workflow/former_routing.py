"""Routing rules from before policy versions held them: they hold with versions that say nothing of it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from models.routing import FormerRoutingRule
from workflow.dossier import Rows
from workflow.reading import is_country
from workflow.routing_rules import RoutingRule


def former_rows(connection: Connection) -> Rows:
    """Return these rules as they are stored, the first that is tried first."""
    return connection.execute(select(FormerRoutingRule.__table__).order_by(FormerRoutingRule.place)).all()


def former_rules(connection: Connection) -> tuple[RoutingRule, ...]:
    """Return these rules as a policy version would hold them, the first that is tried first.

    Those for a country that no partner can be in never fitted; no version would hold them.
    """
    rules = (former_rule(row.id, row._asdict()) for row in former_rows(connection))
    return tuple(rule for rule in rules if rule.country is None or is_country(rule.country))


def former_rule(rule_id: int, said: Mapping[str, Any]) -> RoutingRule:
    """Return such a rule, with its conditions and tiers as its row names them, as a version would hold it."""
    return RoutingRule(
        code=f"rule_{rule_id}",
        label=f"Rule {said['place']}",
        country=said["country"],
        activity_type=said["activity_type"],
        partner_id=said["partner_id"],
        above=said["above"],
        tiers=tuple(said["tiers"]),
    )
