"""From a what-if's sums down to its claims, and to what each rule said of one of them and would say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select

from models.claims import Claim
from models.jobs import Job
from models.people import Partner
from models.vocabulary import Role
from models.what_if import WhatIfClaim, WhatIfFlip
from web.access import allow, claim_or_404
from web.paging import ListPage, page_of
from web.searching import SearchForm, choice_field, words_field
from web.services import reading
from web.verdicts import TITLES, VerdictItem, verdict_items
from web.what_if.results import OTHERWISE, job_or_404
from web.what_if.room import room
from web.what_if.sources import source_words
from web.what_if.words import EFFECTS, KINDS, TONES
from workflow.dossier import Query
from workflow.policies import Policy
from workflow.searches.search import Asked, Condition, conditions, of_partner
from workflow.what_if.chosen import histories
from workflow.what_if.decisions import Decision, standing
from workflow.what_if.judging import PolicyOf, flips_of, hear, said
from workflow.what_if.running import asked_policy, policies

ANY_OTHER = "otherwise"
"""In the place of an effect: each that changes what comes of a claim."""


class OtherwiseSearch(SearchForm):
    """What the claims of a what-if are searched by."""

    effect = choice_field(_l("Effect"), {ANY_OTHER: _l("Comes out otherwise"), **EFFECTS})
    rule = choice_field(_l("Rule"), TITLES)
    kind = choice_field(_l("How"), KINDS)
    partner = words_field(_l("Partner"))
    country = words_field(_l("Country"))


def _flipped(asked: Asked) -> Any:
    """Return the condition that one and the same rule comes out as it is asked for."""
    wanted = [getattr(WhatIfFlip, name) == asked[name] for name in ("rule", "kind") if name in asked]
    of_claim = (WhatIfFlip.job_id == WhatIfClaim.job_id) & (WhatIfFlip.claim_id == WhatIfClaim.claim_id)
    return exists().where(of_claim, *wanted)


CONDITIONS: dict[str, Condition] = {
    "effect": lambda asked: (
        OTHERWISE if asked["effect"] == ANY_OTHER else WhatIfClaim.effect == asked["effect"]
    ),
    "rule": _flipped,
    "kind": _flipped,
    "partner": lambda asked: of_partner(Claim.partner_id, asked["partner"]),
    "country": lambda asked: Partner.country == asked["country"].upper(),
}


@dataclass(frozen=True, slots=True)
class Both:
    """A decision with what each rule said and would say; `now` is empty where its document cannot be read."""

    decision: Decision
    then: list[VerdictItem]
    now: list[VerdictItem]
    flips: list[tuple[str, str]]


@room.get("/<int:what_if_id>/claims")
@allow(Role.manager, Role.auditor)
def claims(what_if_id: int) -> ResponseReturnValue:
    """Search the claims that come out otherwise, or as they did for other reasons."""
    job, form = job_or_404(what_if_id), OtherwiseSearch()
    found = form.validate()
    query = _claims(what_if_id).where(*conditions(form.asked, CONDITIONS))
    page = page_of(query, (WhatIfClaim.id,)) if found else ListPage([], None, None)
    return render_template(
        "what_if/claims.html",
        job=job,
        source=source_words(job.input["source"]),
        form=form,
        otherwise=form.asked.get("effect") == ANY_OTHER,
        page=page,
        words={"effects": EFFECTS, "tones": TONES},
    ), 200 if found else 422


@room.get("/<int:what_if_id>/claims/<int:claim_id>")
@allow(Role.manager, Role.auditor)
def claim(what_if_id: int, claim_id: int) -> ResponseReturnValue:
    """Show what each rule said at a claim's decisions, beside what it would say."""
    job, found = job_or_404(what_if_id), claim_or_404(claim_id)
    kept = reading().scalar(
        select(WhatIfClaim).where(WhatIfClaim.job_id == what_if_id, WhatIfClaim.claim_id == claim_id)
    )
    return render_template(
        "what_if/claim.html",
        job=job,
        source=source_words(job.input["source"]),
        claim=found,
        kept=kept,
        decisions=list(_decisions(job, claim_id)) or abort(404),
        words={"effects": EFFECTS, "tones": TONES},
    )


def _claims(what_if_id: int) -> Query:
    return (
        select(
            WhatIfClaim.claim_id,
            WhatIfClaim.effect,
            WhatIfClaim.before,
            WhatIfClaim.after,
            Claim.number,
            Claim.title,
            Partner.name.label("partner"),
            Partner.country,
        )
        .join(Claim, Claim.id == WhatIfClaim.claim_id)
        .join(Partner, Partner.id == Claim.partner_id)
        .where(WhatIfClaim.job_id == what_if_id)
    )


def _decisions(job: Job, claim_id: int) -> Iterator[Both]:
    connection = reading().connection()
    asked, policy_of = asked_policy(job), policies(connection)
    chunk = {"first": claim_id, "last": claim_id}
    for _claim_id, moves in histories(connection, chunk, {}, job.input["until"]):
        for decision in standing(moves):
            yield _both(decision, asked, policy_of)


def _both(decision: Decision, asked: Policy, policy_of: PolicyOf) -> Both:
    heard, own = hear(decision, asked, policy_of), policy_of(decision.move.policy_version_id)
    if heard is None:
        return Both(decision, [], [], [])
    flips = [(str(TITLES.get(flip.rule, flip.rule)), str(KINDS[flip.kind])) for flip in flips_of(heard)]
    then = verdict_items(said(decision, policy_of), own)
    return Both(decision, then, verdict_items(heard.now, asked), flips)
