"""A task has a last day in working days; its holder is reminded, then somebody else is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.history import Move
from models.messages import Message
from models.tasks import Task
from models.vocabulary import MessageKind, Role, State, TaskKind
from tests.support.routing import rule
from tests.support.stages import accepted, approved, disputed_amount, executed, submitted
from tests.support.world import World
from workflow.acts.deadlines import Deadline, set_deadlines
from workflow.acts.tasks import reassign
from workflow.acts.users import change_user
from workflow.chasing import chase
from workflow.expiry import sweep
from workflow.refusals import Refused
from workflow.working_days import Calendar

WEEKENDS = Calendar()
BULGARIA = Calendar("BG")
TOLD = (MessageKind.reminder, MessageKind.escalation)


def allow(world: World, calendar: Calendar = WEEKENDS, **deadlines: Deadline) -> None:
    with world.database.write() as connection:
        kinds = {TaskKind(kind): deadline for kind, deadline in deadlines.items()}
        set_deadlines(connection, world.people["mia"], world.clock.now(), calendar, kinds)


def task(world: World, claim_id: int) -> Any:
    """Return the claim's latest task."""
    with world.database.read() as connection:
        return connection.execute(
            select(Task.__table__).where(Task.claim_id == claim_id).order_by(Task.id.desc()).limit(1)
        ).one()


def on(world: World, day: date) -> int:
    """Let a day come, at noon, and its reminders with it; return how many were told."""
    world.clock.set(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    return chase(world.database, world.clock.now())


def told(world: World) -> list[tuple[str, str, bool | None]]:
    """Return whom was told what about a late task, and whether it is late already."""
    names = {actor.user_id: name for name, actor in world.people.items()}
    with world.database.read() as connection:
        rows = connection.execute(
            select(Message.user_id, Message.kind, Message.figures)
            .where(Message.kind.in_(TOLD))
            .order_by(Message.id)
        ).all()
    return [(names[row.user_id], row.kind.value, row.figures.get("late")) for row in rows]


def test_a_task_is_due_so_many_working_days_after_it_was_opened(world: World) -> None:
    allow(world, decide=Deadline(5))
    assert task(world, submitted(world)).due_on == date(2026, 3, 9)


def test_holidays_of_the_chosen_country_do_not_count(world: World) -> None:
    world.clock.set(datetime(2026, 4, 2, 12, tzinfo=UTC))
    allow(world, Calendar("DE"), decide=Deadline(1))
    claim_id = submitted(world, starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 4))
    assert task(world, claim_id).due_on == date(2026, 4, 7)


def works_by(world: World, name: str, calendar: Calendar) -> None:
    """Let somebody of the programme owner have holidays of their own."""
    who = world.people[name]
    with world.database.write() as connection:
        change_user(
            connection,
            world.people["mia"],
            world.clock.now(),
            who.user_id or 0,
            roles=who.roles,
            is_contact=False,
            calendar=calendar,
        )


def test_a_task_is_due_by_the_holidays_of_whom_it_is_opened_for(world: World) -> None:
    allow(world, decide=Deadline(1))
    works_by(world, "bob", BULGARIA)
    assert task(world, submitted(world)).due_on == date(2026, 3, 4), "3 March is Bulgaria's Liberation Day"


def test_a_disputed_amount_is_due_by_the_holidays_of_whom_it_is_opened_for(world: World) -> None:
    allow(world, reconsider=Deadline(1))
    works_by(world, "bob", BULGARIA)
    claim_id = disputed_amount(world)
    assert world.holder(claim_id)[0] == "bob"
    assert task(world, claim_id).due_on == date(2026, 3, 4)


def test_a_task_that_no_single_person_holds_is_due_by_the_holidays_of_the_programme(world: World) -> None:
    allow(world, pay=Deadline(100))
    first = task(world, accepted(world))
    works_by(world, "dan", Calendar("DE"))
    assert task(world, accepted(world)).due_on == first.due_on


def test_a_task_that_is_open_keeps_its_day_when_its_holder_gets_other_holidays(world: World) -> None:
    allow(world, decide=Deadline(1))
    claim_id = submitted(world)
    works_by(world, "bob", BULGARIA)
    assert task(world, claim_id).due_on == date(2026, 3, 3)


