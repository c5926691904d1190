"""How long personal data is kept, what is erased in the next 30 days, what waits, and what is held."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from models.base import canonical
from models.claims import Claim
from models.erasure import ErasureRequest
from models.people import Partner, User
from models.vocabulary import Personal, Role
from web.access import allow
from web.acting import act_once, overtaken, sent_seen
from web.auth.visitor import actor
from web.erasure.forms import PartnerHoldForm, RetentionForm
from web.erasure.holding import all_holds, barred
from web.erasure.room import READERS, room
from web.formats import day, day_of
from web.forms import choices, sent_number
from web.labels import PERSONAL
from web.moving import put_at_fields
from web.names import all_names
from web.notices import Notice
from web.services import now, read_afresh, reading
from workflow.acts.retention import as_figures, set_retention
from workflow.erasure.due import due
from workflow.erasure.retention import GRACE, retention
from workflow.refusals import Refused

AHEAD = timedelta(days=30)
"""How far the page looks ahead."""

SIZE = 50

OF = aliased(User)
"""The user whom a request is about."""


@room.get("")
@allow(*READERS)
def index() -> ResponseReturnValue:
    """Show what is kept for how long, and what is about to be erased."""
    return overview_page()


@room.post("/retention")
@allow(Role.manager)
def save_retention() -> ResponseReturnValue:
    """Set for how long each kind is kept."""
    form = RetentionForm()
    if not form.validate():
        return overview_page(form), 422
    answer = act_once(
        lambda connection, key: set_retention(
            connection, actor(), now(), form.months, seen=sent_seen(), key=key
        ),
        _said(form.months),
    )
    if not isinstance(answer, Refused):
        return redirect(url_for("erasure.index"))
    if answer.why == "changed_meanwhile":
        return overview_page(form, notice=overtaken("retention_set", "programme:1")), 409
    return overview_page(form, problems=put_at_fields(form, answer)), 422


def _said(months: Mapping[Personal, int | None]) -> str:
    """Return what is said once these are set."""
    if not any(months.values()):
        return str(_("Saved. Nothing will be erased by itself any more."))
    said = _(
        "Saved. A number that is new or shorter counts from %(day)s on. What is left empty is kept for good.",
        day=day(day_of(now() + GRACE)),
    )
    return str(said)


def overview_page(
    form: RetentionForm | None = None,
    holding: PartnerHoldForm | None = None,
    problems: Sequence[str] = (),
    notice: Notice | None = None,
) -> str:
    """Return the page, with a form as it was typed."""
    read_afresh()
    connection = reading().connection()
    kept, moment = retention(connection), now()
    present = as_figures({kind: one.months for kind, one in kept.items()})
    after = sent_number(request.args.get("after", "")) or 0
    coming, more = due(connection, moment + AHEAD, after=after, limit=SIZE)
    holding, holds = holding or partner_hold_form(), all_holds()
    return render_template(
        "erasure/index.html",
        form=form or RetentionForm(formdata=None, data=present),
        seen=canonical(present),
        is_set=any(present.values()),
        kinds=list(Personal),
        labels=PERSONAL,
        kept=kept,
        later={kind: one for kind, one in kept.items() if one.waits(moment)},
        at=moment,
        grace=GRACE.days,
        begins=day_of(moment + GRACE),
        coming=coming,
        more=url_for("erasure.index", after=more, _anchor="coming") if more else None,
        waiting=_waiting(),
        holds=holds,
        barred=barred(holds),
        holding=holding,
        problems=problems,
        notice=notice,
        may_change=Role.manager in actor().roles,
    )


def partner_hold_form() -> PartnerHoldForm:
    """Return the form to hold a partner's claims with."""
    form = PartnerHoldForm()
    form.partner.choices = choices(all_names(Partner), blank=_("Choose…"))
    return form


def _waiting() -> Sequence[Any]:
    return (
        reading()
        .execute(
            select(ErasureRequest, Claim.number, User.name.label("by"), OF.name.label("user"))
            .outerjoin(Claim, Claim.id == ErasureRequest.claim_id)
            .outerjoin(OF, OF.id == ErasureRequest.user_id)
            .join(User, User.id == ErasureRequest.proposed_by_id)
            .order_by(ErasureRequest.id)
        )
        .all()
    )
