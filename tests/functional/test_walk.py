"""One claim of each activity type walks from draft to reimbursed, by the pages alone."""

import io
from datetime import UTC, datetime

import pytest

from models.claims import Claim
from models.vocabulary import State
from tests.functional.conftest import SignIn
from tests.functional.test_accepting import findings
from tests.support.files import pdf
from tests.support.pages import Browser
from tests.support.plans import PLANS, TypedPlan
from tests.support.world import World
from workflow.clock import SettableClock

AFTER = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.activity_type)
def test_a_claim_of_each_activity_type_walks_from_draft_to_reimbursed(
    world: World, sign_in: SignIn, clock: SettableClock, plan: TypedPlan
) -> None:
    claim_id = submit_a(plan, sign_in(world.people["anna"]))
    assert state_of(world, claim_id) is State.submitted
    approve(claim_id, sign_in(world.people["bob"]))
    assert state_of(world, claim_id) is State.approved
    clock.set(AFTER)
    report_on(claim_id, plan, sign_in(world.people["anna"]))
    assert state_of(world, claim_id) is State.executed
    accept(world, claim_id, sign_in(world.people["bob"]))
    assert state_of(world, claim_id) is State.accepted
    pay(claim_id, sign_in(world.people["dan"]))
    claim, fund = world.claim(claim_id), world.fund_row()
    assert (claim.state, claim.paid, claim.reserved) == (State.reimbursed, 400_000, 0)
    assert (fund.available, fund.reserved, fund.paid) == (4_600_000, 0, 400_000)


def approve(claim_id: int, approver: Browser) -> None:
    """Grant what is offered."""
    address = f"/claims/{claim_id}/decide"
    assert approver.open("/inbox").offers(address)
    answer = approver.open(address).submit(address, decision="approve")
    assert answer.status == 302, answer.text


def accept(world: World, claim_id: int, approver: Browser) -> None:
    """Find every cost and every file right, and accept."""
    address = f"/claims/{claim_id}/accept"
    assert approver.open("/inbox").offers(address)
    answer = approver.open(address).submit(address, decision="accept", **findings(world, claim_id))
    assert answer.status == 302, answer.text


def pay(claim_id: int, finance: Browser) -> None:
    """Record the payment."""
    address = f"/claims/{claim_id}/pay"
    assert finance.open("/payments").offers(address)
    answer = finance.open(address).submit(address, payment_reference="PAY-1", paid_on="2026-04-20")
    assert answer.status == 302, answer.text


def submit_a(plan: TypedPlan, partner: Browser) -> int:
    """Plan an activity and submit it, as a partner does."""
    begun = partner.open("/claims/new").submit("/claims/new", activity_type=plan.activity_type)
    address = begun.location
    saved = begun.follow().submit(address, **plan.fields, do="submit")
    assert saved.status == 302, saved.text
    done = saved.follow().submit(saved.location)
    assert done.status == 302, done.text
    claim_id = int(done.location.rsplit("/", 1)[1])
    assert "submitted" in done.follow().text
    return claim_id


def report_on(claim_id: int, plan: TypedPlan, partner: Browser) -> None:
    """Report what it cost, with every kind of evidence, and send the report."""
    address = f"/claims/{claim_id}/report"
    for kind in plan.evidence:
        page = partner.open(address)
        answer = page.submit(address, kind=kind, files=(io.BytesIO(pdf()), f"{kind}.pdf"), do="attach")
        assert answer.status == 302, answer.text
    bill = {"lines-0-supplier": "Kongresshalle", "lines-0-invoice_number": "K-1"}
    saved = partner.open(address).submit(address, **bill, do="report")
    assert saved.status == 302, saved.text
    done = saved.follow().submit(saved.location)
    assert done.status == 302, done.text


def state_of(world: World, claim_id: int) -> State:
    claim: Claim = world.claim(claim_id)
    return claim.state
