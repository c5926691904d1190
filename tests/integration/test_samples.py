"""Samples are drawn from history as a checkpoint holds it, and anybody draws the same from a package."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.history import Act, Move
from models.links import Checkpoint
from models.samples import Sample, SampleClaim, SampleFinding
from models.vocabulary import FindingVerdict, JobKind
from tests.support.samples import ask, drawn, signer_in, some_claims, work
from tests.support.stages import accepted, approved, executed, rejected, submitted
from tests.support.world import World
from workflow.attaching import attach
from workflow.jobs import work_off
from workflow.leases import LEASE
from workflow.moves import settled
from workflow.proof.doing import Signer
from workflow.refusals import Refused
from workflow.sampling.asking import population
from workflow.sampling.doing import sampling_doers
from workflow.sampling.findings import Finding, record_finding
from workflow.sampling.sample import WEIGHTS


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return signer_in(tmp_path)


def test_by_monetary_unit_only_claims_that_hold_money_are_drawn_from(world: World, signer: Signer) -> None:
    claims = some_claims(world)
    sample = drawn(world, signer, size=50)
    assert (sample.claims, sample.amount) == (5, 5 * 400_000)
    rows = world.rows(SampleClaim)
    assert [row.claim_id for row in rows] == claims
    assert {(row.amount, row.units, row.hit) for row in rows} == {(400_000, 400_000, None)}


def test_by_risk_claims_weigh_what_history_shows(world: World, signer: Signer) -> None:
    plain, sent_again, held_nothing = approved(world), submitted(world), rejected(world)
    world.move(sent_again, "return", "bob", reason="Name the speakers.")
    world.move(sent_again, "submit", "anna")
    world.confirm(world.account("anna"), "mia")
    accepted_id = accepted(world)
    world.confirm(world.account("anna", iban="GB82WEST12345698765432"), "mia")
    world.move(accepted_id, "reimburse", "dan", payment_reference="P-1", paid_on=world.clock.now().date())
    drawn(world, signer, method="risk", size=50)
    assert {row.claim_id: (row.units, row.risks) for row in world.rows(SampleClaim)} == {
        plain: (1, []),
        sent_again: (2, ["returned"]),
        held_nothing: (1, []),
        accepted_id: (4, ["new_account"]),
    }


def test_a_file_that_was_added_after_a_report_weighs(world: World, signer: Signer) -> None:
    claim_id, anna = executed(world), world.people["anna"]
    world.move(claim_id, "rework", "bob", reason="The photo shows nothing.")
    file = {
        "name": "b.pdf",
        "content_type": "application/pdf",
        "size": 3,
        "digest": "b" * 64,
        "kind": "photos",
    }
    attach(world.database, anna, claim_id, world.claim(claim_id).version, file, world.clock.now())
    world.move(claim_id, "report", "anna")
    drawn(world, signer, method="risk")
    (row,) = world.rows(SampleClaim)
    assert set(row.risks) == {"files_added", "reworked"}


def test_the_checkpoint_is_the_first_after_the_asking(world: World, signer: Signer) -> None:
    approved(world)
    signer.sign(world.database, world.clock.now())
    ask(world)
    signer.sign(world.database, world.clock.now())
    approved(world)
    signer.sign(world.database, world.clock.now())
    work(world, signer)
    (sample,) = world.rows(Sample)
    assert (sample.checkpoint, sample.claims) == (2, 1)
    assert len(world.rows(Checkpoint)) == 3


def test_where_no_checkpoint_covers_the_asking_one_is_signed(world: World, signer: Signer) -> None:
    approved(world)
    assert drawn(world, signer).checkpoint == 1


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"method": "risk"},
        {"period": "2026H1"},
        {"period": "2025H2"},
        {"state": "approved"},
        {"state": "rejected", "method": "risk"},
        {"state": "rejected"},
        {"partner_id": 1},
        {"partner_id": 99},
        {"first_day": "2026-03-02"},
        {"first_day": "2026-03-03"},
        {"last_day": "2026-03-01"},
        {"last_day": "2026-03-02", "method": "risk"},
    ],
)
def test_what_is_shown_before_is_what_it_is_drawn_from(
    world: World, signer: Signer, chosen: dict[str, Any]
) -> None:
    some_claims(world)
    with world.database.read() as connection:
        shown = population(connection, {"method": "money", **chosen})
    if not shown.claims:
        with pytest.raises(Refused):
            ask(world, **chosen)
        # The worker finds the same, where it was not asked for in vain.
        return
    sample = drawn(world, signer, **chosen)
    assert (sample.claims, sample.amount) == shown


def test_every_drawing_is_an_act_that_says_what_was_asked_and_drawn(world: World, signer: Signer) -> None:
    approved(world)
    for text in ("first", "second"):
        drawn(world, signer, seed_text=text, state="approved")
    acts = [act for act in world.rows(Act) if act.kind.startswith("sample_")]
    assert [act.kind for act in acts] == ["sample_asked", "sample_drawn"] * 2
    assert {act.actor_id for act in acts} == {world.people["eve"].user_id}
    asked = {"method": "money", "size": 2, "seed_text": "second", "state": "approved"}
    assert acts[2].figures == {**asked, "weights": WEIGHTS}
    sample = world.rows(Sample)[1]
    figures = {name: acts[3].figures[name] for name in ("asked", "sample", "seed", "amount", "taken")}
    assert figures == {
        "asked": acts[2].id,
        "sample": sample.id,
        "seed": sample.seed,
        "amount": "4000.00",
        "taken": 1,
    }


def test_it_is_asked_for_once_however_often_it_is_sent_and_drawn_once(world: World, signer: Signer) -> None:
    approved(world)
    assert ask(world, key="once") == ask(world, key="once")
    assert work(world, signer) == 1
    assert len(world.rows(Sample)) == 1


@pytest.mark.parametrize("name", ["anna", "bob", "dan", "mia"])
def test_nobody_but_auditors_draws(world: World, name: str) -> None:
    approved(world)
    with pytest.raises(Refused):
        ask(world, by=name)


def test_a_finding_stands_on_the_sample_and_leaves_history_alone(world: World, signer: Signer) -> None:
    claim_id = approved(world)
    sample = drawn(world, signer)
    before = (len(world.rows(Move)), len(world.rows(Act)), world.claim(claim_id))
    finding = Finding(FindingVerdict.exception, 1_000, "No agenda.")

    def record(by: str, key: str, claim: int = claim_id, found: Finding = finding) -> None:
        settled(
            world.database,
            lambda connection: record_finding(
                connection, world.people[by], world.clock.now(), sample.id, claim, found, key
            ),
        )

    for _ in range(2):
        record("eve", "once")
    assert before == (len(world.rows(Move)), len(world.rows(Act)), world.claim(claim_id))
    with pytest.raises(Refused):
        record("mia", "other")
    with pytest.raises(Refused):
        record("eve", "other", claim=submitted(world))


IMPOSSIBLE = {
    "more than the claim held": (Finding(FindingVerdict.exception, 400_001, "No agenda."), "finding_above"),
    "less than nothing": (Finding(FindingVerdict.exception, -1, "No agenda."), "finding_above"),
    "no amount": (Finding(FindingVerdict.exception, None, "No agenda."), "finding_amount"),
    "no note": (Finding(FindingVerdict.exception, 1_000, " "), "finding_why"),
    "an amount of what is in order": (Finding(FindingVerdict.in_order, 1_000, ""), "finding_in_order"),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_a_finding_that_cannot_be_is_refused(world: World, signer: Signer, what: str) -> None:
    claim_id = approved(world)
    sample = drawn(world, signer)
    finding, why = IMPOSSIBLE[what]
    with pytest.raises(Refused, match=why), world.database.write() as connection:
        record_finding(
            connection, world.people["eve"], world.clock.now(), sample.id, claim_id, finding, "once"
        )
    assert world.rows(SampleFinding) == []


def test_a_worker_that_died_after_the_checkpoint_draws_the_same(world: World, signer: Signer) -> None:
    some_claims(world)
    ask(world, size=3)
    doer = next(iter(sampling_doers(signer).values()))
    assert doer.ready is not None

    def dies(*given: Any) -> Any:
        assert doer.ready is not None
        doer.ready(*given)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_off(world.database, {JobKind.draw_sample: replace(doer, ready=dies)}, world.clock.now)
    approved(world)
    world.clock.advance(2 * LEASE)
    work(world, signer)
    (sample,) = world.rows(Sample)
    assert (sample.checkpoint, sample.claims) == (1, 5)
