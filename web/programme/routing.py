"""Routing: which claims go to whom, in how many tiers; groups of approvers; who would get a claim and why."""

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from models.base import canonical
from models.people import Partner, User, UserRole
from models.routing import ApproverGroup, GroupMember, RoutingRule
from models.vocabulary import Role
from web.access import allow
from web.acting import act, act_once, overtaken, sent_seen
from web.auth.visitor import actor
from web.moving import put_at_fields
from web.names import names_of
from web.policies import policy_of
from web.programme.room import room
from web.programme.routing_forms import GroupForm, PreviewForm, RuleForm
from web.programme.routing_preview import previewed
from web.services import now, read_afresh, reading
from web.tiers import decider_names
from workflow.acts.routing import Rule, remove_rule, save_group, save_rule
from workflow.refusals import Refused
from workflow.routing import rules_in_order


@room.get("/routing")
@allow(Role.manager)
def routing() -> ResponseReturnValue:
    """Show the routing rules and the groups; with an address that describes a claim, who would get it."""
    form = PreviewForm()
    asked = bool(request.args)
    preview = previewed(form) if asked and form.validate() else None
    return render_template(
        "programme/routing.html", rules=_rules(), groups=_groups(), form=form, preview=preview
    ), 422 if asked and preview is None else 200


@room.get("/routing/rules/new")
@allow(Role.manager)
def new_rule() -> ResponseReturnValue:
    """Show the form of a new routing rule."""
    return _rule_page(RuleForm(next_place=_next_place()), None)


@room.post("/routing/rules/new")
@allow(Role.manager)
def add_rule() -> ResponseReturnValue:
    """Make a routing rule."""
    return _save_rule(None)


@room.get("/routing/rules/<int:rule_id>")
@allow(Role.manager)
def rule(rule_id: int) -> ResponseReturnValue:
    """Show a routing rule to change it."""
    return _rule_page(RuleForm(stands=_rule_or_404(rule_id)), rule_id)


@room.post("/routing/rules/<int:rule_id>")
@allow(Role.manager)
def change_rule(rule_id: int) -> ResponseReturnValue:
    """Change a routing rule."""
    _rule_or_404(rule_id)
    return _save_rule(rule_id)


@room.post("/routing/rules/<int:rule_id>/remove")
@allow(Role.manager)
def drop_rule(rule_id: int) -> ResponseReturnValue:
    """Remove a routing rule; claims under way keep their route."""
    _rule_or_404(rule_id)
    act(lambda connection: remove_rule(connection, actor(), now(), rule_id), _("The rule is removed."))
    return redirect(url_for("programme.routing"))


@room.get("/routing/groups/new")
@allow(Role.manager)
def new_group() -> ResponseReturnValue:
    """Show the form of a new group."""
    return _group_page(GroupForm(), None)


@room.post("/routing/groups/new")
@allow(Role.manager)
def add_group() -> ResponseReturnValue:
    """Make a group of approvers."""
    return _save_group(None)


@room.get("/routing/groups/<int:group_id>")
@allow(Role.manager)
def group(group_id: int) -> ResponseReturnValue:
    """Show a group to change it."""
    return _group_page(GroupForm(stands=_group_or_404(group_id)), group_id)


@room.post("/routing/groups/<int:group_id>")
@allow(Role.manager)
def change_group(group_id: int) -> ResponseReturnValue:
    """Change a group of approvers."""
    _group_or_404(group_id)
    return _save_group(group_id)


def _save_rule(rule_id: int | None) -> ResponseReturnValue:
    form, seen = RuleForm(), sent_seen()
    if not form.validate():
        return _rule_page(form, rule_id, seen), 422
    rule = form.rule
    answer = act_once(
        lambda connection, key: save_rule(connection, actor(), now(), rule_id, rule, seen=seen, key=key),
        _("Saved. It holds for claims that are submitted from now on."),
    )
    if not isinstance(answer, Refused):
        return redirect(url_for("programme.routing"))
    put_at_fields(form, answer)
    overtook = answer.why == "changed_meanwhile"
    return _rule_page(form, rule_id, None if overtook else seen, overtook), 409 if overtook else 422


def _save_group(group_id: int | None) -> ResponseReturnValue:
    form, seen = GroupForm(), sent_seen()
    if not form.validate():
        return _group_page(form, group_id, seen), 422
    name, members = form.name.data or "", form.member_ids
    answer = act_once(
        lambda connection, key: save_group(
            connection, actor(), now(), group_id, name=name, members=members, seen=seen, key=key
        ),
        _("The group is saved."),
    )
    if not isinstance(answer, Refused):
        return redirect(url_for("programme.routing"))
    put_at_fields(form, answer)
    overtook = answer.why == "changed_meanwhile"
    return _group_page(form, group_id, None if overtook else seen, overtook), 409 if overtook else 422


def _rule_page(form: RuleForm, rule_id: int | None, seen: str | None = None, overtook: bool = False) -> str:
    read_afresh()
    notice = overtaken("route_saved", f"route:{rule_id}") if overtook else None
    if seen is None:
        seen = "" if rule_id is None else canonical(_rule_or_404(rule_id).figures())
    return render_template("programme/rule.html", form=form, rule_id=rule_id, seen=seen, notice=notice)


def _group_page(
    form: GroupForm, group_id: int | None, seen: str | None = None, overtook: bool = False
) -> str:
    read_afresh()
    notice = overtaken("group_saved", f"group:{group_id}") if overtook else None
    if seen is None:
        seen = "" if group_id is None else canonical(_group_or_404(group_id))
    return render_template("programme/group.html", form=form, group_id=group_id, seen=seen, notice=notice)


def _rule_or_404(rule_id: int) -> Rule:
    found = reading().get(RoutingRule, rule_id) or abort(404)
    return Rule(*(getattr(found, name) for name in Rule._fields))


def _group_or_404(group_id: int) -> dict[str, Any]:
    found = reading().get(ApproverGroup, group_id) or abort(404)
    members = select(GroupMember.user_id).where(GroupMember.group_id == group_id)
    return {"name": found.name, "members": sorted(reading().scalars(members))}


def _next_place() -> int:
    rules = rules_in_order(reading().connection())
    return rules[-1].place + 1 if rules else 1


def _rules() -> Sequence[Any]:
    """Return each rule with its conditions and its tiers in words."""
    rows = rules_in_order(reading().connection())
    partners, catalogue = names_of(Partner, (row.partner_id for row in rows)), policy_of(None).catalogue
    names = iter(decider_names([tier for row in rows for tier in row.tiers]))
    return [
        {
            "row": row,
            "activity": row.activity_type and catalogue.label("activity_type", row.activity_type),
            "partner": partners.get(row.partner_id),
            "tiers": [next(names) for _tier in row.tiers],
        }
        for row in rows
    ]


def _groups() -> Sequence[Any]:
    """Return each group with the names of its members."""
    names: dict[int, list[str]] = {}
    approvers = select(UserRole.user_id).where(UserRole.role == Role.approver)
    members = (
        select(GroupMember.group_id, User.name)
        .join(User, User.id == GroupMember.user_id)
        .where(User.deactivated_at.is_(None), User.id.in_(approvers))
        .order_by(User.name)
    )
    for row in reading().execute(members):
        names.setdefault(row.group_id, []).append(row.name)
    groups = reading().execute(select(ApproverGroup.id, ApproverGroup.name).order_by(ApproverGroup.name))
    return [{"id": row.id, "name": row.name, "members": names.get(row.id, [])} for row in groups]
