"""`flask --app wsgi migrate`: brings the database to the schema of this product."""

import click
from flask.cli import with_appcontext

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
    click.echo("The database has this product's schema.")
