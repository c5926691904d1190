"""Managers set how long personal data is kept and erase on request; what was erased says when and why."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import insert, update

from models.claims import LooseFile
from models.erasure import ErasureRequest, LegalHold, Retention
from models.jobs import Job, JobItem
from models.packages import AuditPackage
from models.searches import Export
from models.vocabulary import Personal, Role
from notifications.wording import day_text
from tests.functional.conftest import IN_EITHER_STORE, SignIn
from tests.functional.test_claim_file_pdf import squeezed, text_of
from tests.functional.test_exports import ask, content, rows, work
from tests.support.pages import Page
from tests.support.personal import SAID, erased, erasing_acts, hold, lift, paid_claim, traces
from tests.support.world import World
from web.services import Services
from workflow.erasure.due import erase_due
from workflow.erasure.retention import GRACE
from workflow.proof.forgetting import forget_packages
from workflow.searches.exports import KEPT, forget_exports

ROOM = "/personal-data"
NOTE = "Erased on 30 Jun 2028: kept for 24 months (retention)."


@pytest.fixture
def claim_id(world: World, app: Flask) -> int:
    """A paid claim that speaks of somebody in every place."""
    shared: Services = app.extensions["cofund"]
    claim_id = paid_claim(world, shared.files)
    world.person("ines", Role.manager)
    return claim_id


def sent(page: Page, action: str, **typed: object) -> Page:
    """Send a form of a page; return what comes of it."""
    answer = page.submit(action, **typed)
    return answer.follow() if answer.location else answer


def night(world: World, app: Flask) -> None:
    """Let two years pass, and the night after them."""
    shared: Services = app.extensions["cofund"]
    world.clock.set(datetime(2028, 6, 30, 12, 0, tzinfo=UTC))
    erase_due(world.database, world.clock.now(), files=shared.files)


@IN_EITHER_STORE
def test_what_was_erased_says_when_and_why_everywhere(
    world: World, app: Flask, sign_in: SignIn, claim_id: int
) -> None:
    with world.database.write() as connection:
        for kind in Personal:
            connection.execute(insert(Retention).values(kind=kind, months=24, set_at=world.clock.now()))
    night(world, app)

    for who in ("anna", "mia", "dan", "eve"):
        page = sign_in(world.people[who]).open(f"/claims/{claim_id}")
        assert page.text.count(NOTE) >= 4 + 2 + 1 + 1, who
        for words in {one for kind in Personal for one in SAID[kind]}:
            assert words not in page.text
    eve = sign_in(world.people["eve"])
    acts, history = eve.open("/audit/acts").text, eve.open(f"/audit/claims/{claim_id}").text
    assert NOTE in acts
    assert "Erased from" in history
    assert "The product" in acts
    assert "Installation" not in acts + history
    for move_id in range(1, 9):
        eve.open(f"/audit/moves/{move_id}")
    assert NOTE in eve.open("/audit/moves/2").text
    for path in (f"/audit/claims/{claim_id}", f"/audit/claims/{claim_id}/as-of", f"{ROOM}/claims/{claim_id}"):
        assert eve.open(path).status == 200
    anna = sign_in(world.people["anna"])
    for path in ("files/1", "files/1/preview", "thread/files/1"):
        answer = anna.client.get(f"/claims/{claim_id}/{path}")
        assert answer.status_code in (404, 410), path
    assert anna.client.get(f"/claims/{claim_id}/files/1").status_code == 410
    with zipfile.ZipFile(io.BytesIO(anna.client.get(f"/claims/{claim_id}/files.zip").data)) as archive:
        assert archive.namelist() == ["list.txt"]
        assert archive.read("list.txt").decode("utf-8-sig").count(NOTE) == 4


def test_a_manager_sets_how_long_each_kind_is_kept(world: World, sign_in: SignIn, claim_id: int) -> None:
    mia = sign_in(world.people["mia"])
    page = mia.open(ROOM)
    assert "nothing is erased by itself" in page.text
    wrong = sent(page, f"{ROOM}/retention", people_files="0", texts="many")
    assert wrong.status == 422
    assert 'value="many"' in wrong.text
    saved = sent(mia.open(ROOM), f"{ROOM}/retention", people_files="24")
    assert "Saved. A number that is new or shorter counts from" in saved.text
    begins = day_text((world.clock.now() + GRACE).date().isoformat())
    assert f"24 months from {begins} on; until then for good" in saved.text
    assert f"24 months from {begins} on; until then for good" in mia.open(f"{ROOM}/claims/{claim_id}").text
    assert [(row.kind, row.months) for row in world.rows(Retention)] == [(Personal.people_files, 24)]
    world.clock.set(datetime(2028, 6, 15, 12, 0, tzinfo=UTC))
    page = sign_in(world.people["mia"]).open(ROOM)
    assert f"{ROOM}/claims/{claim_id}" in page.text
    assert sign_in(world.people["eve"]).open(ROOM).status == 200
    assert sign_in(world.people["bob"]).client.get(ROOM).status_code == 403
    emptied = sent(sign_in(world.people["mia"]).open(ROOM), f"{ROOM}/retention", people_files="")
    assert "Nothing will be erased by itself any more." in emptied.text


def test_a_request_takes_two_managers(world: World, app: Flask, sign_in: SignIn, claim_id: int) -> None:
    mia, ines = sign_in(world.people["mia"]), sign_in(world.people["ines"])
    place = f"{ROOM}/claims/{claim_id}"
    page = mia.open(place)
    to = f"{place}/request"
    wrong = sent(page, to, reference="DSR-9", reason="")
    assert wrong.status == 422
    assert 'value="DSR-9"' in wrong.text
    proposed = sent(mia.open(place), to, kinds="people_files", reference="DSR-9", reason="By letter.")
    assert "Proposed." in proposed.text
    (request,) = world.rows(ErasureRequest)
    assert "Erase it for good" not in mia.open(place).text
    assert "DSR-9" in ines.open(ROOM).text
    confirm, held = f"{ROOM}/requests/{request.id}/confirm", "A legal hold stands: nothing is erased"
    assert ines.open(place).offers(confirm)
    sent(ines.open(place), f"{place}/hold", **{"hold-reason": "A court asks."})
    assert not ines.open(place).offers(confirm)
    assert held in ines.open(place).text
    sent(mia.open(place), f"{ROOM}/holds/{world.rows(LegalHold)[0].id}/lift", **{"lift-reason": "Over."})
    done = sent(ines.open(place), f"{ROOM}/requests/{request.id}/confirm")
    assert "Erased for good." in done.text
    assert [act.figures["erased"] for act in erasing_acts(world)] == [{"people_files": 2}]
    assert traces(world.database, SAID[Personal.people_files]) == set()
    assert "on request DSR-9" in ines.open(f"/claims/{claim_id}").text
    again = ines.open(place).browser.post(f"{ROOM}/requests/{request.id}/turn-down", {"csrf_token": "x"})
    assert again.status in (302, 400)


def test_a_hold_is_seen_by_the_owners_people_alone(world: World, sign_in: SignIn, claim_id: int) -> None:
    eve, place = sign_in(world.people["eve"]), f"{ROOM}/claims/{claim_id}"
    wrong = sent(eve.open(place), f"{place}/hold", **{"hold-reason": ""})
    assert wrong.status == 422
    held = sent(eve.open(place), f"{place}/hold", **{"hold-reason": "A court asks."})
    assert "Held." in held.text
    (hold,) = world.rows(LegalHold)
    for who in ("bob", "dan", "mia"):
        assert "A court asks." in sign_in(world.people[who]).open(f"/claims/{claim_id}").text
    assert "Legal hold" not in sign_in(world.people["anna"]).open(f"/claims/{claim_id}").text
    mia = sign_in(world.people["mia"])
    for page in (mia.open(place), mia.open(ROOM)):
        assert not page.offers(f"{ROOM}/holds/{hold.id}/lift")
        assert "An auditor set this hold" in page.text
    history = eve.open(f"/audit/claims/{claim_id}")
    assert history.offers(place)
    assert "Set a legal hold on" in history.text
    lifted = sent(eve.open(place), f"{ROOM}/holds/{hold.id}/lift", **{"lift-reason": "It is over."})
    assert "Lifted." in lifted.text
    assert world.rows(LegalHold) == []


def test_all_claims_of_a_partner_are_held_on_the_page_of_all(
    world: World, sign_in: SignIn, claim_id: int
) -> None:
    mia = sign_in(world.people["mia"])
    to = f"{ROOM}/holds"
    assert sent(mia.open(ROOM), to, partner="", reason="x").status == 422
    assert "Held." in sent(mia.open(ROOM), to, partner=str(world.partner_id), reason="A court asks.").text
    again = sent(mia.open(ROOM), to, partner=str(world.partner_id), reason="Once more.")
    assert again.status == 422
    assert "Once more." in again.text
    (hold,) = world.rows(LegalHold)
    history = sign_in(world.people["eve"]).open(f"/audit/claims/{claim_id}")
    assert "Set a legal hold on" in history.text
    lift = f"{ROOM}/holds/{hold.id}/lift"
    assert "A court asks." in mia.open(ROOM).text
    assert not mia.open(ROOM).offers(lift)
    assert "You set this hold" in mia.open(ROOM).text
    ines = sign_in(world.people["ines"])
    assert sent(ines.open(ROOM), lift, **{"lift-reason": ""}).status == 422
    assert "Lifted." in sent(ines.open(ROOM), lift, **{"lift-reason": "Over."}).text


def test_who_left_is_forgotten_by_two_managers(world: World, sign_in: SignIn, claim_id: int) -> None:
    mia, ines = sign_in(world.people["mia"]), sign_in(world.people["ines"])
    cora = world.people["cora"].user_id or 0
    page = mia.open(f"{ROOM}/users/{cora}")
    assert "Deactivate them first" in page.text
    sent(mia.open(f"/programme/users/{cora}"), f"/programme/users/{cora}/deactivate")
    place = f"{ROOM}/users/{cora}"
    assert mia.open(f"/programme/users/{cora}").offers(place)
    wrong = sent(mia.open(place), f"{place}/request", reference="DSR-2", reason="")
    assert wrong.status == 422
    assert "Proposed." in sent(mia.open(place), f"{place}/request", reference="DSR-2", reason="Mail.").text
    (request,) = world.rows(ErasureRequest)
    confirm = f"{ROOM}/requests/{request.id}/confirm"
    assert not mia.open(place).offers(confirm)
    assert ines.open(ROOM).offers(place)
    done = sent(ines.open(place), confirm)
    assert "Erased for good." in done.text
    assert f"Former user {cora}" in done.text
    assert "Cora" not in ines.open(f"/programme/users/{cora}").text
    assert sign_in(world.people["eve"]).open("/audit/acts").status == 200


def test_nobody_of_a_partner_that_is_held_is_forgotten(world: World, sign_in: SignIn, claim_id: int) -> None:
    mia, ines = sign_in(world.people["mia"]), sign_in(world.people["ines"])
    anna = world.people["anna"].user_id or 0
    place = f"{ROOM}/users/{anna}"
    sent(mia.open(f"/programme/users/{anna}"), f"/programme/users/{anna}/deactivate")
    sent(mia.open(place), f"{place}/request", reference="DSR-2", reason="Mail.")
    confirm = f"{ROOM}/requests/{world.rows(ErasureRequest)[0].id}/confirm"
    assert ines.open(place).offers(confirm)
    sent(ines.open(ROOM), f"{ROOM}/holds", partner=str(world.partner_id), reason="A court asks.")
    assert not ines.open(place).offers(confirm)
    assert "A legal hold stands on their partner" in ines.open(place).text


def test_nobody_who_acted_on_what_is_held_is_forgotten(world: World, sign_in: SignIn, claim_id: int) -> None:
    mia, ines = sign_in(world.people["mia"]), sign_in(world.people["ines"])
    cora = world.people["cora"].user_id or 0
    place, keeps = f"{ROOM}/users/{cora}", "or on a claim that they had a part in: their name stays."
    sent(mia.open(f"/programme/users/{cora}"), f"/programme/users/{cora}/deactivate")
    hold_id = hold(world, "eve", claim_id=claim_id)
    assert keeps in mia.open(place).text
    assert not mia.open(place).offers(f"{place}/request")
    lift(world, hold_id, "eve")
    sent(mia.open(place), f"{place}/request", reference="DSR-2", reason="Mail.")
    confirm = f"{ROOM}/requests/{world.rows(ErasureRequest)[0].id}/confirm"
    page = ines.open(place)
    hold(world, "eve", claim_id=claim_id)
    assert not ines.open(place).offers(confirm)
    refused = sent(page, confirm)
    assert refused.status == 409
    assert keeps in refused.text
    assert "Cora" in refused.text


def test_a_claim_that_is_reopened_is_checked_without_what_was_erased(
    world: World, sign_in: SignIn, claim_id: int
) -> None:
    erased(world, claim_id)
    world.move(claim_id, "payment_failed", "dan", payment_reference=f"PAY-{claim_id}", reason="It came back.")
    world.move(claim_id, "reopen", "dan", reason="Look again.")
    holder = world.holder(claim_id)[0] or ""
    page = sign_in(world.people[holder]).open(f"/claims/{claim_id}/accept")
    assert page.text.count("on request DSR-1") >= 4
    world.move(claim_id, "accept", holder)
    assert world.claim(claim_id).state == "accepted"


def test_a_partner_does_not_read_by_which_request(world: World, sign_in: SignIn, claim_id: int) -> None:
    erased(world, claim_id)
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}")
    assert "on request." in page.text
    assert "DSR-1" not in page.text


def test_exports_and_a_claims_file_say_what_was_erased(
    world: World, app: Flask, sign_in: SignIn, claim_id: int
) -> None:
    erased(world, claim_id)
    eve = sign_in(world.people["eve"])
    text = text_of(eve, claim_id)
    assert text.count(squeezed("on request DSR-1")) >= 4 + 3
    assert "Grace" not in text
    for search in ("moves", "acts"):
        asked = ask(eve, search, "jsonl")
        work(app, world)
        found = rows("jsonl", content(eve, asked))
        assert "[erased]" in {row["reason"] for row in found}
        assert "Grace" not in str(found)


def test_packages_and_exports_that_were_made_before_go_with_it(
    world: World, app: Flask, sign_in: SignIn, claim_id: int
) -> None:
    eve = sign_in(world.people["eve"])
    asked = ask(eve, "moves", "csv")
    work(app, world)
    assert b"Grace" in content(eve, asked)
    assert not any("digest" in item.result for item in world.rows(JobItem))
    with world.database.write() as connection:
        (job,) = world.rows(Job)
        read = update(JobItem).where(JobItem.position == 1)  # as an export that is in work has it
        connection.execute(read.values(result={"outcome": "done", "rows": 1, "digest": "1" * 64}))
        offered = {"job_id": job.id, "made_at": world.clock.now(), "digest": "0" * 64, "size": 1}
        connection.execute(insert(AuditPackage).values(offered))
    erased(world, claim_id)
    assert eve.client.get(f"{asked.location}/file").status_code == 410
    assert eve.client.get(f"/audit/proof/packages/{job.id}").status_code == 410
    assert not any("digest" in item.result for item in world.rows(JobItem))
    assert [row.digest for row in world.rows(AuditPackage)] == [""]
    assert [row.digest for row in world.rows(Export)] == [None]
    removed = "because personal data was erased. Ask again."
    for path in (asked.location, "/audit/exports"):
        assert removed in eve.open(path).text
        assert not eve.open(path).offers(f"{asked.location}/file")
    world.clock.advance(KEPT)
    forget_exports(world.database, world.clock.now())
    forget_packages(world.database, world.clock.now())
    assert world.rows(AuditPackage) == world.rows(Export) == []
    assert [row.digest for row in world.rows(LooseFile) if not row.digest] == []
