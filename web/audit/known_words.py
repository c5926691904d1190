"""What was known of a claim as of a moment, in words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.money import Cents, written
from models.vocabulary import Role
from web.formats import day, money
from web.labels import role_label
from workflow.as_of.deciding import Entitlement
from workflow.as_of.knowledge import Known
from workflow.as_of.people import Away, Person

Names = Mapping[int, str]


WHY_NOT: Mapping[str, str] = {
    "own_organisation": _l("no: a claim of their own organisation"),
    "barred": _l("no: had decided on it or accepted it before"),
    "not_named": _l("no: its route did not name them"),
    "above_limit": _l("no: above their limit"),
    "absent": _l("no: out of office"),
    "other_role": _l("no: their role has no such task"),
    "could_not_act": _l("no: could not sign in"),
}
"""What kept somebody from a task."""


class Told(NamedTuple):
    """One thing as it was known at the moment, and by what is known today: lines of text."""

    name: str
    then: Sequence[str]
    today: Sequence[str]

    @property
    def differs(self) -> bool:
        """Return whether something was learned since."""
        return list(self.then) != list(self.today)


class Entitled(NamedTuple):
    """Somebody with a role that decides, pays or manages: what kept them from acting, and from the open task.

    `limit` is in words, and blank for whoever decides on nothing; `task` is empty where none was open.
    """

    name: str
    roles: str
    limit: str
    hindrance: str
    task: str


def known_words(then: Known, today: Known, on: date, period: str | None, names: Names) -> list[Told]:
    """Return what counted on a day, by both knowledges. `period` is the code of the claim's."""
    said = (
        (_("Certified on %(day)s", day=day(on)), _certified),
        (_("Certificates"), _certificates),
        (_("Performance"), lambda known: _performance(known, period)),
        (_("Policy in force"), _policy),
        (_("Paid until %(day)s", day=day(on)), lambda known: [money(known.paid)]),
        (_("Out of office on %(day)s", day=day(on)), lambda known: _away(known, names)),
    )
    return [Told(name, words(then), words(today)) for name, words in said]


def entitled(
    people: Sequence[Person], away: Sequence[Away], may: Mapping[int, Entitlement], names: Names
) -> Iterator[Entitled]:
    """Yield who held a role, in the order of their names. `may` is what is said of the open task."""
    absences = {one.user_id: one for one in away}
    for one in people:
        roles = ", ".join(sorted(map(role_label, one.roles)))
        hindrance = _hindrance(one, absences.get(one.user_id), names)
        limit = _limit(one.limit) if Role.approver in one.roles else "–"
        yield Entitled(one.name, roles, limit, hindrance, _of_the_task(may.get(one.user_id)))


def _limit(cents: Cents | None) -> str:
    return str(_("no limit")) if cents is None else money(cents)


def _of_the_task(may: Entitlement | None) -> str:
    if may is None:
        return ""
    if may.why_not is not None:
        return str(WHY_NOT[may.why_not])
    return str(_("yes, for %(absent)s", absent=may.on_behalf_of) if may.on_behalf_of else _("yes"))


def _hindrance(one: Person, away: Away | None, names: Names) -> str:
    if not one.active:
        return str(_("deactivated"))
    if not one.has_password:
        return str(_("has never chosen a password"))
    return "" if away is None else _one_away(away, names)


def _certified(known: Known) -> list[str]:
    if not known.certified or known.certified_until is None:
        return [str(_("no"))]
    return [str(_("yes, without a gap until %(day)s", day=day(known.certified_until)))]


def _certificates(known: Known) -> list[str]:
    return [_certificate(row) for row in known.certificates] or [str(_("none"))]


def _certificate(row: Any) -> str:
    days = _("%(first)s to %(last)s", first=day(row.valid_from), last=day(row.valid_until))
    return str(
        days
        if row.revoked_on is None
        else _("%(days)s, revoked on %(day)s", days=days, day=day(row.revoked_on))
    )


def _performance(known: Known, period: str | None) -> list[str]:
    return [
        str(_("%(achieved)s of %(required)s", achieved=written(row.achieved), required=written(row.required)))
        for row in known.performance
        if row.period == period
    ] or [str(_("none"))]


def _policy(known: Known) -> list[str]:
    if known.version is None:
        return [str(_("none"))]
    return [str(_("the version from %(day)s on", day=day(known.version.first_day)))]


def _away(known: Known, names: Names) -> list[str]:
    return [f"{names.get(one.user_id, one.user_id)}: {_one_away(one, names)}" for one in known.away] or [
        str(_("nobody"))
    ]


def _one_away(one: Away, names: Names) -> str:
    days = _("out of office %(first)s to %(last)s", first=day(one.first_day), last=day(one.last_day))
    if one.substitute_id is None:
        return str(_("%(days)s, without a substitute", days=days))
    who = names.get(one.substitute_id, str(one.substitute_id))
    if one.limit is None:
        return str(_("%(days)s, %(who)s stands in", days=days, who=who))
    return str(_("%(days)s, %(who)s stands in up to %(limit)s", days=days, who=who, limit=written(one.limit)))
