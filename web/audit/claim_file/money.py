"""What a claim's file says of its money: its sums, its rate, payments, and entries of the ledger."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import select

from models.claims import Claim
from models.funds import LedgerEntry
from models.money import written
from web.claims.sums import money_of
from web.formats import BLANK, beside, cost, day, moment, money
from web.labels import bucket_label, entry_label
from web.services import reading
from workflow.dossier import Dossier
from workflow.exchange import USD
from workflow.payments import clawed_back, payments_of
from workflow.typesetting import Section, Table


def money_of_claim(claim: Claim, dossier: Dossier) -> Iterator[Section]:
    """Yield the sections on a claim's money."""
    tables = [table for table in (_payments(claim), _taken(claim)) if table.rows]
    yield Section(_("The money"), facts=[*_sums(dossier), *_rate(claim, dossier)], tables=tables)
    entries = _entries(claim)
    if entries.rows:
        yield Section(_("Entries in the ledger of its fund"), tables=[entries])


def _sums(dossier: Dossier) -> Iterator[tuple[str, str]]:
    sums = money_of(dossier)
    yield _("Planned costs"), cost(sums.planned, dossier.claim)
    if sums.actual is not None:
        yield _("Actual costs"), cost(sums.actual, dossier.claim)
    if sums.accepted is not None:
        yield _("Accepted costs"), cost(sums.accepted, dossier.claim)
    yield _("Asked for"), money(sums.asked)
    yield _("Granted"), money(sums.granted)
    yield _("To be reimbursed"), money(sums.reimbursable)
    yield _("Reserved now"), money(sums.reserved)
    yield _("Paid"), money(sums.paid)
    yield _("Borne by the partner"), money(sums.borne)


def _rate(claim: Claim, dossier: Dossier) -> Iterator[tuple[str, str]]:
    row = dossier.claim
    if row.currency == USD or not row.rate_id:
        return
    name = _("Exchange rate, pinned") if claim.pinned_rate_id else _("Exchange rate today")
    told = f"{row.rate_usd} USD = {row.rate_local} {row.currency}, {day(row.rate_day)}, {row.rate_source}"
    yield name, told


def _payments(claim: Claim) -> Table:
    return Table(
        [(_("Paid"), 3), (_("By the bank"), 3), (_("Day"), 2), (_("Reference"), 4), (_("Came back"), 2)],
        [
            (
                money(one.amount),
                money(one.amount) if one.instructed is None else written(one.instructed, one.currency),
                day(one.paid_on),
                one.reference,
                _("failed, move %(number)s", number=one.failed_by) if one.failed_by else BLANK,
            )
            for one in payments_of(reading().connection(), claim.id)
        ],
        {0, 1},
    )


def _taken(claim: Claim) -> Table:
    return Table(
        [(_("Clawed back"), 3), (_("In the currency paid"), 3), (_("When"), 4)],
        [
            (money(one.amount), beside(one.taken_in) if one.taken_in else BLANK, moment(one.at))
            for one in clawed_back(reading().connection(), claim.id)
        ],
        {0, 1},
    )


def _entries(claim: Claim) -> Table:
    query = select(LedgerEntry).where(LedgerEntry.claim_id == claim.id).order_by(LedgerEntry.id)
    return Table(
        [(_("When"), 4), (_("What"), 3), (_("From"), 2), (_("To"), 2), (_("Amount"), 3), (_("Move"), 1)],
        [
            (
                moment(entry.at),
                entry_label(entry.kind),
                bucket_label(entry.source),
                bucket_label(entry.target),
                money(entry.amount),
                str(entry.move_number),
            )
            for entry in reading().scalars(query)
        ],
        {4, 5},
    )
