"""An example of every message that can be written, with its figures."""

from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from models.vocabulary import MessageKind, State, TaskKind, Trigger
from notifications.sentences import MISSING, POLICY_DECIDED, UNASSIGNED_WHY
from notifications.wording import Telling, tell

ZONE = ZoneInfo("Europe/Berlin")
CLAIM: dict[str, Any] = {"number": "2026H1-00042", "title": "Autumn seminar", "partner": "Nordlicht GmbH"}
NAME = "“Autumn seminar” (2026H1-00042)"
DECISION = {
    **CLAIM,
    "trigger": "approve",
    "source": "submitted",
    "target": "approved",
    "requested": "4000.00",
    "approved": "3500.00",
    "reimbursable": None,
    "paid_on": None,
    "payment_reference": None,
    "amount": None,
    "paid_in": None,
    "taken_in": None,
    "report_by": "2026-06-30",
    "resubmit_by": None,
    "expired_by": None,
    "reason_hash": None,
}
WARNING: dict[str, Any] = {
    "partner": "Nordlicht GmbH",
    "days": 7,
    "last_day": "2026-06-30",
    "claims": [{"number": "2026H1-00042", "title": "Autumn seminar"}],
}
ACCOUNT: dict[str, Any] = {
    "partner": "Nordlicht GmbH",
    "account": "DE89…3000",
    "currency": "EUR",
    "entered_by": "Anna",
}
LINK = {
    "path": "/set-password/abc",
    "ends_at": "2026-03-05T12:00:00+00:00",
    "programme": "Joint Marketing Fund",
    "owner": "Example Systems",
    "partner": "Nordlicht GmbH",
    "roles": ["partner"],
}

RUN: dict[str, Any] = {
    "run": "RUN-00001",
    "run_id": 1,
    "currency": "USD",
    "day": "2026-05-04",
    "payments": 2,
    "amount": "8000.00",
    "collected_by": "Dan",
}

DUE: dict[str, Any] = {**CLAIM, "due_on": "2026-06-30", "amount": "4000.00"}

POST: dict[str, Any] = {**CLAIM, "author": "Bob", "internal": False, "text": "When?"}

EVERY_MESSAGE: list[tuple[MessageKind, dict[str, Any]]] = [
    (MessageKind.amount_upheld, {**CLAIM, "approved": "3000.00"}),
    *(
        (MessageKind.reminder, {**DUE, "task": kind.value, "late": late, "on_behalf_of": None})
        for kind, late in product(TaskKind, (False, True))
    ),
    *(
        (MessageKind.escalation, {**DUE, "task": kind.value, "holder": holder})
        for kind, holder in product(TaskKind, ("Bob", None))
    ),
    *(
        (MessageKind.decision, DECISION | {"trigger": trigger.value})
        for trigger in (
            Trigger.approve,
            Trigger.return_,
            Trigger.reject,
            Trigger.rework,
            Trigger.accept,
            Trigger.raise_,
            Trigger.reopen,
        )
    ),
    (
        MessageKind.decision,
        DECISION
        | {
            "trigger": "reimburse",
            "reimbursable": "3400.00",
            "paid_on": "2026-05-20",
            "payment_reference": "P-1",
        },
    ),
    *(
        (
            MessageKind.decision,
            DECISION
            | {
                "trigger": trigger,
                "reimbursable": "3400.00",
                "amount": "1000.00",
                "paid_on": "2026-05-20",
                "payment_reference": "P-1",
            },
        )
        for trigger in ("pay_part", "reimburse", "payment_failed", "claw_back")
    ),
    *(
        (MessageKind.decision, DECISION | {"trigger": "expire", "expired_by": why})
        for why in ("certification", "report_within_days")
    ),
    *(
        (MessageKind.decision, DECISION | {"trigger": "reinstate", "target": state.value})
        for state in (State.submitted, State.approved, State.executed)
    ),
    *(
        (
            MessageKind.turn,
            CLAIM | {"task": task.value, "cause": cause, "amount": "4000.00", "on_behalf_of": absent},
        )
        for task, cause, absent in product(
            TaskKind,
            ("submit", "reassign", "moved_on", "reinstate", "reopen", "payment_failed"),
            (None, "Bob"),
        )
    ),
    *(
        (MessageKind.unassigned, CLAIM | {"task": task.value, "why": why})
        for task, why in product(TaskKind, UNASSIGNED_WHY)
    ),
    *(
        (
            MessageKind.vendor_fact_missing,
            CLAIM | {"trigger": "submit", "period": "2026H1", "day": "2026-04-10", "missing": [fact]},
        )
        for fact in MISSING
    ),
    *(
        (
            MessageKind.erasure_waiting,
            {"reference": "DSR-1", "claim": claim, "number": number, "user": user, "proposed_by": "Mia"},
        )
        for claim, number, user in ((3, "2026H1-00042", None), (3, None, None), (None, None, 3))
    ),
    *((MessageKind.retention_set, {"set_by": "Mia", "day": day}) for day in ("2026-07-01", None)),
    (
        MessageKind.hold_lifted,
        {"held": "2026H1-00042", "set_on": "2026-07-01", "lifted_by": "Eve", "reason_hash": None},
    ),
    *(
        (MessageKind.appointed, {"user": user, "number": number, "gained": gained, "by": by})
        for (user, number), gained, by in product(
            (("Otto", 1), (None, 3)), (["finance"], ["auditor", "manager"]), ("Mia", None)
        )
    ),
    *((MessageKind.post, POST | {"internal": internal}) for internal in (False, True)),
    (MessageKind.certificate_warning, WARNING),
    (MessageKind.certificate_warning, WARNING | {"claims": []}),
    *(
        (kind, ACCOUNT | {"replaces": before, "withdrawn": before})
        for kind, before in product(
            (MessageKind.account_entered, MessageKind.account_waiting), (None, "GB82…5432")
        )
    ),
    *(
        (MessageKind.account_decided, ACCOUNT | {"confirmed": confirmed, "reason_hash": None})
        for confirmed in (True, False)
    ),
    (MessageKind.claw_back_waiting, CLAIM | {"amount": "1000.00", "taken_in": None, "proposed_by": "Fay"}),
    (MessageKind.run_waiting, RUN),
    *(
        (
            MessageKind.import_done,
            {"import_id": 3, "file": "users.csv", "outcome": outcome, "new": 1, "changed": 2, "wrong": 0},
        )
        for outcome in ("done", "same", "wrong", "unreadable")
    ),
    *(
        (
            MessageKind.policy_waiting,
            {"proposal_id": 3, "name": name, "day": "2026-07-01", "proposed_by": "Eva"},
        )
        for name in ("Autumn", None)
    ),
    *(
        (
            MessageKind.policy_decided,
            {
                "outcome": what,
                "name": "Autumn",
                "day": "2026-07-01",
                "decided_by": "Eva",
                "reason_hash": None,
            },
        )
        for what in POLICY_DECIDED
    ),
    (MessageKind.history_alarm, {"found": 2, "first": "move 1 of claim 7: its reason is gone"}),
    (
        MessageKind.checkpoint,
        {"checkpoint": 7, "made_at": "2026-03-02T12:00:00+00:00", "signed": "text", "signature": "00"},
    ),
    (MessageKind.invitation, LINK),
    (MessageKind.password_reset, LINK),
]


def told(kind: MessageKind, figures: dict[str, Any]) -> Telling:
    return tell(kind, None if "title" not in figures else 7, figures, ZONE)
