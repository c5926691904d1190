"""What every message says, on the page and in the mail: a table per kind, figures filled in when read.

Sentences go through `translate` before their figures are filled in, so that they can stand in any language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from models.money import grouped, parse_amount
from models.vocabulary import MessageKind, State, TaskKind, Trigger
from notifications.links import WHY, taking_part

Figures = Mapping[str, Any]
Translate = Callable[[str], str]


class Sentences(NamedTuple):
    """What happened, and what comes next. Both take the message's figures as text."""

    headline: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Telling:
    """A message in words. `path` leads to what it is about, or is None where there is nothing to open."""

    headline: str
    next_step: str
    facts: tuple[tuple[str, str], ...]
    action: str
    path: str | None


DECISIONS: Mapping[Trigger, Sentences] = {
    Trigger.approve: Sentences(
        "{claim} is approved for {approved}.",
        "Carry it out as planned. Then report the actual costs and add the evidence.",
    ),
    Trigger.return_: Sentences(
        "{claim} came back to you.", "Put right what the reason asks for, then submit it again."
    ),
    Trigger.reject: Sentences(
        "{claim} was rejected.", "It goes no further. You can copy it into a new draft at any time."
    ),
    Trigger.rework: Sentences(
        "The report of {claim} is not complete yet.", "Add what is missing, then send the report again."
    ),
    Trigger.accept: Sentences(
        "{claim} is accepted: {reimbursable} will be reimbursed.",
        "You have nothing to do. Finance pays it next.",
    ),
    Trigger.reimburse: Sentences(
        "{claim} is paid: {reimbursable} on {paid_on}.",
        "You have nothing to do. The payment bears the reference {payment_reference}.",
    ),
}
"""Decisions that read the same in every case. The two below depend on a figure."""

EXPIRIES: Mapping[str, Sentences] = {
    "certification": Sentences(
        "{claim} expired, because certification lapsed.",
        "If you were certified all along, ask the programme managers to record the certificate. "
        "They can reinstate the claim then.",
    ),
    "report_within_days": Sentences(
        "{claim} expired, because its report is overdue.",
        "If you still want to report it, ask the programme managers to reinstate it.",
    ),
}

REINSTATEMENTS: Mapping[State, Sentences] = {
    State.submitted: Sentences("{claim} is reinstated.", "You have nothing to do. It waits for a decision."),
    State.approved: Sentences(
        "{claim} is reinstated.",
        "Go on with it: carry it out as planned, then report the actual costs and add the evidence.",
    ),
    State.executed: Sentences(
        "{claim} is reinstated.", "You have nothing to do. Its report waits to be accepted."
    ),
}

TURNS: Mapping[TaskKind, Sentences] = {
    TaskKind.decide: Sentences(
        "Please decide {claim} of {partner}: {amount} is asked for.", "Approve it, return it or reject it."
    ),
    TaskKind.accept: Sentences(
        "Please check the report of {claim} of {partner}: {amount} was granted.",
        "Look at its costs and evidence, then accept it, ask for rework or reject it.",
    ),
    TaskKind.pay: Sentences(
        "Please pay {claim} of {partner}: {amount}.",
        "Record the day of payment and its reference once it is paid.",
    ),
}

CAUSES: Mapping[str, str] = {
    "reassign": "A programme manager gave this task to you.",
    Trigger.endorse: "It was endorsed before: yours is the next tier.",
    "moved_on": "Its holder cannot do it now, so it came to you.",
    Trigger.reinstate: "The claim had expired and was reinstated.",
}
"""How the task came, where that is not plain from the task itself."""

STANDS_IN = "You stand in for {on_behalf_of}, who is out of office."

UNASSIGNED: Mapping[TaskKind, str] = {
    TaskKind.decide: "{claim} of {partner} waits: nobody is entitled to decide it.",
    TaskKind.accept: "{claim} of {partner} waits: nobody is entitled to accept it.",
    TaskKind.pay: "{claim} of {partner} waits: nobody is entitled to pay it.",
}

UNASSIGNED_WHY: Mapping[str, str] = {
    "no_approver": "It needs an approver of another organisation than the partner's who can sign in. "
    "Invite one, or give somebody the role.",
    "no_finance": "It needs somebody in finance who can sign in, of another organisation than the "
    "partner's, who did not accept it. Invite one, or give somebody the role.",
    "above_limits": "Its amount is above the limit of every approver who may decide it. "
    "Raise somebody's limit, or invite somebody who may decide it.",
    "not_named": "Nobody whom the routing rules name for it may decide it. Change its route, or reassign it.",
    "all_absent": "Everybody who may do it is out of office, without a substitute who may. "
    "It goes to the first who is back.",
}

VENDOR_FACT = Sentences(
    "{partner} cannot go on with {claim}: a record of ours is missing.",
    "Record it, so that the partner can go on. The partner is not at fault.",
)

