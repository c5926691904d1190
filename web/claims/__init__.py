"""The partner's room: claims and their fund."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from models.vocabulary import Role
from web.access import allow

room = Blueprint("claims", __name__, url_prefix="/claims")


@room.get("")
@allow(Role.partner)
def index() -> ResponseReturnValue:
    """Show where a user with this role starts."""
    return render_template("claims/index.html")
