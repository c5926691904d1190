"""How each kind of message is told: a row per kind with its sentences, its facts, and where it leads."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from models.vocabulary import MessageKind, State, TaskKind, Trigger
from notifications.links import WHY
from notifications.sentences import (
    ACCOUNT_DECIDED,
    ACCOUNTS,
    APPOINTED,
    CAUSES,
    CERTIFICATE_WARNING,
    CERTIFICATE_WARNING_WITHOUT_CLAIMS,
    DECISIONS,
    ERASED,
    ERASURE_WAITING,
    ESCALATED,
    ESCALATED_OF_ALL,
    ESCALATED_OF_NOBODY,
    ESCALATIONS,
    EXPIRIES,
    FACT_LABELS,
    FACTS_OF_DECISION,
    HOLD_LIFTED,
    IMPORTS,
    LAST_PART,
    LINKS,
    MISSING,
    POLICY_DECIDED,
    POLICY_WAITING,
    POSTS,
    PROOF,
    REINSTATEMENTS,
    REMINDERS,
    RETENTION_SET,
    STANDS_IN,
    TO_RELEASE,
    TURNS,
    UNASSIGNED,
    UNASSIGNED_WHY,
    UPHELD,
    VENDOR_FACT,
    Sentences,
)

Figures = Mapping[str, Any]
Facts = list[tuple[str, str]]
"""Labels and values, both still to be translated and filled in."""

CLAIM_PATH = "/claims/{claim_id}"


class Kind(NamedTuple):
    """How a kind of message is told.

    `path` is filled in with the claim's id and the figures; where a figure that it needs is null, nothing
    is left to open. `cause` says how its reader comes to be told, empty where that is plain.
    """

    sentences: Callable[[Figures], Sentences]
    action: str = "Open the claim"
    path: str = CLAIM_PATH
    facts: Callable[[Figures], Facts] = lambda _: []
    cause: Callable[[Figures], str] = lambda _: ""


def _always(sentences: Sentences) -> Callable[[Figures], Sentences]:
    return lambda _: sentences


def _by(figure: str, table: Mapping[Any, Sentences]) -> Callable[[Figures], Sentences]:
    """Return sentences by the value of a figure."""
    return lambda figures: table[figures[figure]]


def _facts(*names: str) -> Callable[[Figures], Facts]:
    """Return the figures of these names as facts, without what is null or none."""
    return lambda figures: [
        (FACT_LABELS[name], f"{{{name}}}") for name in names if figures.get(name) not in (None, 0)
    ]


def _decision(figures: Figures) -> Sentences:
    trigger = Trigger(figures["trigger"])
    if trigger is Trigger.expire:
        return EXPIRIES[figures["expired_by"]]
    if trigger is Trigger.reinstate:
        return REINSTATEMENTS[State(figures["target"])]
    if trigger is Trigger.reimburse and figures.get("amount"):
        return LAST_PART
    return DECISIONS[trigger]


def _unassigned(figures: Figures) -> Sentences:
    return Sentences(UNASSIGNED[TaskKind(figures["task"])], UNASSIGNED_WHY[figures["why"]])


def _escalation(figures: Figures) -> Sentences:
    if figures["holder"]:
        whose = ESCALATED
    else:
        whose = ESCALATED_OF_ALL if figures["task"] == TaskKind.pay else ESCALATED_OF_NOBODY
    return Sentences(ESCALATIONS[TaskKind(figures["task"])], whose)


def _warning(figures: Figures) -> Sentences:
    return CERTIFICATE_WARNING if figures["claims"] else CERTIFICATE_WARNING_WITHOUT_CLAIMS


def _claims_at_risk(figures: Figures) -> Facts:
    at_risk = [("Claim at risk", f"{{claim_{place}}}") for place in range(len(figures["claims"]))]
    return [(FACT_LABELS["days"], "{days}"), *at_risk]


def _how_it_came(figures: Figures) -> str:
    # Tasks announced before there were substitutes name nobody.
    return STANDS_IN if figures.get("on_behalf_of") else CAUSES.get(figures.get("cause", ""), "")


def _link(kind: MessageKind) -> Kind:
    # Links written before their messages said why are still told.
    return Kind(
        _always(LINKS[kind]),
        "Choose a password",
        "{path}",
        cause=lambda figures: WHY.get(kind, "") if "programme" in figures else "",
    )


def _account(sentences: Callable[[Figures], Sentences]) -> Kind:
    # The page shows those who decide on accounts what waits, and leads a partner's people to their own.
    names = ("partner", "account", "currency", "replaces", "withdrawn", "entered_by")
    return Kind(sentences, "Open the bank account", "/bank-accounts", _facts(*names))


def _proof(kind: MessageKind, *facts: str) -> Kind:
    return Kind(_always(PROOF[kind]), "Open the proof of history", "/audit/proof", _facts(*facts))


KINDS: Mapping[MessageKind, Kind] = {
    MessageKind.turn: Kind(
        lambda figures: TURNS[TaskKind(figures["task"])],
        cause=_how_it_came,
    ),
    MessageKind.decision: Kind(
        _decision,
        facts=lambda figures: _facts(*FACTS_OF_DECISION[Trigger(figures["trigger"])])(figures),
    ),
    MessageKind.unassigned: Kind(_unassigned),
    # The claim may be a draft that was never submitted, which is the partner's own.
    MessageKind.vendor_fact_missing: Kind(
        _always(VENDOR_FACT),
        "Open the programme",
        "/programme",
        lambda figures: [("Missing", MISSING[name]) for name in figures["missing"]],
    ),
    MessageKind.certificate_warning: Kind(_warning, "Open your claims", "/", _claims_at_risk),
    MessageKind.reminder: Kind(_by("late", REMINDERS), cause=_how_it_came),
    MessageKind.escalation: Kind(_escalation),
    MessageKind.amount_upheld: Kind(_always(UPHELD)),
    MessageKind.account_entered: _account(_always(ACCOUNTS[MessageKind.account_entered])),
    MessageKind.account_waiting: _account(_always(ACCOUNTS[MessageKind.account_waiting])),
    MessageKind.account_decided: _account(_by("confirmed", ACCOUNT_DECIDED)),
    MessageKind.claw_back_waiting: Kind(
        _always(TO_RELEASE[MessageKind.claw_back_waiting]), "Decide on it", f"{CLAIM_PATH}/claw-back"
    ),
    MessageKind.run_waiting: Kind(
        _always(TO_RELEASE[MessageKind.run_waiting]),
        "Open the payment run",
        "/payment-runs/{run_id}",
        _facts("currency", "payments", "amount"),
    ),
    MessageKind.policy_waiting: Kind(
        lambda figures: POLICY_WAITING[figures["name"] is not None],
        "Decide on it",
        "/programme/policy/proposals/{proposal_id}",
    ),
    MessageKind.erasure_waiting: Kind(
        lambda figures: ERASURE_WAITING[figures["claim"] is not None], "Decide on it", "/personal-data"
    ),
    MessageKind.retention_set: Kind(
        lambda figures: RETENTION_SET[figures["day"] is not None], "Open personal data", "/personal-data"
    ),
    MessageKind.hold_lifted: Kind(_always(HOLD_LIFTED), "Open personal data", "/personal-data"),
    MessageKind.appointed: Kind(
        lambda figures: APPOINTED[figures["user"] is not None], "Open your page", "/", _facts("by")
    ),
    MessageKind.policy_decided: Kind(_by("outcome", POLICY_DECIDED), "Open the policy", "/programme/policy"),
    MessageKind.post: Kind(
        _by("internal", POSTS),
        path=f"{CLAIM_PATH}#thread",
        facts=lambda figures: [(FACT_LABELS["text"], "{text}" if figures["text"] else ERASED)],
    ),
    MessageKind.history_alarm: _proof(MessageKind.history_alarm),
    MessageKind.checkpoint: _proof(MessageKind.checkpoint, "signed", "signature"),
    MessageKind.import_done: Kind(
        _by("outcome", IMPORTS), "Open the import", "/imports/{import_id}", _facts("new", "changed", "wrong")
    ),
    MessageKind.invitation: _link(MessageKind.invitation),
    MessageKind.password_reset: _link(MessageKind.password_reset),
}
