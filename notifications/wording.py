"""Tells every message in words, on the page and in the mail; figures are filled in when it is read.

Sentences (notifications/sentences.py) go through `translate` before their figures are filled in, so that they
can stand in any language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from models.money import group, parse_amount, written
from models.vocabulary import MessageKind, State, TaskKind, Trigger
from notifications.links import WHY, taking_part
from notifications.sentences import (
    ACCOUNT_DECIDED,
    ACCOUNTS,
    CAUSES,
    CERTIFICATE_WARNING,
    CERTIFICATE_WARNING_WITHOUT_CLAIMS,
    DECISIONS,
    ERASURE_WAITING,
    ESCALATED,
    ESCALATED_OF_ALL,
    ESCALATED_OF_NOBODY,
    ESCALATIONS,
    EXPIRIES,
    FACT_LABELS,
    FACTS_OF_DECISION,
    IMPORTS,
    LAST_PART,
    LINKS,
    MISSING,
    POLICY_WAITING,
    POSTS,
    PROOF,
    REINSTATEMENTS,
    REMINDERS,
    STANDS_IN,
    TO_DO,
    TO_RELEASE,
    TURNS,
    UNASSIGNED,
    UNASSIGNED_WHY,
    UPHELD,
    VENDOR_FACT,
    Sentences,
)

Figures = Mapping[str, Any]
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Telling:
    """A message in words. `path` leads to what it is about, or is None where there is nothing to open."""

    headline: str
    next_step: str
    facts: tuple[tuple[str, str], ...]
    action: str
    path: str | None


UNREADABLE = "This message cannot be shown."

CLAIM_PATH = "/claims/{id}"
THREAD_PATH = "/claims/{id}#thread"
CLAW_BACK_PATH = "/claims/{id}/claw-back"
RUN_PATH = "/payment-runs/{id}"
PROPOSAL_PATH = "/programme/policy/proposals/{id}"
ERASED_CLAIM_PATH = "/personal-data/claims/{id}"
ERASED_USER_PATH = "/personal-data/users/{id}"
IMPORT_PATH = "/imports/{id}"

PROOF_PATH = "/audit/proof"

ACCOUNTS_PATH = "/bank-accounts"
"""Shows those who decide on accounts what waits, and leads a partner's people to their own."""

ACCOUNT_KINDS = frozenset(
    {MessageKind.account_entered, MessageKind.account_waiting, MessageKind.account_decided}
)

_AMOUNTS = ("amount", "requested", "approved", "reimbursable")
_MOMENTS = ("ends_at", "made_at")
_DAYS = ("day", "last_day", "due_on", "paid_on", "report_by", "resubmit_by")


def tell(
    kind: MessageKind, claim_id: int | None, figures: Figures, zone: ZoneInfo, translate: Translate = str
) -> Telling:
    """Return a message in words, its moments in the given zone.

    Raises KeyError or ValueError where a figure that the kind needs is missing or malformed.
    """
    texts = _texts(figures, zone, translate)
    sentences = _sentences(kind, figures)
    label, path = _link(kind, claim_id, figures)
    return Telling(
        headline=translate(sentences.headline).format_map(texts),
        next_step=" ".join(
            translate(part).format_map(texts) for part in (_cause(kind, figures), sentences.next_step) if part
        ),
        facts=tuple(
            (translate(name), translate(value).format_map(texts)) for name, value in _facts(kind, figures)
        ),
        action=translate(label),
        path=path,
    )


def tell_anyhow(
    kind: MessageKind, claim_id: int | None, figures: Figures, zone: ZoneInfo, translate: Translate = str
) -> Telling:
    """Return what `tell` does, and a plain apology where a message cannot be told, so that pages stand."""
    try:
        return tell(kind, claim_id, figures, zone, translate)
    except (KeyError, ValueError, TypeError, AttributeError):
        path = None if claim_id is None else CLAIM_PATH.format(id=claim_id)
        return Telling(translate(UNREADABLE), "", (), translate("Open the claim"), path)


def day_text(day: str) -> str:
    """Return an ISO day as people read it: `4 May 2026`."""
    read = date.fromisoformat(day)
    return f"{read.day} {read:%b %Y}"


