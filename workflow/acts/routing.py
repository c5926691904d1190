"""Groups of approvers and routing rules are made, changed and removed. Claims under way keep their route."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from models.money import Cents, plain
from models.people import Partner, User, UserRole
from models.routing import ApproverGroup, GroupMember, RoutingRule
from models.tasks import Task
from models.vocabulary import Role
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager, require_unchanged
from workflow.hand_over import put_right
from workflow.refusals import Problem, Refused
from workflow.routing import MOST_TIERS, Decider


class Rule(NamedTuple):
    """What a routing rule says: its place, conditions (None for any; `above` in cents), and who decides."""

    place: int
    country: str | None
    activity_type: str | None
    partner_id: int | None
    above: Cents
    tiers: Sequence[Decider]

    def figures(self) -> dict[str, Any]:
        """Return the rule as the history of acts holds it."""
        return {**self._asdict(), "above": plain(self.above), "tiers": [dict(tier) for tier in self.tiers]}


def save_group(
    connection: Connection,
    actor: Actor,
    now: datetime,
    group_id: int | None,
    *,
    name: str,
    members: frozenset[int],
    seen: str | None = None,
    key: str | None = None,
) -> int:
    """Make a group of approvers, or change one; return its id. Tasks that waited for somebody go to them.

    `seen` is the text of `group_figures` as the page showed it: what changed since is not overwritten.
    """
    require_manager(connection, actor)
    problems = _group_problems(connection, group_id, name.strip(), members)
    if problems:
        raise Refused(*problems)
    before = None if group_id is None else group_figures(connection, group_id)
    after = {"name": name.strip(), "members": sorted(members)}
    if before is None or group_id is None:
        group_id = int(
            connection.execute(
                insert(ApproverGroup).values(name=after["name"]).returning(ApproverGroup.id)
            ).scalar_one()
        )
    elif before == after:
        return group_id
    else:
        require_unchanged(seen, before)
        connection.execute(
            update(ApproverGroup).where(ApproverGroup.id == group_id).values(name=after["name"])
        )
        connection.execute(delete(GroupMember).where(GroupMember.group_id == group_id))
    if members:
        rows = [{"group_id": group_id, "user_id": user_id} for user_id in sorted(members)]
        connection.execute(insert(GroupMember), rows)
    figures = {"before": before or {}, "after": after}
    act_id = record_act(connection, actor, now, "group_saved", f"group:{group_id}", figures, key=key)
    put_right(connection, Task.unassigned_why.is_not(None), f"act:{act_id}", now)
    return group_id


def group_figures(connection: Connection, group_id: int) -> dict[str, Any] | None:
    """Return a group's name and members as acts hold them; None where there is none."""
    name = connection.scalar(select(ApproverGroup.name).where(ApproverGroup.id == group_id).with_for_update())
    if name is None:
        return None
    members = connection.scalars(
        select(GroupMember.user_id).where(GroupMember.group_id == group_id).order_by(GroupMember.user_id)
    )
    return {"name": name, "members": list(members)}


def save_rule(
    connection: Connection,
    actor: Actor,
    now: datetime,
    rule_id: int | None,
    rule: Rule,
    *,
    seen: str | None = None,
    key: str | None = None,
) -> int:
    """Make a routing rule, or change one; return its id. It holds for what is submitted from now on."""
    require_manager(connection, actor)
    problems = _rule_problems(connection, rule_id, rule)
    if problems:
        raise Refused(*problems)
    before = None if rule_id is None else rule_figures(connection, rule_id)
    if before == rule.figures() and rule_id is not None:
        return rule_id
    values = {**rule._asdict(), "tiers": [dict(tier) for tier in rule.tiers]}
    if before is None or rule_id is None:
        rule_id = int(
            connection.execute(insert(RoutingRule).values(**values).returning(RoutingRule.id)).scalar_one()
        )
    else:
        require_unchanged(seen, before)
        connection.execute(update(RoutingRule).where(RoutingRule.id == rule_id).values(**values))
    figures = {"before": before or {}, "after": rule.figures()}
    record_act(connection, actor, now, "route_saved", f"route:{rule_id}", figures, key=key)
    return rule_id


def remove_rule(connection: Connection, actor: Actor, now: datetime, rule_id: int) -> None:
    """Remove a routing rule. Twice changes nothing the second time."""
    require_manager(connection, actor)
    before = rule_figures(connection, rule_id)
    if before is None:
        return
    connection.execute(delete(RoutingRule).where(RoutingRule.id == rule_id))
    record_act(connection, actor, now, "route_removed", f"route:{rule_id}", {"before": before})


def rule_figures(connection: Connection, rule_id: int) -> dict[str, Any] | None:
    """Return a routing rule as acts hold it; None where there is none."""
    found = connection.execute(
        select(RoutingRule.__table__).where(RoutingRule.id == rule_id).with_for_update()
    ).one_or_none()
    if found is None:
        return None
    return Rule(*(getattr(found, name) for name in Rule._fields)).figures()


def _group_problems(
    connection: Connection, group_id: int | None, name: str, members: frozenset[int]
) -> list[Problem]:
    problems = []
    taken = select(ApproverGroup.id).where(ApproverGroup.name == name, ApproverGroup.id != (group_id or 0))
    if not name:
        problems.append(Problem("field_missing", "name"))
    elif connection.scalar(taken) is not None:
        problems.append(Problem("name_taken", "name", {"name": name}))
    if members - set(connection.scalars(_APPROVERS)):
        problems.append(Problem("no_approver_there", "members"))
    return problems


_APPROVERS = (
    select(User.id)
    .join(UserRole, UserRole.user_id == User.id)
    .where(UserRole.role == Role.approver, User.deactivated_at.is_(None))
)


def _rule_problems(connection: Connection, rule_id: int | None, rule: Rule) -> list[Problem]:
    problems = []
    taken = select(RoutingRule.id).where(RoutingRule.place == rule.place, RoutingRule.id != (rule_id or 0))
    if connection.scalar(taken) is not None:
        problems.append(Problem("place_taken", "place", {"place": str(rule.place)}))
    if rule.country is not None and not (len(rule.country) == 2 and rule.country.isalpha()):
        problems.append(Problem("country_code", "country"))
    partner = select(Partner.id).where(Partner.id == rule.partner_id)
    if rule.partner_id is not None and connection.scalar(partner) is None:
        problems.append(Problem("no_partner", "partner_id"))
    if not 1 <= len(rule.tiers) <= MOST_TIERS:
        problems.append(Problem("no_tier", "tier_1"))
    return problems + _tier_problems(connection, rule)


def _tier_problems(connection: Connection, rule: Rule) -> list[Problem]:
    """Return what is wrong with who decides: nobody there, or one person in two tiers."""
    there = {
        *(("user", user_id) for user_id in connection.scalars(_APPROVERS)),
        *(("group", group_id) for group_id in connection.scalars(select(ApproverGroup.id))),
    }
    problems, seen = [], set[tuple[str, int]]()
    for number, tier in enumerate(rule.tiers, 1):
        named = set(tier.items())
        if named - there:
            problems.append(Problem("no_approver_there", f"tier_{number}"))
        if any(kind == "user" for kind, _ in named & seen):
            problems.append(Problem("decides_once", f"tier_{number}"))
        seen |= named
    return problems
