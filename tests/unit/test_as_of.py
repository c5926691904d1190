"""Records, people and tasks are read back purely, over rows: whatever was recorded, changed or handed on."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.money import plain
from models.vocabulary import MessageKind, Role, State, TaskKind, Trigger
from web.audit.known_words import WHY_NOT
from workflow.as_of.claim import stand_at
from workflow.as_of.deciding import entitlements, undone
from workflow.as_of.people import Person, people_at
from workflow.as_of.records import known_by, version_on
from workflow.as_of.tasks import Turn, task_at, turn_told
from workflow.assignment import Needs

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURS = st.integers(0, 30)


def at(hours: float) -> datetime:
    return START + HOUR * hours


def row(**values: Any) -> Any:
    return SimpleNamespace(**values)


@st.composite
def recorded(draw: st.DrawFn) -> list[Any]:
    """Return records, each new or in the place of an earlier one that nothing replaced before."""
    rows: list[Any] = []
    for number, hour in enumerate(sorted(draw(st.lists(HOURS, max_size=8))), 1):
        free = sorted({one.id for one in rows} - {one.replaces_id for one in rows})
        replaces = draw(st.sampled_from([None, *free]))
        rows.append(row(id=number, recorded_at=at(hour), replaces_id=replaces))
    return rows


@given(recorded(), HOURS)
def test_what_was_known_by_a_moment_is_what_was_in_force_once_all_until_then_was_recorded(
    rows: list[Any], hour: int
) -> None:
    in_force: dict[int, Any] = {}
    for one in rows:
        if one.recorded_at <= at(hour):
            in_force.pop(one.replaces_id, None)
            in_force[one.id] = one
    assert known_by(rows, at(hour)) == list(in_force.values())


def test_a_policy_version_counts_from_its_first_day_and_from_when_it_was_recorded() -> None:
    versions = [
        row(id=1, first_day=date(2025, 1, 1), recorded_at=at(2)),
        row(id=2, first_day=date(2026, 3, 4), recorded_at=at(4)),
    ]

    def counts(day: date, by: int) -> int | None:
        found = version_on(reversed(versions), day, at(by))
        return found.id if found else None

    day, next_day = date(2026, 3, 3), date(2026, 3, 4)
    assert [counts(day, by) for by in (1, 2, 9)] == [None, 1, 1]
    assert [counts(next_day, by) for by in (1, 3, 4)] == [None, 1, 2]


ROLES = st.frozensets(st.sampled_from([Role.approver, Role.finance, Role.manager]), min_size=1)
LIMITS = st.one_of(st.none(), st.integers(1, 10**9))
WAYS = st.tuples(st.sampled_from(["user_changed", "user_deactivated", "user_reactivated"]), ROLES, LIMITS)


@given(ROLES, LIMITS, st.lists(WAYS, max_size=8), HOURS)
def test_undoing_the_acts_since_gives_who_somebody_was(
    roles: frozenset[Role], limit: int | None, ways: list[tuple[str, frozenset[Role], int | None]], hour: int
) -> None:
    present: dict[str, Any] = {"roles": roles, "limit": limit, "active": True}
    acts, stood = [], {at(0): dict(present)}
    for number, (kind, new_roles, new_limit) in enumerate(ways, 1):
        if kind == "user_changed":
            figures = {"before": figures_of(present)}
            present |= {"roles": new_roles, "limit": new_limit}
        elif present["active"] == (kind == "user_reactivated"):
            continue
        else:
            figures = {}
            present |= {"active": kind == "user_reactivated"}
        acts.append(row(id=number, kind=kind, at=at(3 * number), subject="user:7", figures=figures))
        stood[at(3 * number)] = dict(present)
    user = row(
        id=7,
        name="Bob",
        created_at=at(0),
        has_password=True,
        roles=present["roles"],
        amount_limit=present["limit"],
        active=present["active"],
    )
    (found,) = people_at([user], [act for act in acts if act.at > at(hour)], at(hour))
    then = stood[max(moment for moment in stood if moment <= at(hour))]
    assert {"roles": found.roles, "limit": found.limit, "active": found.active} == then


def figures_of(present: dict[str, Any]) -> dict[str, Any]:
    limit = None if present["limit"] is None else plain(present["limit"])
    return {"roles": sorted(present["roles"]), "contact": False, "limit": limit}


def test_an_act_from_before_there_were_limits_says_that_there_was_none() -> None:
    act = row(
        id=1,
        kind="user_changed",
        subject="user:7",
        figures={"before": {"roles": ["finance"], "contact": False}},
    )
    user = row(
        id=7,
        name="Bob",
        created_at=at(0),
        has_password=True,
        roles=frozenset({Role.approver}),
        amount_limit=5,
        active=True,
    )
    (found,) = people_at([user], [act], at(1))
    assert (found.roles, found.limit) == (frozenset({Role.finance}), None)


def move(number: int, hour: int, trigger: Trigger, target: State, **document: Any) -> Any:
    amounts = {"requested": 100 * number, "approved": number, "reimbursable": None, "reserved": 0, "paid": 0}
    return row(
        id=number,
        number=number,
        at=at(hour),
        trigger=trigger,
        target=target,
        document={"claim": document},
        **amounts,
    )


@given(st.lists(HOURS, min_size=1, max_size=6), HOURS)
def test_a_claim_stands_where_the_last_of_its_moves_by_then_left_it(hours: list[int], hour: int) -> None:
    ways = (Trigger.submit, State.submitted), (Trigger.return_, State.draft)
    moves = [
        move(number, when, *ways[number % 2], title=f"T{number}")
        for number, when in enumerate(sorted(hours), 1)
    ]
    stand = stand_at(at(-1), moves, [], at(hour))
    made = [one for one in moves if one.at <= at(hour)]
    last = made[-1] if made else None
    assert stand.move is last
    assert (stand.state, stand.since) == ((last.target, last.at) if last else (State.draft, at(-1)))
    assert (stand.requested, stand.title) == ((last.requested, f"T{last.number}") if last else (None, None))
    judged = [one for one in made if one.trigger is Trigger.submit]
    assert stand.judged is (judged[-1] if judged else None)


def test_a_title_that_was_corrected_counts_from_its_correction_until_the_plan_is_sent_again() -> None:
    moves = [
        move(1, 1, Trigger.submit, State.submitted, title="First"),
        move(2, 5, Trigger.report, State.executed, title="Second"),
    ]
    acts = [
        row(at=at(3), figures={"after": {"title": "Corrected"}}),
        row(at=at(4), figures={"after": {"place": "Kiel"}}),
    ]
    titles = [stand_at(at(0), moves, acts, at(hour)).title for hour in (2, 3, 4, 5)]
    assert titles == ["First", "Corrected", "Corrected", "Second"]


TASK = row(
    kind=TaskKind.decide,
    opened_at=at(1),
    closed_at=at(9),
    held_since=at(5),
    due_on=None,
    assignee_id=3,
    on_behalf_of_id=4,
    unassigned_why=None,
)
TURNS = [
    Turn(at(1), "decide", 1),
    Turn(at(3), "decide", None, why="all_absent"),
    Turn(at(4), "decide", 2, "Cora"),
    Turn(at(4), "accept", 9),
    Turn(at(5), "decide", 3, "Dora"),
]


def test_who_held_a_task_is_what_was_told_until_then_and_in_the_end_what_its_row_says() -> None:
    def held(hour: float) -> tuple[Any, ...] | None:
        found = task_at([TASK], TURNS, {4: "Dora"}, at(hour))
        return found and (found.user_id, found.on_behalf_of, found.why, found.known)

    assert held(0.5) is None
    assert held(2) == (1, None, None, True)
    assert held(3) == (None, None, "all_absent", True)
    assert held(4.5) == (2, "Cora", None, True)
    assert held(8) == (3, "Dora", None, True)
    assert held(9) is None


def test_a_task_of_which_nothing_was_told_was_held_by_nobody_knows_whom() -> None:
    found = task_at([TASK], [], {}, at(2))
    assert found is not None
    assert not found.known


def test_a_task_handed_on_before_hand_overs_were_dated_is_read_from_what_was_told() -> None:
    undated = row(**{**vars(TASK), "held_since": None})
    found = task_at([undated], TURNS, {}, at(2))
    assert found is not None
    assert found.user_id == 1


def test_a_message_tells_whose_turn_it_was_or_why_nobodys() -> None:
    turn = {"task": "decide", "on_behalf_of": "Cora"}
    told = row(kind=MessageKind.turn, user_id=2, created_at=at(1), figures=turn)
    assert turn_told(told) == Turn(at(1), "decide", 2, "Cora")
    nobody = {"task": "pay", "why": "no_finance"}
    told = row(kind=MessageKind.unassigned, user_id=2, created_at=at(1), figures=nobody)
    assert turn_told(told) == Turn(at(1), "pay", None, why="no_finance")


def test_whoever_might_not_do_a_task_is_told_why_not() -> None:
    people = [
        Person(user_id, "Somebody", frozenset(roles), limit, active, has_password)
        for user_id, (roles, limit, active, has_password) in enumerate(
            [
                ([Role.approver], None, True, True),
                ([Role.approver, Role.manager], 100, True, True),
                ([Role.finance, Role.manager], None, True, True),
                ([Role.approver], None, False, True),
                ([Role.approver], None, True, False),
                ([Role.finance], None, False, True),
            ]
        )
    ]
    found = entitlements(people, [], Needs(TaskKind.decide, partner_id=1, amount=500))
    assert [found[one.user_id].why_not for one in people] == [
        None,
        "above_limit",
        "other_role",
        "could_not_act",
        "could_not_act",
        "other_role",
    ]
    assert {one.why_not for one in found.values()} - {None} <= WHY_NOT.keys()


FIGURES = st.one_of(st.none(), st.integers(1, 9))


@given(st.lists(st.tuples(st.integers(1, 3), FIGURES), max_size=10), HOURS)
def test_undoing_what_was_saved_and_removed_since_gives_what_stood(
    ways: list[tuple[int, int | None]], hour: int
) -> None:
    present: dict[int, dict[str, int]] = {}
    acts, stood = [], {at(0): dict(present)}
    for number, (rule_id, place) in enumerate(ways, 1):
        figures = {"before": present.pop(rule_id, {})}
        if place is not None:
            present[rule_id] = {"place": place}
        acts.append(row(id=number, at=at(3 * number), subject=f"route:{rule_id}", figures=figures))
        stood[at(3 * number)] = dict(present)
    assert undone(present, acts, at(hour)) == stood[max(moment for moment in stood if moment <= at(hour))]
