"""What each approver has to do now, soon, by their own calendar, and what reports may come to them."""

from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import update

from models.claims import Claim
from models.people import User
from models.tasks import Task
from models.vocabulary import Role
from tests.support.stages import approved, executed, submitted
from tests.support.statements import statements
from tests.support.world import World
from workflow.forecast.load import Load, loads

TODAY = date(2026, 3, 2)
"""A Monday; 3 March is a holiday in Bulgaria."""


def load(world: World, name: str = "bob") -> Load:
    with world.database.read() as connection:
        found, _ = loads(connection, world.clock.now(), world.clock.now().date())
    return next(one for one in found if one.approver.user_id == world.people[name].user_id)


def due(world: World, claim_id: int, day: date | None) -> None:
    with world.database.write() as connection:
        connection.execute(update(Task).where(Task.claim_id == claim_id).values(due_on=day))


def ends(world: World, claim_id: int, day: date) -> int:
    with world.database.write() as connection:
        connection.execute(update(Claim).where(Claim.id == claim_id).values(ends_on=day))
    return claim_id


def limit(world: World, name: str, cents: int) -> None:
    with world.database.write() as connection:
        who = world.people[name].user_id
        connection.execute(update(User).where(User.id == who).values(amount_limit=cents))


def test_open_tasks_are_told_by_their_last_day(world: World) -> None:
    for day in (
        None,
        TODAY - timedelta(days=1),
        TODAY,
        date(2026, 3, 9),
        date(2026, 3, 10),
        date(2026, 3, 31),
    ):
        due(world, submitted(world), day)
    found = load(world)
    assert (found.open_tasks, found.overdue, found.due) == (6, 1, (2, 3, 3))


def test_working_days_are_those_of_ones_own_calendar(world: World) -> None:
    due(world, submitted(world), date(2026, 3, 10))
    assert load(world).due == (0, 1, 1)
    with world.database.write() as connection:
        connection.execute(update(User).values(holiday_country="BG"))
    assert load(world).due == (1, 1, 1)


def test_what_one_decided_in_the_last_thirty_days_counts(world: World) -> None:
    approved(world)
    submitted(world)
    assert load(world).decided == 1
    world.clock.advance(timedelta(days=30))
    assert load(world).decided == 1
    world.clock.advance(timedelta(minutes=1))
    assert load(world).decided == 0


def test_absences_to_come_are_told_with_who_stands_in(world: World) -> None:
    world.person("cora", Role.approver)
    world.away("bob", date(2026, 3, 20), date(2026, 3, 27), substitute="cora")
    world.away("bob", date(2026, 4, 2), date(2026, 4, 3))
    told = [(one.first_day, one.last_day, one.substitute) for one in load(world).away]
    assert told == [(date(2026, 3, 20), date(2026, 3, 27), "Cora")]


def test_reports_come_from_approved_claims_whose_activity_ends_soon_or_has(world: World) -> None:
    for days in (-5, 30, 31, 90, 91):
        ends(world, approved(world), TODAY + timedelta(days=days))
    submitted(world)
    assert load(world).coming == (2, 3, 4)
    assert list(load(world).part) == [2, 3, 4]


def test_a_report_is_shared_by_those_whose_limit_holds_it(world: World) -> None:
    ends(world, approved(world), TODAY)
    world.person("cora", Role.approver)
    world.away("cora", TODAY, TODAY)
    assert load(world).part[0] == load(world, "cora").part[0] == Fraction(1, 2)
    limit(world, "cora", 399_999)
    assert (load(world).part[0], load(world).coming[0]) == (Fraction(1), 1)
    assert (load(world, "cora").part[0], load(world, "cora").coming[0]) == (Fraction(0), 0)


def test_what_nobody_may_check_is_told_apart(world: World) -> None:
    ends(world, approved(world), TODAY)
    limit(world, "bob", 1)
    with world.database.read() as connection:
        found, reports = loads(connection, world.clock.now(), TODAY)
    assert [one.coming for one in found] == [(0, 0, 0)]
    assert [len(report.able) for report in reports] == [0]


def test_a_report_that_came_is_an_open_task(world: World) -> None:
    executed(world)
    found = load(world)
    assert (found.open_tasks, found.coming) == (1, (0, 0, 0))


def test_many_tasks_and_people_take_as_many_statements_as_one(world: World) -> None:
    approved(world)
    load(world)
    with statements(world.database) as for_one:
        load(world)
    for number in range(4):
        world.person(f"more{number}", Role.approver)
        submitted(world)
    with statements(world.database) as for_many:
        load(world)
    assert len(for_many) == len(for_one)
