"""Every row of the table of moves is reached by clicking from the start page; no other is offered.

What is not offered is refused when it is forged, and changes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

import pytest

from models.vocabulary import Role, State, Trigger
from tests.functional.conftest import SignIn
from tests.functional.test_accepting import findings
from tests.support.looking import token_of
from tests.support.pages import Browser, Form, Page
from tests.support.stages import (
    IN_STATE,
    approved,
    correct_certificate,
    disputed_amount,
    executed,
    expired,
    partly_paid,
    submitted,
    to_be_clawed_back,
)
from tests.support.world import World
from workflow.guards import OF_PAID
from workflow.table import MOVES, RECORDED_TARGET, MoveRow, moves_from

PEOPLE: dict[Role, str] = {
    Role.partner: "anna",
    Role.approver: "bob",
    Role.finance: "dan",
    Role.auditor: "eve",
    Role.manager: "mia",
}
ROOMS = ("/claims", "/inbox", "/payments", "/audit", "/programme", "/programme/waiting", "/programme/claims")
"""The lists that are clicked through; of what they lead to, only what is about the claim."""

FORMS: dict[str, tuple[Trigger, ...]] = {
    "/claims/{id}/submit/confirm": (Trigger.submit,),
    "/claims/{id}/withdraw/confirm": (Trigger.withdraw,),
    "/claims/{id}/report/confirm": (Trigger.report,),
    "/claims/{id}/dispute": (Trigger.dispute,),
    "/claims/{id}/amend": (Trigger.amend,),
    "/claims/{id}/reconsider": (Trigger.raise_,),
    "/claims/{id}/decide": (Trigger.endorse, Trigger.approve, Trigger.return_, Trigger.reject),
    "/claims/{id}/accept": (Trigger.accept, Trigger.rework, Trigger.reject),
    "/claims/{id}/pay": (Trigger.reimburse,),
    "/programme/claims/{id}/reinstate": (Trigger.reinstate,),
    "/claims/{id}/reopen": (Trigger.reopen,),
    "/claims/{id}/pay/part": (Trigger.pay_part,),
    "/claims/{id}/pay/failed": (Trigger.payment_failed,),
    "/claims/{id}/claw-back/release": (Trigger.claw_back,),
}
"""Where each move is asked for. With several triggers, a button says which."""

GO_ON = {"/plan": "submit", "/report": "report"}
"""Forms whose button leads on to a question, and the button's value."""


@dataclass(frozen=True)
class Offer:
    """A page that offers a move, and the form that makes it."""

    page: Page
    form: str


def with_bills(world: World) -> int:
    """Return the id of an approved claim whose report is written but not sent."""
    claim_id = approved(world)
    world.clock.set(world.clock.now().replace(month=5))
    world.bill(claim_id)
    return claim_id


STAGES: dict[State, Callable[[World], int]] = {**IN_STATE, State.approved: with_bills}


def lapsed_and_renewed(state: Callable[[World], int]) -> Callable[[World], int]:
    """Return what makes a claim that expired from a state and could be reinstated."""

    def make(world: World) -> int:
        claim_id = expired(world, state)
        correct_certificate(world)
        return claim_id

    return make


def rejected_report(world: World) -> int:
    """Return the id of a claim whose report was rejected."""
    claim_id = executed(world)
    world.move(claim_id, "reject", "bob", reason="This is not what was approved.")
    return claim_id


REINSTATABLE = {State.submitted: submitted, State.approved: approved, State.executed: executed}


def offers(browser: Browser, claim_id: int) -> dict[Trigger, Offer]:
    """Return every move of a claim that a browser is offered anywhere, clicking on from its start page."""
    found: dict[Trigger, Offer] = {}
    for page in pages_from_the_start(browser, claim_id):
        for form in page.read.forms:
            for trigger, address in asked_for(page, form, claim_id):
                found.setdefault(trigger, Offer(page, address))
    return found


def asked_for(page: Page, form: Form, claim_id: int) -> Iterator[tuple[Trigger, str]]:
    address = urlsplit(form.action or page.path).path
    buttons = {each.attributes.get("value") for each in page.read.elements if each.tag == "button"}
    for template, triggers in FORMS.items():
        if form.method == "post" and address == template.format(id=claim_id):
            yield from (
                (trigger, address) for trigger in triggers if len(triggers) == 1 or trigger.value in buttons
            )