def test_the_holder_is_reminded_by_holidays_of_their_own(world: World) -> None:
    world.clock.set(datetime(2026, 3, 30, 12, tzinfo=UTC))
    allow(world, decide=Deadline(5, remind_days=2))
    works_by(world, "bob", Calendar("DE"))
    claim_id = submitted(world, starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 4))
    assert task(world, claim_id).due_on == date(2026, 4, 8)
    assert on(world, date(2026, 4, 1)) == 0
    assert on(world, date(2026, 4, 2)) == 1, "between it and 8 April lie Good Friday and Easter Monday"


@pytest.mark.parametrize(
    ("promised", "due"), [(3, date(2026, 3, 5)), (30, date(2026, 3, 9)), (None, date(2026, 3, 9))]
)
def test_the_earlier_of_the_days_of_task_and_policy_holds(
    world: World, promised: int | None, due: date
) -> None:
    world.demand(decide_within_days=promised)
    allow(world, decide=Deadline(5))
    assert task(world, submitted(world)).due_on == due


def test_each_kind_of_task_has_its_own_days_and_each_stay_starts_anew(world: World) -> None:
    allow(world, decide=Deadline(2), accept=Deadline(3), pay=Deadline(4))
    claim_id = submitted(world)
    world.clock.advance(timedelta(days=1))
    world.move(claim_id, "return", "bob", reason="Name the speakers.")
    world.clock.advance(timedelta(days=20))  # while the ball is on the partner's side, nothing runs
    world.move(claim_id, "submit", "anna")
    again = task(world, claim_id)
    assert (again.opened_at.date(), again.due_on) == (date(2026, 3, 23), date(2026, 3, 25))
    paying = accepted(world)
    assert (task(world, paying).due_on - task(world, paying).opened_at.date()).days >= 4


def test_a_later_change_of_the_deadlines_moves_no_open_task(world: World) -> None:
    allow(world, decide=Deadline(5))
    claim_id = submitted(world)
    allow(world, decide=Deadline(1))
    assert task(world, claim_id).due_on == date(2026, 3, 9)


def test_the_holder_is_reminded_before_and_after_and_then_somebody_else_is_told_each_once(
    world: World,
) -> None:
    boss = world.person("cora", Role.approver).user_id
    allow(world, decide=Deadline(5, remind_days=1, escalate_days=2, escalate_to_id=boss))
    claim_id = submitted(world)
    holder = world.holder(claim_id)[0]
    assert holder == "bob"

    assert on(world, date(2026, 3, 5)) == 0
    assert on(world, date(2026, 3, 6)) == 1  # Friday; due on Monday
    assert on(world, date(2026, 3, 7)) == on(world, date(2026, 3, 9)) == 0
    assert on(world, date(2026, 3, 10)) == 1
    assert on(world, date(2026, 3, 11)) == 1
    assert on(world, date(2026, 3, 30)) == 0
    assert told(world) == [
        ("bob", "reminder", False),
        ("bob", "reminder", True),
        ("cora", "escalation", None),
    ]


def test_a_late_task_stays_with_its_holder_who_can_still_do_it(world: World) -> None:
    allow(world, decide=Deadline(1, escalate_days=1))
    claim_id = submitted(world)
    on(world, date(2026, 3, 20))
    assert world.holder(claim_id) == ("bob", None, None)
    world.move(claim_id, "approve", "bob", approved=400_000)
    assert world.claim(claim_id).state is State.approved
    assert on(world, date(2026, 3, 25)) == 0


def test_what_was_missed_is_told_late_and_only_what_still_holds(world: World) -> None:
    allow(world, decide=Deadline(5, remind_days=1, escalate_days=2))
    submitted(world)
    assert on(world, date(2026, 3, 20)) == 2
    assert told(world) == [("bob", "reminder", True), ("mia", "escalation", None)]


def test_a_new_holder_is_reminded_in_their_turn(world: World) -> None:
    cora = world.person("cora", Role.approver).user_id
    allow(world, decide=Deadline(1))
    claim_id = submitted(world)
    on(world, date(2026, 3, 4))
    with world.database.write() as connection:
        reassign(connection, world.people["mia"], world.clock.now(), claim_id, cora or 0)
    on(world, date(2026, 3, 5))
    assert [name for name, _, _ in told(world)] == ["bob", "cora"]
    assert task(world, claim_id).held_since.date() == date(2026, 3, 4)
    assert task(world, claim_id).due_on == date(2026, 3, 3)


