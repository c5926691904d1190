"""A bank's answers are held to a run's payments; each is recorded by a move of its own, or not at all."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from models.claims import Claim
from models.history import Act, Move, RefusedAttempt
from models.jobs import Job, JobItem
from models.payment_runs import BankFile, run_reference
from models.vocabulary import JobKind, LeftRun, Role, State, Trigger
from tests.support.bank_files import Booking, Status, camt, pain_002
from tests.support.stages import payable, released
from tests.support.world import World
from workflow import jobs
from workflow.bulk import DOERS
from workflow.payment_runs.collecting import collect
from workflow.payment_runs.contents import left_of, payments_of
from workflow.payment_runs.importing import items_of, keep_file, planned_of
from workflow.payment_runs.leaving import cancel, reject_by_hand
from workflow.payment_runs.releasing import release
from workflow.payment_runs.settling import end_to_end
from workflow.refusals import Refused

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MAY_1 = date(2026, 5, 1)


def read(world: World, run_id: int, content: bytes, by: str = "dan") -> int:
    """Have somebody read a file on a run; return its id."""
    with world.database.write() as connection:
        return keep_file(connection, world.people[by], world.clock.now(), run_id, "answers.xml", content)


def deeds(world: World, file_id: int, by: str = "dan") -> list[str]:
    """Return what would be done with each answer of a file."""
    with world.database.reading_session() as session:
        file = session.get_one(BankFile, file_id)
        return [one.deed.value for one in planned_of(session.connection(), world.people[by], file)]


def ask(world: World, file_id: int, by: str = "dan") -> int:
    """Ask for the job that records a file; return its id."""
    who = world.people[by]
    with world.database.reading_session() as session:
        file = session.get_one(BankFile, file_id)
        run_id, items = file.run_id, items_of(planned_of(session.connection(), who, file))
    with world.database.write() as connection:
        key = f"file{file_id}by{by}at{world.clock.now():%H%M%S}"
        return jobs.start(
            connection,
            who,
            world.clock.now(),
            JobKind.record_answers,
            {"run": run_id, "file": file_id},
            items,
            key,
        )


def results(world: World, job_id: int) -> list[str]:
    """Have a job worked off; return of each item what came of it."""
    jobs.work_off(world.database, DOERS, world.clock.now)
    with world.database.read() as connection:
        rows = connection.scalars(
            select(JobItem.result).where(JobItem.job_id == job_id).order_by(JobItem.position)
        ).all()
    return [row["problems"][0]["code"] if row.get("problems") else row["outcome"] for row in rows if row]


def record(world: World, run_id: int, content: bytes, by: str = "dan") -> list[str]:
    """Read a file and have it recorded; return what came of each item."""
    return results(world, ask(world, read(world, run_id, content, by), by))


def run_of(world: World, number: int = 1) -> tuple[int, list[int]]:
    """Return a released run of so many claims, and their ids."""
    for _ in range(number - 1):
        payable(world)
    run_id = released(world)
    with world.database.read() as connection:
        return run_id, [payment.id for payment in payments_of(connection, run_id)]


def state(world: World, claim_id: int) -> State:
    return State(world.claim(claim_id).state)


def test_each_booked_debit_pays_its_claim_with_the_banks_reference_and_day(world: World) -> None:
    run_id, (first, second) = run_of(world, 2)
    file = camt(Booking("2026H1-00001"), Booking("2026H1-00002", reference="BANK-2"))
    assert record(world, run_id, file) == ["done", "done"]
    for claim_id, reference in ((first, "BANK-1"), (second, "BANK-2")):
        claim = world.claim(claim_id)
        assert (claim.state, claim.payment_reference, claim.paid_on) == (State.reimbursed, reference, MAY_1)
    assert world.fund_row().paid == 800_000


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    run_id, (claim_id,) = run_of(world)
    file = camt(Booking("2026H1-00001"))
    file_id = read(world, run_id, file)
    first, second = ask(world, file_id), ask(world, read(world, run_id, file), by="fay")
    assert (results(world, first), results(world, second)) == (["done"], ["bank_answer_late"])
    assert read(world, run_id, file) == file_id
    assert deeds(world, file_id) == ["recorded"]
    assert world.claim(claim_id).paid == 400_000


def test_a_status_a_notification_and_a_statement_of_one_payment_pay_it_once(world: World) -> None:
    run_id, (claim_id,) = run_of(world)
    assert record(world, run_id, pain_002(run_reference(run_id), Status("2026H1-00001"))) == ["done"]
    for kind in ("camt.054.001.08", "camt.053.001.08"):
        assert deeds(world, read(world, run_id, camt(Booking("2026H1-00001"), kind=kind))) == ["recorded"]
    assert world.claim(claim_id).payment_reference == "2026H1-00001"


def test_a_rejected_payment_leaves_its_claim_accepted_and_takes_it_out_of_the_run_with_the_reason(
    world: World,
) -> None:
    run_id, (first, second) = run_of(world, 2)
    rejected = Status("2026H1-00001", "RJCT", "AC04 Account closed.")
    assert record(world, run_id, pain_002(run_reference(run_id), rejected, Status("2026H1-00002"))) == [
        "done",
        "done",
    ]
    assert (state(world, first), state(world, second)) == (State.accepted, State.reimbursed)
    with world.database.read() as connection:
        assert [(one.id, one.taken_out_why) for one in left_of(connection, run_id)] == [
            (first, LeftRun.rejected)
        ]
        acts = connection.scalars(select(Act.kind).where(Act.reason_hash.is_not(None))).all()
    assert "run_payment_rejected" in acts
    assert world.fund_row().reserved == 400_000


def test_what_was_rejected_is_ordered_again_under_a_reference_of_its_own(world: World) -> None:
    run_id, (claim_id,) = run_of(world)
    rejection = pain_002(run_reference(run_id), Status("2026H1-00001", "RJCT", "AC04"))
    record(world, run_id, rejection)
    now = world.clock.now()
    with world.database.write() as connection:
        later = collect(connection, world.people["dan"], now, currency="USD", due_on=MAY_1)
        release(connection, world.people["fay"], now, later)
        (payment,) = payments_of(connection, later)
    assert end_to_end(payment) == "2026H1-00001-2"
    assert deeds(world, read(world, later, rejection)) == ["unknown"]
    assert deeds(world, read(world, run_id, rejection)) == ["recorded"]
    assert record(world, later, camt(Booking("2026H1-00001-2"))) == ["done"]
    assert state(world, claim_id) is State.reimbursed


def test_a_whole_run_that_was_rejected_leaves_every_claim_owed(world: World) -> None:
    run_id, claims = run_of(world, 2)
    assert record(world, run_id, pain_002(run_reference(run_id), of_all="RJCT", reason="FF01")) == [
        "done",
        "done",
    ]
    with world.database.read() as connection:
        assert [one.id for one in left_of(connection, run_id)] == claims


def test_a_returned_payment_has_failed_with_the_banks_reason_also_in_the_file_that_tells_of_it(
    world: World,
) -> None:
    run_id, (claim_id,) = run_of(world)
    returned = Booking("2026H1-00001", reference="BANK-2", indicator="CRDT", returned="AC04")
    file = camt(Booking("2026H1-00001"), returned)
    assert record(world, run_id, file) == ["done", "done"]
    assert state(world, claim_id) is State.accepted
    with world.database.read() as connection:
        triggers = connection.scalars(select(Move.trigger).where(Move.claim_id == claim_id)).all()
        assert [one.taken_out_why for one in left_of(connection, run_id)] == [LeftRun.failed]
    assert triggers[-2:] == [Trigger.reimburse, Trigger.payment_failed]
    assert deeds(world, read(world, run_id, file)) == ["recorded", "recorded"]


@pytest.mark.parametrize(
    ("booking", "deed"),
    [
        (Booking("2026H1-00001", 399_999), "differs"),
        (Booking("2026H1-00001", currency="EUR"), "differs"),
        (Booking("2026H1-00001", booked_on="soon"), "no_day"),
        (Booking("2026H1-00001", status="PDNG"), "open"),
        (Booking("2026H1-00001", indicator="CRDT", returned="AC04"), "not_paid"),
        (Booking("2026H1-00777"), "unknown"),
        (Booking("NOTPROVIDED"), "unknown"),
    ],
)
def test_nothing_is_guessed(world: World, booking: Booking, deed: str) -> None:
    run_id, (claim_id,) = run_of(world)
    file_id = read(world, run_id, camt(booking))
    assert deeds(world, file_id) == [deed]
    assert results(world, ask(world, file_id)) == []
    assert state(world, claim_id) is State.accepted


def test_an_answer_on_another_run_is_unknown_whatever_it_names(world: World) -> None:
    run_id, _claims = run_of(world)
    file = pain_002("RUN-00777", Status("2026H1-00001", "RJCT"), of_all="RJCT")
    assert deeds(world, read(world, run_id, file)) == ["unknown"]
    assert deeds(world, read(world, run_id, pain_002("RUN-00777", of_all="RJCT"))) == ["unknown"]


def test_who_accepted_a_claim_does_not_pay_it_by_file_either(world: World) -> None:
    run_id, (first, second) = run_of(world, 2)
    file_id = read(world, run_id, camt(Booking("2026H1-00001"), Booking("2026H1-00002", reference="B-2")))
    job_id = ask(world, file_id)
    with world.database.write() as connection:
        mine = update(Claim).where(Claim.id == first)
        connection.execute(mine.values(accepted_by_id=world.people["dan"].user_id))
    assert deeds(world, file_id) == ["not_yours", "pay"]
    assert results(world, job_id) == ["bank_answer_late", "done"]
    assert (state(world, first), state(world, second)) == (State.accepted, State.reimbursed)


def test_a_line_that_is_refused_stops_no_other_and_is_remembered(world: World) -> None:
    run_id, (first, second) = run_of(world, 2)
    file = camt(Booking("2026H1-00001"), Booking("2026H1-00002", reference=" bank-1"))
    assert record(world, run_id, file) == ["done", "reference_used"]
    assert (state(world, first), state(world, second)) == (State.reimbursed, State.accepted)
    with world.database.read() as connection:
        assert connection.scalars(select(RefusedAttempt.claim_id)).all() == [second]


def test_an_account_that_waits_holds_a_payment_by_file_too(world: World) -> None:
    run_id, (claim_id,) = run_of(world)
    world.account("anna", iban="GB82WEST12345698765432")
    assert record(world, run_id, camt(Booking("2026H1-00001"))) == ["account_pending"]
    assert state(world, claim_id) is State.accepted


def test_a_rejection_of_what_is_on_record_as_paid_changes_nothing(world: World) -> None:
    run_id, (claim_id,) = run_of(world)
    record(world, run_id, camt(Booking("2026H1-00001")))
    rejected = pain_002(run_reference(run_id), Status("2026H1-00001", "RJCT"))
    assert deeds(world, read(world, run_id, rejected)) == ["paid_already"]
    assert state(world, claim_id) is State.reimbursed


@pytest.mark.parametrize("name", ["anna", "bob", "eve", "mia"])
def test_nobody_but_finance_reads_or_records_a_file(world: World, name: str) -> None:
    run_id, (claim_id,) = run_of(world)
    with pytest.raises(Refused, match="not_yours"):
        read(world, run_id, camt(Booking("2026H1-00001")), name)
    job_id = ask(world, read(world, run_id, camt(Booking("2026H1-00001"))))
    with world.database.write() as connection:
        connection.execute(update(Job).values(actor_id=world.people[name].user_id))
    assert results(world, job_id) == ["not_yours"]
    assert state(world, claim_id) is State.accepted


def test_a_run_that_was_cancelled_meanwhile_records_nothing(world: World) -> None:
    run_id, (claim_id,) = run_of(world)
    job_id = ask(world, read(world, run_id, camt(Booking("2026H1-00001"))))
    with world.database.write() as connection:
        cancel(connection, world.people["dan"], world.clock.now(), run_id, "Not sent after all.")
    assert results(world, job_id) == ["run_is_cancelled"]
    assert state(world, claim_id) is State.accepted


def test_a_substitutes_acceptance_counts_as_ones_own(world: World) -> None:
    run_id, (claim_id,) = run_of(world)
    world.person("max", Role.finance)
    with world.database.write() as connection:
        mine = update(Claim).where(Claim.id == claim_id)
        connection.execute(mine.values(accepted_for_id=world.people["max"].user_id))
    assert deeds(world, read(world, run_id, camt(Booking("2026H1-00001"))), by="max") == ["not_yours"]


def test_a_day_that_is_still_to_come_is_refused_as_it_is_by_hand(world: World) -> None:
    run_id, _claims = run_of(world)
    tomorrow = (MAY_1 + timedelta(days=1)).isoformat()
    assert record(world, run_id, camt(Booking("2026H1-00001", booked_on=tomorrow))) == ["paid_on_future"]


def test_the_runs_history_says_once_what_was_recorded_of_a_file(world: World) -> None:
    run_id, claims = run_of(world, 3)
    file = pain_002(
        run_reference(run_id),
        Status("2026H1-00001"),
        Status("2026H1-00002", "RJCT", "AC04"),
        Status("2026H1-00003", settled_on="2026-05-02"),
    )
    assert record(world, run_id, file) == ["done", "done", "paid_on_future"]
    record(world, run_id, camt(Booking("2026H1-00001", indicator="CRDT", returned="AC04")))
    jobs.work_off(world.database, DOERS, world.clock.now)
    with world.database.read() as connection:
        kept = connection.execute(
            select(Act.subject, Act.actor_id, Act.figures)
            .where(Act.kind == "bank_file_recorded")
            .order_by(Act.id)
        ).all()
    assert {(row.subject, row.actor_id) for row in kept} == {
        (f"payment_run:{run_id}", world.people["dan"].user_id)
    }
    counts = [[row.figures[name] for name in ("paid", "rejected", "failed", "left")] for row in kept]
    assert counts == [[1, 1, 0, 1], [0, 0, 1, 0]]
    assert kept[0].figures["file"] == "answers.xml"
    assert state(world, claims[0]) is State.accepted


@pytest.mark.parametrize("column", ["accepted_by_id", "accepted_for_id"])
def test_who_accepted_a_claim_or_had_it_accepted_on_their_behalf_does_not_record_its_rejection(
    world: World, column: str
) -> None:
    run_id, (claim_id,) = run_of(world)
    with world.database.write() as connection:
        me = {column: world.people["dan"].user_id}
        connection.execute(update(Claim).where(Claim.id == claim_id).values(me))
    rejected = pain_002(run_reference(run_id), Status("2026H1-00001", "RJCT"))
    assert deeds(world, read(world, run_id, rejected)) == ["not_yours"]
    with pytest.raises(Refused, match="accepted_rejected"), world.database.write() as connection:
        reject_by_hand(connection, world.people["dan"], world.clock.now(), run_id, claim_id, "AC04")
    with world.database.write() as connection:
        reject_by_hand(connection, world.people["fay"], world.clock.now(), run_id, claim_id, "AC04")
