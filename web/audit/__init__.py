"""The auditor's room: reads everything, changes nothing."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from models.vocabulary import Role
from web.access import allow

room = Blueprint("audit", __name__, url_prefix="/audit")


@room.get("")
@allow(Role.auditor)
def index() -> ResponseReturnValue:
    """Show where a user with this role starts."""
    return render_template("audit/index.html")
