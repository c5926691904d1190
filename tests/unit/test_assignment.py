"""Who is entitled to a task, and who gets it: chains of substitutes included."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import TaskKind
from workflow.assignment import Assignment, Candidate, Colleague, Needs, assign, entitled, substitute_of

CLAIMANT, OTHERS = 7, 8
AMOUNT = 400_000

BOB = Colleague(1, "Bob", None, 3)
CORA = Colleague(2, "Cora", None, 0)
OTTO = Colleague(3, "Otto", None, 5)
DECIDE = Needs(TaskKind.decide, CLAIMANT, AMOUNT)

ids = st.integers(1, 6)
limits = st.none() | st.integers(1, 2 * AMOUNT)


@st.composite
def colleagues(draw: st.DrawFn) -> list[Colleague]:
    """People who are absent or not and name each other as substitutes, in chains and in rings."""
    return [
        Colleague(
            user_id=user_id,
            name=f"Person {user_id}",
            partner_id=draw(st.sampled_from((None, CLAIMANT, OTHERS))),
            open_tasks=draw(st.integers(0, 3)),
            amount_limit=draw(limits),
            absent=draw(st.booleans()),
            substitute_id=draw(st.none() | st.sampled_from(sorted({1, 2, 3, 4, 5, 6} - {user_id}))),
            substitute_limit=draw(limits),
        )
        for user_id in draw(st.sets(ids))
    ]


jobs = st.builds(
    Needs,
    kind=st.sampled_from(TaskKind),
    partner_id=st.just(CLAIMANT),
    amount=st.none() | st.integers(1, 2 * AMOUNT),
    barred=st.frozensets(ids, max_size=3),
)


def keeps(amount: int | None, *bounds: int | None) -> bool:
    return all(amount is None or bound is None or amount <= bound for bound in bounds)


@given(colleagues(), jobs)
def test_nobody_comes_to_a_task_through_any_chain_that_is_barred_to_them(
    everyone: list[Colleague], needs: Needs
) -> None:
    by_id = {one.user_id: one for one in everyone}
    found = entitled(everyone, needs)

    assert len({one.user_id for one in found}) == len(found)
    for one in found:
        who = by_id[one.user_id]
        assert not who.absent
        for person in (who, one.on_behalf_of or who):
            assert person.user_id not in needs.barred
            assert person.partner_id != CLAIMANT


@given(colleagues(), jobs)
def test_who_acts_for_somebody_was_named_by_them_and_keeps_within_what_they_may_decide(
    everyone: list[Colleague], needs: Needs
) -> None:
    by_id = {one.user_id: one for one in everyone}
    for one in entitled(everyone, needs):
        absent = one.on_behalf_of
        if absent is None:
            assert keeps(needs.amount, by_id[one.user_id].amount_limit)
        else:
            assert absent.absent
            assert absent.substitute_id == one.user_id
            assert keeps(needs.amount, absent.amount_limit, absent.substitute_limit)


@given(colleagues(), jobs)
def test_a_task_is_never_nowhere(everyone: list[Colleague], needs: Needs) -> None:
    assignment = assign(everyone, needs)
    if assignment.why is None:
        assert assignment.told
    else:
        assert (assignment.assignee_id, assignment.told) == (None, ())
        assert entitled(everyone, needs) == []


def test_the_least_loaded_gets_it() -> None:
    assert assign([BOB, CORA, OTTO], DECIDE) == Assignment(CORA.user_id, None, (CORA.user_id,))


def test_nobody_on_leave_gets_it() -> None:
    away = replace(CORA, absent=True)
    assert assign([BOB, away, OTTO], DECIDE).assignee_id == BOB.user_id


def test_an_amount_above_ones_limit_goes_to_somebody_else() -> None:
    limited = replace(CORA, amount_limit=AMOUNT - 1)
    assert assign([BOB, limited, OTTO], DECIDE).assignee_id == BOB.user_id
    assert assign([BOB, replace(CORA, amount_limit=AMOUNT)], DECIDE).assignee_id == CORA.user_id


def test_a_substitute_may_decide_more_than_their_own_limit_up_to_what_was_left_to_them() -> None:
    junior = replace(BOB, amount_limit=1)
    away = replace(CORA, absent=True, substitute_id=BOB.user_id, substitute_limit=AMOUNT)
    assert entitled([junior, away], DECIDE) == [Candidate(BOB.user_id, BOB.open_tasks, away)]

    less = replace(away, substitute_limit=AMOUNT - 1)
    assert entitled([junior, less], DECIDE) == []


def test_a_substitute_who_is_absent_too_is_not_followed_by_their_own() -> None:
    first = replace(BOB, absent=True, substitute_id=CORA.user_id)
    second = replace(CORA, absent=True, substitute_id=OTTO.user_id)
    junior = replace(OTTO, amount_limit=1)
    assert substitute_of([first, second, junior], DECIDE, BOB.user_id) is None
    assert entitled([first, second, junior], DECIDE) == [Candidate(OTTO.user_id, OTTO.open_tasks, second)]


def test_what_somebody_held_goes_to_their_substitute_whoever_has_less_to_do() -> None:
    away = replace(BOB, absent=True, substitute_id=OTTO.user_id)
    handed = assign([away, CORA, OTTO], DECIDE, instead_of=BOB.user_id)
    assert handed == Assignment(OTTO.user_id, None, (OTTO.user_id,), away)


def test_where_nobody_is_entitled_the_reason_tells_role_absence_and_limit_apart() -> None:
    assert assign([], DECIDE).why == "no_approver"
    assert assign([replace(BOB, partner_id=CLAIMANT)], DECIDE).why == "no_approver"
    assert assign([replace(BOB, absent=True)], DECIDE).why == "all_absent"
    assert assign([replace(BOB, amount_limit=1)], DECIDE).why == "above_limits"
    assert assign([replace(BOB, amount_limit=1), replace(CORA, absent=True)], DECIDE).why == "all_absent"
    assert assign([], Needs(TaskKind.pay, CLAIMANT)).why == "no_finance"
