"""A what-if is a job: it covers history up to its asking, survives its worker, and changes nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models.claims import Claim
from models.history import Move
from models.jobs import Job, JobItem
from models.vocabulary import Effect, FlipKind, Role
from models.what_if import WhatIfClaim, WhatIfFlip
from tests.support.stages import IN_STATE, accepted, approved, disputed_amount, executed, submitted
from tests.support.world import World, checked_policy, line
from workflow.bulk import DOERS
from workflow.jobs import cancel, work_off
from workflow.leases import LEASE
from workflow.policies import PolicyError
from workflow.refusals import Refused
from workflow.what_if.chosen import histories, last_move
from workflow.what_if.judging import judge_again
from workflow.what_if.running import ask, policies

VAPS_ONLY: Mapping[str, Any] = {"eligible_partner_types": ["vap"]}


@pytest.fixture
def one_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each claim is an item of its own."""
    monkeypatch.setattr("workflow.what_if.chosen.CHUNK", 1)


def what_if(
    world: World,
    *,
    by: str = "mia",
    chosen: Mapping[str, Any] | None = None,
    key: str = "once",
    document: Any = None,
    **changed: Any,
) -> int:
    with world.database.write() as connection:
        return ask(
            connection,
            world.people[by],
            world.clock.now(),
            document=document or checked_policy(**changed),
            source={"file": "draft.json"},
            chosen=chosen or {},
            key=key,
        )


def work(world: World, **more: Any) -> int:
    return work_off(world.database, DOERS, world.clock.now, **more)


def kept(world: World, job_id: int) -> list[tuple[int, Effect, int, int]]:
    with world.database.read() as connection:
        rows = connection.execute(
            select(WhatIfClaim.__table__).where(WhatIfClaim.job_id == job_id).order_by(WhatIfClaim.claim_id)
        )
        return [(row.claim_id, row.effect, row.before, row.after) for row in rows]


def flips(world: World, job_id: int) -> list[tuple[int, str, FlipKind]]:
    with world.database.read() as connection:
        rows = connection.execute(
            select(WhatIfFlip.__table__).where(WhatIfFlip.job_id == job_id).order_by(WhatIfFlip.id)
        )
        return [(row.claim_id, row.rule, row.kind) for row in rows]


def results(world: World, job_id: int) -> list[Any]:
    with world.database.read() as connection:
        return list(
            connection.scalars(
                select(JobItem.result).where(JobItem.job_id == job_id).order_by(JobItem.position)
            )
        )


def test_what_comes_out_otherwise_is_kept_and_all_of_it_is_counted(world: World) -> None:
    draft, sent, granted, paid_for = world.draft(), submitted(world), approved(world), accepted(world)
    job_id = what_if(world, max_amount_per_activity="3000.00")
    assert work(world) == 1
    assert kept(world, job_id) == [
        (sent, Effect.same, 0, 0),
        (granted, Effect.less, 400_000, 300_000),
        (paid_for, Effect.less, 400_000, 300_000),
    ]
    assert draft not in {claim_id for claim_id, *_ in kept(world, job_id)}
    assert flips(world, job_id)[:2] == [
        (sent, "activity-cap", FlipKind.lowers),
        (granted, "activity-cap", FlipKind.lowers),
    ]
    (sums,) = results(world, job_id)
    assert sums == {
        "outcome": "done",
        "claims": 3,
        "decisions": 7,
        "unread": 0,
        "before": 800_000,
        "after": 600_000,
    }


def test_each_claim_by_its_own_version_flips_nothing_in_every_state(world: World) -> None:
    """The law: what history holds is enough to come to the same decision again, to the cent."""
    for make in IN_STATE.values():
        make(world)
    reopened, raised = accepted(world), disputed_amount(world)
    world.move(raised, "raise", world.holder(raised)[0] or "", approved=400_000)
    world.move(reopened, "reopen", "dan", reason="A line is missing.")
    with world.database.read() as connection:
        of, count = policies(connection), 0
        chunk = {"first": 1, "last": 10**6}
        for claim_id, moves in histories(connection, chunk, {}, last_move(connection)):
            found = judge_again(moves, of(moves[-1].policy_version_id), of)
            assert (found.effect, found.flips, found.unread) == (None, (), 0), claim_id
            assert found.before == found.after
            count += found.decisions
        assert count > 20


