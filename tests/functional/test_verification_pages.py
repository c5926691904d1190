"""Auditors and programme managers have history verified now, see how far it is, and read what was found."""

from typing import Any

import pytest
from flask import Flask

from config import Settings
from models.jobs import JobItem
from models.links import Verification
from models.messages import Message
from models.vocabulary import MessageKind
from tests.functional.conftest import SignIn
from tests.integration.test_verification import tamper
from tests.support.pages import Browser, Page
from tests.support.stages import approved
from tests.support.world import World
from web.services import Services
from workflow.jobs import work_off
from workflow.leases import EVERY
from workflow.proof.doing import Signer, proof_doers
from workflow.proof.signing import make_key
from workflow.proof.verifying import look_through

PAGE, LOOKS = "/audit/proof", "/audit/proof/verifications"


@pytest.fixture
def signer(settings: Settings) -> Signer:
    make_key(settings.signing_key_file)
    return Signer(settings.signing_key_file, settings.checkpoint_dir)


@pytest.fixture
def eve(world: World, sign_in: SignIn) -> Browser:
    """The auditor's browser."""
    return sign_in(world.people["eve"])


def work(app: Flask, world: World, signer: Signer) -> int:
    shared: Services = app.extensions["cofund"]
    return work_off(world.database, proof_doers(signer, shared.files), world.clock.now)


def asked(browser: Browser, what: str = "whole") -> Page:
    return browser.open(PAGE).submit(LOOKS, what=what).follow()


@pytest.mark.parametrize("name", ["eve", "mia"])
def test_history_is_verified_now_and_the_result_is_kept(
    app: Flask, world: World, sign_in: SignIn, signer: Signer, name: str
) -> None:
    approved(world)
    signer.sign(world.database, world.clock.now())
    browser = sign_in(world.people[name])
    assert "begins in a moment" in asked(browser).text
    assert work(app, world, signer) == 1
    assert browser.open(PAGE).offers(f"{LOOKS}/1")
    assert "Agrees" in browser.open(f"{LOOKS}/1").text
    asked(browser, "new")
    work(app, world, signer)
    assert [(look.since, look.found) for look in world.rows(Verification)] == [(0, 0), (1, 0)]
    assert "From checkpoint 1 on" in browser.open(f"{LOOKS}/2").text


def test_what_does_not_agree_is_shown_row_by_row_and_raises_the_alarm(
    app: Flask, world: World, eve: Browser, signer: Signer
) -> None:
    claim_id = approved(world)
    signer.sign(world.database, world.clock.now())
    tamper(world.database, f"UPDATE move SET approved = 1 WHERE claim_id = {claim_id} AND number = 2")
    asked(eve)
    work(app, world, signer)
    look = eve.open(f"{LOOKS}/1").text
    assert f"move 2 of claim {claim_id}" in look
    assert "approved is 1, but 400000 was hashed" in look
    alarmed = {row.user_id for row in world.rows(Message) if row.kind is MessageKind.history_alarm}
    assert {world.people["eve"].user_id, world.people["mia"].user_id} <= alarmed
    # After a look that found something, everything is verified, not what is new alone.
    asked(eve, "new")
    work(app, world, signer)
    assert world.rows(Verification)[-1].since == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_look_after_one_that_ended_nowhere_verifies_all_and_raises_the_alarm(
    app: Flask, world: World, eve: Browser, signer: Signer
) -> None:
    approved(world)
    signer.sign(world.database, world.clock.now())
    asked(eve)
    work(app, world, signer)
    tamper(world.database, "UPDATE verification SET checkpoint = 'x'")
    asked(eve, "new")
    work(app, world, signer)
    assert world.rows(Verification)[-1].since == 0
    assert "verification: x is no place, length or number of a checkpoint" in eve.open(f"{LOOKS}/2").text
    assert MessageKind.history_alarm in {row.kind for row in world.rows(Message)}


def test_a_double_click_asks_once(world: World, eve: Browser) -> None:
    page = eve.open(PAGE)
    for _ in range(2):
        page.submit(LOOKS, what="new")
    assert len(world.rows(JobItem)) == 1


def test_whoever_asked_stops_it_and_nothing_is_kept(
    app: Flask, world: World, eve: Browser, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(world)
    asked(eve)

    def stopped(*given: Any, tell: Any, **more: Any) -> Any:
        eve.open(PAGE).submit("/jobs/1/cancel")
        world.clock.advance(EVERY)
        return look_through(*given, tell=tell, **more)

    monkeypatch.setattr("workflow.proof.doing.look_through", stopped)
    work(app, world, signer)
    assert world.rows(JobItem)[0].result == {"outcome": "cancelled"}
    assert world.rows(Verification) == []
    assert "Stopped" in eve.open(PAGE).text


def test_how_far_it_is_is_shown_while_it_is_verified(
    app: Flask, world: World, eve: Browser, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(world)
    asked(eve)
    shown: list[str] = []

    def slow(*given: Any, tell: Any, **more: Any) -> Any:
        world.clock.advance(EVERY)
        tell(7)
        shown.append(eve.open(PAGE).text)
        return look_through(*given, tell=tell, **more)

    monkeypatch.setattr("workflow.proof.doing.look_through", slow)
    assert work(app, world, signer) == 1
    assert "% done" in shown[0]
    assert "0 % done" not in shown[0]


def test_without_a_key_it_says_whom_to_ask(
    app: Flask, world: World, eve: Browser, settings: Settings
) -> None:
    asked(eve)
    work(app, world, Signer(settings.signing_key_file, settings.checkpoint_dir))
    assert "The worker finds no key to sign with." in eve.open(PAGE).text


def test_nobody_else_asks_or_reads(world: World, sign_in: SignIn, eve: Browser) -> None:
    for name in ("anna", "bob", "dan"):
        browser = sign_in(world.people[name])
        assert browser.post(LOOKS, {}).status == 403
        assert browser.open(f"{LOOKS}/1").status == 403
    assert eve.open(f"{LOOKS}/1").status == 404
