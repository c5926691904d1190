"""Says administrative acts in words (web/act_sentences.py). History keeps ids, codes and figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from models.claims import Claim
from models.money import group
from models.people import Partner, User
from models.routing import ApproverGroup
from models.vocabulary import ImportKind, Personal, Role, TaskKind
from web.act_sentences import ACTS
from web.field_names import FIELDS
from web.formats import beside, day
from web.labels import IMPORT_KINDS, PERSONAL, role_label, task_label
from web.names import names_of
from web.policies import policy_of
from web.sample_words import METHODS, chosen_text
from web.services import reading
from web.tiers import decider_words
from workflow.exchange import USD
from workflow.wording import in_sentence

DAYS = frozenset(
    {"set_on", "day", "first_day", "last_day", "valid_from", "valid_until", "revoked_on", "due_on"}
)
AMOUNTS = frozenset(
    {
        "amount",
        "available_before",
        "available_after",
        "required",
        "achieved",
        "limit",
        "above",
        "total",
        "approved",
        "requested",
        "revenue",
    }
)

OF_ROUTING = frozenset({"group_saved", "route_saved", "route_removed"})
"""Acts whose figures name members of a group, or who decides in the tiers of a rule."""

OF_TASKS = frozenset({"task_reassigned", "task_taken", "task_given_back", "task_moved_on"})
"""Acts whose figures say from whom to whom a task on a claim went."""

PEOPLE = ("before", "after", "on_behalf_of", "substitute")
"""Figures that are, in acts on tasks and absences, the id of a user or null."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names that the ids in some acts stand for, and what partner types are called."""

    users: Mapping[int, str]
    claims: Mapping[int, str]
    groups: Mapping[int, str]
    partners: Mapping[int, str]
    partner_types: Mapping[str, str]


def names_in(acts: Iterable[Any]) -> Names:
    """Return the names that acts need, in as many statements however many acts they are."""
    users, claims, groups, partners = set[int](), set[int](), set[int](), set[int]()
    for act in acts:
        kind, _colon, key = act.subject.partition(":")
        if kind == "user":
            users.add(int(key))
        if "claim" in act.figures:
            claims.add(act.figures["claim"])
        if act.kind in OF_TASKS or act.kind == "absence_recorded":
            users |= {act.figures[name] for name in PEOPLE if act.figures.get(name) is not None}
        if act.figures.get("proposed_by") is not None:
            users.add(act.figures["proposed_by"])
        if act.kind in OF_ROUTING:
            users |= set(_named(act.figures, "user")) | set(_members(act.figures))
            groups |= set(_named(act.figures, "group"))
            partners |= {side["partner_id"] for side in _sides(act.figures) if side.get("partner_id")}
        if act.kind == "sample_asked" and "partner_id" in act.figures:
            partners.add(act.figures["partner_id"])
        if act.kind == "deadlines_set":
            users |= set(_escalated_to(act.figures))
    labels = policy_of(None).catalogue.labels
    return Names(
        names_of(User, users),
        _claims(sorted(claims)),
        names_of(ApproverGroup, groups),
        names_of(Partner, partners),
        labels["partner_type"],
    )


def act_name(kind: str) -> str:
    """Return what a kind of act is called; the kind itself where there is no word for it."""
    return str(ACTS[kind].name) if kind in ACTS else kind


def act_sentence(act: Any, names: Names) -> str:
    """Return what an act did, in words. `act` bears the columns of `Act` and the `partner`'s name."""
    words = {name: _word(name, value, names) for name, value in act.figures.items()}
    words.setdefault("currency", USD)  # acts before claims could be in others name none
    words |= {name: _beside(act.figures.get(name)) for name in ("ordered", "taken_in", "worth")}
    words["off"] = _off(act.figures)
    words["withdrawn"] = _withdrawn(act.figures.get("withdrawn"))
    words |= _erasure(act.figures, names)
    words["partner"] = act.partner or "–"
    words["changes"] = _changes(act.figures, names)
    words["chosen"] = chosen_text(act.figures, names.partners)
    kind, _colon, key = act.subject.partition(":")
    if kind == "user":
        words["user"] = names.users.get(int(key), key)
    if "claim" in act.figures:
        words["claim"] = names.claims.get(act.figures["claim"], str(act.figures["claim"]))
    words["held"] = words.get("claim", words["partner"])
    if act.kind in OF_TASKS:
        words |= _handed(act.figures, names)
    if "proposed_by" in act.figures:
        words["proposed_by"] = names.users.get(act.figures["proposed_by"], str(_("nobody")))
    if "substitute" in act.figures:
        words["substitute"] = names.users.get(act.figures["substitute"], str(_("nobody")))
    if act.kind == "absence_recorded" and act.figures["limit"] is not None:
        words["limit"] = f"{words['limit']} {USD}"
    if act.kind == "group_saved":
        words["group"] = act.figures["after"]["name"]
    if act.kind == "route_removed":
        words["rule"] = _changes({"before": {}, "after": act.figures["before"]}, names)
    if act.kind not in ACTS:
        return ", ".join(f"{name} {word}" for name, word in words.items())
    return str(ACTS[act.kind].sentence).format_map(words)


def _beside(told: str | None) -> str:
    """Return an amount in the currency of an account as it stands behind its US dollars; else nothing."""
    if told is None:
        return ""
    return f" ({beside(told)})"


def _off(figures: Mapping[str, Any]) -> str:
    """Return that a rate by hand was far from the latest before it, and said to be right; else nothing."""
    if figures.get("off") is None:
        return ""
    percent, last = int(figures["off"]), day(date.fromisoformat(figures["off_day"]))
    told = {"percent": abs(percent), "day": last}
    more = _("%(percent)s %% more than the rate of %(day)s, and said to be right.", **told)
    less = _("%(percent)s %% less than the rate of %(day)s, and said to be right.", **told)
    return f" {more if percent > 0 else less}"


