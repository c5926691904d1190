"""A small programme to test in, made by the same acts and moves that people make."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, insert, select

from models.base import Base
from models.claims import Claim
from models.database import Database
from models.funds import Fund
from models.history import Act
from models.messages import Message
from models.programme import PolicyVersion, Programme
from models.tasks import Task
from models.vocabulary import Role, Trigger
from tests.support.databases import Postgres, Sqlite
from tests.support.factories import HASHED
from tests.support.routing import rule
from workflow.accounts import let_in
from workflow.actors import Actor
from workflow.acts.absences import Planned, record_absence
from workflow.acts.banking import confirm_account, enter_account
from workflow.acts.exchange import Rate, far_off, record_rate
from workflow.acts.funds import allocate
from workflow.acts.groups import save_group
from workflow.acts.partners import add_partner
from workflow.acts.periods import open_period
from workflow.acts.policy import load_policy
from workflow.acts.sharing import declare_shared
from workflow.acts.standing import record_certificate, record_performance
from workflow.acts.users import add_user
from workflow.attaching import attach
from workflow.attempt import Command
from workflow.clock import SettableClock
from workflow.deductions import Deduction
from workflow.drafts import create_draft, save_plan, save_report
from workflow.moves import Done, in_transaction, perform
from workflow.policies import default_document, policy_document
from workflow.policy_shelf import policy_in_force
from workflow.proof.chains import append_one
from workflow.proof.checkpoints import make_checkpoint
from workflow.proof.signing import SigningKey
from workflow.reviewing import LineFinding, save_review
from workflow.threads import Posted, post

MIDDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""When tests take place unless they say otherwise: a Monday, well inside the first half of 2026."""

INSTALLER = Actor(None, frozenset({Role.manager}))

EVIDENCE = ("invoice", "attendee_list", "agenda", "photos")
PLAN_FILE: Mapping[str, Any] = {
    "name": "plan.pdf",
    "content_type": "application/pdf",
    "size": 3,
    "digest": "0" * 64,
}
CHECKLIST = ("executed_as_approved", "co_brand_correct", "costs_match_invoices")

_KEYS = count(1)


def line(category: str = "venue", amount: int = 800_000, **more: Any) -> dict[str, Any]:
    """Return a cost line of one unit. `amount` is in cents."""
    return {
        "category": category,
        "description": "Hall",
        "product_model": "",
        "quantity": 1,
        "unit_value": amount,
        "amount": amount,
        "supplier": "",
        "invoice_number": "",
        **more,
    }


def bill(category: str = "venue", amount: int = 800_000, **more: Any) -> dict[str, Any]:
    """Return an actual cost line with its invoice."""
    return line(category, amount, **{"supplier": "Kongresshalle", "invoice_number": "K-1", **more})


def checked_policy(**changed: Any) -> dict[str, Any]:
    """Return the default policy's document as of a programme that has checked its country table."""
    return {**default_document(), "limits_are_examples": False, **changed}


