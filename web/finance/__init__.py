"""Finance's room: what is to be paid, and paying it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from models.vocabulary import Role
from web.access import allow

room = Blueprint("finance", __name__, url_prefix="/payments")


@room.get("")
@allow(Role.finance)
def payments() -> ResponseReturnValue:
    """Show where a user with this role starts."""
    return render_template("finance/payments.html")
