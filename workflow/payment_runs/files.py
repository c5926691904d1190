"""What the files of a released run hold, whatever their form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from models.money import Cents
from workflow.payment_runs.contents import AnyPayment, ordered, ordered_rate
from workflow.payment_runs.settling import end_to_end

LONGEST_REMITTANCE = 140


class Payer(NamedTuple):
    """Who pays, and from which account: an IBAN, or another number. Empty where nobody said so."""

    name: str
    account: str
    bic: str


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """Everything that is in a file: who pays, for which programme, when it was released, and each payment."""

    payer: Payer
    programme: str
    reference: str
    due_on: date
    released_at: datetime
    payments: Sequence[AnyPayment]


def remittance(file: PaymentFile, payment: AnyPayment) -> str:
    """Return what the partner reads on its bank statement."""
    return f"{payment.number} {file.programme}"[:LONGEST_REMITTANCE]


def row_of(file: PaymentFile, payment: AnyPayment) -> dict[str, str | Cents]:
    """Return what a table says of a payment, by the names of its columns: text, and amounts in hundredths."""
    amount, currency = ordered(payment)
    return {
        "Run": file.reference,
        "End-to-end reference": end_to_end(payment),
        "Partner": payment.partner,
        "Account holder": payment.holder,
        "IBAN": payment.iban or "",
        "Account number": payment.account_number or "",
        "Bank code": payment.bank_code or "",
        "BIC": payment.bic or "",
        "Account currency": payment.currency,
        "Amount": amount,
        "Currency": currency,
        "Amount in USD": payment.amount,
        "Exchange rate": ordered_rate(payment),
        "Day of the rate": payment.ordered_rate_day.isoformat() if payment.instructed is not None else "",
        "Due on": file.due_on.isoformat(),
        "Remittance": remittance(file, payment),
    }
