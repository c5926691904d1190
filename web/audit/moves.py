"""Moves as an auditor reads them: the search, and one move with the document that it was judged on."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.base import canonical
from models.claims import Claim
from models.funds import LedgerEntry
from models.history import Move, Reason
from models.people import Partner, User
from models.programme import PolicyVersion
from models.vocabulary import Personal, Role, SearchKind
from web.access import allow
from web.audit.figures import compared
from web.audit.room import room
from web.audit.search_page import SearchPage, search_page
from web.claims.move_facts import told_figures
from web.erased import erased_note
from web.forms import MoneyField
from web.labels import SUMS, TRIGGERS
from web.policies import policy_of
from web.searching import (
    SearchForm,
    choice_field,
    day_field,
    period_choices,
    rule_fields,
    sum_field,
    words_field,
)
from web.services import reading
from web.verdicts import verdict_items
from workflow.check import has_default_catalogue, line_of
from workflow.documents import CHECKPOINTS
from workflow.proof.verify import binds
from workflow.verdicts import verdict_from_row

STANDINGS = {"own": _l("Their own"), "substitute": _l("As a substitute")}
"""In whose right somebody made a move."""


class MoveSearch(SearchForm):
    """What moves are searched by."""

    number = words_field(_l("Claim number"))
    partner = words_field(_l("Partner"))
    period = choice_field(_l("JMF period"))
    actor = words_field(_l("Who"))
    standing = choice_field(_l("In whose right"), STANDINGS)
    acted_for = words_field(_l("On behalf of"))
    trigger = choice_field(_l("Move"), TRIGGERS)
    first = day_field(_l("From"))
    last = day_field(_l("Until"))
    rule, outcome = rule_fields()
    sum = sum_field()
    least = MoneyField(_l("Amount from"))
    most = MoneyField(_l("Amount to"))

    def __init__(self) -> None:
        super().__init__()
        self.period.choices = period_choices()
        self.outcome.description = _l("Moves that were made broke none: see refused attempts.")


@room.get("/moves")
@allow(Role.auditor)
def moves() -> ResponseReturnValue:
    """Search the moves of all claims."""
    return search_page(PAGE)


@room.get("/moves/<int:move_id>")
@allow(Role.auditor)
def move(move_id: int) -> ResponseReturnValue:
    """Show one move: its figures, every verdict, its reason, and the document that was judged."""
    row = _move_or_404(move_id)
    reason = reading().get(Reason, row.reason_hash) if row.reason_hash else None
    erased = erased_note(reason.erased_by if reason else None, Personal.reasons)
    version = reading().get(PolicyVersion, row.policy_version_id) if row.policy_version_id else None
    verdicts, policy = [verdict_from_row(one) for one in row.verdicts], policy_of(row.policy_version_id)
    return render_template(
        "audit/move.html",
        move=row,
        figures=told_figures(row.figures),
        claim=reading().get(Claim, row.claim_id),
        partner=reading().get(Partner, row.partner_id),
        actor=reading().get(User, row.actor_id) if row.actor_id else None,
        absent=reading().get(User, row.on_behalf_of_id) if row.on_behalf_of_id else None,
        version=version,
        verdicts=verdict_items(verdicts, policy),
        compared=compared(verdicts, policy),
        can_be_checked=row.trigger in CHECKPOINTS,
        has_default_catalogue=has_default_catalogue(policy),
        reason=None if erased else reason,
        erased=erased,
        reason_proven=_proves(reason, row.reason_hash),
        document=json.dumps(row.document, indent=2, ensure_ascii=False, sort_keys=True),
        entries=_entries(row),
    )


@room.get("/moves/<int:move_id>/document.json")
@allow(Role.auditor)
def move_document(move_id: int) -> ResponseReturnValue:
    """Give the document that a move was judged on, as the text that is stored."""
    row = _move_or_404(move_id)
    name = f"move-{row.id}-document.json"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(canonical(row.document), mimetype="application/json", headers=headers)


@room.get("/moves/<int:move_id>/check.jsonl")
@allow(Role.auditor)
def move_check(move_id: int) -> ResponseReturnValue:
    """Give the line that asks `check` about a move; 404 for a move at which no rule is judged."""
    row = _move_or_404(move_id)
    if row.trigger not in CHECKPOINTS:
        abort(404)
    claim = reading().get_one(Claim, row.claim_id)
    line = line_of(
        row.document, f"{claim.number} move {row.number}", row.trigger, policy_of(row.policy_version_id)
    )
    headers = {"Content-Disposition": f"attachment; filename=move-{row.id}-check.jsonl"}
    return Response(line, mimetype="application/jsonl", headers=headers)


def _move_or_404(move_id: int) -> Move:
    return reading().get(Move, move_id) or abort(404)


def _proves(reason: Reason | None, found: str | None) -> bool:
    return reason is not None and found is not None and binds(found, reason.salt, reason.text)


def _entries(row: Move) -> list[LedgerEntry]:
    mine = (LedgerEntry.claim_id == row.claim_id, LedgerEntry.move_number == row.number)
    return list(reading().scalars(select(LedgerEntry).where(*mine).order_by(LedgerEntry.id)))


def _told(form: SearchForm, _rows: Sequence[Any]) -> Mapping[str, Any]:
    chosen = form.asked.get("sum", "about")
    return {"sum": chosen, "sum_name": SUMS.get(chosen, _l("Amount"))}


PAGE = SearchPage(
    SearchKind.moves, _l("Moves"), MoveSearch, "audit.moves", "audit/moves.html", (Move.at, Move.id), _told
)