def _withdrawn(account: str | None) -> str:
    """Return that another account, which waited, was withdrawn by entering one; nothing where none waited."""
    return "" if account is None else f" {_('Withdrew %(account)s, which waited.', account=account)}"


def _erasure(figures: Mapping[str, Any], names: Names) -> dict[str, str]:
    """Return what was erased, or is to be, and why, where an act tells of that."""
    told = {}
    if "erased" in figures:
        counted = figures["erased"].items()
        told["erased"] = ", ".join(_counted(kind, number, figures) for kind, number in counted)
    if "kinds" in figures:
        told["kinds"] = ", ".join(str(PERSONAL[Personal(kind)]) for kind in figures["kinds"])
    if figures.get("why") == "retention":
        since = day(date.fromisoformat(figures["ended_on"]))
        told["because"] = str(_("The time for which it is kept, from %(day)s on, was over.", day=since))
    elif "why" in figures:
        by = names.users.get(figures["proposed_by"], str(_("nobody")))
        told["because"] = str(
            _("On request %(reference)s, proposed by %(who)s.", reference=figures["reference"], who=by)
        )
    return told


def _counted(kind: str, number: int, figures: Mapping[str, Any]) -> str:
    """Return how much of a kind was erased, and for how long it was kept if that was why."""
    months = figures.get("months", {}).get(kind)
    kept = ngettext("kept for one month", "kept for %(num)s months", months) if months else ""
    return f"{PERSONAL[Personal(kind)]} ({', '.join(filter(None, (str(number), kept)))})"


def _sides(figures: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what an act on routing found and left, as far as it did."""
    return [figures[name] for name in ("before", "after") if figures.get(name)]


def _named(figures: Mapping[str, Any], kind: str) -> Iterator[int]:
    """Yield the ids of the users, or of the groups, that the tiers of a rule name."""
    for side in _sides(figures):
        yield from (tier[kind] for tier in side.get("tiers", ()) if kind in tier)


def _members(figures: Mapping[str, Any]) -> Iterator[int]:
    for side in _sides(figures):
        yield from side.get("members", ())


def _escalated_to(figures: Mapping[str, Any]) -> Iterator[int]:
    for side in _sides(figures):
        yield from (
            side[kind]["escalate_to_id"] for kind in TaskKind if side[kind] and side[kind]["escalate_to_id"]
        )


def _claims(ids: Sequence[int]) -> dict[int, str]:
    rows = reading().execute(select(Claim.id, Claim.number).where(Claim.id.in_(ids)))
    return {row.id: row.number or str(row.id) for row in rows}


def _handed(figures: Mapping[str, Any], names: Names) -> dict[str, str]:
    nobody = str(_("nobody"))
    return {
        "task": task_label(TaskKind(figures["task"])),
        "before": names.users.get(figures["before"], nobody),
        "after": names.users.get(figures["after"], nobody),
    }


def _word(name: str, value: Any, names: Names) -> str:
    if value is None:
        return str(_("for good")) if name in list(Personal) else "–"
    if name in DAYS:
        return day(date.fromisoformat(value))
    if name in AMOUNTS:
        return group(value)
    if name == "members":
        return ", ".join(names.users.get(one, str(one)) for one in value) or str(_("nobody"))
    if name == "tiers":
        return ", ".join(decider_words(tier, names.users, names.groups) for tier in value)
    if name in list(Personal):
        return str(ngettext("one month", "%(num)s months", value))
    if name in list(TaskKind):
        return _deadline(value, names)
    if name == "partner_id":
        return names.partners.get(value, str(value))
    if name == "partner_type":
        return names.partner_types.get(value, value)
    if name == "fields":
        return ", ".join(in_sentence(str(FIELDS[field])) for field in value)
    if name == "method":
        return in_sentence(str(METHODS[value]))
    if name == "import_kind":
        return in_sentence(str(IMPORT_KINDS[ImportKind(value)]))
    if name == "roles":
        return ", ".join(role_label(Role(role)) for role in value) or "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value)


def _deadline(days: Mapping[str, Any], names: Names) -> str:
    """Return how long a kind of task may take: `5 working days (holder reminded 1 before it is due, …)`."""
    parts = []
    if days["remind_days"] is not None:
        parts.append(_("holder reminded %(days)s before it is due", days=days["remind_days"]))
    if days["escalate_days"] is not None:
        to = names.users.get(days["escalate_to_id"], str(_("the programme managers")))
        parts.append(_("%(who)s told %(days)s after it was due", days=days["escalate_days"], who=to))
    time = ngettext("one working day", "%(num)s working days", days["working_days"])
    return f"{time} ({', '.join(parts)})" if parts else str(time)


def _changes(figures: Mapping[str, Any], names: Names) -> str:
    """Return what changed: each part that differs, from what to what."""
    before, after = figures.get("before"), figures.get("after")
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return ""
    return ", ".join(
        f"{_part(name)} {_from(before, name, names)}{_word(name, value, names)}"
        for name, value in after.items()
        if value != before.get(name)
    )


def _part(name: str) -> str:
    """Return what a part of a change is called."""
    return in_sentence(str(PERSONAL[Personal(name)])) if name in list(Personal) else name.replace("_", " ")


def _from(before: Mapping[str, Any], name: str, names: Names) -> str:
    """Return what stood there before, with an arrow; nothing where nothing stood there at all."""
    return f"{_word(name, before.get(name), names)} → " if before else ""
