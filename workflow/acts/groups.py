"""Groups of approvers are made and changed, at once: routing rules name groups, and a group its people."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from models.people import User, UserRole
from models.routing import ApproverGroup, GroupMember
from models.tasks import Task
from models.vocabulary import Role
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager, require_unchanged
from workflow.hand_over import put_right
from workflow.refusals import Problem, Refused


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
