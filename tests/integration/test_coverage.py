"""Every accepted cost line points to the invoice that proves it; nobody points to what is none."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.claims import ClaimLine, Evidence
from models.vocabulary import LineKind, State
from tests.support.stages import approved, executed
from tests.support.world import World, bill
from workflow.attaching import attach, detach
from workflow.drafts import save_report
from workflow.refusals import Refused
from workflow.reviewing import LineFinding, save_review

OTHER = bill("catering", 200_000, supplier="Kitchen", invoice_number="L-200")


def proofs(world: World, claim_id: int) -> Sequence[int | None]:
    with world.database.read() as connection:
        return connection.scalars(
            select(ClaimLine.proof_id)
            .where(ClaimLine.claim_id == claim_id, ClaimLine.kind == LineKind.actual)
            .order_by(ClaimLine.position)
        ).all()


def file_of(world: World, claim_id: int, kind: str = "invoice") -> int:
    with world.database.read() as connection:
        found = select(Evidence.id).where(Evidence.claim_id == claim_id, Evidence.kind == kind)
        return connection.execute(found.order_by(Evidence.id.desc()).limit(1)).scalar_one()


def report(world: World, claim_id: int, *bills: dict[str, Any]) -> int:
    return save_report(
        world.database, world.people["anna"], claim_id, world.claim(claim_id).version, list(bills)
    )


def invoice(world: World, claim_id: int, name: str) -> int:
    file = {"kind": "invoice", "name": name, "content_type": "application/pdf", "size": 3, "digest": "1" * 64}
    version = world.claim(claim_id).version
    attach(world.database, world.people["anna"], claim_id, version, file, world.clock.now())
    return file_of(world, claim_id)


def test_lines_point_to_the_invoice_that_can_only_be_meant(world: World) -> None:
    claim_id = approved(world)
    world.bill(claim_id, bill(amount=300_000), bill(amount=500_000))
    first = file_of(world, claim_id)
    assert proofs(world, claim_id) == [first, first]

    report(world, claim_id, bill(proof_id=first), OTHER)
    assert proofs(world, claim_id) == [first, None]
    second = invoice(world, claim_id, "kitchen.pdf")
    assert proofs(world, claim_id) == [first, second]


def test_one_file_may_be_chosen_for_several_invoices(world: World) -> None:
    claim_id = approved(world)
    world.bill(claim_id)
    one = file_of(world, claim_id)
    report(world, claim_id, bill(proof_id=one), {**OTHER, "proof_id": one})
    assert proofs(world, claim_id) == [one, one]


def test_a_file_that_is_taken_off_proves_nothing_any_more(world: World) -> None:
    claim_id = approved(world)
    world.bill(claim_id)
    one, version = file_of(world, claim_id), world.claim(claim_id).version
    detach(world.database, world.people["anna"], claim_id, version, one, world.clock.now())
    assert proofs(world, claim_id) == [None]


@pytest.mark.parametrize("kind", ["photos", "another claim's", "none at all"])
def test_a_line_points_to_no_file_but_an_invoice_of_its_own_claim(world: World, kind: str) -> None:
    theirs = approved(world)
    world.bill(theirs)
    claim_id = approved(world)
    world.bill(claim_id)
    forged = {
        "photos": file_of(world, claim_id, "photos"),
        "another claim's": file_of(world, theirs),
        "none at all": 999_999,
    }[kind]
    before = world.claim(claim_id).version, proofs(world, claim_id)
    with pytest.raises(Refused) as error:
        report(world, claim_id, bill(proof_id=forged))
    assert [(one.code, one.field) for one in error.value.problems] == [
        ("no_such_invoice", "actual_lines[0].proof_id")
    ]
    assert (world.claim(claim_id).version, proofs(world, claim_id)) == before


def test_an_approver_points_a_line_to_no_file_but_an_invoice_of_its_claim(world: World) -> None:
    theirs, claim_id = executed(world), executed(world)
    with world.database.read() as connection:
        line = connection.execute(
            select(ClaimLine.id).where(ClaimLine.claim_id == claim_id, ClaimLine.kind == LineKind.actual)
        ).scalar_one()
    with pytest.raises(Refused) as error:
        save_review(
            world.database,
            world.people["bob"],
            claim_id,
            world.claim(claim_id).version,
            lines={line: LineFinding(True, proof_id=file_of(world, theirs))},
            evidence={},
            checklist={},
        )
    assert (error.value.why, error.value.problems[0].field) == ("no_such_invoice", f"proof-{line}")


def test_a_report_without_proof_is_taken_and_its_line_cannot_be_accepted(world: World) -> None:
    claim_id = approved(world)
    world.clock.advance(timedelta(days=60))
    world.bill(claim_id, bill(), OTHER)
    world.move(claim_id, "report", "anna")
    world.review(claim_id, "bob")
    with pytest.raises(Refused) as error:
        world.move(claim_id, "accept", "bob")
    assert [problem.code for problem in error.value.problems] == ["line_unproven"] * 2
    assert all(problem.field.startswith("proof-") for problem in error.value.problems)
    assert world.claim(claim_id).state is State.executed


def test_an_invoice_that_was_refused_proves_nothing(world: World) -> None:
    claim_id = executed(world)
    world.review(claim_id, "bob")
    with world.database.write() as connection:
        connection.execute(
            update(Evidence).where(Evidence.id == file_of(world, claim_id)).values(meets_standard=False)
        )
    with pytest.raises(Refused) as error:
        world.move(claim_id, "accept", "bob")
    assert "line_unproven" in {problem.code for problem in error.value.problems}


def test_a_replaced_invoice_takes_the_place_of_the_refused_one(world: World) -> None:
    claim_id = executed(world)
    world.review(claim_id, "bob", accept=False)
    world.move(claim_id, "rework", "bob", reason="The invoice cannot be read.")
    better = invoice(world, claim_id, "better.pdf")
    assert proofs(world, claim_id) == [better]


def test_an_open_cost_stops_the_acceptance(world: World) -> None:
    claim_id = executed(world)
    world.review(claim_id, "bob")
    with world.database.write() as connection:
        connection.execute(update(ClaimLine).where(ClaimLine.claim_id == claim_id).values(accepted=None))
    with pytest.raises(Refused) as error:
        world.move(claim_id, "accept", "bob")
    assert "line_open" in {problem.code for problem in error.value.problems}


def test_a_report_from_before_invoices_were_named_is_accepted_once_they_are(world: World) -> None:
    claim_id = executed(world)
    world.review(claim_id, "bob")
    world.database.downgrade("0020")
    world.database.migrate()
    assert proofs(world, claim_id) == [None], "nobody said yet which invoice proves it"
    with pytest.raises(Refused):
        world.move(claim_id, "accept", "bob")
    with world.database.read() as connection:
        line = connection.execute(
            select(ClaimLine.id).where(ClaimLine.claim_id == claim_id, ClaimLine.kind == LineKind.actual)
        ).scalar_one()
        files = connection.scalars(select(Evidence.id).where(Evidence.claim_id == claim_id)).all()
    claim = world.claim(claim_id)
    save_review(
        world.database,
        world.people["bob"],
        claim_id,
        claim.version,
        lines={line: LineFinding(True, proof_id=file_of(world, claim_id))},
        evidence=dict.fromkeys(files, (True, "")),
        checklist=claim.checklist,
    )
    world.move(claim_id, "accept", "bob")
    assert world.claim(claim_id).state is State.accepted
