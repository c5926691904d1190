"""The check runs as a process of its own: without settings, and without a word when its reader leaves."""

import subprocess
import sys
from pathlib import Path

from config import PRODUCT

CASES = (Path(__file__).parents[1] / "cases.jsonl").read_bytes()
COMMAND = (sys.executable, "-c", "from web.commands.check import check; check()")


def test_the_check_needs_no_settings() -> None:
    done = subprocess.run(COMMAND, input=CASES, capture_output=True, env={}, cwd=PRODUCT, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.splitlines()) == len(CASES.splitlines())


def test_a_reader_that_leaves_early_is_no_error_to_tell() -> None:
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={}, cwd=PRODUCT
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(CASES)
        process.stdin.close()
        assert process.stderr.read() == b""
