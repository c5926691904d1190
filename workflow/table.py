"""The life of a claim: one row per move (rulebook, States and transitions). A later move joins as a row."""

from dataclasses import dataclass
from typing import Any

from models.vocabulary import EntryKind, Role, State, TaskKind, Trigger


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One way from one state to another.

    `role` makes it; `by_assignee` says that only the task's own assignee may. `checkpoint` names the rules
    that are judged. `money` is what happens in the fund. `label` stands on the button, `past` in the history.
    """

    trigger: Trigger
    source: State
    target: State
    role: Role
    label: str
    past: str
    by_assignee: bool = False
    checkpoint: Trigger | None = None
    needs_reason: bool = False
    money: EntryKind | None = None

    @property
    def keeps_task(self) -> bool:
        """Return whether the open task stays as it is: the claim stays, and nobody hands it on."""
        return self.source is self.target and not self.by_assignee


def _rows(
    trigger: Trigger,
    paths: tuple[tuple[State, State], ...],
    role: Role,
    label: str,
    past: str,
    **rest: Any,
) -> tuple[MoveRow, ...]:
    return tuple(MoveRow(trigger, source, target, role, label, past, **rest) for source, target in paths)


S = State
MOVES: tuple[MoveRow, ...] = (
    *_rows(
        Trigger.submit,
        ((S.draft, S.submitted),),
        Role.partner,
        "Submit",
        "submitted",
        checkpoint=Trigger.submit,
    ),
    *_rows(
        Trigger.withdraw,
        ((S.draft, S.withdrawn), (S.submitted, S.withdrawn), (S.approved, S.withdrawn)),
        Role.partner,
        "Withdraw",
        "withdrew",
        money=EntryKind.release,
    ),
    *_rows(
        Trigger.return_,
        ((S.submitted, S.draft),),
        Role.approver,
        "Return",
        "returned",
        by_assignee=True,
        needs_reason=True,
    ),
    *_rows(
        Trigger.reject,
        ((S.submitted, S.rejected), (S.executed, S.rejected)),
        Role.approver,
        "Reject",
        "rejected",
        by_assignee=True,
        needs_reason=True,
        money=EntryKind.release,
    ),
    *_rows(
        Trigger.endorse,
        ((S.submitted, S.submitted),),
        Role.approver,
        "Endorse",
        "endorsed",
        by_assignee=True,
        checkpoint=Trigger.approve,
    ),
    *_rows(
        Trigger.approve,
        ((S.submitted, S.approved),),
        Role.approver,
        "Approve",
        "approved",
        by_assignee=True,
        checkpoint=Trigger.approve,
        money=EntryKind.reserve,
    ),
    *_rows(
        Trigger.report,
        ((S.approved, S.executed),),
        Role.partner,
        "Report",
        "reported",
        checkpoint=Trigger.report,
    ),
    *_rows(
        Trigger.rework,
        ((S.executed, S.approved),),
        Role.approver,
        "Ask for rework",
        "asked for rework of",
        by_assignee=True,
        needs_reason=True,
    ),
    *_rows(
        Trigger.accept,
        ((S.executed, S.accepted),),
        Role.approver,
        "Accept",
        "accepted",
        by_assignee=True,
        checkpoint=Trigger.accept,
        money=EntryKind.shrink,
    ),
    *_rows(
        Trigger.reimburse,
        ((S.accepted, S.reimbursed),),
        Role.finance,
        "Record the payment",
        "paid",
        money=EntryKind.pay,
    ),
    *_rows(
        Trigger.expire,
        ((S.submitted, S.expired), (S.approved, S.expired), (S.executed, S.expired)),
        Role.scheduler,
        "Expire",
        "expired",
        money=EntryKind.release,
    ),
    *_rows(
        Trigger.reinstate,
        ((S.expired, S.submitted), (S.expired, S.approved), (S.expired, S.executed)),
        Role.manager,
        "Reinstate",
        "reinstated",
        needs_reason=True,
        money=EntryKind.reserve,
    ),
    *_rows(
        Trigger.dispute,
        ((S.rejected, S.submitted), (S.rejected, S.executed)),
        Role.partner,
        "Dispute",
        "disputed the rejection of",
        needs_reason=True,
        money=EntryKind.reserve,
    ),
    *_rows(
        Trigger.raise_,
        ((S.approved, S.approved),),
        Role.approver,
        "Raise",
        "raised what was granted for",
        by_assignee=True,
        checkpoint=Trigger.approve,
        money=EntryKind.reserve,
    ),
    *_rows(
        Trigger.amend,
        ((S.approved, S.submitted),),
        Role.partner,
        "Amend",
        "amended the approved plan of",
        checkpoint=Trigger.submit,
        money=EntryKind.release,
    ),
    *_rows(
        Trigger.reopen,
        ((S.accepted, S.executed),),
        Role.finance,
        "Reopen",
        "reopened",
        needs_reason=True,
    ),
    *_rows(
        Trigger.pay_part,
        ((S.accepted, S.accepted),),
        Role.finance,
        "Pay a part",
        "paid part of",
        money=EntryKind.pay,
    ),
    *_rows(
        Trigger.payment_failed,
        ((S.accepted, S.accepted), (S.reimbursed, S.accepted)),
        Role.finance,
        "Record a failed payment",
        "recorded a failed payment of",
        needs_reason=True,
        money=EntryKind.unpay,
    ),
    *_rows(
        Trigger.claw_back,
        ((S.reimbursed, S.reimbursed),),
        Role.finance,
        "Release the claw-back",
        "clawed money back from",
        needs_reason=True,
        money=EntryKind.claw_back,
    ),
)

RECORDED_TARGET = {Trigger.reinstate: "expired_from", Trigger.dispute: "rejected_from"}
"""Triggers back to a state that the claim records in a column: one row per target, of which one applies."""

TASK_OF: dict[State, TaskKind] = {
    S.submitted: TaskKind.decide,
    S.executed: TaskKind.accept,
    S.accepted: TaskKind.pay,
}
"""The task that is open while a claim stands in a state."""

TURN_OF: dict[State, Role] = {
    S.draft: Role.partner,
    S.submitted: Role.approver,
    S.approved: Role.partner,
    S.executed: Role.approver,
    S.accepted: Role.finance,
}
"""Whose turn it is in a state. Any other is an end, or expired and for a manager to reinstate."""

ROLE_OF_TASK: dict[TaskKind, Role] = {
    TaskKind.decide: Role.approver,
    TaskKind.accept: Role.approver,
    TaskKind.reconsider: Role.approver,
    TaskKind.pay: Role.finance,
}

ENDS = frozenset({S.reimbursed, S.withdrawn, S.rejected})
"""States in which nobody is waited for."""

UNPAID = frozenset({S.withdrawn, S.rejected, S.expired})
"""States in which a claim asks for nothing any more: what was granted is granted no more."""

REFUSED_AT: dict[State, Trigger] = {S.submitted: Trigger.approve, S.executed: Trigger.accept}
"""The checkpoint that a claim would have had to pass where it was rejected instead."""

HOLDS_A_RESERVE = frozenset({S.approved, S.executed})
"""States in which the approved amount stands reserved."""


def leads_there(claim: Any, row: MoveRow) -> bool:
    """Return whether a row leads to the state that the claim records for it, where it records one."""
    recorded = RECORDED_TARGET.get(row.trigger)
    return recorded is None or getattr(claim, recorded) == row.target


def moves_from(state: State) -> tuple[MoveRow, ...]:
    """Return the rows that leave a state, in the table's order."""
    return tuple(row for row in MOVES if row.source == state)
