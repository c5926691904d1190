"""Nothing that is sent makes the product fail: every route, every role, and values of every bad kind.

The routes are those of the app, and the fields those of its pages, so that a new one is covered at once. What
is sent is drawn at random from a seed: it is the same in every run.
"""

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.vocabulary import MessageKind, Role, State
from tests.functional.conftest import SignIn
from tests.functional.test_nobody_sees_the_others import (
    Call,
    Rows,
    calls,
    make_what_is_the_vendors,
    rows_of,
)
from tests.support.files import pdf
from tests.support.looking import token_of
from tests.support.pages import Browser, Page
from tests.support.personal import attached, hold, taken_off
from tests.support.stages import IN_STATE
from tests.support.world import PLAN_FILE, World
from web.access import access_of
from workflow.links import send_link
from workflow.uploads import begin

SEED = 20_260_302
ROUNDS = 5
"""How often each form is sent, and each page asked for, by whoever may use it."""

ODD: tuple[str, ...] = (
    *("", " ", "\0", "\r\nBcc: all@people.example", "\u202etxt.exe", "é" * 5001, "😀" * 210, "x" * 20_000),
    *("<script>alert(1)</script>", "'; DROP TABLE claim; --", "%s %(name)s {0} {name}", "../../etc/passwd"),
    *("0", "-1", "1e5", "１２", "٣", "-0.00", "4,00", "NaN", "Infinity", "0x10", "1" * 5000, "0.001"),
    *(str(2**31), str(2**63 - 1), str(2**63), "9,999,999,999,999.99", "99999999999999999999.00", "12.5"),
    *("0001-01-01", "9999-12-31", "2026-02-30", "10000-01-01", "2026-W01-1", "2026-03-02T12:00", "today"),
    *("yes", "None", "null", "[]", '{"a": 1}', "nobody@people.example", "@", "manager", "partner", "2026H1"),
    *("0001-01-01T00:00:00+14:00~1", "9999-12-31T23:59:59-14:00~1", "2026-03-02T12:00:00+00:00~1", "~", "1"),
)
"""Values that stand in no field of a person who means well."""

FILES: tuple[tuple[bytes, str], ...] = (
    (b"", "empty.pdf"),
    (pdf(), "fine.pdf"),
    (pdf(), "../../" + "x" * 300 + ".exe\0.pdf"),
    (b"PK\x03\x04" + bytes(60), "broken.xlsx"),
    (b"\x89PNG\r\n\x1a\n" + bytes(40), "broken.png"),
    (b"\xff\xfe\x00\xd8", "half.txt"),
    (b"[" * 5000, "deep.json"),
    (b'{"a": 1e999}', "odd.json"),
    (b"\xff\xd8\xff" + bytes(40), ""),
)
"""Content and name of files that nobody should send, but for one."""

QUERIES = ("after", "before", "next", "delivery", "state", "period", "q", "endpoint", "_method", "_external")
"""Names that an address may bear besides the fields of its page's own search."""

ALIKE = frozenset({State.reimbursed, State.withdrawn, State.rejected})
"""States of which nothing is asked that is not asked of the others."""

LAST = ("auth.leave", "account.leave_everywhere")
"""What ends the session that all else needs."""

PEOPLE = ("anna", "bob", "dan", "eve", "mia")