def test_who_is_away_is_not_reminded_and_their_substitute_hears_of_the_escalation(world: World) -> None:
    cora, dora = (world.person(name, Role.approver).user_id for name in ("cora", "dora"))
    assert dora is not None
    allow(world, accept=Deadline(1, escalate_days=1, escalate_to_id=cora))
    executed(world)
    world.away("cora", world.clock.now().date(), date(2026, 12, 1), substitute="dora")
    on(world, world.clock.now().date() + timedelta(days=30))
    assert [(name, kind) for name, kind, _ in told(world)] == [
        ("bob", "reminder"),
        ("cora", "escalation"),
        ("dora", "escalation"),
    ]


def test_all_of_finance_is_reminded_of_a_payment_save_who_accepted_it(world: World) -> None:
    world.person("faye", Role.finance)
    allow(world, pay=Deadline(1))
    accepted(world)
    on(world, world.clock.now().date() + timedelta(days=30))
    reminded = {name for name, _, _ in told(world)}
    assert "faye" in reminded
    assert "bob" not in reminded


def test_the_managers_are_reminded_of_what_nobody_may_do(world: World) -> None:
    allow(world, decide=Deadline(1))
    world.away("bob", world.clock.now().date(), date(2026, 12, 1))
    submitted(world)
    on(world, date(2026, 3, 10))
    assert told(world) == [("mia", "reminder", True)]


def test_without_any_deadline_nobody_is_reminded(world: World) -> None:
    submitted(world)
    assert on(world, date(2026, 12, 1)) == 0


def test_days_that_the_owner_was_late_are_added_to_the_partners_own(world: World) -> None:
    world.demand(report_within_days=10)
    allow(world, decide=Deadline(5))
    claim_id = submitted(world)  # due on 9 March; the activity ends on 11 April
    world.clock.set(datetime(2026, 3, 19, 12, tzinfo=UTC))
    world.move(claim_id, "approve", "bob", approved=400_000)
    assert world.claim(claim_id).report_by == date(2026, 5, 1)
    with world.database.read() as connection:
        figures = connection.scalars(select(Move.figures).order_by(Move.id.desc()).limit(1)).one()
    assert figures == {"days_late": "10", "report_by": "2026-05-01"}
    assert sweep(world.database, datetime(2026, 5, 1, 12, tzinfo=UTC)).expired == 0
    assert sweep(world.database, datetime(2026, 5, 2, 12, tzinfo=UTC)).expired == 1


def test_delays_of_several_tiers_add_up(world: World) -> None:
    world.person("cora", Role.approver)
    world.demand(report_within_days=10, routing=[rule({}, {})])
    allow(world, decide=Deadline(1))
    claim_id = submitted(world)
    first = world.holder(claim_id)[0] or ""
    world.clock.set(datetime(2026, 3, 5, 12, tzinfo=UTC))  # due on the 3rd
    world.move(claim_id, "endorse", first, approved=400_000)
    second = world.holder(claim_id)[0] or ""
    world.clock.set(datetime(2026, 3, 9, 12, tzinfo=UTC))  # due on the 6th
    world.move(claim_id, "approve", second, approved=400_000)
    assert world.claim(claim_id).report_by == date(2026, 4, 26)


def test_a_decision_in_time_moves_nothing(world: World) -> None:
    world.demand(report_within_days=10)
    allow(world, decide=Deadline(5))
    claim_id = approved(world)
    assert world.claim(claim_id).report_by is None


@pytest.mark.parametrize(
    ("calendar", "deadline", "code"),
    [
        (Calendar("XX"), Deadline(5), "no_such_country"),
        (Calendar("DE", "TX"), Deadline(5), "no_such_region"),
        (Calendar(None, "BY"), Deadline(5), "region_without_country"),
        (WEEKENDS, Deadline(0), "days_between"),
        (WEEKENDS, Deadline(251), "days_between"),
        (WEEKENDS, Deadline(5, remind_days=5), "remind_before_it_begins"),
        (WEEKENDS, Deadline(5, escalate_days=0), "days_between"),
        (WEEKENDS, Deadline(5, escalate_days=1, escalate_to_id=999), "no_such_user"),
    ],
)
def test_what_is_no_deadline_is_refused(
    world: World, calendar: Calendar, deadline: Deadline, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        allow(world, calendar, decide=deadline)
    assert refused.value.why == code


def test_nobody_but_a_manager_sets_deadlines(world: World) -> None:
    with pytest.raises(Refused) as refused, world.database.write() as connection:
        set_deadlines(connection, world.people["bob"], world.clock.now(), WEEKENDS, {})
    assert refused.value.why == "not_yours"
