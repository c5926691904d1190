"""What came of a what-if: by effect, by rule, by country, by partner. Plain sums over what was kept."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Label, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from models.claims import Claim
from models.jobs import Job, JobItem
from models.people import Partner, User
from models.vocabulary import Effect, FlipKind, JobKind, Role
from models.what_if import WhatIfClaim, WhatIfFlip
from web.access import allow
from web.auth.visitor import actor
from web.services import reading
from web.verdicts import TITLES
from web.what_if.room import room
from web.what_if.sources import source_words
from web.what_if.words import EFFECTS, KINDS, MEANINGS, TONES, chosen_words
from workflow.what_if.running import SUMS

MOST_PARTNERS = 50
"""Partners on the result's page: those with the most money moved."""

OTHERWISE = WhatIfClaim.effect != Effect.same
"""Which of the claims that are kept come out otherwise; of the others only the reasons do."""

CLAIMS = func.count(WhatIfClaim.id).label("claims")


def lost_and_gained(*nothing_where: ColumnElement[bool]) -> tuple[Label[Any], Label[Any]]:
    """Return the sums of what claims lose and gain, but of those that move nothing here."""
    moved = WhatIfClaim.after - WhatIfClaim.before
    nothing = [(condition, 0) for condition in nothing_where]
    lost, gained = (func.sum(case(*nothing, (by > 0, by), else_=0)) for by in (-moved, moved))
    return lost.label("lost"), gained.label("gained")


LOST, GAINED = lost_and_gained()


@room.get("/<int:what_if_id>")
@allow(Role.manager, Role.auditor)
def show(what_if_id: int) -> ResponseReturnValue:
    """Show a what-if: how far it is, and what came of it so far."""
    job = job_or_404(what_if_id)
    results = _results(what_if_id)
    sums = Counter[str]()
    for result in filter(None, results):
        sums.update({name: result.get(name, 0) for name in SUMS})
    effects = _by_effect(what_if_id)
    return render_template(
        "what_if/show.html",
        job=job,
        by=reading().get_one(User, job.actor_id),
        source=source_words(job.input["source"]),
        chosen=chosen_words(job.input["chosen"]),
        sums=sums,
        chunks=len(results),
        outcomes=Counter(result["outcome"] for result in results if result is not None),
        otherwise=sum(row.claims for effect, row in effects.items() if effect is not Effect.same),
        same=effects[Effect.same].claims if Effect.same in effects else 0,
        effects=effects,
        rules=_by_rule(what_if_id),
        countries=_by(what_if_id, Partner.country),
        partners=_by_partner(what_if_id),
        most_partners=MOST_PARTNERS,
        may_stop=job.actor_id == actor().user_id,
        words={"effects": EFFECTS, "meanings": MEANINGS, "tones": TONES, "kinds": KINDS, "rules": TITLES},
    )


def job_or_404(what_if_id: int) -> Job:
    """Return the job of a what-if."""
    wanted = select(Job).where(Job.id == what_if_id, Job.kind == JobKind.what_if)
    return reading().scalar(wanted) or abort(404)


def _results(what_if_id: int) -> Sequence[Any]:
    return reading().scalars(select(JobItem.result).where(JobItem.job_id == what_if_id)).all()


def _by_effect(what_if_id: int) -> dict[Effect, Any]:
    rows = reading().execute(
        select(WhatIfClaim.effect, CLAIMS, LOST, GAINED)
        .where(WhatIfClaim.job_id == what_if_id)
        .group_by(WhatIfClaim.effect)
    )
    found = {row.effect: row for row in rows}
    return {effect: found[effect] for effect in EFFECTS if effect in found}


def _by_rule(what_if_id: int) -> Sequence[Any]:
    """Return each rule that comes out otherwise: at how many decisions, of how many claims, which money.

    A rule that only lacks a fact takes nothing from anybody: what such a claim loses, other rules take.
    """
    flips = (
        select(WhatIfFlip.rule, WhatIfFlip.kind, WhatIfFlip.claim_id, func.count().label("decisions"))
        .where(WhatIfFlip.job_id == what_if_id)
        .group_by(WhatIfFlip.rule, WhatIfFlip.kind, WhatIfFlip.claim_id)
        .subquery()
    )
    moved = (WhatIfClaim.job_id == what_if_id) & (WhatIfClaim.claim_id == flips.c.claim_id)
    decisions = func.sum(flips.c.decisions).label("decisions")
    money = lost_and_gained(flips.c.kind == FlipKind.lacks)
    rows = reading().execute(
        select(flips.c.rule, flips.c.kind, decisions, CLAIMS, *money)
        .join(WhatIfClaim, moved)
        .group_by(flips.c.rule, flips.c.kind)
    )
    return sorted(rows, key=lambda row: -row.claims)


def _by(what_if_id: int, *columns: InstrumentedAttribute[Any]) -> Sequence[Any]:
    """Return by columns of partners how many of their claims come out otherwise: most money moved first."""
    rows = reading().execute(
        select(*columns, CLAIMS, LOST, GAINED)
        .join(Claim, Claim.id == WhatIfClaim.claim_id)
        .join(Partner, Partner.id == Claim.partner_id)
        .where(WhatIfClaim.job_id == what_if_id, OTHERWISE)
        .group_by(*columns)
        .order_by((LOST.element + GAINED.element).desc(), *columns)
        .limit(MOST_PARTNERS)
    )
    return rows.all()


def _by_partner(what_if_id: int) -> Sequence[Any]:
    return _by(what_if_id, Partner.name, Partner.country, Partner.id)