@dataclass
class Sender:
    """Sends what nobody should, and remembers which answers were failures."""

    client: FlaskClient
    token: str
    draw: Random
    failures: list[str]

    def send(self, call: Call, what: str, **request: Any) -> None:
        """Send a request; `what` tells a failure from others."""
        path = request.pop("path", call.path)
        answer: TestResponse = self.client.open(path, method=request.pop("method", call.method), **request)
        answer.close()
        if answer.status_code >= 500:
            self.failures.append(f"{call.endpoint} answers {answer.status_code} to {what}"[:600])

    def page(self, call: Call, fields: Mapping[str, list[str]]) -> None:
        """Ask for a page with odd words in its address."""
        names = self.draw.sample([*QUERIES, *fields], k=3)
        query = [(name, self.draw.choice(ODD)) for name in names]
        self.send(call, f"{query}", path=f"{call.path}?{urlencode(query)}")

    def form(self, call: Call, fields: Mapping[str, list[str]]) -> None:
        """Send a form, some of whose fields hold what they should not."""
        sent: dict[str, Any] = {**fields, "key": f"k{self.draw.getrandbits(60)}", "csrf_token": self.token}
        for name in [*fields, "files", "file", "do", "kind"]:
            if name != "csrf_token" and self.draw.random() < 0.4:
                sent[name] = self._odd(name)
        told = {name: value for name, value in sent.items() if name not in ("key", "csrf_token")}
        self.send(call, f"{told}", data=sent)

    def oddly(self, call: Call, fields: Mapping[str, list[str]]) -> None:
        """Send what is no form, or a form in a way that no browser sends it."""
        head = {"X-CSRFToken": self.token}
        self.send(call, "a JSON list", json=[1, 2], headers=head)
        self.send(call, "JSON numbers", json=dict.fromkeys(fields, 5), headers=head)
        self.send(call, "no boundary", data=b"x", content_type="multipart/form-data", headers=head)
        self.send(call, "a broken referrer", data={}, headers={"Referer": "http://["})
        for method in ("HEAD", "OPTIONS", "PUT", "BREW"):
            self.send(call, method, method=method, headers=head)

    def _odd(self, name: str) -> object:
        if name in ("files", "file") or self.draw.random() < 0.1:
            content, called = self.draw.choice(FILES)
            return (io.BytesIO(content), called)
        if name == "do":
            return self.draw.choice(("attach", "detach:1", "detach:x", "remove_line:99", "check", "submit"))
        odd = self.draw.choice(ODD)
        return [odd, self.draw.choice(ODD)] if self.draw.random() < 0.1 else odd


@pytest.fixture
def rows(world: World) -> Rows:
    """What addresses may name: a claim in each state, and everything else of a partner."""
    claims = [IN_STATE[state](world) for state in State if state not in ALIKE]
    make_what_is_the_vendors(world)
    world.account("anna")
    world.share()
    world.post(claims[1], "anna", files=[PLAN_FILE])
    begin(world.database, world.people["anna"], claims[0], "attachment", "hall.jpg", 9, world.clock.now())
    hold(world, "eve", claim_id=claims[0])
    taken_off(world, claims[0], attached(world, claims[0], name="old hall.txt"))
    found = rows_of(world, "anna", claims)
    user_id = world.people["anna"].user_id
    assert user_id is not None
    with world.database.write() as connection:
        token = send_link(connection, user_id, MessageKind.invitation, world.clock.now(), timedelta(days=1))
    return Rows({**found.by_name, "token": ("not-a-token", token)})


def fields_of(browser: Browser, pages: list[Call]) -> dict[str, dict[str, list[str]]]:
    """Return the fields of every form that pages offer, with what they hold, by the path the form goes to."""
    found: dict[str, dict[str, list[str]]] = {}
    for call in pages:
        page = Page(browser, browser.client.get(call.path), call.path)
        for form in page.read.forms:
            fields = found.setdefault(urlsplit(form.action or call.path).path, {})
            for name, value in form.fields:
                fields.setdefault(name, []).append(value)
            for name in {each.attributes.get("name", "") for each in page.read.elements} - {""}:
                fields.setdefault(name, [""])
    return found


def meant(app: Flask, call: Call, roles: frozenset[Role]) -> bool:
    """Return whether somebody with these roles may use a route."""
    access = access_of(app, call.endpoint)
    assert access is not None
    return access.everyone or not access.roles or bool(access.roles & roles)


def in_order(found: Iterator[Call]) -> list[Call]:
    """Return calls with those last that end the session."""
    return sorted(found, key=lambda call: LAST.index(call.endpoint) + 1 if call.endpoint in LAST else 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", PEOPLE)
def test_whatever_is_sent_to_any_route_nothing_fails(
    app: Flask, world: World, rows: Rows, sign_in: SignIn, name: str
) -> None:
    browser = sign_in(world.people[name])
    sender = Sender(browser.client, token_of(browser), Random(SEED), [])
    every = in_order(calls(app, rows))
    mine = [call for call in every if meant(app, call, world.people[name].roles)]
    fields = fields_of(browser, [call for call in mine if call.method == "GET"])
    told: dict[str, int] = defaultdict(int)
    for call in every:
        known, told[call.endpoint] = fields.get(call.path, {}), told[call.endpoint] + 1
        send = sender.page if call.method == "GET" else sender.form
        for _round in range(ROUNDS if call in mine else 1):
            send(call, known)
        if told[call.endpoint] == 1 and call.endpoint not in LAST:
            sender.oddly(call, known)
    assert not sender.failures, "\n".join(sorted(set(sender.failures)))
