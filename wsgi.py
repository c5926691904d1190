"""The product, put together: `app` is what `flask --app wsgi` and `gunicorn wsgi:app` find.

Without whole settings there is nothing to serve; the commands that need none still run.
"""

from flask import Flask

from config import WrongSettings, read_settings
from web.app import create_app
from web.commands import ready_to_serve, without_settings


def compose() -> Flask:
    """Return the product as the environment has it. Exits with one line where it cannot be served."""
    try:
        settings = read_settings()
    except WrongSettings as wrong:
        return without_settings(wrong)
    return ready_to_serve(create_app(settings))


app = compose()
