"""`flask --app wsgi migrate`: brings the database to the schema of this product."""

import click
from flask.cli import with_appcontext

from web.commands.audit import bring_key
from web.commands.needs import CannotStart, at_the_database
from web.services import services


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database to this product's schema. Stop the product and back up first."""
    settings = services().settings
    if settings.is_embedded:
        try:
            settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CannotStart(f"DATA_DIR: {settings.data_dir} cannot be made ({error.strerror}).") from None
    database = services().database
    with at_the_database(database):
        database.migrate()
    is_new = not settings.signing_key_file.exists()
    public = bring_key(database, settings).public
    database.dispose()
    click.echo("The database has this product's schema.")
    if is_new:
        click.echo(f"A key that signs history is in {settings.signing_key_file}: back it up apart.")
        click.echo(f"Its public half, for auditors: {public}")
