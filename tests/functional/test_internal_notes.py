"""A partner never learns of an internal note: not its words, its author, its files, nor that there is one."""

import re
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from config import Settings
from models.messages import Message
from models.threads import Post, PostFile
from models.vocabulary import Role
from notifications.delivery import deliver_due
from notifications.wording import tell
from tests.functional.conftest import SignIn
from tests.functional.test_nobody_sees_the_others import (
    Call,
    Rows,
    a_claim_of_each_kind,
    ask,
    calls,
    make_what_is_the_vendors,
    rows_of,
)
from tests.support.looking import token_of
from tests.support.mail import KeepingMailer
from tests.support.pages import Browser
from tests.support.world import PLAN_FILE, World

SECRETS = ("Kestrel", "quietly.pdf", "Ivy", "nternal note")
"""Words that stand nowhere but in internal notes, in who wrote them, and in what comes with them."""

DIGEST = "1" * 64

LAST = ("auth.leave", "account.leave_everywhere")


@pytest.fixture
def rows(world: World) -> Rows:
    """Claims of a partner, each with a post of either side."""
    claims = a_claim_of_each_kind(world, "anna", "Elbe day")
    make_what_is_the_vendors(world)
    world.account("anna")
    world.share()
    for claim_id in claims[1:]:
        world.post(claim_id, "anna", "A question.", files=[PLAN_FILE])
        world.post(claim_id, "bob", "An answer.", tell=["anna"])
    world.person("ivy", Role.approver, Role.manager)
    return rows_of(world, "anna", claims)


def note(world: World, rows: Rows) -> tuple[object, ...]:
    """Have Ivy, who does nothing else, write internal notes on each claim; return the ids of their files."""
    for claim_id in rows.by_name["claim_id"]:
        assert isinstance(claim_id, int)
        file = {**PLAN_FILE, "name": "quietly.pdf", "digest": DIGEST}
        world.post(claim_id, "ivy", "Kestrel.", internal=True, files=[file])
    for claim_id in rows.by_name["claim_id"][1:]:
        assert isinstance(claim_id, int)
        world.post(claim_id, "ivy", "Kestrel, Bob.", internal=True, tell=["bob"])
    with world.database.read() as connection:
        return tuple(
            connection.scalars(
                select(PostFile.id).join(Post, Post.id == PostFile.post_id).where(Post.internal)
            )
        )


def found_in(text: str) -> list[str]:
    return [word for word in SECRETS if word in text]


def shown(browser: Browser, every: list[Call]) -> dict[str, tuple[int, str]]:
    """Return what every page shows, but for what is new each time it is asked for."""
    pages = {}
    for call in every:
        if call.method == "GET":
            status, text = ask(browser, call, "")
            pages[call.path] = (status, re.sub(r'(name="(?:csrf_token|key)" value=)"[^"]*"', r"\1", text))
    return pages


def test_an_internal_note_changes_nothing_of_what_a_partner_is_shown(
    app: Flask, world: World, rows: Rows, sign_in: SignIn
) -> None:
    anna, every = sign_in(world.people["anna"]), list(calls(app, rows))
    shown(anna, every)  # whoever opens a notification has read it
    before = shown(anna, every)
    assert before == shown(anna, every), "pages have to stay as they are by themselves, or this shows nothing"
    note(world, rows)
    assert shown(anna, every) == before
    claim_id = rows.by_name["claim_id"][1]
    assert found_in(sign_in(world.people["bob"]).open(f"/claims/{claim_id}").text) == list(SECRETS)


def test_no_route_tells_a_partner_of_an_internal_note(
    app: Flask, world: World, rows: Rows, sign_in: SignIn, settings: Settings
) -> None:
    files = note(world, rows)
    kept = settings.files_dir / DIGEST[:2] / DIGEST
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"Kestrel")
    address = f"/claims/{rows.by_name['claim_id'][0]}/thread/files/{files[0]}"
    assert sign_in(world.people["mia"]).client.get(address, buffered=True).data == b"Kestrel"
    anna = sign_in(world.people["anna"])
    token = token_of(anna)
    internal = Rows({**rows.by_name, "post_file_id": files})
    for call in calls(app, internal):
        if call.endpoint in LAST:
            continue
        status, text = ask(anna, call, token)
        assert not found_in(text), f"{call.method} {call.path} tells {found_in(text)}"
        if call.endpoint == "claims.thread_file":
            assert status == 404
    for query in ("after=1", "before=1", "after=999999", "before=0"):
        for claim_id in rows.by_name["claim_id"]:
            assert not found_in(anna.open(f"/claims/{claim_id}?{query}").text)


def test_no_message_tells_a_partner_of_an_internal_note(world: World, rows: Rows) -> None:
    note(world, rows)
    world.post(_last(rows), "ivy", "Kestrel", internal=True)
    with world.database.read() as connection:
        messages = connection.execute(select(Message.__table__)).all()
    partners = {actor.user_id for actor in world.people.values() if actor.partner_id is not None}
    for row in messages:
        told = str(tell(row.kind, row.claim_id, row.figures, ZoneInfo("Europe/Berlin"))) + str(row.figures)
        assert row.user_id not in partners or not found_in(told)
    assert any("Kestrel" in str(row.figures) for row in messages), "or this shows nothing"
    mailer = KeepingMailer()
    deliver_due(world.database, mailer, "https://fund.example", world.clock.now)
    to_partners = [mail for mail in mailer.mails if mail.reader_address == "anna@people.example"]
    assert to_partners
    for mail in to_partners:
        assert not found_in(mail.subject + mail.text + mail.html)


def test_a_partner_can_address_nobody_who_wrote_internal_notes_alone(
    world: World, rows: Rows, sign_in: SignIn
) -> None:
    note(world, rows)
    ivy, path = str(world.people["ivy"].user_id), f"/claims/{_last(rows)}"
    page = sign_in(world.people["anna"]).open(path).submit(f"{path}/thread", text="Hello.", tell=ivy)
    nobody = sign_in(world.people["anna"]).open(path).submit(f"{path}/thread", text="Hello.", tell="9999")
    assert page.status == nobody.status == 422
    assert not found_in(page.text)
    assert page.text.replace(ivy, "").count("error") == nobody.text.replace("9999", "").count("error")


def _last(rows: Rows) -> int:
    claim_id = rows.by_name["claim_id"][-1]
    assert isinstance(claim_id, int)
    return claim_id
