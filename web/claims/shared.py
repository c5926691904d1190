"""Invoices that a partner shares among its claims: declared here, with what was taken and what remains."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms.validators import InputRequired

from models.claims import Claim, ClaimLine
from models.money import Cents
from models.sharing import SharedDocument
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.claims.currencies import currency_field
from web.claims.fields import text_field
from web.claims.room import room
from web.field_names import LINE_FIELDS
from web.forms import MoneyField, PageForm
from web.moving import put_at_fields
from web.services import now, read_afresh, reading
from workflow.acts.sharing import declare_shared, take_shared_back
from workflow.refusals import Refused
from workflow.sharing import taking


class SharedForm(PageForm):
    """An invoice to share."""

    supplier = text_field(LINE_FIELDS["supplier"], 200)
    invoice_number = text_field(LINE_FIELDS["invoice_number"], 100)
    total = MoneyField(
        _l("Total"),
        [InputRequired(_l("Enter the total of the invoice."))],
        description=_l("All its parts."),
    )
    currency = currency_field(_l("Currency of the invoice"))

    @property
    def said(self) -> dict[str, Any]:
        """Return what was typed."""
        return {name: self.data[name] for name in ("supplier", "invoice_number", "total", "currency")}


@dataclass(frozen=True, slots=True)
class Shared:
    """A declared invoice and the parts that claims have taken of it, the earliest first."""

    id: int
    supplier: str
    invoice_number: str
    total: Cents
    currency: str
    parts: Sequence[Any]

    @property
    def remains(self) -> Cents:
        """Return what no claim has taken yet."""
        return max(0, self.total - sum(part.amount or 0 for part in self.parts))


@room.get("/shared")
@allow(Role.partner)
def shared() -> ResponseReturnValue:
    """Show the invoices that the partner shares among its claims, with the form for another one."""
    return _page(SharedForm())


@room.post("/shared")
@allow(Role.partner)
def share() -> ResponseReturnValue:
    """Declare an invoice as shared: once, however often the form is sent."""
    form = SharedForm()
    if not form.validate():
        return _page(form), 422
    answer = act_once(
        lambda connection, key: declare_shared(connection, actor(), now(), **form.said, key=key),
        _("Declared. Enter your parts as cost lines in your reports, with this supplier and number."),
    )
    if isinstance(answer, Refused):
        return _page(form, put_at_fields(form, answer)), 422
    return redirect(url_for("claims.shared"))


@room.post("/shared/<int:document_id>/take-back")
@allow(Role.partner)
def unshare(document_id: int) -> ResponseReturnValue:
    """Take back that an invoice is shared, while no claim has a part of it."""
    try:
        answer = act_once(
            lambda connection, key: take_shared_back(connection, actor(), now(), document_id, key),
            _("Taken back. You can declare it anew."),
        )
    except LookupError:
        abort(404)
    if isinstance(answer, Refused):
        form = SharedForm()
        return _page(form, put_at_fields(form, answer)), 409
    return redirect(url_for("claims.shared"))


def _page(form: SharedForm, problems: Sequence[str] = ()) -> str:
    read_afresh()
    return render_template("claims/shared.html", form=form, problems=problems, invoices=_invoices())


def _invoices() -> list[Shared]:
    """Return the partner's shared invoices, the latest first, with their parts."""
    partner_id = actor().partner_id or 0
    declared = (
        reading()
        .scalars(
            select(SharedDocument)
            .where(SharedDocument.partner_id == partner_id)
            .order_by(SharedDocument.id.desc())
        )
        .all()
    )
    parts: defaultdict[str, list[Any]] = defaultdict(list)
    for row in reading().execute(_parts(partner_id, [each.invoice_key for each in declared])):
        parts[row.invoice_key].append(row)
    return [
        Shared(
            each.id,
            each.supplier,
            each.invoice_number,
            each.total,
            each.currency,
            parts[each.invoice_key],
        )
        for each in declared
    ]


def _parts(partner_id: int, keys: Sequence[str]) -> Any:
    columns = (ClaimLine.id, ClaimLine.invoice_key, ClaimLine.amount, Claim.number, Claim.state)
    query = select(*columns, Claim.id.label("claim_id"))
    return taking(query.select_from(ClaimLine), partner_id, keys).order_by(Claim.id, ClaimLine.position)
