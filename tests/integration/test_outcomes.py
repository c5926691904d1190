"""A partner reports what came of an activity: in history, and beside the claim, which does not change."""

from datetime import timedelta
from functools import partial
from threading import Thread
from typing import Any

import pytest

from models.history import Act
from models.outcomes import Outcome
from models.vocabulary import Role, State
from tests.integration.test_paid_in_euro import accepted as accepted_in_euro
from tests.support.many_claims import another_partner
from tests.support.stages import IN_STATE, executed, reimbursed
from tests.support.world import World
from workflow.acts.outcomes import HELD, report_outcomes
from workflow.acts.record import once
from workflow.refusals import Refused


def report(world: World, claim_id: int, by: str = "anna", key: str | None = None, **told: int) -> int:
    figures = {"leads": 12, "meetings": 5, "revenue": 4_500_000, **told}
    with world.database.write() as connection:
        return report_outcomes(connection, world.people[by], world.clock.now(), claim_id, key=key, **figures)


def counting(world: World) -> list[tuple[int, ...]]:
    return [(row.claim_id, row.leads, row.meetings, row.revenue) for row in world.rows(Outcome)]


def reports(world: World) -> list[Any]:
    return [act for act in world.rows(Act) if act.kind == "outcomes_reported"]


def test_a_report_counts_and_stands_in_history(world: World) -> None:
    claim_id = reimbursed(world)
    report(world, claim_id)
    assert counting(world) == [(claim_id, 12, 5, 4_500_000)]
    (act,) = reports(world)
    assert (act.subject, act.partner_id, act.role) == (f"claim:{claim_id}", world.partner_id, Role.partner)
    figures = {"claim": claim_id, "leads": 12, "meetings": 5, "revenue": "45000.00", "currency": "USD"}
    assert act.figures == {**figures, "worth": None}


def test_the_newest_report_counts_and_the_earlier_ones_stay(world: World) -> None:
    claim_id = reimbursed(world)
    report(world, claim_id)
    world.clock.advance(timedelta(days=30))
    report(world, claim_id, leads=3, revenue=0)
    assert counting(world) == [(claim_id, 3, 5, 0)]
    assert [act.figures["leads"] for act in reports(world)] == [12, 3]


def test_the_very_figures_of_the_newest_report_add_none(world: World) -> None:
    claim_id = reimbursed(world)
    first = report(world, claim_id, key="click")
    assert report(world, claim_id, key="click") == first, "the same click, where both came at once"
    with pytest.raises(Refused):
        report(world, claim_id, key="another")
    report(world, claim_id, leads=13)
    report(world, claim_id)
    assert [act.figures["leads"] for act in reports(world)] == [12, 13, 12]


def test_the_claim_itself_does_not_change_and_no_decision_waits_for_it(world: World) -> None:
    claim_id = executed(world)
    world.review(claim_id, "bob")
    before = world.claim(claim_id)
    report(world, claim_id)
    assert world.claim(claim_id) == before
    world.move(claim_id, "accept", "bob", version=before.version)


def test_revenue_in_euro_counts_by_the_claims_own_rate_rounded_down(world: World) -> None:
    claim_id = accepted_in_euro(world)
    rate = world.claim(claim_id).pinned_rate_id
    assert rate is not None
    world.rate("EUR", "1.5000", day=world.clock.now().date())
    report(world, claim_id, revenue=10_001)
    worth = 10_001 * 10_856 // 10_000
    assert counting(world) == [(claim_id, 12, 5, worth)]
    assert reports(world)[0].figures["worth"] == f"{worth // 100}.{worth % 100:02} USD"


@pytest.mark.parametrize("state", [state for state in State if state not in HELD])
def test_nothing_is_reported_of_an_activity_that_was_not_held(world: World, state: State) -> None:
    claim_id = IN_STATE[state](world)
    with pytest.raises(Refused):
        report(world, claim_id)
    assert counting(world) == reports(world) == []


@pytest.mark.parametrize("state", sorted(HELD))
def test_it_is_reported_from_the_report_on_also_once_it_is_paid(world: World, state: State) -> None:
    report(world, IN_STATE[state](world))
    assert len(counting(world)) == 1


def test_another_partners_claim_is_not_found(world: World) -> None:
    claim_id = reimbursed(world)
    another_partner(world)
    with pytest.raises(LookupError):
        report(world, claim_id, by="olga")
    assert reports(world) == []


@pytest.mark.parametrize("name", ["bob", "dan", "eve", "mia"])
def test_nobody_of_the_programme_owner_reports_for_a_partner(world: World, name: str) -> None:
    claim_id = reimbursed(world)
    with pytest.raises(Refused):
        report(world, claim_id, by=name)


def test_the_same_request_reports_once(world: World) -> None:
    claim_id = reimbursed(world)
    said: dict[str, Any] = {"actor": world.people["anna"], "now": world.clock.now(), "claim_id": claim_id}
    work = partial(report_outcomes, **said, leads=1, meetings=1, revenue=1, key="click")
    assert once(world.database, "click", work) is not None
    assert once(world.database, "click", work) is None
    assert len(reports(world)) == 1


def test_of_two_reports_at_once_the_one_that_history_has_last_counts(world: World) -> None:
    claim_id = reimbursed(world)
    both = [Thread(target=report, args=(world, claim_id), kwargs={"leads": leads}) for leads in (1, 2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    first, last = reports(world)
    assert {first.figures["leads"], last.figures["leads"]} == {1, 2}
    assert counting(world)[0][1] == last.figures["leads"]
    assert world.rows(Outcome)[0].act_id == last.id
