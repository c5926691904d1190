"""Notifications: what a user was told, read or not."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web.access import signed_in

room = Blueprint("messages", __name__, url_prefix="/messages")


@room.get("")
@signed_in
def index() -> ResponseReturnValue:
    """Show the user's notifications, newest first."""
    return render_template("messages/index.html")