@dataclass
class World:
    """A programme with one partner that may claim, and somebody in every role."""

    database: Database
    clock: SettableClock
    period_id: int = 0
    partner_id: int = 0
    people: dict[str, Actor] = field(default_factory=dict)

    def person(self, name: str, *roles: Role, partner_id: int | None = None, contact: bool = False) -> Actor:
        """Add a user who can sign in with these roles, known in the world by this name."""
        with self.database.write() as connection:
            user_id = add_user(
                connection,
                INSTALLER,
                self.clock.now(),
                email=f"{name}@people.example",
                name=name.title(),
                roles=roles,
                partner_id=partner_id,
                is_contact=contact,
            )
            let_in(connection, user_id, HASHED, f"joined:{user_id}", self.clock.now())
        self.people[name] = Actor(user_id, frozenset(roles), partner_id)
        return self.people[name]

    def partner(self, name: str, partner_type: str = "distributor", country: str = "DE") -> int:
        """Add a partner; it has neither certificate nor performance nor fund."""
        with self.database.write() as connection:
            return add_partner(
                connection,
                INSTALLER,
                self.clock.now(),
                name=name,
                partner_type=partner_type,
                country=country,
            )

    def certify(self, partner_id: int, first: date, last: date) -> int:
        """Record a certificate."""
        with self.database.write() as connection:
            return record_certificate(
                connection,
                INSTALLER,
                self.clock.now(),
                partner_id=partner_id,
                valid_from=first,
                valid_until=last,
            )

    def performed(self, partner_id: int, required: int = 25_000_000, achieved: int = 26_000_000) -> int:
        """Record performance in the world's period, in cents."""
        with self.database.write() as connection:
            return record_performance(
                connection,
                INSTALLER,
                self.clock.now(),
                partner_id=partner_id,
                period_id=self.period_id,
                required=required,
                achieved=achieved,
            )

    def fund(self, partner_id: int, amount: int = 5_000_000) -> int:
        """Allocate money in the world's period, in cents; return the fund's id."""
        with self.database.write() as connection:
            return allocate(
                connection,
                INSTALLER,
                self.clock.now(),
                partner_id=partner_id,
                period_id=self.period_id,
                amount=amount,
            )

    def demand(self, first_day: date = date(2026, 3, 2), **parameters: Any) -> None:
        """Put a policy in force from a day on: the default one, save for these parameters."""
        with self.database.write() as connection:
            append_one(
                connection,
                PolicyVersion,
                first_day=first_day,
                document={**default_document(), **parameters},
                act_id=connection.scalar(select(Act.id).limit(1)),
                recorded_at=self.clock.now(),
            )

    def rows(self, model: type[Base]) -> list[Any]:
        """Return all rows of a mapped class, in the order of their keys."""
        table = model.__table__
        with self.database.read() as connection:
            return list(connection.execute(select(table).order_by(*table.primary_key)))

    def checkpoint(self) -> SigningKey:
        """Sign history as it is with a new key, and return that."""
        key = SigningKey(Ed25519PrivateKey.generate())
        make_checkpoint(self.database, key, self.clock.now())
        return key

    def draft(self, by: str = "anna", lines: Sequence[Mapping[str, Any]] | None = None, **plan: Any) -> int:
        """Write the draft of a seminar that breaks no rule, save for what `plan` says; return its id."""
        actor = self.people[by]
        activity_type = plan.get("activity_type", "seminar")
        claim_id = create_draft(self.database, actor, activity_type, self.clock.now())
        values = {
            "title": "Spring seminar",
            "place": "Hamburg",
            "period_id": self.period_id,
            "starts_on": date(2026, 4, 10),
            "ends_on": date(2026, 4, 11),
            "organiser_kind": "partner",
            "organiser_name": "",
            "expected_attendees": 80,
            "details": {"invited_customers": 40},
            "requested": 400_000,
            **plan,
        }
        save_plan(self.database, actor, claim_id, 1, values, lines or [line()])
        return claim_id

    def away(
        self, name: str, first: date, last: date, *, substitute: str | None = None, limit: int | None = None
    ) -> int:
        """Have somebody record their own absence, both days inclusive; return its id."""
        deputy = self.people[substitute].user_id if substitute else None
        who = self.people[name]
        assert who.user_id is not None
        with self.database.write() as connection:
            planned = Planned(first, last, deputy, limit)
            return record_absence(connection, who, self.clock.now(), who.user_id, planned)

    def account(self, by: str, **entered: Any) -> int:
        """Have somebody of a partner enter its bank account; return the account's id."""
        who = self.people[by]
        values = {
            "holder": "Elbe Systems",
            "iban": "DE89370400440532013000",
            "currency": "USD",
            **entered,
        }
        with self.database.write() as connection:
            values.setdefault("partner_id", who.partner_id)
            return enter_account(connection, who, self.clock.now(), **values)

    def confirm(self, account_id: int, by: str) -> int:
        """Have somebody confirm a bank account."""
        with self.database.write() as connection:
            return confirm_account(connection, self.people[by], self.clock.now(), account_id)

    def share(self, total: int = 250_000, by: str = "anna", **said: str) -> int:
        """Have somebody of a partner declare an invoice as shared; return the declaration's id."""
        invoice = {"supplier": "ELBE CLOUD", "invoice_number": "Y 2026", **said}
        with self.database.write() as connection:
            return declare_shared(connection, self.people[by], self.clock.now(), **invoice, total=total)

    def rate(self, currency: str, usd: str, local: str = "1", day: date | None = None) -> None:
        """Have `mia` record an exchange rate, of today unless another day is named."""
        now = self.clock.now()
        rate = Rate(currency, day or now.date(), usd, local, "A bank of the tests")
        with self.database.write() as connection:
            off = far_off(connection, rate)
            sure_of = None if off is None else off.percent
            record_rate(connection, self.people["mia"], now, rate, sure_of=sure_of)

    def group(self, name: str, *members: str) -> int:
        """Make a group of approvers; return its id."""
        ids = frozenset(self.people[one].user_id or 0 for one in members)
        with self.database.write() as connection:
            return save_group(connection, INSTALLER, self.clock.now(), None, name=name, members=ids)

    def only(self, name: str) -> dict[str, int]:
        """Return the tier in which somebody decides alone, by a group of their own."""
        return {"group": self.group(f"Only {name.title()}", name)}

    def route(self, *tiers: Mapping[str, int], **conditions: Any) -> None:
        """Let a routing rule be tried first, for every claim save for what the conditions say, from today on.

        It stands in a version of its own, as if two people had published it in time.
        """
        with self.database.read() as connection:
            standing = policy_in_force(connection, self.clock.now().date())
        assert standing is not None
        document = policy_document(standing.policy)
        first = rule(*tiers, **{"code": f"rule_{standing.id}", **conditions})
        routing = [first, *document["routing"]]
        self.demand(standing.first_day + timedelta(days=1), **{**document, "routing": routing})

    def holder(self, claim_id: int) -> tuple[str | None, str | None, str | None]:
        """Return who holds a claim's open task, on whose behalf, and why nobody does."""
        names = {actor.user_id: name for name, actor in self.people.items() if actor.user_id is not None}
        with self.database.read() as connection:
            row = connection.execute(
                select(Task.assignee_id, Task.on_behalf_of_id, Task.unassigned_why).where(
                    Task.claim_id == claim_id, Task.closed_at.is_(None)
                )
            ).one()
        return names.get(row.assignee_id), names.get(row.on_behalf_of_id), row.unassigned_why

    def claim(self, claim_id: int) -> Any:
        """Return the claim's row as it stands."""
        with self.database.read() as connection:
            return connection.execute(select(Claim.__table__).where(Claim.id == claim_id)).one()

    def fund_row(self, partner_id: int | None = None) -> Any:
        """Return the fund of a partner, the world's own unless another is named."""
        with self.database.read() as connection:
            return connection.execute(
                select(Fund.__table__).where(Fund.partner_id == (partner_id or self.partner_id))
            ).one()

    def move(self, claim_id: int, trigger: str, by: str, **more: Any) -> Done:
        """Make a move as a person would who sees the claim as it stands."""
        command = Command(
            claim_id,
            Trigger(trigger),
            self.people[by],
            more.pop("key", None) or f"key-{next(_KEYS)}",
            version=more.pop("version", None) or self.claim(claim_id).version,
            **more,
        )
        return perform(self.database, command, self.clock.now())

    def post(
        self, claim_id: int, by: str, said: str = "Hello.", *, tell: Sequence[str] = (), **more: Any
    ) -> Posted:
        """Write on a claim, telling these people of the world."""
        ids = {self.people[name].user_id or 0 for name in tell}
        key = more.pop("key", None) or f"key-{next(_KEYS)}"
        return in_transaction(
            self.database,
            lambda connection: post(
                connection, self.people[by], self.clock.now(), claim_id, key=key, text=said, tell=ids, **more
            ),
        )

    def bill(self, claim_id: int, *bills: Mapping[str, Any], by: str = "anna") -> None:
        """Save a report with these actual cost lines and every kind of evidence of a seminar."""
        actor = self.people[by]
        version = save_report(
            self.database, actor, claim_id, self.claim(claim_id).version, list(bills) or [bill()]
        )
        for kind in EVIDENCE:
            file = {
                "kind": kind,
                "name": f"{kind}.pdf",
                "content_type": "application/pdf",
                "size": 3,
                "digest": "0" * 64,
            }
            version = attach(self.database, actor, claim_id, version, file, self.clock.now())

    def review(self, claim_id: int, by: str, *, accept: bool = True) -> None:
        """Find everything of a report to be right (or, without `accept`, nothing)."""
        with self.database.reading_session() as session:
            claim = session.get_one(Claim, claim_id)
            said = "" if accept else "Not part of the plan."
            why = None if accept else Deduction.scope
            lines = {
                row.id: LineFinding(accept, said, why, row.proof_id)
                for row in claim.lines
                if row.kind == "actual"
            }
            evidence = {row.id: (accept, "") for row in claim.evidence}
            version = claim.version
        save_review(
            self.database,
            self.people[by],
            claim_id,
            version,
            lines=lines,
            evidence=evidence,
            checklist=dict.fromkeys(CHECKLIST, accept),
        )


