"""The front door, and what every page shows around its own content."""

from flask import Blueprint, Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from notifications import inbox
from web.access import signed_in
from web.auth.visitor import actor, signed_in_user, visitor
from web.labels import PATH, TONES
from web.navigation import places_of, start_of
from web.services import programme, reading

room = Blueprint("home", __name__)


@room.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """Lead a user to the page where their work is."""
    return redirect(url_for(start_of(actor().roles)))


def unread_count() -> int:
    """Return how many notifications the signed-in user has not read, at most 100."""
    return inbox.unread_count(reading().connection(), signed_in_user().id)


def furnish(app: Flask) -> None:
    """Offer what the frame of every page needs to an app's templates."""
    app.jinja_env.globals.update(
        get_locale=get_locale,
        visitor=visitor,
        programme=programme,
        places_of=places_of,
        unread_count=unread_count,
        state_tones=TONES,
        state_path=PATH,
    )
