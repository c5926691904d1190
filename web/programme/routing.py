"""Routing: the rules in force, groups of approvers, and who would get a claim and why."""

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from models.base import canonical
from models.people import User, UserRole
from models.routing import ApproverGroup, GroupMember
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once, overtaken, sent_seen
from web.auth.visitor import actor
from web.moving import put_at_fields
from web.policies import policy_of
from web.policy.route_concerns import concerns_of
from web.policy.routes import routes_in_words
from web.policy.succession import in_force
from web.programme.room import room
from web.programme.routing_forms import GroupForm, PreviewForm
from web.programme.routing_preview import policies_to_try, previewed
from web.services import now, read_afresh, reading, today
from workflow.acts.groups import save_group
from workflow.policy_shelf import policies_to_come
from workflow.refusals import Refused


@room.get("/routing")
@allow(Role.manager)
def routing() -> ResponseReturnValue:
    """Show the rules in force and the groups; with an address that describes a claim, who would get it."""
    tried = policies_to_try()
    form = PreviewForm(tried)
    asked = form.is_asked
    preview = previewed(form, tried) if asked and form.validate() else None
    policy = policy_of(None)
    return render_template(
        "programme/routing.html",
        in_force=in_force(),
        to_come=[
            (one.version, concerns_of(one.version.policy.routing or ()))
            for one in policies_to_come(reading().connection(), today())
        ],
        routes=routes_in_words(policy.routing or (), policy.catalogue),
        concerns=concerns_of(policy.routing or ()),
        groups=_groups(),
        form=form,
        preview=preview,
    ), 422 if asked and preview is None else 200


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


def _group_page(
    form: GroupForm, group_id: int | None, seen: str | None = None, overtook: bool = False
) -> str:
    read_afresh()
    notice = overtaken("group_saved", f"group:{group_id}") if overtook else None
    if seen is None:
        seen = "" if group_id is None else canonical(_group_or_404(group_id))
    return render_template(
        "programme/group.html",
        form=form,
        group_id=group_id,
        uses=_uses(group_id) if group_id else [],
        seen=seen,
        notice=notice,
    )


def _uses(group_id: int) -> list[tuple[str, str]]:
    """Return the labels of the rules that name a group, by what their policy is called."""
    found = [
        (one.name, ", ".join(rule.label for rule in one.policy.routing or () if group_id in rule.groups))
        for one in policies_to_try().values()
    ]
    return [(policy, labels) for policy, labels in found if labels]


def _group_or_404(group_id: int) -> dict[str, Any]:
    found = reading().get(ApproverGroup, group_id) or abort(404)
    members = select(GroupMember.user_id).where(GroupMember.group_id == group_id)
    return {"name": found.name, "members": sorted(reading().scalars(members))}


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
