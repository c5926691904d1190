"""Says administrative acts in words. History keeps ids, codes and figures; sentences are made when read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.claims import Claim
from models.money import group
from models.people import Partner, User
from models.routing import ApproverGroup
from models.vocabulary import Role, TaskKind
from web.formats import day
from web.labels import role_label, task_label
from web.names import names_of
from web.policies import policy_of
from web.services import reading
from web.tiers import decider_words


class ActWords(NamedTuple):
    """What a kind of act is called, and the sentence that tells one. It takes the act's figures as words."""

    name: str
    sentence: str


ACTS: dict[str, ActWords] = {
    "programme_set_up": ActWords(
        _l("Programme set up"), _l("Set up {name} of {owner}, in the time zone {time_zone}.")
    ),
    "partner_added": ActWords(
        _l("Partner added"), _l("Put {partner} on file: {partner_type}, country {country}.")
    ),
    "partner_changed": ActWords(
        _l("Partner changed"), _l("Changed what is on file of {partner}: {changes}.")
    ),
    "period_opened": ActWords(
        _l("Period opened"), _l("Opened the JMF period {code}, {first_day} to {last_day}.")
    ),
    "period_closed": ActWords(_l("Period closed"), _l("Closed the JMF period {code}.")),
    "period_reopened": ActWords(_l("Period reopened"), _l("Opened the JMF period {code} again.")),
    "fund_allocated": ActWords(
        _l("Money allocated"),
        _l("Allocated {amount} USD to {partner} for {period}: {available_after} USD available from then on."),
    ),
    "fund_reduced": ActWords(
        _l("Money taken back"),
        _l("Took {amount} USD back from {partner} for {period}: {available_after} USD left available."),
    ),
    "certificate_recorded": ActWords(
        _l("Certificate recorded"), _l("Recorded a certificate of {partner}, {valid_from} to {valid_until}.")
    ),
    "certificate_corrected": ActWords(
        _l("Certificate corrected"),
        _l("Corrected a certificate of {partner}: {valid_from} to {valid_until}, revoked on: {revoked_on}."),
    ),
    "performance_recorded": ActWords(
        _l("Performance recorded"),
        _l("Recorded the performance of {partner} in {period}: {achieved} USD of {required} USD."),
    ),
    "performance_corrected": ActWords(
        _l("Performance corrected"),
        _l("Corrected the performance of {partner} in {period}: {achieved} USD of {required} USD."),
    ),
    "policy_loaded": ActWords(
        _l("Policy loaded"), _l("Loaded the policy version in force from {first_day}.")
    ),
    "user_invited": ActWords(_l("User invited"), _l("Put {user} on file as {roles}.")),
    "link_issued": ActWords(_l("Link issued"), _l("Issued a link for {user} to set a password.")),
    "user_changed": ActWords(_l("User changed"), _l("Changed {user}: {changes}.")),
    "user_deactivated": ActWords(_l("User deactivated"), _l("Deactivated {user}.")),
    "user_reactivated": ActWords(_l("User reactivated"), _l("Let {user} in again.")),
    "user_unlocked": ActWords(_l("User unlocked"), _l("Unlocked the sign-in of {user}.")),
    "task_reassigned": ActWords(
        _l("Task reassigned"), _l("Gave a task on {claim} ({task}) from {before} to {after}.")
    ),
    "task_taken": ActWords(
        _l("Task taken over"), _l("{after} took a task on {claim} ({task}) over from {before}.")
    ),
    "task_given_back": ActWords(_l("Task given back"), _l("{before} gave a task on {claim} ({task}) back.")),
    "task_moved_on": ActWords(
        _l("Task moved on"),
        _l("A task on {claim} ({task}) went from {before} to {after}, because of who is out of office."),
    ),
    "group_saved": ActWords(_l("Group of approvers saved"), _l("Saved a group of approvers: {changes}.")),
    "route_saved": ActWords(_l("Routing rule saved"), _l("Saved a routing rule: {changes}.")),
    "route_removed": ActWords(_l("Routing rule removed"), _l("Removed a routing rule: {rule}.")),
    "absence_recorded": ActWords(
        _l("Absence recorded"),
        _l("{user} is out of office {first_day} to {last_day}. Substitute: {substitute}, up to: {limit}."),
    ),
    "absence_called_off": ActWords(
        _l("Absence called off"), _l("Called off the absence of {user}, {first_day} to {last_day}.")
    ),
}
"""Every kind of administrative act."""

