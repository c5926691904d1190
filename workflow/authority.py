"""How much somebody may decide on with a task: by their own limit, or by that of whom they stand in for."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, and_, bindparam, select

from models.money import Cents
from models.people import Absence, User, UserRole
from workflow.assignment import absent_on, least_of
from workflow.dossier import AnyRow
from workflow.table import ROLE_OF_TASK


class Authority(NamedTuple):
    """The most, in cents, that may be decided on (None for no limit), or that all of it has `ended`."""

    limit: Cents | None = None
    ended: bool = False


NO_LIMIT = Authority()


def authority_of(connection: Connection, claim: AnyRow, own_limit: Cents | None, today: date) -> Authority:
    """Return how much the holder of the claim's open task may decide on today.

    On behalf of somebody absent it is what they could decide on, at most what they left to their substitute;
    it ends with the absence, and with their own role. `claim` bears the task's columns, as a dossier's does.
    """
    if claim.on_behalf_of_id is None:
        return Authority(own_limit)
    asked = {
        "absent": claim.on_behalf_of_id,
        "substitute": claim.assignee_id,
        "role": ROLE_OF_TASK[claim.task_kind],
        "today": today,
    }
    found = connection.execute(_LEFT_TO_SUBSTITUTE, asked).first()
    return Authority(ended=True) if found is None else Authority(least_of(found.own, found.left))


_TODAY: BindParameter[Any] = bindparam("today")

_LEFT_TO_SUBSTITUTE = (
    select(User.amount_limit.label("own"), Absence.amount_limit.label("left"))
    .join(Absence, Absence.user_id == User.id)
    .join(UserRole, and_(UserRole.user_id == User.id, UserRole.role == bindparam("role")))
    .where(
        User.id == bindparam("absent"),
        User.deactivated_at.is_(None),
        Absence.substitute_id == bindparam("substitute"),
        absent_on(_TODAY),
    )
)
