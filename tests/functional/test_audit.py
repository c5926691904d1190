"""Auditors find every move and act, read what each decision was judged on, and change nothing."""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models.base import canonical
from models.history import Move, Reason
from models.vocabulary import Role, Trigger
from tests.functional.conftest import SignIn
from tests.support.every_act import do_every_act
from tests.support.looking import places, token_of
from tests.support.pages import Browser, Page
from tests.support.stages import (
    approved,
    correct_certificate,
    reimbursed,
    rejected,
    submitted,
)
from tests.support.world import World
from web.access import access_of
from web.act_sentences import ACTS
from workflow.attempt import Command
from workflow.refusals import Refused
from workflow.refused_attempts import remember


@pytest.fixture
def eve(world: World, sign_in: SignIn) -> Browser:
    """The auditor, signed in."""
    return sign_in(world.people["eve"])


def last_move(world: World, claim_id: int) -> Move:
    with world.database.session() as session:
        statement = select(Move).where(Move.claim_id == claim_id).order_by(Move.number.desc()).limit(1)
        return session.scalars(statement).one()


def found(page: Page, *titles: str) -> list[str]:
    assert page.status == 200, page.text
    return [title for title in titles if f">{title}<" in page.text]


def test_claims_are_found_by_number_partner_state_period_and_activity(world: World, eve: Browser) -> None:
    submitted(world, title="Alpha")
    approved(world)
    titles = ("Alpha", "Spring seminar")
    for query, expected in {
        "": ["Alpha", "Spring seminar"],
        "number=2026h1-00001": ["Alpha"],
        "partner=elbe": ["Alpha", "Spring seminar"],
        "partner=nobody": [],
        "state=approved": ["Spring seminar"],
        f"period={world.period_id}": ["Alpha", "Spring seminar"],
        "activity=exhibition": [],
        "activity=seminar&state=submitted": ["Alpha"],
    }.items():
        assert found(eve.open(f"/audit?{query}"), *titles) == expected, query


def test_a_draft_that_was_never_submitted_is_not_found(world: World, eve: Browser) -> None:
    world.draft(title="Private")
    assert "Private" not in eve.open("/audit").text


@pytest.mark.parametrize(
    ("query", "triggers"),
    [
        ("", {"Submitted", "Approved"}),
        ("trigger=approve", {"Approved"}),
        ("actor=anna", {"Submitted"}),
        ("partner=elbe&trigger=submit", {"Submitted"}),
        ("partner=nobody", set()),
        ("rule=available-amount", {"Approved"}),
        ("rule=acceptance", set()),
        ("first=2026-03-02&last=2026-03-02", {"Submitted"}),
        ("first=2026-03-03", {"Approved"}),
        ("least=4000.01", set()),
        ("least=3,500&most=3500", {"Approved"}),
        ("number=2026H1-00001", {"Submitted", "Approved"}),
    ],
)
def test_moves_are_found(world: World, sign_in: SignIn, query: str, triggers: set[str]) -> None:
    claim_id = submitted(world)
    world.clock.advance(timedelta(days=1))
    world.move(claim_id, "approve", "bob", approved=350_000, reason="Less.")
    page = sign_in(world.people["eve"]).open(f"/audit/moves?{query}")
    links = {f">{word}</a>": word for word in ("Submitted", "Approved")}
    assert {word for link, word in links.items() if link in page.text} == triggers


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("first=yesterday", "Enter a day such as"),
        ("least=much", "Enter an amount such as"),
        ("trigger=explode", "Not a valid choice"),
    ],
)
def test_a_search_that_makes_no_sense_is_told_at_its_field(eve: Browser, query: str, told: str) -> None:
    page = eve.open(f"/audit/moves?{query}")
    assert page.status == 422
    places(page, told)


def test_a_cursor_that_is_none_gives_the_first_page(world: World, eve: Browser) -> None:
    submitted(world)
    for cursor in ("x", "~", "2026~1", "2026-03-02T12:00:00+00:00~99999999999999999999"):
        assert "2026H1-00001" in eve.open(f"/audit/moves?after={cursor}").text


