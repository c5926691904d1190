"""The command line: `flask --app wsgi <command>`, from one table that says what each command needs."""

import click
from flask import Flask

from web.commands.audit import audit
from web.commands.check import check
from web.commands.link import link
from web.commands.migrate import migrate
from web.commands.needs import (
    CannotStart,
    Need,
    check_files,
    check_schema,
    gated,
    is_command_wanted,
    stop,
)
from web.commands.serve import demo_reset, serve
from web.commands.setup import setup
from web.commands.timed_work import expire, scheduler
from web.commands.worker import worker
from web.services import services

COMMANDS: tuple[tuple[click.Command, Need], ...] = (
    (check, Need.nothing),
    (serve, Need.nothing),
    (demo_reset, Need.nothing),
    (migrate, Need.settings),
    (setup, Need.schema),
    (link, Need.schema),
    (worker, Need.schema),
    (scheduler, Need.schema),
    (expire, Need.schema),
    (audit, Need.schema),
)


def add_commands(app: Flask) -> None:
    """Give an app that has its services the product's commands."""
    for command, need in COMMANDS:
        app.cli.add_command(gated(app, command, need))


def without_settings(refusal: Exception) -> Flask:
    """Return what is left without whole settings: the commands. Those that need settings tell the refusal.

    Exits with the same line where a server was to start.
    """
    cannot = CannotStart(str(refusal))
    if not is_command_wanted():
        stop(cannot)
    app = Flask("web")
    for command, need in COMMANDS:
        app.cli.add_command(gated(app, command, need, cannot))
    return app


def ready_to_serve(app: Flask) -> Flask:
    """Return an app whose database and files are ready for it; exit with one line where they are not."""
    if not is_command_wanted():
        with app.app_context():
            shared = services()
        try:
            check_schema(shared.database)
            check_files(shared.files)
        except CannotStart as refusal:
            stop(refusal)
    return app
