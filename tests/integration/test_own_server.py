"""A run of tests that was killed leaves nothing behind for longer than until the next one."""

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from config import PRODUCT
from tests.support.databases import own_server

KILLED = """
import sys
from tests.support.databases import own_server
print(own_server(sys.argv[1]), flush=True)
sys.stdin.read()
"""


def test_the_server_of_a_run_that_was_killed_goes_with_the_next_run(testrun_uid: str) -> None:
    command = [sys.executable, "-c", KILLED, f"killed-{uuid4().hex}"]
    with subprocess.Popen(
        command, cwd=PRODUCT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        address = make_url(run.stdout.readline().strip()).set(drivername="postgresql")
        run.kill()
    with psycopg.connect(address.render_as_string(hide_password=False)):
        pass

    own_server(testrun_uid)

    assert not Path(str(address.query["host"])).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address.render_as_string(hide_password=False))
