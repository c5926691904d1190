"""The first day that the forecast names is the first on which the sweep's own rule finds a claim due."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import State
from tests.support.random_documents import FIRST, days
from tests.unit.test_certification import certificates
from workflow.case import Certificate
from workflow.lapsing import CERTIFICATION, REPORT, Expiry, Lapse, expiry_until, lapsed
from workflow.policies import default_policy

DAY = timedelta(days=1)
AHEAD = 40

CLAIMS = st.builds(
    SimpleNamespace,
    state=st.sampled_from((State.submitted, State.approved, State.approved, State.executed)),
    submitted_on=days(30),
    ends_on=days(50),
    report_by=st.none() | days(60),
    accepted_on=st.none() | st.none() | days(10),
)
POLICIES = st.builds(
    lambda within, states: replace(
        default_policy(), report_within_days=within, expirable_states=tuple(states)
    ),
    st.none() | st.integers(0, 30),
    st.sets(st.sampled_from(("submitted", "approved", "executed")), min_size=1),
)


@given(CLAIMS, st.lists(certificates(), max_size=5), POLICIES, days(30))
def test_a_claim_expires_on_the_first_day_that_the_rule_finds_it_due_and_is_due_from_then_on(
    claim: Any, held: list[Certificate], policy: Any, today: date
) -> None:
    ahead = [today + DAY * number for number in range(AHEAD + 1)]
    due = [Expiry(day, lapse) for day in ahead if (lapse := lapsed(claim, held, policy, day)) is not None]
    found = expiry_until(claim, held, policy, today, ahead[-1])
    assert found == (due[0] if due else None)
    assert [one.day for one in due] == ahead[len(ahead) - len(due) :]


def test_on_the_day_that_both_come_it_is_certification_that_lapsed() -> None:
    policy = replace(default_policy(), report_within_days=5)
    claim: Any = SimpleNamespace(
        state=State.approved, submitted_on=FIRST, ends_on=FIRST, report_by=None, accepted_on=None
    )
    until = FIRST + 20 * DAY
    ends_with_the_deadline: list[Any] = [Certificate(FIRST, FIRST + 5 * DAY)]
    assert expiry_until(claim, ends_with_the_deadline, policy, FIRST, until) == Expiry(
        FIRST + 6 * DAY, Lapse(CERTIFICATION, FIRST + 6 * DAY)
    )
    ends_later: list[Any] = [Certificate(FIRST, FIRST + 6 * DAY)]
    assert expiry_until(claim, ends_later, policy, FIRST, until) == Expiry(
        FIRST + 6 * DAY, Lapse(REPORT, FIRST + 5 * DAY)
    )


def test_a_deadline_at_the_end_of_the_calendar_is_none_that_passes() -> None:
    claim: Any = SimpleNamespace(
        state=State.approved, submitted_on=FIRST, ends_on=FIRST, report_by=date.max, accepted_on=None
    )
    forever: list[Any] = [Certificate(FIRST, date.max)]
    assert expiry_until(claim, forever, default_policy(), FIRST, date.max) is None
