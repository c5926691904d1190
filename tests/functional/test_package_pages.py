"""Auditors and programme managers have an audit package made, see how far it is, and take it away whole."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from config import Settings
from models.history import Act
from models.jobs import Job, JobItem
from models.links import Checkpoint
from models.messages import Message
from models.packages import AuditPackage
from models.vocabulary import JobKind, MessageKind, Personal
from tests.functional.conftest import IN_EITHER_STORE, SignIn
from tests.support.pages import Browser, Page
from tests.support.personal import erased
from tests.support.stages import approved, rejected
from tests.support.tampering import kept, unpacked, verified
from tests.support.world import MIDDAY, World
from web.services import Services
from workflow.jobs import work_off
from workflow.leases import EVERY
from workflow.loose_files import GRACE, remove_loose
from workflow.proof.doing import Signer, proof_doers
from workflow.proof.forgetting import KEPT, forget_packages
from workflow.proof.package import write_package
from workflow.proof.signing import SigningKey, make_key

PAGE, PACKAGES = "/audit/proof", "/audit/proof/packages"


@pytest.fixture
def key(settings: Settings) -> SigningKey:
    return make_key(settings.signing_key_file)


@pytest.fixture
def eve(world: World, sign_in: SignIn) -> Browser:
    return sign_in(world.people["eve"])


def work(app: Flask, world: World) -> int:
    shared: Services = app.extensions["cofund"]
    signer = Signer(shared.settings.signing_key_file, shared.settings.checkpoint_dir)
    return work_off(world.database, proof_doers(signer, shared.files), world.clock.now)


def asked(browser: Browser) -> Page:
    return browser.open(PAGE).submit(PACKAGES).follow()


@IN_EITHER_STORE
@pytest.mark.parametrize("name", ["eve", "mia"])
def test_a_package_is_asked_for_made_and_taken_away(
    app: Flask, settings: Settings, world: World, sign_in: SignIn, key: SigningKey, name: str
) -> None:
    approved(world)
    browser = sign_in(world.people[name])
    assert "begins in a moment" in asked(browser).text
    assert work(app, world) == 1
    assert browser.open(PAGE).offers(f"{PACKAGES}/1")

    with browser.client.get(f"{PACKAGES}/1") as answer:
        data = answer.data
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        assert answer.headers["Content-Disposition"] == "attachment; filename=history-2026-03-02-1.zip"
        assert answer.content_length == len(data)
    files = unpacked(data)
    assert verified(files, key, kept(settings.checkpoint_dir)) == []
    # The checkpoint that was signed first covers that it was asked for.
    assert b"package_asked" in files["act.jsonl"]
    assert len(files["checkpoint.jsonl"].splitlines()) == 1


def test_asking_is_recorded_and_a_double_click_asks_once(world: World, eve: Browser) -> None:
    page = eve.open(PAGE)
    for _ in range(2):
        page.submit(PACKAGES)
    acts = [act for act in world.rows(Act) if act.kind == "package_asked"]
    assert [(act.actor_id, act.role) for act in acts] == [(world.people["eve"].user_id, "auditor")]
    assert len(world.rows(Job)) == 1


def test_nobody_else_asks_or_takes_one_away(
    app: Flask, world: World, sign_in: SignIn, eve: Browser, key: SigningKey
) -> None:
    asked(eve)
    work(app, world)
    for name in ("anna", "bob", "dan"):
        browser = sign_in(world.people[name])
        assert browser.open(f"{PACKAGES}/1").status == 403
        assert browser.post(PACKAGES, {}).status == 403
    assert eve.open(f"{PACKAGES}/2").status == 404


def test_a_package_is_removed_after_some_days(
    app: Flask, world: World, eve: Browser, key: SigningKey
) -> None:
    shared: Services = app.extensions["cofund"]
    asked(eve)
    work(app, world)
    (package,) = world.rows(AuditPackage)

    forget_packages(world.database, world.clock.now() + KEPT - timedelta(seconds=1))
    assert len(world.rows(AuditPackage)) == 1
    world.clock.advance(2 * GRACE)
    remove_loose(world.database, world.clock.now(), files=shared.files)
    shared.files.find(package.digest).close()
    world.clock.advance(KEPT)
    forget_packages(world.database, world.clock.now())
    world.clock.advance(GRACE)
    remove_loose(world.database, world.clock.now(), files=shared.files)

    with pytest.raises(FileNotFoundError):
        shared.files.find(package.digest)


def test_a_file_that_no_package_came_of_is_removed_as_loose(
    app: Flask, settings: Settings, world: World, eve: Browser, key: SigningKey
) -> None:
    """The worker died between storing the file and saying so."""
    shared: Services = app.extensions["cofund"]
    asked(eve)
    signer = Signer(settings.signing_key_file, settings.checkpoint_dir)
    ready = proof_doers(signer, shared.files)[JobKind.make_package].ready
    assert ready is not None
    stored = ready(world.database, world.rows(Job)[0], world.rows(JobItem)[0], MIDDAY, lambda *_: None)
    shared.files.find(stored.digest).close()
    remove_loose(world.database, MIDDAY + GRACE, files=shared.files)
    with pytest.raises(FileNotFoundError):
        shared.files.find(stored.digest)


def test_without_a_key_it_says_whom_to_ask(app: Flask, world: World, eve: Browser) -> None:
    asked(eve)
    work(app, world)
    page = eve.open(PAGE)
    assert "The worker finds no key to sign with." in page.text
    assert "SIGNING_KEY_FILE" in page.text


def test_what_does_not_agree_with_a_checkpoint_is_not_signed_and_raises_the_alarm(
    app: Flask, settings: Settings, world: World, eve: Browser, key: SigningKey
) -> None:
    asked(eve)
    settings.checkpoint_dir.mkdir()
    (settings.checkpoint_dir / "checkpoint-00000001.txt").write_text("something else")
    work(app, world)
    assert "History does not agree with an earlier checkpoint" in eve.open(PAGE).text
    assert MessageKind.history_alarm in {message.kind for message in world.rows(Message)}


def test_what_broke_off_offers_nothing_and_is_begun_again(
    app: Flask, world: World, eve: Browser, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(eve)
    broken = OperationalError("insert", {}, Exception("the power failed"))

    def half(connection: Any, key: Any, now: Any, into: Any, tell: Any) -> None:
        into.write(b"PK")
        raise broken

    with monkeypatch.context() as patched:
        patched.setattr("workflow.proof.doing.write_package", half)
        with pytest.raises(OperationalError):
            work(app, world)
    assert world.rows(AuditPackage) == []
    assert eve.open(f"{PACKAGES}/1").status == 404

    world.clock.advance(timedelta(minutes=3))
    assert work(app, world) == 1
    with eve.client.get(f"{PACKAGES}/1") as answer:
        assert unpacked(answer.data)
    assert len(world.rows(Checkpoint)) == 1


def test_whoever_asked_stops_it_and_nobody_else(
    app: Flask, world: World, sign_in: SignIn, eve: Browser, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(eve)
    assert "/jobs/1/cancel" not in sign_in(world.people["mia"]).open(PAGE).text

    def stopped(connection: Any, key: Any, now: Any, into: Any, tell: Any) -> None:
        assert eve.open(PAGE).submit("/jobs/1/cancel").follow().follow().status == 200
        world.clock.advance(EVERY)
        write_package(connection, key, now, into, lambda _: tell(1))
        tell(1)

    monkeypatch.setattr("workflow.proof.doing.write_package", stopped)
    work(app, world)
    assert world.rows(JobItem)[0].result == {"outcome": "cancelled"}
    assert world.rows(AuditPackage) == []
    assert "Stopped" in eve.open(PAGE).text


def test_a_package_that_went_with_what_was_erased_says_so(
    app: Flask, world: World, eve: Browser, key: SigningKey
) -> None:
    claim_id = rejected(world)
    asked(eve)
    work(app, world)
    (package,) = world.rows(AuditPackage)
    place = f"{PACKAGES}/{package.job_id}"
    assert eve.open(PAGE).offers(place)
    erased(world, claim_id, Personal.reasons)
    assert not eve.open(PAGE).offers(place)
    assert "because personal data was erased. Ask again." in eve.open(PAGE).text
    assert eve.open(place).status == 410
