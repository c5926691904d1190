"""Tells every message in words, on the page and in the mail; figures are filled in when it is read.

What each kind says stands in notifications/kinds.py. Sentences go through `translate` before their figures
are filled in, so that they can stand in any language.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from zoneinfo import ZoneInfo

from models.money import group, parse_amount, written
from models.vocabulary import MessageKind, TaskKind
from notifications.kinds import CLAIM_PATH, KINDS, Figures
from notifications.links import as_what, taking_part
from notifications.sentences import A_CLAIM, TO_DO

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

_AMOUNTS = ("amount", "requested", "approved", "reimbursable")
_MOMENTS = ("ends_at", "made_at")
_DAYS = ("day", "set_on", "last_day", "due_on", "paid_on", "report_by", "resubmit_by")


def tell(
    kind: MessageKind, claim_id: int | None, figures: Figures, zone: ZoneInfo, translate: Translate = str
) -> Telling:
    """Return a message in words, its moments in the given zone.

    Raises KeyError or ValueError where a figure that the kind needs is missing or malformed.
    """
    told = KINDS[kind]
    texts = _texts(figures, zone, translate)
    headline, next_step = told.sentences(figures)
    return Telling(
        headline=translate(headline).format_map(texts),
        next_step=" ".join(
            translate(part).format_map(texts) for part in (told.cause(figures), next_step) if part
        ),
        facts=tuple(
            (translate(name), translate(value).format_map(texts)) for name, value in told.facts(figures)
        ),
        action=translate(told.action),
        path=_filled(told.path, {"claim_id": claim_id, **figures}),
    )


def tell_anyhow(
    kind: MessageKind, claim_id: int | None, figures: Figures, zone: ZoneInfo, translate: Translate = str
) -> Telling:
    """Return what `tell` does, and a plain apology where a message cannot be told, so that pages stand."""
    try:
        return tell(kind, claim_id, figures, zone, translate)
    except (KeyError, ValueError, TypeError, AttributeError):
        path = _filled(CLAIM_PATH, {"claim_id": claim_id})
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
    if figures.get("reference") is not None:
        # A draft has no number yet, and messages from before told none.
        texts["of_claim"] = figures.get("number") or translate(A_CLAIM)
    if "due_on" in figures:
        texts["to_do"] = translate(TO_DO[TaskKind(figures["task"])])
    if "missing" in figures:
        texts = {"period": "–", "day": "–"} | texts
    texts |= {name: moment_text(figures[name], zone) for name in _MOMENTS if name in figures}
    if "roles" in figures:
        texts |= taking_part(figures, translate)
    if "gained" in figures:
        texts["gained"] = as_what(figures["gained"], translate)
    if "claims" in figures:
        texts |= {f"claim_{place}": claim_name(claim) for place, claim in enumerate(figures["claims"])}
    return texts


def _filled(path: str, values: Figures) -> str | None:
    """Return a path with its values in their places; None where one that it needs is null."""
    needed = [name for _, name, _, _ in Formatter().parse(path) if name]
    return None if any(values[name] is None for name in needed) else path.format_map(values)