def moment_text(moment: str, zone: ZoneInfo) -> str:
    """Return an ISO moment in a zone, with the zone's name: `4 May 2026, 16:30 CEST`."""
    local = datetime.fromisoformat(moment).astimezone(zone)
    name = local.tzname() or ""
    return f"{day_text(local.date().isoformat())}, {local:%H:%M} {name if name.isalpha() else 'UTC' + name}"


def amount_text(amount: str) -> str:
    """Return a plain amount as people read it: `4,000.00 USD`."""
    return written(parse_amount(amount))


def claim_name(figures: Figures) -> str:
    """Return what a claim is called: its title in quotation marks and its number, as far as it has them."""
    title = " ".join(figures["title"].split())
    number = figures["number"]
    if title and number:
        return f"“{title}” ({number})"
    return f"“{title}”" if title else number or "A draft without a title"


def _texts(figures: Figures, zone: ZoneInfo, translate: Translate) -> dict[str, str]:
    texts = {name: str(value) for name, value in figures.items() if isinstance(value, str | int)}
    texts |= {name: amount_text(figures[name]) for name in _AMOUNTS if figures.get(name) is not None}
    texts |= {name: day_text(figures[name]) for name in _DAYS if figures.get(name) is not None}
    if figures.get("paid_in") is not None:
        amount, currency = figures["paid_in"].split()
        texts["paid_in"] = f"{group(amount)} {currency}"
    if figures.get("taken_in") is not None:
        amount, currency = figures["taken_in"].split()
        texts["amount"] += f" ({group(amount)} {currency})"
    if "title" in figures:
        texts["claim"] = claim_name(figures)
    if "due_on" in figures:
        texts["to_do"] = translate(TO_DO[TaskKind(figures["task"])])
    if "missing" in figures:
        texts = {"period": "–", "day": "–"} | texts
    texts |= {name: moment_text(figures[name], zone) for name in _MOMENTS if name in figures}
    if "roles" in figures:
        texts |= taking_part(figures, translate)
    if "claims" in figures:
        texts |= {f"claim_{place}": claim_name(claim) for place, claim in enumerate(figures["claims"])}
    return texts


def _sentences(kind: MessageKind, figures: Figures) -> Sentences:
    match kind:
        case MessageKind.decision:
            return _decision(figures)
        case MessageKind.turn:
            return TURNS[TaskKind(figures["task"])]
        case MessageKind.unassigned:
            return Sentences(UNASSIGNED[TaskKind(figures["task"])], UNASSIGNED_WHY[figures["why"]])
        case MessageKind.vendor_fact_missing:
            return VENDOR_FACT
        case MessageKind.certificate_warning:
            return CERTIFICATE_WARNING if figures["claims"] else CERTIFICATE_WARNING_WITHOUT_CLAIMS
        case MessageKind.reminder:
            return REMINDERS[figures["late"]]
        case MessageKind.escalation:
            return Sentences(ESCALATIONS[TaskKind(figures["task"])], _whose(figures))
        case MessageKind.amount_upheld:
            return UPHELD
        case MessageKind.account_entered | MessageKind.account_waiting:
            return ACCOUNTS[kind]
        case MessageKind.claw_back_waiting | MessageKind.run_waiting:
            return TO_RELEASE[kind]
        case MessageKind.account_decided:
            return ACCOUNT_DECIDED[figures["confirmed"]]
        case MessageKind.policy_waiting:
            return POLICY_WAITING[figures["name"] is not None]
        case MessageKind.erasure_waiting:
            return ERASURE_WAITING[figures["claim"] is not None]
        case MessageKind.post:
            return POSTS[figures["internal"]]
        case MessageKind.history_alarm | MessageKind.checkpoint:
            return PROOF[kind]
        case MessageKind.import_done:
            return IMPORTS[figures["outcome"]]
        case MessageKind.invitation | MessageKind.password_reset:
            return LINKS[kind]


ERASED = "This was erased."
"""What stands where a message quoted what was erased since."""


