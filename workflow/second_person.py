"""Whether somebody is a second person at all for what another began, and not the first one once more.

Whoever lets somebody in may be sitting in front of both screens. So for some days the two count as one, and
with them whoever else came in by the same hands; until then the others have had time to notice.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.history import Act
from models.people import User
from models.programme import Programme
from workflow.actors import Actor
from workflow.clock import programme_day
from workflow.dossier import AnyRow
from workflow.refusals import Problem, Refused

LATELY = timedelta(days=7)
"""For how long two people count as one after one let the other in, in days of the programme.

In its first days, too, nothing of this counts: everybody is let in then, by the few who are there.
"""

LETS_IN = ("user_invited", "user_changed", "user_reactivated", "link_issued")
"""The acts by which somebody gets in; a change counts where it gave a role."""


class LetIn(NamedTuple):
    """Somebody let somebody else in, or gave them a role, on a day of the programme."""

    who: int
    by: int
    day: date


def require_second(connection: Connection, actor: Actor, now: datetime, began_by: int, same: str) -> None:
    """Return where somebody may be the second person for what another began.

    Raise Refused otherwise: with the problem `same` where both are one, with `let_in_lately` where one of the
    two let the other in lately, or the same third person both.
    """
    if (problem := why_not_second(connection, actor, now, [began_by], same).get(began_by)) is not None:
        raise Refused(problem)


def why_not_second(
    connection: Connection, actor: Actor, now: datetime, began_by: Collection[int], same: str
) -> Mapping[int, Problem]:
    """Return of those who began something the ones for whom this person may not be the second, and why not.

    It takes as many statements for many as for one.
    """
    me = actor.user_id
    others = {one for one in began_by if one != me}
    problems = {me: Problem(same)} if me is not None and me in began_by else {}
    if me is None or not others:
        return problems
    let_in = sorted(_let_in_lately(connection, {me, *others}, now), key=lambda one: one.day, reverse=True)
    ties = {other: tie for other in others if (tie := _tie(let_in, me, other)) is not None}
    if not ties:
        return problems
    concerned = {*ties, *(one for tie in ties.values() for one in (tie.who, tie.by))}
    named = select(User.id, User.name).where(User.id.in_(concerned))
    names = {row.id: row.name for row in connection.execute(named)}
    return problems | {other: _told(tie, other, names) for other, tie in ties.items()}


def _tie(let_in: Sequence[LetIn], one: int, other: int) -> LetIn | None:
    """Return what ties two people, and ties them no more once it is old; None where nothing does.

    `let_in` begins with the latest, so what first ties them together is what lasts the longest.
    """
    for number in range(1, len(let_in) + 1):
        if _origins(let_in[:number], one) & _origins(let_in[:number], other):
            return let_in[number - 1]
    return None


def _origins(let_in: Sequence[LetIn], one: int) -> set[int]:
    """Return somebody, who let them in, who let those in, and so on."""
    found, before = {one}, set[int]()
    while found != before:
        before = found
        found = found | {step.by for step in let_in if step.who in found}
    return found


def _let_in_lately(connection: Connection, people: Collection[int], now: datetime) -> list[LetIn]:
    """Return who let these people in lately, who let those in, and so on."""
    row = connection.execute(select(Programme.time_zone, Programme.created_at)).one_or_none()
    zone = row.time_zone if row else "UTC"
    counts_after = programme_day(now, zone) - LATELY
    if row is not None:
        # The day before the first one that counts.
        counts_after = max(counts_after, programme_day(row.created_at, zone) + LATELY - timedelta(days=1))
    found: list[LetIn] = []
    asked, waiting = set[int](), set(people)
    while waiting:
        acts = select(Act.kind, Act.subject, Act.actor_id, Act.at, Act.figures).where(
            Act.subject.in_([f"user:{one}" for one in sorted(waiting)]),
            Act.kind.in_(LETS_IN),
            Act.actor_id.is_not(None),
            Act.at > now - LATELY - timedelta(days=1),
        )
        asked |= waiting
        steps = [_step(act, zone) for act in connection.execute(acts) if _lets_in(act)]
        found += (step for step in steps if step.day > counts_after)
        waiting = {step.by for step in found} - asked
    return found


def _step(act: AnyRow, zone: str) -> LetIn:
    return LetIn(int(act.subject.partition(":")[2]), act.actor_id, programme_day(act.at, zone))


def _lets_in(act: AnyRow) -> bool:
    if act.kind != "user_changed":
        return True
    return bool(set(act.figures["after"]["roles"]) - set(act.figures["before"]["roles"]))


def _told(tie: LetIn, other: int, names: Mapping[int, str]) -> Problem:
    figures = {
        "other": names[other],
        "by": names[tie.by],
        "who": names[tie.who],
        "day": tie.day.isoformat(),
        "free": (tie.day + LATELY).isoformat(),
    }
    return Problem("let_in_lately", figures=figures)