DAYS = frozenset({"first_day", "last_day", "valid_from", "valid_until", "revoked_on"})
AMOUNTS = frozenset(
    {"amount", "available_before", "available_after", "required", "achieved", "limit", "above"}
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
        if act.kind in OF_TASKS:
            claims.add(act.figures["claim"])
        if act.kind in OF_TASKS or act.kind == "absence_recorded":
            users |= {act.figures[name] for name in PEOPLE if act.figures.get(name) is not None}
        if act.kind in OF_ROUTING:
            users |= set(_named(act.figures, "user")) | set(_members(act.figures))
            groups |= set(_named(act.figures, "group"))
            partners |= {side["partner_id"] for side in _sides(act.figures) if side.get("partner_id")}
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
    words["partner"] = act.partner or "–"
    words["changes"] = _changes(act.figures, names)
    kind, _colon, key = act.subject.partition(":")
    if kind == "user":
        words["user"] = names.users.get(int(key), key)
    if act.kind in OF_TASKS:
        words |= _handed(act.figures, names)
    if "substitute" in act.figures:
        words["substitute"] = names.users.get(act.figures["substitute"], str(_("nobody")))
    if act.kind == "route_removed":
        words["rule"] = _changes({"before": {}, "after": act.figures["before"]}, names)
    if act.kind not in ACTS:
        return ", ".join(f"{name} {word}" for name, word in words.items())
    return str(ACTS[act.kind].sentence).format_map(words)


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


def _claims(ids: Sequence[int]) -> dict[int, str]:
    rows = reading().execute(select(Claim.id, Claim.number).where(Claim.id.in_(ids)))
    return {row.id: row.number or str(row.id) for row in rows}


def _handed(figures: Mapping[str, Any], names: Names) -> dict[str, str]:
    nobody = str(_("nobody"))
    return {
        "claim": names.claims.get(figures["claim"], str(figures["claim"])),
        "task": task_label(TaskKind(figures["task"])),
        "before": names.users.get(figures["before"], nobody),
        "after": names.users.get(figures["after"], nobody),
    }


def _word(name: str, value: Any, names: Names) -> str:
    if value is None:
        return "–"
    if name in DAYS:
        return day(date.fromisoformat(value))
    if name in AMOUNTS:
        return group(value)
    if name == "members":
        return ", ".join(names.users.get(one, str(one)) for one in value) or str(_("nobody"))
    if name == "tiers":
        return ", ".join(decider_words(tier, names.users, names.groups) for tier in value)
    if name == "partner_id":
        return names.partners.get(value, str(value))
    if name == "partner_type":
        return names.partner_types.get(value, value)
    if name == "roles":
        return ", ".join(role_label(Role(role)) for role in value) or "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value)


def _changes(figures: Mapping[str, Any], names: Names) -> str:
    """Return what changed: each part that differs, from what to what."""
    before, after = figures.get("before"), figures.get("after")
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return ""
    return ", ".join(
        f"{name.replace('_', ' ')} {_from(before, name, names)}{_word(name, value, names)}"
        for name, value in after.items()
        if value != before.get(name)
    )


def _from(before: Mapping[str, Any], name: str, names: Names) -> str:
    """Return what stood there before, with an arrow; nothing where nothing stood there at all."""
    return f"{_word(name, before.get(name), names)} → " if before else ""