def pages_from_the_start(browser: Browser, claim_id: int) -> Iterator[Page]:
    """Yield the pages that are reached by links, and by the buttons that only lead on."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        page = browser.open(waiting.pop(0))
        yield page
        ahead = [page.location] if page.location else list(links(page, claim_id))
        ahead += [pressed.location for pressed in led_on(page, claim_id) if pressed.location]
        for address in ahead:
            if address not in seen:
                seen.add(address)
                waiting.append(address)


def links(page: Page, claim_id: int) -> Iterator[str]:
    for each in page.read.elements:
        address = each.attributes.get("href", "") if each.tag == "a" else ""
        path = urlsplit(address).path
        of_the_claim = f"/claims/{claim_id}" in path and "/files/" not in path
        if path in ROOMS or of_the_claim:
            yield address.partition("#")[0]


def led_on(page: Page, claim_id: int) -> Iterator[Page]:
    for ending, value in GO_ON.items():
        address = f"/claims/{claim_id}{ending}"
        if page.path == address and any(each.attributes.get("value") == value for each in page.read.elements):
            yield page.submit(address, do=value)


def answers(world: World, trigger: Trigger, claim_id: int) -> dict[str, object]:
    """Return what a person fills in to make a move."""
    filled: dict[str, object] = {"decision": trigger.value, "reason": "For a good reason."}
    if trigger is Trigger.amend:
        filled |= {"do": "amend", "requested": "3999.00"}
    if trigger is Trigger.accept:
        filled |= findings(world, claim_id)
    if trigger is Trigger.pay_part:
        filled |= {"amount": "1000.00"}
    if trigger in (Trigger.reimburse, Trigger.pay_part):
        filled |= {"payment_reference": "PAY-77", "paid_on": world.clock.now().date().isoformat()}
    return filled


@pytest.mark.parametrize(
    "row",
    [row for row in MOVES if row.role is not Role.scheduler],
    ids=lambda row: f"{row.trigger}-{row.source}-{row.target}",
)
def test_every_move_is_made_by_clicking(world: World, sign_in: SignIn, row: MoveRow) -> None:
    make = STAGES[row.source]
    if row.trigger is Trigger.endorse:
        world.route({}, {})
    if row.trigger is Trigger.reinstate:
        make = lapsed_and_renewed(REINSTATABLE[row.target])
    if row.trigger is Trigger.payment_failed and row.source is State.accepted:
        make = partly_paid
    if row.trigger is Trigger.claw_back:
        make = to_be_clawed_back
    if row.trigger is Trigger.raise_:
        make = disputed_amount
    if row.trigger is Trigger.dispute and row.target is State.executed:
        make = rejected_report
    claim_id = make(world)
    offer = offers(sign_in(world.people[PEOPLE[row.role]]), claim_id).get(row.trigger)
    assert offer is not None, f"{row.role} finds no way to {row.trigger} a claim that is {row.source}"
    done = offer.page.submit(offer.form, **answers(world, row.trigger, claim_id))
    assert done.status == 302, done.text
    assert world.claim(claim_id).state is row.target


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("state", "tiers"), [*((state, 1) for state in State), (State.submitted, 2)], ids=str
)
def test_just_the_moves_of_the_table_are_offered_and_others_are_refused_when_forged(
    world: World, sign_in: SignIn, state: State, tiers: int
) -> None:
    world.route(*[{}] * tiers)
    not_of_this_tier = Trigger.endorse if tiers == 1 else Trigger.approve
    claim_id = STAGES[state](world)
    before = world.claim(claim_id)
    for role, name in PEOPLE.items():
        browser = sign_in(world.people[name])
        mine: set[Trigger] = {
            row.trigger
            for row in moves_from(state)
            if row.role is role
            and row.trigger not in (not_of_this_tier, Trigger.raise_, Trigger.claw_back)
            and OF_PAID.get(row.trigger, bool(before.paid)) is bool(before.paid)
            and row.target in (before.expired_from, before.rejected_from, *OWN_TARGETS[row.trigger])
        }
        assert set(offers(browser, claim_id)) == mine, f"what {role} is offered of a claim that is {state}"
        forge_all_but(mine, browser, world, claim_id, role)
    after = world.claim(claim_id)
    assert (after.state, after.moves, after.reserved) == (before.state, before.moves, before.reserved)


OWN_TARGETS = {
    trigger: [row.target for row in MOVES if row.trigger is trigger and trigger not in RECORDED_TARGET]
    for trigger in Trigger
}
"""Where each move leads; some only to the state that the claim records."""


def forge_all_but(mine: set[Trigger], browser: Browser, world: World, claim_id: int, role: Role) -> None:
    for template, triggers in FORMS.items():
        for trigger in sorted(set(triggers) - mine):
            answer = browser.post(template.format(id=claim_id), forged(browser, world, trigger, claim_id))
            assert answer.status in (403, 404, 409, 422), f"{trigger} by {role}: {answer.status}"


def forged(browser: Browser, world: World, trigger: Trigger, claim_id: int) -> dict[str, object]:
    """Return a form as somebody would make it up who is not offered it."""
    return {
        "csrf_token": token_of(browser),
        "key": f"forged{claim_id}{trigger.value}".replace("_", ""),
        "version": str(world.claim(claim_id).version),
        "approved": "1.00",
        "paid_on": date(2026, 5, 1).isoformat(),
        **answers(world, trigger, claim_id),
    }