def make_world(database: Database, clock: SettableClock) -> World:
    """Return a programme where `anna` claims, `bob` approves, `dan` pays, `eve` audits, `mia` manages."""
    world = World(database, clock)
    now = clock.now()
    with database.write() as connection:
        connection.execute(
            insert(Programme).values(
                id=1,
                owner="Northwind",
                name="Joint Marketing Fund",
                time_zone="Europe/Berlin",
                is_demo=False,
                created_at=now,
            )
        )
        load_policy(
            connection,
            INSTALLER,
            now,
            document=checked_policy(),
            first_day=date(2025, 1, 1),
            today=now.date(),
        )
        world.period_id = open_period(
            connection,
            INSTALLER,
            now,
            code="2026H1",
            first_day=date(2026, 1, 1),
            last_day=date(2026, 6, 30),
        )
    world.partner_id = world.partner("Elbe Systems")
    world.certify(world.partner_id, date(2025, 1, 1), date(2026, 12, 31))
    world.performed(world.partner_id)
    world.fund(world.partner_id)
    world.person("anna", Role.partner, partner_id=world.partner_id, contact=True)
    world.person("bob", Role.approver)
    world.person("dan", Role.finance)
    world.person("eve", Role.auditor)
    world.person("mia", Role.manager)
    with database.write() as connection:
        connection.execute(delete(Message))  # what the founding told is long read
    return world


class Founded(NamedTuple):
    """A database with a world in it, made once to be copied: its name, who and what is in there, and when."""

    template: str
    period_id: int
    partner_id: int
    people: dict[str, Actor]
    moment: datetime


Beginning = Callable[[World], None]
"""What happens in a world before its tests begin."""


def nothing_happened(_: World) -> None:
    """Leave a world as it stands at MIDDAY."""


@cache
def founded(engine: Sqlite | Postgres, beginning: Beginning = nothing_happened) -> Founded:
    """Return the database of an engine that has a world in it, after what happened there since MIDDAY."""
    with engine.fill() as (template, url):
        database = Database(url)
        made = make_world(database, SettableClock(MIDDAY))
        beginning(made)
        database.dispose()
    return Founded(template, made.period_id, made.partner_id, made.people, made.clock.now())


def world_in(database: Database, clock: SettableClock, found: Founded) -> World:
    """Return the world of a database that was copied from one with a world in it."""
    assert clock.now() == MIDDAY, "this world was made at midday; one of another time is made by `make_world`"
    clock.set(found.moment)
    return World(database, clock, found.period_id, found.partner_id, {**found.people})
