"""A supervisor of parts that do nothing, run as `python -m tests.support.supervised <name> …`.

Each part prints its name and process id; "answered" follows once the one named `server` has answered.
"""

import os
import socket
import sys
from pathlib import Path

import click

from tests.support import idle_part
from web.commands.supervisor import Part, run_together


def main(names: list[str]) -> None:
    """Run parts of these names, and print the line that ended them."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        parts = [
            Part(name, (sys.executable, idle_part.__file__, name, str(listener.fileno()))) for name in names
        ]
        line = run_together(
            parts, listener, os.environ, Path.cwd(), lambda: click.echo("answered"), patience=1.0
        )
    click.echo(line or "ended as asked")


if __name__ == "__main__":
    main(sys.argv[1:])
