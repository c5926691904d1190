"""The table of moves is the rulebook's, and the machine is the table's."""

from collections import Counter

from models.vocabulary import Role, State, Trigger
from workflow.machine import MACHINE
from workflow.table import ENDS, MOVES, RECORDED_TARGET, TASK_OF, TURN_OF

RULEBOOK = {
    "submit": ("draft → submitted", "partner", "submit"),
    "withdraw": ("draft, submitted, approved → withdrawn", "partner", None),
    "return": ("submitted → draft", "approver", None),
    "reject": ("submitted, executed → rejected", "approver", None),
    "endorse": ("submitted → submitted", "approver", "approve"),
    "approve": ("submitted → approved", "approver", "approve"),
    "report": ("approved → executed", "partner", "report"),
    "rework": ("executed → approved", "approver", None),
    "accept": ("executed → accepted", "approver", "accept"),
    "reimburse": ("accepted → reimbursed", "finance", None),
    "expire": ("submitted, approved, executed → expired", "scheduler", None),
    "reinstate": ("expired → submitted, approved, executed", "manager", None),
    "raise": ("approved → approved", "approver", "approve"),
    "amend": ("approved → submitted", "partner", "submit"),
    "dispute": ("rejected → submitted, executed", "partner", None),
    "reopen": ("accepted → executed", "finance", None),
    "pay_part": ("accepted → accepted", "finance", None),
    "payment_failed": ("accepted, reimbursed → accepted", "finance", None),
    "claw_back": ("reimbursed → reimbursed", "finance", None),
}


def test_the_table_is_the_rulebooks() -> None:
    for trigger, (path, role, checkpoint) in RULEBOOK.items():
        sources, targets = (side.split(", ") for side in path.split(" → "))
        rows = [row for row in MOVES if row.trigger == trigger]
        assert {(row.source, row.target) for row in rows} == {
            (source, target) for source in sources for target in targets
        }, trigger
        assert {row.role for row in rows} == {role}, trigger
        assert {row.checkpoint for row in rows} == {checkpoint}, trigger
    assert {row.trigger for row in MOVES} == set(RULEBOOK) == set(Trigger)


def test_reasons_are_demanded_where_the_rulebook_demands_them() -> None:
    assert {row.trigger for row in MOVES if row.needs_reason} == {
        "return",
        "reject",
        "rework",
        "reinstate",
        "dispute",
        "reopen",
        "payment_failed",
        "claw_back",
    }


def test_the_assigned_approver_makes_every_move_of_an_approver() -> None:
    assert all(row.by_assignee == (row.role is Role.approver) for row in MOVES)


def test_the_machine_knows_exactly_the_tables_moves() -> None:
    known = Counter(
        (transition.source, name, transition.dest)
        for name, event in MACHINE.events.items()
        for transitions in event.transitions.values()
        for transition in transitions
    )
    assert known == Counter((row.source.value, row.trigger.value, row.target.value) for row in MOVES)


def test_a_trigger_has_one_row_per_source_save_where_the_target_is_recorded() -> None:
    rows = Counter((row.trigger, row.source) for row in MOVES if row.trigger not in RECORDED_TARGET)
    assert set(rows.values()) == {1}


def test_every_state_is_somebodys_turn_or_an_end_or_expired() -> None:
    assert set(State) == set(TURN_OF) | ENDS | {State.expired}


def test_a_task_is_open_whenever_it_is_the_programme_owners_turn() -> None:
    assert set(TASK_OF) == {state for state, role in TURN_OF.items() if role is not Role.partner}
