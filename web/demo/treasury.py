"""What the demo's money and its messages are about: bank accounts, payment runs, a thread on one claim."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from models.claims import Claim
from models.database import Database
from web.demo.founding import MANAGER, Beat, morning
from workflow.actors import Actor
from workflow.acts.banking import confirm_account, enter_account
from workflow.clock import SettableClock
from workflow.payment_runs.collecting import collect
from workflow.payment_runs.contents import payable_by_currency
from workflow.payment_runs.releasing import release
from workflow.threads import post

COLLECTOR, RELEASER = "clara@northlight.example", "timo@northlight.example"
APPROVER = "anna@northlight.example"
ENTERED, PAID = -45, -1
"""When the accounts are entered, and when the runs are collected: days from the loading day."""

ACCOUNTS: Mapping[str, Mapping[str, str]] = {
    "elbe": {"holder": "Elbe Distribution GmbH", "iban": "DE89370400440532013000", "currency": "EUR"},
    "iberis": {"holder": "Iberis Sistemas S.L.", "iban": "ES9121000418450200051332", "currency": "EUR"},
    "aurora": {
        "holder": "Aurora Distribuidora Ltda.",
        "iban": "BR1800360305000010009795493C1",
        "currency": "USD",
    },
    "maple": {
        "holder": "Maple Ridge Integrators Inc.",
        "account_number": "000123456789",
        "bank_code": "021000021",
        "currency": "USD",
    },
}
"""The confirmed accounts. Their numbers are the examples that everybody uses; no money goes anywhere."""

WAITING = {"holder": "Fjord Datasystemer AS", "iban": "NO9386011117947", "currency": "NOK"}

TALKED_ABOUT = "Campus Wi-Fi seminar"
THREAD: tuple[tuple[str, bool, str], ...] = (
    ("elbe", False, "The hall sent a corrected invoice. Is the old one enough for you?"),
    (APPROVER, False, "The corrected one, please: the amount has to be what was paid."),
    (APPROVER, True, "The first invoice named another day. Worth a look at acceptance."),
    ("elbe", False, "It is on its way to you. Thank you!"),
)
"""Who writes, whether it is an internal note, and what."""


@dataclass
class Treasury:
    """Lets accounts be entered, runs be collected and people write. Actors by address, voices by partner."""

    database: Database
    clock: SettableClock
    today: date
    people: Mapping[str, Actor]
    voices: Mapping[str, Actor]
    partners: Mapping[str, int]

    def beats(self) -> Iterator[Beat]:
        """Yield what happens before the loading day, in no order."""
        yield self._beat(ENTERED, 10, self._enter_accounts)
        yield self._beat(PAID, 16, self._enter_waiting)
        yield self._beat(PAID, 17, self._collect_runs)
        yield self._beat(PAID, 18, self._talk)

    def _beat(self, offset: int, hour: int, work: Callable[[Connection, datetime], None]) -> Beat:
        moment = morning(self.today + timedelta(days=offset), hour)

        def happen() -> None:
            self.clock.set(moment)
            with self.database.write() as connection:
                work(connection, moment)

        return moment, happen

    def _enter_accounts(self, connection: Connection, now: datetime) -> None:
        for key, account in ACCOUNTS.items():
            partner_id = self.partners[key]
            account_id = enter_account(connection, self.voices[key], now, partner_id=partner_id, **account)
            confirm_account(connection, self.people[MANAGER], now, account_id)

    def _enter_waiting(self, connection: Connection, now: datetime) -> None:
        enter_account(connection, self.voices["fjord"], now, partner_id=self.partners["fjord"], **WAITING)

    def _collect_runs(self, connection: Connection, now: datetime) -> None:
        """Collect a run for each currency: the first is released, the second waits for its release."""
        first, *others = [row.currency for row in payable_by_currency(connection)]
        clara, timo = self.people[COLLECTOR], self.people[RELEASER]
        day = self.today + timedelta(days=1)
        run_id = collect(connection, clara, now, currency=first, due_on=day)
        release(connection, timo, now, run_id)
        for currency in others:
            collect(connection, timo, now, currency=currency, due_on=day)

    def _talk(self, connection: Connection, now: datetime) -> None:
        claim_id = connection.scalars(select(Claim.id).where(Claim.title == TALKED_ABOUT)).one()
        for number, (who, internal, text) in enumerate(THREAD):
            actor, at = self.voices.get(who) or self.people[who], now + timedelta(minutes=20 * number)
            post(connection, actor, at, claim_id, key=f"demo{number}", text=text, internal=internal)
