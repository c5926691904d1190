"""What the task on a claim asked of whoever did it at a moment, and who was entitled to it by that."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from models.money import parse_amount, plain
from models.vocabulary import Role, TaskKind, Trigger
from workflow.as_of.claim import Stand
from workflow.as_of.people import Away, Person
from workflow.assignment import Colleague, Needs, entitled, why_not
from workflow.dossier import AnyRow
from workflow.former_routing import former_rule
from workflow.routing import Groups, Route, route_of
from workflow.routing_rules import RoutingRule
from workflow.table import ROLE_OF_TASK
from workflow.tasks import needs_of

ROUTING = ("route_saved", "route_removed", "group_saved")
"""The acts that changed who decides on what is submitted; rules are now changed by policy versions."""

DISPUTES = ("amount_disputed", "amount_upheld")
"""The acts on a claim that bar people, and end that."""

Values = dict[str, Any]


class Entitlement(NamedTuple):
    """Whether somebody might do a task: what kept them from it, or None, and on whose behalf alone."""

    why_not: str | None
    on_behalf_of: str | None = None


def undone(present: Mapping[int, Mapping[str, Any]], acts: Iterable[AnyRow], at: datetime) -> dict[int, Any]:
    """Return what stood by its id at a moment: what stands now, with the acts since put back."""
    stood: dict[int, Any] = dict(present)
    for act in sorted(acts, key=lambda act: act.id, reverse=True):
        if act.at > at:
            stood[int(act.subject.partition(":")[2])] = act.figures["before"]
    return {each: figures for each, figures in stood.items() if figures}


def route_at(sent: AnyRow, rules: Iterable[RoutingRule]) -> Route:
    """Return the way of a claim as its last submission gave it, by the rules that held for that."""
    return route_of(
        rules,
        country=sent.document["partner"].get("country", ""),
        activity_type=sent.document["claim"]["activity_type"],
        partner_id=sent.partner_id,
        requested=sent.requested,
    )


def former_rules_at(rows: Iterable[AnyRow], acts: Iterable[AnyRow], at: datetime) -> list[RoutingRule]:
    """Return the rules from before versions held them, as they stood at a moment, the first tried first."""
    present = {row.id: {**row._asdict(), "above": plain(row.above)} for row in rows}
    stood = undone(present, [act for act in acts if act.kind != "group_saved"], at)
    return [
        former_rule(rule_id, {**said, "above": parse_amount(said["above"])})
        for rule_id, said in sorted(stood.items(), key=lambda each: each[1]["place"])
    ]


def groups_at(groups: Groups, acts: Iterable[AnyRow], at: datetime) -> Groups:
    """Return the members of each group at a moment."""
    present = {each: {"members": sorted(ids)} for each, ids in groups.items()}
    on_groups = [act for act in acts if act.kind == "group_saved"]
    return {each: frozenset(figures["members"]) for each, figures in undone(present, on_groups, at).items()}


def values_at(moves: Iterable[AnyRow], disputes: Iterable[AnyRow], route: Route, at: datetime) -> Values:
    """Return what a claim bore of who had decided on it, who was barred and who had accepted it."""
    values: Values = {
        "route": route.as_json(),
        "endorsements": [],
        "barred": None,
        "accepted_by_id": None,
        "accepted_for_id": None,
    }
    deciders, amount_is_disputed = set[int](), False
    for event in sorted((each for each in (*moves, *disputes) if each.at <= at), key=lambda each: each.at):
        trigger = getattr(event, "trigger", None)
        if amount_is_disputed and trigger in (Trigger.report, Trigger.amend):
            values["barred"] = None
        values |= _EFFECTS.get(trigger or event.kind, _nothing)(values, event, sorted(deciders))
        amount_is_disputed = trigger is None and event.kind == "amount_disputed"
        if trigger and event.role is Role.approver:
            deciders |= {each for each in (event.actor_id, event.on_behalf_of_id) if each is not None}
    return values


def needs_at(kind: TaskKind, partner_id: int, stand: Stand, values: Values, groups: Groups) -> Needs:
    """Return what a task on a claim asked for."""
    amounts = {"requested": stand.requested, "approved": stand.approved, "reserved": stand.reserved}
    claim = SimpleNamespace(partner_id=partner_id, **amounts, **values)
    return needs_of(kind, cast(AnyRow, claim), groups)


def entitlements(people: Sequence[Person], away: Iterable[Away], needs: Needs) -> dict[int, Entitlement]:
    """Return, for each of the people, whether they might do a task."""
    absences = {one.user_id: one for one in away}
    role = ROLE_OF_TASK[needs.kind]
    kept_out = {one.user_id: _kept_out(one, role) for one in people}
    everyone = [_colleague(one, absences.get(one.user_id)) for one in people if kept_out[one.user_id] is None]
    found = {user_id: Entitlement(why) for user_id, why in kept_out.items()}
    found |= {one.user_id: Entitlement(why_not(one, needs)) for one in everyone}
    for candidate in entitled(everyone, needs):
        absent = candidate.on_behalf_of
        found[candidate.user_id] = Entitlement(None, absent.name if absent else None)
    return found


def _kept_out(one: Person, role: Role) -> str | None:
    """Return why somebody was none of those who do the tasks of a role; None where they were."""
    if role not in one.roles:
        return "other_role"
    return None if one.could_act else "could_not_act"


def _colleague(one: Person, away: Away | None) -> Colleague:
    return Colleague(
        user_id=one.user_id,
        name=one.name,
        partner_id=None,
        open_tasks=0,
        amount_limit=one.limit,
        absent=away is not None,
        substitute_id=away.substitute_id if away else None,
        substitute_limit=away.limit if away else None,
    )


def _nothing(_values: Values, _event: AnyRow, _deciders: Sequence[int]) -> Values:
    return {}


def _endorsed(values: Values, move: AnyRow, _deciders: Sequence[int]) -> Values:
    one = {"by": move.actor_id, "for": move.on_behalf_of_id, "amount": move.figures["endorsed"]}
    return {"endorsements": [*values["endorsements"], one]}


_EFFECTS: dict[str, Callable[[Values, AnyRow, Sequence[int]], Values]] = {
    Trigger.submit: lambda *_: {"endorsements": [], "barred": None},
    Trigger.amend: lambda *_: {"endorsements": []},
    Trigger.endorse: _endorsed,
    Trigger.dispute: lambda _values, _move, deciders: {"endorsements": [], "barred": deciders},
    Trigger.raise_: lambda *_: {"barred": None},
    Trigger.accept: lambda _values, move, _deciders: {
        "accepted_by_id": move.actor_id,
        "accepted_for_id": move.on_behalf_of_id,
    },
    "amount_disputed": lambda _values, _act, deciders: {"barred": deciders},
    "amount_upheld": lambda *_: {"barred": None},
}
"""What a move or an act leaves on a claim, as `claim_values.py` and `acts/disputes.py` write it."""
