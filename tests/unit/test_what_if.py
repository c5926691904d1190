"""Past claims judged by another policy: what flips, what money moves, and what stays as it is."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import Effect, State, Trigger
from tests.support.check_documents import CASES, Document, document
from tests.support.past import Moved, history, move, rejected
from tests.support.random_documents import documents
from workflow.policies import Policy, default_document, default_policy, override, read_policy
from workflow.what_if.judging import Rejudged, judge_again

OWN = default_policy()


def again(moves: list[Moved], asked: Policy, own: Policy = OWN) -> Rejudged:
    return judge_again(moves, asked, lambda _version: own)  # type: ignore[arg-type] # rows by their names


def changed(**parameters: Any) -> Policy:
    return replace(OWN, **parameters)


def whole(**changes: Any) -> Document:
    """Return a document of a claim that asks for 4,000.00 of 8,000.00 and was carried out as planned."""
    return document(Trigger.accept, changes)


def said(found: Rejudged) -> list[tuple[str, str]]:
    return [(flip.rule, flip.kind.value) for flip in found.flips]


@given(documents(), st.integers(1, 10**7))
def test_by_its_own_version_nothing_flips_and_no_cent_moves(whole: Document, granted: int) -> None:
    own = override(OWN, whole["policy"])
    for moves in (history(whole, own), history(whole, own, granted=granted), rejected(whole, own)):
        found = again(moves, own, own)
        assert (found.effect, found.flips, found.unread) == (None, (), 0)
        assert found.after == found.before


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_by_its_own_version_no_worked_case_flips(case: Document) -> None:
    own = override(OWN, case.get("policy") or {})
    trigger = Trigger(case["trigger"])
    judged = move(1, trigger, State.submitted, State.submitted, case, own, requested=1, reimbursable=1)
    found = again([judged], own, own)
    assert (found.effect, found.flips, found.decisions, found.unread) == (None, (), 1, 0)


@given(documents(), st.integers(0, 10**7), st.integers(0, 100).map(lambda percent: Fraction(percent, 100)))
def test_a_stricter_policy_never_lets_a_claim_hold_more(whole: Document, cap: int, share: Fraction) -> None:
    own = override(OWN, whole["policy"])
    stricter = replace(
        own,
        max_amount_per_activity=min(cap, own.max_amount_per_activity),
        max_funding_share=min(share, own.max_funding_share),
    )
    found = again(history(whole, own), stricter, own)
    assert 0 <= found.after <= found.before
    assert found.after <= stricter.max_amount_per_activity
    assert found.effect in (None, Effect.refused, Effect.less, Effect.lacking, Effect.same)


def test_a_lower_cap_lowers_what_was_granted_and_names_its_rule_at_each_decision() -> None:
    found = again(history(whole(), until=Trigger.approve), changed(max_amount_per_activity=300_000))
    assert (found.effect, found.before, found.after) == (Effect.less, 400_000, 300_000)
    assert said(found) == [("activity-cap", "lowers"), ("activity-cap", "lowers")]
    assert [flip.move_id for flip in found.flips] == [1, 2]


def test_what_would_be_granted_bounds_what_would_be_reimbursed() -> None:
    moves = history(whole())
    assert again(moves, changed(max_amount_per_activity=300_000)).after == 300_000
    dearer = history(whole(**{"claim.actual_lines[0].amount": "16000.00"}))
    assert again(dearer, changed(max_funding_share=Fraction(1, 4))).after == 200_000


def test_a_higher_share_gives_more_only_where_the_share_was_what_limited() -> None:
    wider = changed(max_funding_share=Fraction(3, 5))
    cheaper = history(whole(**{"claim.actual_lines[0].amount": "6000.00"}))
    found = again(cheaper, wider)
    assert (found.effect, found.before, found.after, found.flips) == (Effect.more, 300_000, 360_000, ())
    assert again(history(whole()), wider).effect is None


def test_an_amount_that_the_approver_chose_stays_while_it_is_within_the_limits() -> None:
    moves = history(whole(), until=Trigger.approve, granted=250_000)
    assert again(moves, changed(max_amount_per_activity=300_000)).after == 250_000
    assert again(moves, changed(max_amount_per_activity=200_000)).after == 200_000
    assert again(moves, changed(max_amount_per_activity=300_000)).effect is Effect.same


def test_a_rule_that_no_amount_puts_right_leaves_the_claim_nothing() -> None:
    found = again(history(whole()), changed(eligible_partner_types=("vap",)))
    assert (found.effect, found.after) == (Effect.refused, 0)
    assert said(found) == [("partner-type", "breaks"), ("partner-type", "breaks")]


def test_a_share_of_nothing_leaves_the_claim_nothing() -> None:
    found = again(history(whole()), changed(max_funding_share=Fraction(0)))
    assert (found.effect, found.after) == (Effect.refused, 0)


def lacking_a_fact() -> Policy:
    """Return a policy that asks for what nobody was asked for."""
    asked = default_document()
    seminar = next(one for one in asked["catalogue"]["activity_types"] if one["code"] == "seminar")
    seminar["checklist"] = [*seminar["checklist"], "hall_was_full"]
    asked["catalogue"]["checklist_items"] = [
        *asked["catalogue"]["checklist_items"],
        {**asked["catalogue"]["checklist_items"][0], "code": "hall_was_full"},
    ]
    return read_policy(asked)


def test_what_nobody_was_asked_for_then_is_lacking_and_takes_no_money() -> None:
    found = again(history(whole()), lacking_a_fact())
    assert said(found) == [("acceptance", "lacks")]
    assert (found.effect, found.before, found.after) == (Effect.lacking, 400_000, 400_000)


def test_a_claim_that_gets_less_is_said_to_though_it_lacks_a_fact_too() -> None:
    asked = override(lacking_a_fact(), {"max_amount_per_activity": "3000.00"})
    found = again(history(whole()), asked)
    assert ("acceptance", "lacks") in said(found)
    assert (found.effect, found.before, found.after) == (Effect.less, 400_000, 300_000)


def test_a_rejection_for_a_rule_that_no_longer_stands_in_the_way_is_admitted() -> None:
    moves = rejected(whole(**{"partner.partner_type": "reseller"}))
    found = again(moves, changed(eligible_partner_types=("distributor", "vap", "reseller")))
    assert (found.effect, found.before, found.after) == (Effect.admitted, 0, 400_000)
    assert said(found)[-1] == ("partner-type", "holds")


def test_a_rejection_for_one_rule_of_two_stays_one() -> None:
    moves = rejected(whole(**{"partner.partner_type": "reseller", "claim.organiser.kind": "third_party"}))
    found = again(moves, changed(eligible_partner_types=("distributor", "vap", "reseller")))
    assert (found.effect, found.after) == (Effect.same, 0)


def test_a_rejection_that_no_rule_made_is_nobodys_but_its_approvers() -> None:
    found = again(rejected(whole()), changed(max_funding_share=Fraction(3, 4)))
    assert (found.effect, found.before, found.after) == (None, 0, 0)


def test_documents_that_judge_nothing_are_not_read() -> None:
    moves = history(whole(), until=Trigger.approve)
    gone = move(3, Trigger.expire, State.approved, State.expired, {"today": 5}, requested=1, approved=400_000)
    found = again([*moves, gone], changed(max_amount_per_activity=300_000))
    assert (found.decisions, found.unread, found.before, found.after) == (2, 0, 0, 0)


def test_a_draft_again_has_no_decision_that_stands() -> None:
    sent = history(whole(), until=Trigger.submit)
    back = move(2, Trigger.return_, State.submitted, State.draft, whole(), requested=400_000)
    found = again([*sent, back], changed(eligible_partner_types=()))
    assert (found.decisions, found.effect) == (0, None)


def test_only_what_came_after_the_plan_was_last_sent_counts() -> None:
    wrong = history(whole(**{"claim.expected_attendees": 3}), until=Trigger.submit)
    back = move(2, Trigger.return_, State.submitted, State.draft, whole(), requested=400_000)
    found = again([*wrong, back, *history(whole())], changed(large_activity_attendees=10))
    assert (found.decisions, found.effect) == (4, None)


def test_what_was_granted_before_the_plan_was_amended_stands_no_more() -> None:
    sent, granted = history(whole(), until=Trigger.approve)
    amended = move(3, Trigger.amend, State.approved, State.submitted, whole(), requested=400_000)
    assert again([sent, granted, amended], OWN).decisions == 1


def test_an_acceptance_that_was_reopened_does_not_stand() -> None:
    moves = history(whole())
    reopened = moves[-1]._replace(
        id=5, trigger=Trigger.reopen, source=State.accepted, target=State.executed, reimbursable=None
    )
    found = again([*moves, reopened], changed(eligible_partner_types=("distributor",)))
    assert found.decisions == 3


def test_a_document_that_cannot_be_read_is_counted_and_moves_no_money() -> None:
    *before, accepted = history(whole())
    torn = accepted._replace(document={"today": "2026-02-30"})
    found = again([*before, torn], changed(max_amount_per_activity=300_000))
    assert (found.decisions, found.unread, found.before, found.after) == (4, 1, 400_000, 400_000)
