"""A move that is asked for without its role: refused, changes nothing, and is remembered for the auditor."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.history import RefusedAttempt
from models.vocabulary import Role, Trigger
from tests.functional.conftest import SignIn
from tests.support import stages
from tests.support.looking import places, token_of
from tests.support.pages import Browser
from tests.support.world import World
from workflow.refused_attempts import PER_HOUR

FORGED: dict[Trigger, tuple[str, dict[str, str]]] = {
    Trigger.submit: ("/claims/{}/submit/confirm", {}),
    Trigger.withdraw: ("/claims/{}/withdraw/confirm", {}),
    Trigger.report: ("/claims/{}/report/confirm", {}),
    Trigger.endorse: ("/claims/{}/decide", {"decision": "endorse", "approved": "4000.00"}),
    Trigger.approve: ("/claims/{}/decide", {"decision": "approve", "approved": "4000.00"}),
    Trigger.return_: ("/claims/{}/decide", {"decision": "return"}),
    Trigger.reject: ("/claims/{}/decide", {"decision": "reject"}),
    Trigger.accept: ("/claims/{}/accept", {"decision": "accept"}),
    Trigger.rework: ("/claims/{}/accept", {"decision": "rework"}),
    Trigger.reimburse: ("/claims/{}/pay", {"payment_reference": "PAY-1", "paid_on": "2026-03-02"}),
    Trigger.raise_: ("/claims/{}/reconsider", {"decision": "raise", "approved": "4000.00"}),
    Trigger.amend: ("/claims/{}/amend", {"do": "amend", "requested": "1.00"}),
    Trigger.dispute: ("/claims/{}/dispute", {"reason": "Please."}),
    Trigger.reinstate: ("/programme/claims/{}/reinstate", {"reason": "Please."}),
    Trigger.reopen: ("/claims/{}/reopen", {}),
    Trigger.claw_back: ("/claims/{}/claw-back/release", {}),
    Trigger.payment_failed: ("/claims/{}/pay/failed", {"payment_reference": "PAY-1"}),
    Trigger.pay_part: ("/claims/{}/pay/part", {"amount": "1000.00", "payment_reference": "PAY-1"}),
}
"""What a forger sends for each move that people make: where to, and what besides the token."""


def forge(browser: Browser, claim_id: int, trigger: Trigger, **more: str) -> int:
    """Ask for a move as the form of its page would, and return the status of the answer."""
    place, typed = FORGED[trigger]
    sent = {"csrf_token": token_of(browser), "version": "3", "key": "k", "reason": "forged", **typed, **more}
    return browser.post(place.format(claim_id), dict(sent)).status


def remembered(world: World) -> list[RefusedAttempt]:
    with world.database.reading_session() as session:
        return list(session.scalars(select(RefusedAttempt).order_by(RefusedAttempt.id)))


def told(world: World) -> list[tuple[Any, ...]]:
    return [(one.claim_id, one.actor_id, one.trigger, one.state, one.why) for one in remembered(world)]


def test_every_move_that_people_make_can_be_forged_here() -> None:
    assert set(FORGED) == set(Trigger) - {Trigger.expire}


@pytest.mark.parametrize("trigger", FORGED)
def test_a_move_without_its_role_is_refused_and_remembered(
    world: World, sign_in: SignIn, trigger: Trigger
) -> None:
    claim_id = stages.submitted(world)
    before, eve = world.claim(claim_id), world.people["eve"]
    assert forge(sign_in(eve), claim_id, trigger) == 403
    assert world.claim(claim_id) == before
    assert told(world) == [(claim_id, eve.user_id, trigger, "submitted", "not_yours")]


def test_the_auditor_reads_who_forged_what(world: World, sign_in: SignIn) -> None:
    claim_id = stages.submitted(world)
    assert forge(sign_in(world.people["anna"]), claim_id, Trigger.approve) == 403
    page = sign_in(world.people["eve"]).open("/audit/refused")
    places(page, world.claim(claim_id).number, "Anna", "Approve", "Not theirs to do")


def test_no_more_than_a_few_forgeries_an_hour_are_kept(world: World, sign_in: SignIn) -> None:
    claim_id, eve = stages.submitted(world), sign_in(world.people["eve"])
    token = token_of(eve)
    for _number in range(PER_HOUR + 1):
        assert eve.post(f"/claims/{claim_id}/pay", {"csrf_token": token}).status == 403
    assert len(remembered(world)) == PER_HOUR
    world.clock.advance(timedelta(hours=1))
    forge(eve, claim_id, Trigger.approve)
    assert len(remembered(world)) == PER_HOUR + 1


def test_a_stranger_leaves_no_trace(world: World, stranger: Browser) -> None:
    claim_id = stages.submitted(world)
    token = dict(stranger.open("/sign-in").form("/sign-in").fields)["csrf_token"]
    answer = stranger.post(f"/claims/{claim_id}/pay", {"csrf_token": token})
    assert (answer.status, remembered(world)) == (401, [])


@pytest.mark.parametrize("token", [{}, {"csrf_token": "forged"}])
def test_another_site_leaves_no_trace_in_a_users_name(
    world: World, sign_in: SignIn, token: dict[str, object]
) -> None:
    claim_id = stages.submitted(world)
    answer = sign_in(world.people["eve"]).post(f"/claims/{claim_id}/pay", token)
    assert (answer.status, remembered(world)) == (403, [])


def test_a_claim_that_is_not_theirs_to_see_does_not_exist_here_either(world: World, sign_in: SignIn) -> None:
    claim_id, draft_id = stages.submitted(world), world.draft()
    olga = world.person("olga", Role.partner, partner_id=world.partner("Isar Networks"))
    for person, number in ((olga, claim_id), (world.people["eve"], draft_id), (olga, 2**63 - 1)):
        assert forge(sign_in(person), number, Trigger.approve) == 403
    assert remembered(world) == []


def test_what_is_no_move_is_not_remembered(world: World, sign_in: SignIn) -> None:
    claim_id, eve = stages.submitted(world), sign_in(world.people["eve"])
    forge(eve, claim_id, Trigger.accept, decision="save")
    forge(eve, claim_id, Trigger.approve, decision="reimburse")
    eve.open(f"/claims/{claim_id}/pay")
    assert remembered(world) == []
