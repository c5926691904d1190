"""`flask --app wsgi link`: a new single-use link for somebody whom no manager can let in again."""

from zoneinfo import ZoneInfo

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from models.people import User
from web.services import services, zone
from workflow.accounts import normal
from workflow.actors import INSTALLER
from workflow.acts.users import invite


@click.command("link")
@click.argument("email")
@with_appcontext
def link(email: str) -> None:
    """Print a new single-use link with which the user of this address sets a password. Earlier links end."""
    shared = services()
    address = normal(email)
    with shared.database.write() as connection:
        user = connection.execute(
            select(User.id, User.deactivated_at).where(User.email == address)
        ).one_or_none()
        if user is None:
            raise click.ClickException(f"Nobody here has the address {address}.")
        if user.deactivated_at is not None:
            raise click.ClickException(f"{address} is deactivated. A programme manager can reactivate it.")
        token = invite(connection, INSTALLER, shared.clock.now(), user.id, shared.door.link_life)
    show_link(address, token)


def show_link(address: str, token: str) -> None:
    """Print where a user sets a password, and until when."""
    shared = services()
    until = (shared.clock.now() + shared.door.link_life).astimezone(ZoneInfo(zone()))
    click.echo(f"{address} sets a password here, once, until {until:%Y-%m-%d %H:%M} ({zone()}):")
    click.echo(f"{shared.settings.base_url}/set-password/{token}")
