"""What the bank is told to pay for US dollars that the fund gives, in the currency of the partner's account.

The fund gives what was granted, to the cent. What the payment costs in US dollars is another matter: the rate
of the day tells it, and the difference is shown and recorded, but never drawn from the fund.
"""

from datetime import date
from typing import Any, NamedTuple

from models.money import Cents, plain, rounded_up
from workflow.exchange import USD, Exchange, exchange_of, smallest


class Payout(NamedTuple):
    """`amount` cents of US dollars, paid in a currency: `instructed` in hundredths of it, None in US dollars.

    `rate_id` names the rate that made the one of the other, `day_rate_id` that of the day of payment.
    """

    amount: Cents
    currency: str = USD
    instructed: Cents | None = None
    rate_id: int | None = None
    day_rate_id: int | None = None


def payout(amount: Cents, currency: str, claim: Any, day_rate: Any) -> Payout | None:
    """Return how cents of US dollars are paid to an account in a currency; None without a rate of the day.

    A claim in that currency is paid by the rate that it was granted by, so that the partner gets its share
    of its costs; any other by the rate of the day. A part of the smallest unit is left out. `claim` and
    `day_rate`, where there is one, bear a currency and its `rate_…`.
    """
    if currency == USD:
        return Payout(amount)
    of_day = None if day_rate is None else exchange_of(day_rate)
    if of_day is None:
        return None
    own = exchange_of(claim) if claim.currency == currency else None
    by, rate_id = (of_day, day_rate.rate_id) if own is None else (own, claim.rate_id)
    instructed = max(by.unit, by.most_for(amount))  # a bank pays no less than the smallest unit
    return Payout(amount, currency, instructed, rate_id, day_rate.rate_id)


def cost_of(instructed: Cents, of_day: Exchange) -> Cents:
    """Return what a payment in another currency costs by the rate of its day, in cents of a US dollar."""
    return rounded_up(of_day.in_usd(instructed))


def difference_of(payment: Any) -> Cents | None:
    """Return by how many cents a payment cost more than the fund gave; less than nothing where it cost less.

    `payment` bears `amount`, `instructed`, `currency` and the rate of its day. None for one in US dollars.
    """
    of_day = exchange_of(payment)
    if payment.instructed is None or of_day is None:
        return None
    return cost_of(payment.instructed, of_day) - int(payment.amount)


def paid_in(paid: Any) -> dict[str, str]:
    """Return what history tells of what the bank paid: nothing of US dollars, which stand there anyway.

    `paid` bears `instructed` and `currency`.
    """
    return {} if paid.instructed is None else {"paid_in": f"{plain(paid.instructed)} {paid.currency}"}


def taken_in(amount: Cents, bank_paid: Any) -> dict[str, str]:
    """Return what history tells of what is taken back, in the currency that it was paid in.

    It is the same share of what the bank paid as `amount` is of what the fund gave; a part of the smallest
    unit is left out. Nothing where it was US dollars, or not one currency. `bank_paid` bears what that says.
    """
    currency = bank_paid.currency
    if currency is None or bank_paid.instructed is None:
        return {}
    unit = smallest(currency)
    share = amount * int(bank_paid.instructed) // int(bank_paid.given) // unit * unit
    return {"taken_in": f"{plain(share)} {currency}"}


def figures_of(paid: Payout, day_rate: Any) -> dict[str, Any]:
    """Return what history tells of a payment in another currency; nothing of one in US dollars."""
    of_day = exchange_of(day_rate)
    if paid.instructed is None or of_day is None:
        return {}
    cost = cost_of(paid.instructed, of_day)
    day: date = day_rate.rate_day
    return {
        **paid_in(paid),
        "cost": plain(cost),
        "difference": plain(cost - paid.amount),
        "day_rate": {
            "currency": paid.currency,
            "usd": day_rate.rate_usd,
            "local": day_rate.rate_local,
            "day": day.isoformat(),
            "source": day_rate.rate_source,
        },
    }
