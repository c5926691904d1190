"""The programme manager's room: partners, periods, funds, users, policy and outbox."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from models.vocabulary import Role
from web.access import allow

room = Blueprint("programme", __name__, url_prefix="/programme")


@room.get("")
@allow(Role.manager)
def overview() -> ResponseReturnValue:
    """Show where a user with this role starts."""
    return render_template("programme/overview.html")
