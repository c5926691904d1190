"""The pages of what-ifs: asked by programme managers, read by auditors, followed down to the claim."""

import io
import json
from typing import Any

import pytest
from sqlalchemy import func, select

from models.jobs import Job
from models.vocabulary import JobKind
from tests.functional.conftest import SignIn
from tests.support.looking import as_read
from tests.support.pages import Browser, Page
from tests.support.policies import drafted, withdrawn
from tests.support.stages import accepted, approved, submitted
from tests.support.world import World, checked_policy
from workflow.bulk import DOERS
from workflow.jobs import work_off

WHAT_IF = "/what-if"


@pytest.fixture
def eve(world: World, sign_in: SignIn) -> Browser:
    """The auditor's browser."""
    return sign_in(world.people["eve"])


def a_file(content: Any) -> tuple[io.BytesIO, str]:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return io.BytesIO(raw), "draft 2027.json"


def asked(browser: Browser, world: World, **typed: Any) -> Page:
    """Ask what a lower cap would have done; return the result's page once it is worked out."""
    typed.setdefault("file", a_file(checked_policy(max_amount_per_activity="3000.00")))
    answer = browser.open(WHAT_IF).submit(WHAT_IF, **typed)
    assert answer.status == 302, answer.text
    work_off(world.database, DOERS, world.clock.now)
    return answer.follow()


def test_a_file_is_asked_and_its_result_leads_down_to_each_claim(world: World, sign_in: SignIn) -> None:
    sent, granted, paid_for = submitted(world), approved(world), accepted(world)
    mia = sign_in(world.people["mia"])
    result = asked(mia, world)
    for word in ("Policy file draft 2027.json", "8,000.00", "6,000.00", "Most for one activity", "Elbe"):
        assert word in result.text, word
    every = mia.open(f"{result.path}/claims")
    for claim_id in (sent, granted, paid_for):
        assert every.offers(f"{result.path}/claims/{claim_id}")
    less = mia.open(f"{result.path}/claims?effect=less")
    assert not less.offers(f"{result.path}/claims/{sent}")
    assert less.offers(f"{result.path}/claims/{granted}")
    claim = mia.open(f"{result.path}/claims/{granted}")
    assert "would lower the amount" in claim.text
    assert "then-" in claim.text
    assert "now-" in claim.text
    assert "3,000.00" in claim.text


def test_the_figure_its_list_and_its_title_are_of_the_claims_that_come_out_otherwise(
    world: World, sign_in: SignIn
) -> None:
    sent, granted = submitted(world), approved(world)
    mia = sign_in(world.people["mia"])
    result = asked(mia, world)
    told = as_read(result)
    assert "Come out otherwise 1 1 more: same result, other reasons" in told
    assert "Germany (DE) 1 1,000.00 USD 0.00 USD" in told.partition("By country")[2]
    listed = mia.open(f"{result.path}/claims?effect=otherwise")
    assert "<h1>Claims that come out otherwise" in listed.text
    assert listed.offers(f"{result.path}/claims/{granted}")
    assert not listed.offers(f"{result.path}/claims/{sent}")
    every = mia.open(f"{result.path}/claims")
    assert "<h1>Claims on which the policy differs" in every.text
    assert every.offers(f"{result.path}/claims/{sent}")


def test_money_counts_under_the_rules_that_take_it_and_not_where_a_fact_is_lacking(
    world: World, sign_in: SignIn
) -> None:
    accepted(world)
    mia = sign_in(world.people["mia"])
    policy = checked_policy(max_funding_share="0.45")
    for kind in policy["catalogue"]["activity_types"]:
        kind["checklist"] = [*kind["checklist"], "hall_was_full"]
    items = policy["catalogue"]["checklist_items"]
    policy["catalogue"]["checklist_items"] = [*items, {**items[0], "code": "hall_was_full"}]
    told = as_read(asked(mia, world, file=a_file(policy)))
    assert "Gets less Less would be granted or reimbursed. 1 400.00 USD 0.00 USD" in told
    assert "Lacks facts" not in told
    assert "would lack a fact 1 1 0.00 USD 0.00 USD" in told
    assert "would lower the amount 2 1 400.00 USD 0.00 USD" in told
    assert "A rule that only lacks a fact moves none." in told
    share = mia.open(f"{WHAT_IF}/1/claims?rule=funding-share&kind=lowers")
    assert share.offers(f"{WHAT_IF}/1/claims/1")
    assert "No claim fits" in mia.open(f"{WHAT_IF}/1/claims?rule=funding-share&kind=lacks").text


def test_a_withdrawn_version_is_called_so_in_the_choice_and_in_what_was_asked(
    mia: Browser, world: World
) -> None:
    approved(world)
    version_id = withdrawn(world)
    told = "Withdrawn, was to be in force from 1 Jul 2026"
    page = mia.open(WHAT_IF)
    assert f">{told}</option>" in page.text
    assert ">In force from 1 Jul 2026</option>" not in page.text
    assert told in asked(mia, world, policy=f"version:{version_id}", file=(io.BytesIO(), "")).text
    assert told in as_read(mia.open(WHAT_IF)).partition("Asked before")[2]


