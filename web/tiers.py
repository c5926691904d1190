"""The tiers of a claim's decision, in words: who decided in those before, and who decides in each after."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from models.claims import Claim
from models.money import Cents, parse_amount
from models.people import User
from models.routing import ApproverGroup
from web.services import reading
from workflow.routing import Decider, stage_of


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: who decides, or has endorsed and for how much (cents); `is_present` where it waits now."""

    who: str
    endorsed: Cents | None
    is_present: bool


@dataclass(frozen=True, slots=True)
class Tiers:
    """The tiers of a decision in their order. `is_last` says that the present one approves."""

    rows: Sequence[Tier]
    is_last: bool


def tiers_of(claim: Claim) -> Tiers:
    """Return the tiers of the decision on a claim."""
    stage, done = stage_of(claim, {}), claim.endorsements or []
    names = names_of_users([one[name] for one in done for name in ("by", "for")])
    rows = [Tier(_endorser(one, names), parse_amount(one["amount"]), False) for one in done]
    words = decider_names(stage.tiers)
    rows += [Tier(words[at], None, at == len(done)) for at in range(len(done), len(stage.tiers))]
    return Tiers(rows, stage.is_last)


def decider_names(tiers: Sequence[Decider]) -> list[str]:
    """Return who decides in each tier, in words."""
    people = names_of_users([tier["user"] for tier in tiers if "user" in tier])
    wanted = [tier["group"] for tier in tiers if "group" in tier]
    rows = reading().execute(select(ApproverGroup.id, ApproverGroup.name).where(ApproverGroup.id.in_(wanted)))
    groups = {row.id: row.name for row in rows}
    return [_decider(tier, people, groups) for tier in tiers]


def names_of_users(ids: Sequence[int | None]) -> dict[int, str]:
    """Return the names of users by their ids."""
    wanted = [one for one in ids if one is not None]
    rows = reading().execute(select(User.id, User.name).where(User.id.in_(wanted))) if wanted else ()
    return {row.id: row.name for row in rows}


def _decider(tier: Decider, people: dict[int, str], groups: dict[int, str]) -> str:
    if "user" in tier:
        return people.get(tier["user"], "–")
    if "group" in tier:
        return str(_("group %(name)s", name=groups.get(tier["group"], "–")))
    return str(_("any approver"))


def _endorser(one: dict[str, int | None], names: dict[int, str]) -> str:
    by, absent = names.get(one["by"] or 0, "–"), names.get(one["for"] or 0)
    return str(_("%(who)s, for %(absent)s", who=by, absent=absent)) if absent else by
