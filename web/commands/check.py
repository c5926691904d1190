"""`flask --app wsgi check`: answers check documents, one JSON object a line, on standard input and output."""

import sys

import click

from workflow.check import check_stream


@click.command("check")
def check() -> None:
    """Judge check documents by the default policy, one JSON object a line. Needs no settings."""
    for answer in check_stream(sys.stdin.buffer):
        sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()
