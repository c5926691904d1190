"""The demo programme's own facts: who takes part, and what the manager records over time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from models.database import Database
from models.funds import Fund
from models.standing import Performance
from models.vocabulary import Role, TaskKind
from web.demo.cast import MEMBERS, OWNER, PROGRAMME, ZONE, HalfYear, Member, Paper, dollars, half_year
from web.demo.rulemaking import DEADLINES, NEXT, publish_version, two_for_large
from web.demo.sign_ins import SIGN_INS
from workflow.accounts import let_in
from workflow.actors import INSTALLER, Actor
from workflow.acts.deadlines import Deadline, set_deadlines
from workflow.acts.exchange import Rate, load_rates
from workflow.acts.funds import allocate, reduce_fund
from workflow.acts.partners import add_partner
from workflow.acts.periods import open_period, set_period_closed
from workflow.acts.policy import load_policy
from workflow.acts.programme import set_up_programme
from workflow.acts.standing import record_certificate, record_performance
from workflow.acts.users import add_user, deactivate
from workflow.clock import SettableClock
from workflow.policies import default_document
from workflow.working_days import Calendar

EXAMPLE = "An example rate of the demo, from no bank"
MANAGER = "eva@northlight.example"
SECOND_MANAGER = "frida@northlight.example"
HEADS = ("anna@northlight.example", "bruno@northlight.example")
LEFT = "meike@elbe.example"
"""Somebody who has left since."""
NOT_YET_HERE = "nils@elbe.example"
"""Somebody who was invited and has not chosen a password."""
SET_UP, OPENED, RATED, ALLOCATED, CLOSED = -90, -60, -50, -45, 30
"""When the programme is set up, a period opened, partners rated, funds allocated, the period before closed.

Days from the period's first day."""
FIRST_RATES, EVERY = -64, 7
"""When the first exchange rates are put on file, as days from the loading day; then every so many days."""
RATES = {"CHF": 1.1240, "EUR": 1.0810, "GBP": 1.2710}
"""What a unit was worth in US dollars at first. Invented, and said so in their source."""
OFFICE = Calendar("DE", "BE")
WORKING_DAYS = {TaskKind.decide: 5, TaskKind.accept: 5, TaskKind.pay: 10}
"""How long each kind of task may take, from the second policy version on."""

Beat = tuple[datetime, Callable[[], None]]
"""Something that happens, and when."""