def test_where_no_claim_fits_nothing_is_said_of_decisions(mia: Browser, world: World) -> None:
    approved(world)
    told = asked(mia, world, country="XX").text
    assert "No claim fits" in told
    assert "every decision would have been the same" not in told


def test_the_version_on_file_changes_nothing_and_the_page_says_so(mia: Browser, world: World) -> None:
    approved(world)
    result = asked(mia, world, policy="version:1", file=(io.BytesIO(), ""))
    assert "Nothing comes out otherwise" in result.text


@pytest.mark.parametrize(
    ("name", "called"), [("Draft of 2 Mar 2026", "Draft of 2 Mar 2026"), ("Autumn", "Draft Autumn")]
)
def test_a_draft_is_called_a_draft_once(mia: Browser, world: World, name: str, called: str) -> None:
    draft_id = drafted(world, name=name)
    submitted(world)
    assert f">{called}<" in mia.open(WHAT_IF).text
    result = asked(mia, world, policy=f"draft:{draft_id}", file=(io.BytesIO(), ""))
    assert f"What if: {called}<" in result.text


def test_while_it_is_worked_out_the_page_shows_how_far_it_is_and_stops_it(mia: Browser, world: World) -> None:
    submitted(world)
    typed = {"file": a_file(checked_policy(max_amount_per_activity="3000.00"))}
    waiting = mia.open(WHAT_IF).submit(WHAT_IF, **typed).follow()
    assert "begins in a moment" in waiting.text
    cancel = waiting.path.replace(WHAT_IF, "/jobs") + "/cancel"
    stopped = waiting.submit(cancel).follow()
    assert stopped.location.endswith(waiting.path)
    work_off(world.database, DOERS, world.clock.now)
    told = mia.open(waiting.path).text
    assert "Not all claims were judged: 0 of 1 parts" in told
    assert "every decision would have been the same" not in told


def test_an_auditor_reads_results_and_asks_nothing(eve: Browser, mia: Browser, world: World) -> None:
    claim_id = approved(world)
    result = asked(mia, world)
    assert not eve.open(WHAT_IF).offers("/programme")
    assert "Judge past claims" not in eve.open(WHAT_IF).text
    for path in (result.path, f"{result.path}/claims", f"{result.path}/claims/{claim_id}"):
        assert eve.open(path).status == 200
    assert "Stop here" not in eve.open(result.path).text


@pytest.mark.parametrize("name", ["anna", "bob", "dan"])
def test_nobody_else_sees_any_of_it(world: World, sign_in: SignIn, mia: Browser, name: str) -> None:
    claim_id = approved(world)
    path = asked(mia, world).path
    browser = sign_in(world.people[name])
    for each in (WHAT_IF, path, f"{path}/claims", f"{path}/claims/{claim_id}"):
        assert browser.open(each).status == 403


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose a policy, or a policy file."),
        ({"file": b"{"}, "This is no JSON text."),
        ({"file": {"max_funding_share": "half"}}, "The policy is not right"),
        ({"file": b" " * 500_001}, "too large"),
        ({"policy": "version:1", "first": "yesterday"}, "Enter a day such as"),
        ({"policy": "version:1", "first": "2026-03-02", "last": "2026-03-01"}, "before the first"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    mia: Browser, world: World, typed: dict[str, Any], said: str
) -> None:
    # A stream of a file is read once, so that each run of this test needs one of its own.
    sent = {name: a_file(value) if name == "file" else value for name, value in typed.items()}
    answer = mia.open(WHAT_IF).submit(WHAT_IF, partner="Elbe", **sent)
    assert answer.status == 422
    assert said in answer.text
    assert 'value="Elbe"' in answer.text
    with world.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Job)) == 0


@pytest.mark.parametrize("forged", ["version:99", "draft:1", "version:", "version:-1", "x", "version:1:2"])
def test_a_policy_that_is_not_on_file_is_never_asked(mia: Browser, world: World, forged: str) -> None:
    assert mia.open(WHAT_IF).submit(WHAT_IF, policy=forged).status in (404, 422)
    with world.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Job)) == 0


def test_a_form_that_is_sent_twice_asks_once(mia: Browser, world: World) -> None:
    page = mia.open(WHAT_IF)
    first, second = (page.submit(WHAT_IF, policy="version:1") for _ in range(2))
    assert first.location == second.location
    with world.database.read() as connection:
        assert connection.scalar(select(func.count()).where(Job.kind == JobKind.what_if)) == 1


def test_only_a_what_if_is_shown_as_one(mia: Browser, world: World) -> None:
    claim_id = approved(world)
    path = asked(mia, world, country="de", partner="Elbe").path
    assert "DE" in mia.open(path).text
    for forged in (
        f"{WHAT_IF}/99",
        f"{WHAT_IF}/99/claims",
        f"{path}/claims/99",
        f"{WHAT_IF}/99/claims/{claim_id}",
    ):
        assert mia.open(forged).status == 404
