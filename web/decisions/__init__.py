"""The approver's room: tasks, decisions and acceptance."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from models.vocabulary import Role
from web.access import allow

room = Blueprint("decisions", __name__, url_prefix="/inbox")


@room.get("")
@allow(Role.approver)
def inbox() -> ResponseReturnValue:
    """Show where a user with this role starts."""
    return render_template("decisions/inbox.html")