def morning(day: date, hour: int = 8, minute: int = 0) -> datetime:
    """Return a moment of a day in the programme's zone."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(ZONE))


@dataclass
class Founding:
    """Founds the programme. `people` are its actors by address, `voices` who speaks for each partner.

    `password_hash` is that of everybody's password.
    """

    database: Database
    clock: SettableClock
    before: HalfYear
    present: HalfYear
    today: date
    password_hash: str
    people: dict[str, Actor] = field(default_factory=dict)
    voices: dict[str, Actor] = field(default_factory=dict)
    partners: dict[str, int] = field(default_factory=dict)
    periods: dict[str, int] = field(default_factory=dict)

    def beats(self) -> Iterator[Beat]:
        """Yield everything that is recorded before the loading day, in no order."""
        yield self._beat(self.before.first, SET_UP, self._set_up)
        for period in (self.before, self.present):
            yield self._beat(period.first, OPENED, partial(self._open, period))
            yield self._beat(period.first, RATED, partial(self._rate, period))
            yield self._beat(period.first, ALLOCATED, partial(self._endow, period))
        if self.present.first + timedelta(days=CLOSED) < self.today:
            yield self._beat(self.present.first, CLOSED, self._close)
        for member in MEMBERS:
            for paper in member.papers:
                if paper.recorded is not None:
                    yield self._beat(self.today, paper.recorded, partial(self._certify, member, paper))
        for number, offset in enumerate(range(FIRST_RATES, 0, EVERY)):
            yield self._beat(self.today, offset, partial(self._state_rates, number))
        yield self._beat(self.today, -110, self._renew_policy)
        yield self._beat(self.today, -25, self._correct)
        yield self._beat(self.today, -5, self._announce_policy)
        yield self._beat(self.today, -2, self._tidy_up)

    def _beat(self, base: date, offset: int, work: Callable[[Connection], None]) -> Beat:
        moment = morning(base + timedelta(days=offset))

        def happen() -> None:
            self.clock.set(moment)
            with self.database.write() as connection:
                work(connection)

        return moment, happen

    def _set_up(self, connection: Connection) -> None:
        now, today = self.clock.now(), self.before.first + timedelta(days=SET_UP)
        set_up_programme(
            connection, INSTALLER, now, owner=OWNER, name=PROGRAMME, time_zone=ZONE, is_demo=True
        )
        load_policy(connection, INSTALLER, now, document=default_document(), first_day=today, today=today)
        for sign_in in sorted(SIGN_INS, key=lambda one: one.email != MANAGER):
            if not sign_in.partner:
                self._admit(connection, sign_in.email, sign_in.name, sign_in.role)
        for member in MEMBERS:
            self._join(connection, member)

    def _join(self, connection: Connection, member: Member) -> None:
        self.partners[member.key] = add_partner(
            connection,
            self._manager(),
            self.clock.now(),
            name=member.name,
            partner_type=member.partner_type,
            country=member.country,
        )
        for paper in member.papers:
            if paper.recorded is None:
                self._certify(member, paper, connection)
        for person in member.people:
            partner_id = self.partners[member.key]
            self._admit(
                connection, person.email, person.name, Role.partner, partner_id, is_contact=person.is_contact
            )
        self.voices[member.key] = self.people[member.people[0].email]

    def _admit(
        self,
        connection: Connection,
        email: str,
        name: str,
        role: Role,
        partner_id: int | None = None,
        *,
        is_contact: bool = False,
    ) -> None:
        by = self.people.get(MANAGER, INSTALLER)
        user_id = add_user(
            connection,
            by,
            self.clock.now(),
            email=email,
            name=name,
            roles=[role],
            partner_id=partner_id,
            is_contact=is_contact,
        )
        if email != NOT_YET_HERE:
            let_in(connection, user_id, self.password_hash, f"joined:{user_id}", self.clock.now())
        self.people[email] = Actor(user_id, frozenset({role}), partner_id)

    def _open(self, period: HalfYear, connection: Connection) -> None:
        self.periods[period.code] = open_period(
            connection,
            self._manager(),
            self.clock.now(),
            code=period.code,
            first_day=period.first,
            last_day=period.last,
        )

    def _rate(self, period: HalfYear, connection: Connection) -> None:
        for member in MEMBERS:
            figures = member.past if period == self.before else member.present
            record_performance(
                connection,
                self._manager(),
                self.clock.now(),
                partner_id=self.partners[member.key],
                period_id=self.periods[period.code],
                required=dollars(figures.required),
                achieved=dollars(figures.achieved),
            )

    def _endow(self, period: HalfYear, connection: Connection) -> None:
        for member in MEMBERS:
            figures = member.past if period == self.before else member.present
            if figures.fund:
                allocate(
                    connection,
                    self._manager(),
                    self.clock.now(),
                    partner_id=self.partners[member.key],
                    period_id=self.periods[period.code],
                    amount=dollars(figures.fund),
                    reason=f"Plan for {period.code}. An example.",
                )

    def _close(self, connection: Connection) -> None:
        set_period_closed(
            connection, self._manager(), self.clock.now(), self.periods[self.before.code], closed=True
        )

    def _certify(self, member: Member, paper: Paper, connection: Connection) -> None:
        record_certificate(
            connection,
            self._manager(),
            self.clock.now(),
            partner_id=self.partners[member.key],
            valid_from=self.today + timedelta(days=paper.first),
            valid_until=self.today + timedelta(days=paper.last),
        )

    def _renew_policy(self, connection: Connection) -> None:
        day, first_day = self.today + timedelta(days=-110), self.today + timedelta(days=-100)
        now, manager = self.clock.now(), self._manager()
        publish_version(connection, now, day, self._managers(), "With deadlines", first_day, DEADLINES)
        deadlines = {
            kind: Deadline(days, remind_days=2, escalate_days=3, escalate_to_id=manager.user_id)
            for kind, days in WORKING_DAYS.items()
        }
        set_deadlines(connection, manager, now, OFFICE, deadlines)

    def _announce_policy(self, connection: Connection) -> None:
        """Publish the version that is in force from the next period on."""
        day, first_day = self.today + timedelta(days=-5), self.present.last + timedelta(days=1)
        name, now = f"Rules of {half_year(first_day).code}", self.clock.now()
        heads = frozenset(self.people[head].user_id or 0 for head in HEADS)
        changed = {**NEXT, "routing": two_for_large(connection, now, self._manager(), heads)}
        publish_version(connection, now, day, self._managers(), name, first_day, changed)

    def _state_rates(self, number: int, connection: Connection) -> None:
        now, day = self.clock.now(), self.clock.now().date()
        worth = {currency: f"{first + number % 4 * 0.0035:.4f}" for currency, first in RATES.items()}
        rates = [Rate(currency, day, usd, "1", EXAMPLE) for currency, usd in worth.items()]
        load_rates(connection, self._manager(), now, rates)

    def _correct(self, connection: Connection) -> None:
        """Correct a performance figure, and move money that is not needed: what managers do now and then."""
        iberis, aurora = self.partners["iberis"], self.partners["aurora"]
        present = self.periods[self.present.code]
        record = connection.execute(
            select(Performance.__table__).where(
                Performance.partner_id == iberis, Performance.period_id == present
            )
        ).one()
        record_performance(
            connection,
            self._manager(),
            self.clock.now(),
            partner_id=iberis,
            period_id=present,
            required=record.required,
            achieved=record.achieved + dollars(8_450),
            replaces_id=record.id,
            reason="Two orders of the last week were booked late.",
        )
        fund_id = connection.scalar(
            select(Fund.id).where(Fund.partner_id == aurora, Fund.period_id == present)
        )
        assert fund_id is not None
        reduce_fund(
            connection,
            self._manager(),
            self.clock.now(),
            fund_id=fund_id,
            amount=dollars(5_000),
            reason="Moved to the reserve after the half-year review.",
        )

    def _tidy_up(self, connection: Connection) -> None:
        """Invite somebody who has not come yet, and shut out somebody who has left."""
        self._admit(
            connection,
            "nils@elbe.example",
            "Nils Hansen",
            Role.partner,
            self.partners["elbe"],
            is_contact=True,
        )
        left = self.people[LEFT].user_id
        assert left is not None
        deactivate(connection, self._manager(), self.clock.now(), left)

    def _managers(self) -> tuple[Actor, Actor]:
        return self._manager(), self.people[SECOND_MANAGER]

    def _manager(self) -> Actor:
        return self.people[MANAGER]