def _whose(figures: Figures) -> str:
    if figures["holder"]:
        return ESCALATED
    return ESCALATED_OF_ALL if figures["task"] == TaskKind.pay else ESCALATED_OF_NOBODY


def _decision(figures: Figures) -> Sentences:
    trigger = Trigger(figures["trigger"])
    if trigger is Trigger.expire:
        return EXPIRIES[figures["expired_by"]]
    if trigger is Trigger.reinstate:
        return REINSTATEMENTS[State(figures["target"])]
    if trigger is Trigger.reimburse and figures.get("amount"):
        return LAST_PART
    return DECISIONS[trigger]


def _cause(kind: MessageKind, figures: Figures) -> str:
    if kind in WHY:
        # Links written before their messages said why are still told.
        return WHY[kind] if "programme" in figures else ""
    if kind not in _OF_A_TASK:
        return ""
    # Tasks announced before there were substitutes name nobody.
    return STANDS_IN if figures.get("on_behalf_of") else CAUSES.get(figures.get("cause", ""), "")


_OF_A_TASK = frozenset({MessageKind.turn, MessageKind.reminder})


def _facts(kind: MessageKind, figures: Figures) -> list[tuple[str, str]]:
    """Return labels and values, both still to be translated and filled in."""
    if kind is MessageKind.decision:
        names = FACTS_OF_DECISION[Trigger(figures["trigger"])]
        return [(FACT_LABELS[name], f"{{{name}}}") for name in names if figures.get(name) is not None]
    if kind is MessageKind.vendor_fact_missing:
        return [("Missing", MISSING[name]) for name in figures["missing"]]
    if kind is MessageKind.certificate_warning:
        at_risk = [("Claim at risk", f"{{claim_{place}}}") for place in range(len(figures["claims"]))]
        return [(FACT_LABELS["days"], "{days}"), *at_risk]
    if kind in ACCOUNT_KINDS:
        return [
            (FACT_LABELS[name], f"{{{name}}}")
            for name in ("partner", "account", "currency", "replaces", "withdrawn", "entered_by")
            if figures.get(name) is not None
        ]
    if kind is MessageKind.run_waiting:
        return [(FACT_LABELS[name], f"{{{name}}}") for name in ("currency", "payments", "amount")]
    if kind is MessageKind.post:
        return [(FACT_LABELS["text"], "{text}" if figures["text"] else ERASED)]
    if kind is MessageKind.checkpoint:
        return [(FACT_LABELS[name], f"{{{name}}}") for name in ("signed", "signature")]
    if kind is MessageKind.import_done:
        return [(FACT_LABELS[name], f"{{{name}}}") for name in ("new", "changed", "wrong") if figures[name]]
    return []


def _link(kind: MessageKind, claim_id: int | None, figures: Figures) -> tuple[str, str | None]:
    if kind in LINKS:
        return "Choose a password", figures["path"]
    if kind is MessageKind.vendor_fact_missing:
        # The claim may be a draft that was never submitted, which is the partner's own.
        return "Open the programme", "/programme"
    if kind in ACCOUNT_KINDS:
        return "Open the bank account", ACCOUNTS_PATH
    if kind in PROOF:
        return "Open the proof of history", PROOF_PATH
    if kind is MessageKind.run_waiting:
        return "Open the payment run", RUN_PATH.format(id=figures["run_id"])
    if kind is MessageKind.erasure_waiting:
        of, path = (
            ("claim", ERASED_CLAIM_PATH) if figures["claim"] is not None else ("user", ERASED_USER_PATH)
        )
        return "Decide on it", path.format(id=figures[of])
    if kind is MessageKind.policy_waiting:
        return "Decide on it", PROPOSAL_PATH.format(id=figures["proposal_id"])
    if kind is MessageKind.import_done:
        return "Open the import", IMPORT_PATH.format(id=figures["import_id"])
    if kind is MessageKind.claw_back_waiting:
        return "Decide on it", CLAW_BACK_PATH.format(id=claim_id)
    if claim_id is None:
        return "Open your claims", "/"
    path = THREAD_PATH if kind is MessageKind.post else CLAIM_PATH
    return "Open the claim", path.format(id=claim_id)
