"""Where programme managers start."""

from flask import render_template
from flask.typing import ResponseReturnValue

from models.vocabulary import Role
from web.access import allow
from web.programme.room import room


@room.get("")
@allow(Role.manager)
def overview() -> ResponseReturnValue:
    """Show where a user with this role starts."""
    return render_template("programme/overview.html")