def test_a_move_shows_every_verdict_with_its_figures_and_the_document_that_was_judged(
    world: World, eve: Browser
) -> None:
    claim_id = approved(world)
    row = last_move(world, claim_id)
    page = eve.open(f"/audit/moves/{row.id}")
    assert page.text.count('id="rule-') == len(row.verdicts) == 14
    places(page, "4,000.00 USD granted is within 50%", "Requirements, 1st paragraph", "in force from")
    raw = eve.client.get(f"/audit/moves/{row.id}/document.json")
    assert raw.get_data(as_text=True) == canonical(row.document)
    assert json.loads(raw.data)["fund"] == {"available": "50000.00"}
    assert raw.headers["Content-Disposition"].startswith("attachment")


def test_the_figures_that_rules_compared_are_told_in_words(world: World, eve: Browser) -> None:
    row = last_move(world, approved(world))
    table = eve.open(f"/audit/moves/{row.id}").text.partition("Figures compared")[2].partition("</table>")[0]
    for name, value in (
        ("Amount asked for or granted", "4,000.00"),
        ("Share allowed", "50%"),
        ("Certification needed until", "11 Apr 2026"),
        ("Organiser demanded", "the partner"),
    ):
        assert f'{name}</td><td data-label="Value">{value}' in table, name


def test_a_moves_own_figures_are_told_in_words(world: World, sign_in: SignIn) -> None:
    paid = last_move(world, reimbursed(world))
    page = sign_in(world.people["eve"]).open(f"/audit/moves/{paid.id}")
    places(page, "Payment reference", "Day of payment")
    assert "payment reference" not in page.text.partition('id="document"')[0]


def test_what_changes_later_does_not_change_what_was_decided(world: World, eve: Browser) -> None:
    row = last_move(world, approved(world))
    before = without_tokens(eve.open(f"/audit/moves/{row.id}").text)
    world.performed(world.partner_id, required=1, achieved=0)
    correct_certificate(world, revoked_on=world.clock.now().date())
    assert without_tokens(eve.open(f"/audit/moves/{row.id}").text) == before


def without_tokens(page: str) -> str:
    """Leave out what differs from one second to the next."""
    return re.sub(r'<[^>]*name="csrf_token"[^>]*>', "", page)


def test_a_reason_stands_with_the_salt_and_hash_that_prove_it(world: World, eve: Browser) -> None:
    row = last_move(world, rejected(world))
    with world.database.session() as session:
        reason = session.get_one(Reason, row.reason_hash)
    assert hashlib.sha256((reason.salt + "Not this time.").encode()).hexdigest() == row.reason_hash
    places(eve.open(f"/audit/moves/{row.id}"), "Not this time.", reason.salt, reason.hash, "proves the text")


def test_an_erased_reason_leaves_its_hash(world: World, eve: Browser) -> None:
    row = last_move(world, rejected(world))
    with world.database.session() as session:
        session.delete(session.get_one(Reason, row.reason_hash))
    places(eve.open(f"/audit/moves/{row.id}"), "The text was erased", str(row.reason_hash))


def test_a_claims_history_holds_its_moves_its_money_and_its_refused_attempts(
    world: World, eve: Browser, sign_in: SignIn
) -> None:
    claim_id = submitted(world)
    bob = sign_in(world.people["bob"])
    path = f"/claims/{claim_id}/decide"
    bob.open(path).submit(path, decision="reject")
    bob.open(path).submit(path, decision="approve")
    page = eve.open(f"/audit/claims/{claim_id}")
    places(page, "1. Submitted", "2. Approved", "Reserved", "No reason was given")


def test_the_ledger_of_a_fund_agrees_with_its_balances(world: World, sign_in: SignIn) -> None:
    reimbursed(world)
    eve = sign_in(world.people["eve"])
    places(eve.open("/audit/funds?partner=elbe"), "Elbe Systems", "46,000.00")
    fund = world.fund_row()
    page = eve.open(f"/audit/funds/{fund.id}")
    places(page, "The balances are exactly those", "Allocated", "Reserved", "Paid", "4,000.00")
    places(page, "Money allocated", "The product")


def test_refused_attempts_are_found_by_the_rule_that_was_broken(world: World, eve: Browser) -> None:
    claim_id = world.draft(requested=450_000, title="Too much")
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "submit", "anna", key="k")
    command = Command(claim_id, Trigger.submit, world.people["anna"], "k")
    remember(world.database, command, refused.value, world.clock.now())
    page = eve.open("/audit/refused?rule=funding-share")
    places(page, "The rules did not allow it", "Share of the costs", "Anna")
    assert "Anna" not in eve.open("/audit/refused?rule=organiser&outcome=broken").text.split("<table")[-1]


