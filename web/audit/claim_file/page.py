"""Sends a claim's file, made when it is asked for."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.http import dump_options_header

from models.claims import Claim
from models.vocabulary import Role
from web.access import allow, claim_or_404
from web.audit.claim_file.life import life_of
from web.audit.claim_file.money import money_of_claim
from web.audit.claim_file.plan import plan_of
from web.audit.claim_file.proof import proof_of
from web.audit.room import room
from web.auth.visitor import signed_in_user
from web.claims.files import SANDBOX
from web.claims.judging import dossier_of, policy_for
from web.formats import moment
from web.services import now, programme
from workflow.typesetting import Sheet, typeset


@room.get("/claims/<int:claim_id>/file.pdf")
@allow(Role.auditor, Role.manager)
def claim_file(claim_id: int) -> ResponseReturnValue:
    """Send everything about a claim as one PDF, but its thread. What is too large for one leads back."""
    claim = claim_or_404(claim_id)
    made = typeset(_sheet(claim), now())
    if made is None:
        flash(_("There is too much in this claim for one PDF. Read its pages instead."), "warning")
        return redirect(url_for("claims.show", claim_id=claim.id))
    name = f"{_name(claim)}.pdf".replace("/", "-")
    headers = {
        "Content-Disposition": dump_options_header("attachment", {"filename": name}),
        "Content-Security-Policy": SANDBOX,
    }
    return Response(made, mimetype="application/pdf", headers=headers)


def _sheet(claim: Claim) -> Sheet:
    dossier, policy = dossier_of(claim.id), policy_for(claim)
    running = programme()
    who = signed_in_user()
    return Sheet(
        title=_("Claim %(number)s: %(title)s", number=_name(claim), title=claim.title or "–"),
        lead=[
            _("%(programme)s of %(owner)s", programme=running.name, owner=running.owner) if running else "",
            _("Made on %(moment)s for %(who)s.", moment=moment(now()), who=who.name),
            _("It tells what was on file at that moment. Nothing of the claim’s thread is part of it."),
        ],
        foot=_("%(number)s, as of %(moment)s", number=_name(claim), moment=moment(now())),
        not_shown=_(
            "The fonts of this installation lack some characters. Each stands as its number, as [U+4E2D]."
        ),
        language=str(get_locale() or "en"),
        sections=[
            *plan_of(claim, dossier, policy),
            *money_of_claim(claim, dossier),
            *life_of(claim),
            *proof_of(claim),
        ],
    )


def _name(claim: Claim) -> str:
    return claim.number or str(_("draft %(id)s", id=claim.id))
