"""What `deploy/` brings fits the product."""

import re
from pathlib import Path

import pytest

from config import PRODUCT, Settings
from web.commands.needs import NOT_AGAIN, NoAnswer
from web.security import FORM_ROOM

DEPLOY = PRODUCT / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_the_proxy_lets_through_what_the_product_takes() -> None:
    limit = re.search(r"client_max_body_size (\d+)m;", NGINX)
    assert limit is not None
    assert int(limit[1]) * 2**20 > Settings.model_fields["max_file_mb"].default * 1_000_000 + FORM_ROOM


def test_the_proxy_logs_neither_a_single_use_link_nor_where_somebody_came_from() -> None:
    hidden = re.search(r"~(\S+) /set-password/\.\.\.;", NGINX)
    assert hidden is not None
    assert re.match(hidden[1], "/set-password/token")
    logged = re.search(r"log_format cofund (.*?);", NGINX, re.DOTALL)
    assert logged is not None
    assert not {"request", "request_uri", "http_referer"} & set(re.findall(r"\$(\w+)", logged[1]))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_its_part_again_unless_that_would_not_help(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    assert "Restart=on-failure" in lines
    assert f"RestartPreventExitStatus={NOT_AGAIN}" in lines
    assert NoAnswer.exit_code != NOT_AGAIN


def test_the_example_of_the_settings_names_settings_alone() -> None:
    text = (DEPLOY / "systemd" / "cofund.env.example").read_text()
    named = re.findall(r"^(\w+)=", text, re.MULTILINE)
    assert [name for name in named if name.lower() not in Settings.model_fields] == []
