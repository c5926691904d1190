"""Certificates and performance: recorded, and corrected by a new row."""

from datetime import timedelta
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms.validators import InputRequired

from models.people import Partner
from models.programme import Period
from models.standing import Certificate, Performance
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.claims.fields import OpenSelectField, long_text_field
from web.forms import DayField, MoneyField, PageForm, choices
from web.moving import put_at_fields
from web.programme.partners import partner_or_404
from web.programme.room import room
from web.services import now, reading, today
from workflow.acts.standing import record_certificate, record_performance
from workflow.refusals import Refused

LONGEST_REASON = 4000


class CertificateForm(PageForm):
    """The days of a certificate, and why they are corrected."""

    valid_from = DayField(_l("First day"), [InputRequired(_l("Enter the first day."))])
    valid_until = DayField(_l("Last day"), [InputRequired(_l("Enter the last day."))])
    revoked_on = DayField(
        _l("Revoked on"), description=_l("The first day on which it no longer holds. Empty: it stands.")
    )
    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("Auditors read it."))

    @property
    def values(self) -> dict[str, Any]:
        """Return what was typed, as the act takes it."""
        return {name: self[name].data for name in ("valid_from", "valid_until", "revoked_on", "reason")}


class PerformanceForm(PageForm):
    """What a partner had to achieve in a period, and did."""

    period_id = OpenSelectField(_l("JMF period"), [InputRequired(_l("Choose the JMF period."))])
    required = MoneyField(_l("Required"), [InputRequired(_l("Enter what was required."))])
    achieved = MoneyField(_l("Achieved"), [InputRequired(_l("Enter what was achieved."))])
    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("Auditors read it."))

    def __init__(self, record: Performance | None = None) -> None:
        super().__init__(obj=record)
        rows = reading().execute(select(Period.id, Period.code).order_by(Period.first_day.desc()))
        self.period_id.choices = choices({str(row.id): row.code for row in rows}, blank=_l("Choose…"))
        if self.period_id.data:
            self.period_id.data = str(self.period_id.data)

    @property
    def values(self) -> dict[str, Any]:
        """Return what was typed, as the act takes it."""
        return {
            "period_id": int(self.period_id.data),
            **{name: self[name].data for name in ("required", "achieved", "reason")},
        }


@room.get("/partners/<int:partner_id>/certificates/new")
@allow(Role.manager)
def new_certificate(partner_id: int) -> ResponseReturnValue:
    """Show the form of a new certificate, proposed for a year from today."""
    form = CertificateForm(valid_from=today(), valid_until=today() + timedelta(days=364))
    return _certificate_page(form, partner_or_404(partner_id))


@room.post("/partners/<int:partner_id>/certificates/new")
@allow(Role.manager)
def add_certificate(partner_id: int) -> ResponseReturnValue:
    """Record a certificate."""
    return _record_certificate(partner_or_404(partner_id), None)


@room.get("/certificates/<int:certificate_id>/correct")
@allow(Role.manager)
def edit_certificate(certificate_id: int) -> ResponseReturnValue:
    """Show a certificate to be corrected or revoked."""
    replaced = reading().get(Certificate, certificate_id) or abort(404)
    return _certificate_page(CertificateForm(obj=replaced), partner_or_404(replaced.partner_id), replaced)


@room.post("/certificates/<int:certificate_id>/correct")
@allow(Role.manager)
def correct_certificate(certificate_id: int) -> ResponseReturnValue:
    """Correct or revoke a certificate with a new row."""
    replaced = reading().get(Certificate, certificate_id) or abort(404)
    return _record_certificate(partner_or_404(replaced.partner_id), replaced)


def _record_certificate(partner: Partner, replaced: Certificate | None) -> ResponseReturnValue:
    form = CertificateForm()
    if not form.validate():
        return _certificate_page(form, partner, replaced), 422
    answer = act_once(
        lambda connection, key: record_certificate(
            connection,
            actor(),
            now(),
            partner_id=partner.id,
            replaces_id=replaced.id if replaced else None,
            key=key,
            **form.values,
        ),
        _("The certificate is recorded. Claims that expired for want of it can be reinstated."),
    )
    if isinstance(answer, Refused):
        homeless = put_at_fields(form, answer)
        return _certificate_page(form, partner, replaced, homeless), 409 if homeless else 422
    return redirect(url_for("programme.partner", partner_id=partner.id, _anchor="certificates"))


@room.get("/partners/<int:partner_id>/performance/new")
@allow(Role.manager)
def new_performance(partner_id: int) -> ResponseReturnValue:
    """Show the form of a new performance record."""
    return _performance_page(PerformanceForm(), partner_or_404(partner_id))


@room.post("/partners/<int:partner_id>/performance/new")
@allow(Role.manager)
def add_performance(partner_id: int) -> ResponseReturnValue:
    """Record a partner's performance."""
    return _record_performance(partner_or_404(partner_id), None)


@room.get("/performance/<int:record_id>/correct")
@allow(Role.manager)
def edit_performance(record_id: int) -> ResponseReturnValue:
    """Show a performance record to be corrected."""
    replaced = reading().get(Performance, record_id) or abort(404)
    return _performance_page(PerformanceForm(replaced), partner_or_404(replaced.partner_id), replaced)


@room.post("/performance/<int:record_id>/correct")
@allow(Role.manager)
def correct_performance(record_id: int) -> ResponseReturnValue:
    """Correct a performance record with a new row."""
    replaced = reading().get(Performance, record_id) or abort(404)
    return _record_performance(partner_or_404(replaced.partner_id), replaced)


def _record_performance(partner: Partner, replaced: Performance | None) -> ResponseReturnValue:
    form = PerformanceForm()
    if not form.validate():
        return _performance_page(form, partner, replaced), 422
    answer = act_once(
        lambda connection, key: record_performance(
            connection,
            actor(),
            now(),
            partner_id=partner.id,
            replaces_id=replaced.id if replaced else None,
            key=key,
            **form.values,
        ),
        _("The performance is recorded."),
    )
    if isinstance(answer, Refused):
        homeless = put_at_fields(form, answer)
        return _performance_page(form, partner, replaced, homeless), 409 if homeless else 422
    return redirect(url_for("programme.partner", partner_id=partner.id, _anchor="performance"))


def _certificate_page(
    form: CertificateForm, partner: Partner, replaced: Certificate | None = None, problems: Any = ()
) -> str:
    return render_template(
        "programme/certificate.html", form=form, partner=partner, replaced=replaced, problems=problems
    )


def _performance_page(
    form: PerformanceForm, partner: Partner, replaced: Performance | None = None, problems: Any = ()
) -> str:
    return render_template(
        "programme/performance.html", form=form, partner=partner, replaced=replaced, problems=problems
    )
