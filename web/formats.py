"""How figures read on a page: money, days, moments in the programme's zone. Blank figures read as a dash."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_date
from flask_babel import gettext as _

from models.money import Cents, group, grouped, plain, rounded_up, written
from models.payment_runs import run_reference
from web.labels import (
    asked_label,
    bucket_label,
    entry_label,
    role_label,
    state_label,
    state_words,
    task_label,
    trigger_label,
)
from web.names import country_names
from web.services import zone
from workflow.attaching import ATTACHMENT
from workflow.banking import printed_number
from workflow.clock import programme_day
from workflow.exchange import both, exchange_of
from workflow.payouts import difference_of, taken_in
from workflow.policies import Policy
from workflow.wording import in_sentence

BLANK = "–"


def money(cents: Cents | None) -> str:
    """Return an amount with its currency: `4,000.00 USD`."""
    return BLANK if cents is None else written(cents)


def cost(amount: Cents | None, row: Any) -> str:
    """Return an amount of a claim's lines and what it is worth: `1,000.00 EUR (1,085.60 USD)`.

    `row` bears the claim's currency and its rate.
    """
    if amount is None:
        return BLANK
    exchange = exchange_of(row)
    return written(amount, row.currency) if exchange is None else both(amount, exchange)


def worth(amount: Cents, row: Any) -> Cents | None:
    """Return what an amount of a claim's lines is worth, in cents of a US dollar, rounded up."""
    exchange = exchange_of(row)
    return None if exchange is None else rounded_up(exchange.in_usd(amount))


def exchange_difference(payment: Any) -> str:
    """Return by how much a payment cost more or less than the fund gave; empty where it is in US dollars."""
    cents = difference_of(payment)
    return "" if cents is None else f"{'+' if cents > 0 else ''}{grouped(cents).replace('-', '−')} USD"


def claw_back(proposal: Any) -> str:
    """Return what is proposed to be clawed back, in both currencies: `500.00 USD (461.20 EUR)`."""
    local = taken_in(proposal.amount, proposal).get("taken_in")
    if local is None:
        return money(proposal.amount)
    return f"{money(proposal.amount)} ({beside(local)})"


def beside(told: str) -> str:
    """Return an amount that history keeps with its currency, as people read it: `461.20 EUR`."""
    amount, currency = told.split()
    return f"{group(amount)} {currency}"


def day(value: date | None) -> str:
    """Return a calendar day: `24 Nov 2026`."""
    return BLANK if value is None else str(format_date(value, "d MMM y"))


def in_days(tenths: int | None) -> str:
    """Return a span of tenths of a day as people read it: `2.5 days`."""
    return BLANK if tenths is None else str(_("%(days)s days", days=f"{tenths // 10:,}.{tenths % 10}"))


def day_of(value: datetime) -> date:
    """Return the calendar day of a moment in the programme's zone."""
    return programme_day(value, zone())


def moment(value: datetime | None) -> str:
    """Return a moment in the programme's zone, with the zone's name: `24 Nov 2026, 14:05 CET`."""
    if value is None:
        return BLANK
    local = value.astimezone(ZoneInfo(zone()))
    name = local.tzname() or ""
    return f"{day(local.date())}, {local:%H:%M} {name if name.isalpha() else 'UTC' + name}"


def file_size(size: int) -> str:
    """Return a file's size as people read it: `1.4 MB`."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def file_kind(kind: str, policy: Policy) -> str:
    """Return what a file of a claim shows, in the words of the claim's policy."""
    return str(_("Attachment")) if kind == ATTACHMENT else policy.catalogue.label("evidence_kind", kind)


def country(code: str | None) -> str:
    """Return what a country is called, with its code: `Germany (DE)`."""
    return f"{country_names([code])[code]} ({code})" if code else BLANK


def offer_formats(app: Flask) -> None:
    """Offer the filters to an app's templates."""
    app.jinja_env.filters.update(
        money=money,
        cost=cost,
        worth=worth,
        exchange_difference=exchange_difference,
        claw_back=claw_back,
        beside=beside,
        grouped=grouped,
        plain=plain,
        account_number=printed_number,
        run_reference=run_reference,
        day=day,
        moment=moment,
        day_of=day_of,
        in_days=in_days,
        country=country,
        file_kind=file_kind,
        file_size=file_size,
        state_label=state_label,
        state_words=state_words,
        role_label=role_label,
        trigger_label=trigger_label,
        asked_label=asked_label,
        task_label=task_label,
        entry_label=entry_label,
        bucket_label=bucket_label,
        in_sentence=in_sentence,
    )
