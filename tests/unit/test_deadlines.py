"""Deadlines: off unless a policy sets them, and never beyond the calendar."""

from datetime import date

from workflow.deadlines import resubmit_deadline
from workflow.policies import default_document, read_policy


def test_there_is_no_deadline_unless_the_policy_sets_one() -> None:
    assert resubmit_deadline(date(2026, 3, 2), read_policy(default_document())) is None


def test_a_deadline_lies_so_many_days_after_the_day_it_runs_from() -> None:
    policy = read_policy({**default_document(), "resubmit_within_days": 30})
    assert resubmit_deadline(date(2026, 3, 2), policy) == date(2026, 4, 1)


def test_a_deadline_beyond_the_calendar_is_its_last_day() -> None:
    policy = read_policy({**default_document(), "resubmit_within_days": 30})
    assert resubmit_deadline(date(9999, 12, 20), policy) == date.max