def test_it_changes_no_claim_and_no_history(world: World) -> None:
    executed(world)
    with world.database.read() as connection:
        before = [connection.execute(select(table.__table__)).all() for table in (Claim, Move)]
    what_if(world, **VAPS_ONLY)
    work(world)
    with world.database.read() as connection:
        assert [connection.execute(select(table.__table__)).all() for table in (Claim, Move)] == before


def test_what_happened_after_it_was_asked_is_no_part_of_it(world: World) -> None:
    claim_id = submitted(world)
    job_id = what_if(world, **VAPS_ONLY)
    world.move(claim_id, "approve", "bob", approved=400_000)
    later = submitted(world)
    work(world)
    assert kept(world, job_id) == [(claim_id, Effect.refused, 0, 0)]
    assert later not in {claim_id for claim_id, *_ in flips(world, job_id)}


@pytest.mark.usefixtures("one_a_chunk")
def test_it_goes_on_where_a_dead_worker_left_it_and_does_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [submitted(world) for _ in range(3)]
    job_id = what_if(world, **VAPS_ONLY)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        work(world, stopping=lambda: len(kept(world, job_id)) == 1)
        patched.setattr("workflow.jobs._keep", dies)
        with pytest.raises(KeyboardInterrupt):
            work(world)
    world.clock.advance(LEASE + timedelta(seconds=1))
    work(world)
    assert [claim_id for claim_id, *_ in kept(world, job_id)] == claims
    assert [result["claims"] for result in results(world, job_id)] == [1, 1, 1]


@pytest.mark.usefixtures("one_a_chunk")
def test_it_stops_when_it_is_told_to_and_keeps_what_it_had(world: World) -> None:
    claims = [submitted(world) for _ in range(3)]
    job_id = what_if(world, **VAPS_ONLY)
    work(world, stopping=lambda: len(kept(world, job_id)) == 1)
    with world.database.write() as connection:
        cancel(connection, world.people["mia"], world.clock.now(), job_id)
    work(world)
    assert [claim_id for claim_id, *_ in kept(world, job_id)] == claims[:1]
    assert [result["outcome"] for result in results(world, job_id)] == ["done", "cancelled", "cancelled"]


def test_asked_twice_under_one_key_it_is_one(world: World) -> None:
    submitted(world)
    assert what_if(world) == what_if(world)
    assert what_if(world, key="another") != what_if(world)
    work(world)
    with world.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Job)) == 2


def test_claims_are_chosen_by_partner_country_period_and_day(world: World) -> None:
    submitted(world)
    other = world.partner("Isar Networks", country="CH")
    for prepare in (world.performed, world.fund):
        prepare(other)
    world.certify(
        other, world.clock.now().date().replace(month=1), world.clock.now().date().replace(month=12)
    )
    world.person("olga", Role.partner, partner_id=other, contact=True)
    theirs = world.draft("olga")
    world.move(theirs, "submit", "olga")
    day = world.clock.now().date()

    def covered(**chosen: Any) -> int:
        job_id = what_if(world, chosen=chosen, key=str(chosen))
        work(world)
        return sum(result["claims"] for result in results(world, job_id))

    assert covered() == 2
    assert covered(partner="elbe") == covered(country="CH") == 1
    assert covered(period=world.period_id, first=day.isoformat(), last=day.isoformat()) == 2
    assert covered(first=(day + timedelta(days=1)).isoformat()) == 0
    assert covered(last=(day - timedelta(days=1)).isoformat()) == 0


def test_a_rejection_that_no_rule_made_stays_one_by_any_policy(world: World) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "reject", "bob", reason="Not this time.")
    job_id = what_if(world, max_funding_share="0.90")
    work(world)
    assert kept(world, job_id) == []


def test_only_a_programme_manager_asks_and_only_with_a_policy(world: World) -> None:
    submitted(world)
    for name in ("anna", "bob", "dan", "eve"):
        with pytest.raises(Refused):
            what_if(world, by=name)
    with pytest.raises(PolicyError):
        what_if(world, document={"max_funding_share": "0.50"})


def test_a_claim_in_another_currency_moves_by_what_its_costs_are_worth(world: World) -> None:
    world.rate("EUR", "1.0856")
    claim_id = submitted(world, lines=[line(amount=800_000)], currency="EUR")
    world.move(claim_id, "approve", "bob", approved=400_000)
    job_id = what_if(world, max_funding_share="0.25")
    work(world)
    ((_claim, effect, before, after),) = kept(world, job_id)
    assert (effect, before, after) == (Effect.less, 400_000, 217_120)