def test_every_kind_of_act_is_told_in_a_sentence(world: World, sign_in: SignIn) -> None:
    do_every_act(world)
    eve = sign_in(world.people["eve"])
    page = eve.open("/audit/acts")
    for kind, words in ACTS.items():
        of_kind = eve.open(f"/audit/acts?kind={kind}")
        assert f'data-label="Act">{words.name}</td>' in of_kind.text, f"no act of the kind {kind} was made"
        assert "{" not in of_kind.text.split("<tbody>")[1].split("</tbody>")[0]
    changed = eve.open("/audit/acts?kind=partner_changed")
    places(changed, "partner type Distributor → Value-added partner (VAP)")
    places(eve.open("/audit/acts?kind=user_invited"), "Put Zoe on file as Finance.")
    places(
        page,
        "Gave a task on 2026H1-00001 (Decide) from Bob to Zoe.",
        "Bob took a task on 2026H1-00001 (Decide) over from Zoe.",
        "Zoe gave a task on 2026H1-00001 (Decide) back.",
        "Bob is out of office 3 Mar 2026 to 11 Mar 2026. Substitute: Cora, up to: –.",
        "A task on 2026H1-00001 (Decide) went from Bob to Cora, because of who is out of office.",
        "Called off the absence of Bob, 3 Mar 2026 to 11 Mar 2026.",
        "Declared the invoice R-1 of Elbe as shared: 1,200.00 USD in all.",
        "Saved the group of approvers North: members Bob, name North.",
        "Reported what came of 2026H1-00003: leads: 12, meetings: 5, revenue: 45,000.00 USD.",
        "Entered the bank account GB82…5432 of Elbe Systems, in USD, BIC: DEUTDEFF."
        " In force until then: DE89…3000.",
        "Refused the bank account GB82…5432 of Elbe Systems, in USD.",
        "Confirmed the bank account DE89…3000 of Elbe Systems, in USD.",
        "Exported RUN-00002 as csv: 12,000.00 USD, claims: 3.",
        "Released RUN-00002, to be paid on 1 May 2026: 12,000.00 USD, claims: 3.",
        "Collected RUN-00002, to be paid on 1 May 2026 to accounts in USD: 12,000.00 USD, claims: 3.",
        "Cancelled RUN-00001. Not paid with it: 0.00 USD, claims: 0.",
        "Took 2026H1-00006 out of RUN-00001: 4,000.00 USD.",
        "Removed a routing rule: above 3,000.00, activity type seminar, country DE, "
        "partner id Elbe Systems, place 1, tiers group North, Bob.",
    )


def test_acts_are_found_by_actor_partner_and_time(world: World, eve: Browser) -> None:
    assert "Allocated 50,000.00 USD to Elbe Systems" in eve.open("/audit/acts?partner=elbe").text
    assert "No act fits" in eve.open("/audit/acts?actor=mia").text
    assert "No act fits" in eve.open("/audit/acts?first=2026-03-03").text


def test_an_auditor_changes_nothing_anywhere(app: Flask, eve: Browser) -> None:
    # What an auditor keeps or asks for adds a row of its own, and changes nothing of what is on file.
    own = {"account", "auth", "jobs", "messages", "rule_counts", "sampling", "searches"}
    own |= {"audit.package_asked", "audit.verification_asked"}
    # Legal holds are an auditor's to set and lift too: they keep, and change nothing of a claim.
    own |= {"erasure.hold_claim", "erasure.hold_partner", "erasure.lift"}
    token = token_of(eve)
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "POST" not in (rule.methods or ()) or own & {rule.endpoint, rule.endpoint.partition(".")[0]}:
                continue
            access = access_of(app, rule.endpoint)
            assert access is not None
            assert access.roles, f"{rule.endpoint} is open to everyone who is signed in"
            assert Role.auditor not in access.roles, f"{rule.endpoint} lets an auditor change something"
            values: dict[str, Any] = {name: "withdraw" if name == "trigger" else 1 for name in rule.arguments}
            answer = eve.client.post(app.url_for(rule.endpoint, **values), data={"csrf_token": token})
            assert answer.status_code == 403, rule.rule