MISSING: Mapping[str, str] = {
    "fund": "A fund for the JMF period {period}",
    "performance": "The performance record for the JMF period {period}",
    "period": "An open JMF period that holds {day}",
    "certificate": "A certificate for the days of the claim",
    "country_limit": "A limit for promotional items in the partner's country, as a new policy version",
}

CERTIFICATE_WARNING = Sentences(
    "The certification of {partner} ends on {last_day}.",
    "Renew it in time: the claims listed here expire once it lapses. "
    "If it is renewed already, ask the programme managers to record the new certificate.",
)
CERTIFICATE_WARNING_WITHOUT_CLAIMS = Sentences(
    CERTIFICATE_WARNING.headline,
    "No claim of yours is at risk yet. "
    "If it is renewed already, ask the programme managers to record the new certificate.",
)

LINKS: Mapping[MessageKind, Sentences] = {
    MessageKind.invitation: Sentences(
        "You are invited.", "Choose your password to begin. The link works once, until {ends_at}."
    ),
    MessageKind.password_reset: Sentences(
        "You can choose a new password.",
        "The link works once, until {ends_at}. If you did not ask for it, you can ignore this mail.",
    ),
}

FACT_LABELS: Mapping[str, str] = {
    "partner": "Partner",
    "requested": "Asked for",
    "approved": "Granted",
    "reimbursable": "To be reimbursed",
    "paid_on": "Paid on",
    "payment_reference": "Payment reference",
    "report_by": "Report by",
    "resubmit_by": "Submit again by",
    "days": "Days left",
}

FACTS_OF_DECISION: Mapping[Trigger, tuple[str, ...]] = {
    Trigger.approve: ("requested", "approved", "report_by"),
    Trigger.return_: ("requested", "resubmit_by"),
    Trigger.reject: ("requested",),
    Trigger.rework: ("approved", "report_by"),
    Trigger.accept: ("requested", "approved", "reimbursable"),
    Trigger.reimburse: ("requested", "approved", "reimbursable", "paid_on", "payment_reference"),
    Trigger.expire: ("requested", "approved"),
    Trigger.reinstate: ("approved", "report_by"),
}

UNREADABLE = "This message cannot be shown."

CLAIM_PATH = "/claims/{id}"

_AMOUNTS = ("amount", "requested", "approved", "reimbursable")
_DAYS = ("day", "last_day", "paid_on", "report_by", "resubmit_by")


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
    return f"{grouped(parse_amount(amount))} USD"


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
    if "title" in figures:
        texts["claim"] = claim_name(figures)
    if "missing" in figures:
        texts = {"period": "–", "day": "–"} | texts
    if "ends_at" in figures:
        texts["ends_at"] = moment_text(figures["ends_at"], zone)
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
        case MessageKind.invitation | MessageKind.password_reset:
            return LINKS[kind]


def _decision(figures: Figures) -> Sentences:
    trigger = Trigger(figures["trigger"])
    if trigger is Trigger.expire:
        return EXPIRIES[figures["expired_by"]]
    if trigger is Trigger.reinstate:
        return REINSTATEMENTS[State(figures["target"])]
    return DECISIONS[trigger]


def _cause(kind: MessageKind, figures: Figures) -> str:
    if kind in WHY:
        # Links written before their messages said why are still told.
        return WHY[kind] if "programme" in figures else ""
    if kind is not MessageKind.turn:
        return ""
    # Tasks announced before there were substitutes name nobody.
    return STANDS_IN if figures.get("on_behalf_of") else CAUSES.get(figures["cause"], "")


def _facts(kind: MessageKind, figures: Figures) -> list[tuple[str, str]]:
    """Return labels and values, both still to be translated and filled in."""
    if kind is MessageKind.decision:
        names = FACTS_OF_DECISION[Trigger(figures["trigger"])]
        return [(FACT_LABELS[name], f"{{{name}}}") for name in names if figures[name] is not None]
    if kind is MessageKind.vendor_fact_missing:
        return [("Missing", MISSING[name]) for name in figures["missing"]]
    if kind is MessageKind.certificate_warning:
        at_risk = [("Claim at risk", f"{{claim_{place}}}") for place in range(len(figures["claims"]))]
        return [(FACT_LABELS["days"], "{days}"), *at_risk]
    return []


def _link(kind: MessageKind, claim_id: int | None, figures: Figures) -> tuple[str, str | None]:
    if kind in LINKS:
        return "Choose a password", figures["path"]
    if kind is MessageKind.vendor_fact_missing:
        # The claim may be a draft that was never submitted, which is the partner's own.
        return "Open the programme", "/programme"
    if claim_id is None:
        return "Open your claims", "/"
    return "Open the claim", CLAIM_PATH.format(id=claim_id)
