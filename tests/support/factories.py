"""Puts rows into a database for tests, without the acts that make them in the product."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select

from models.database import Database
from models.history import Act
from models.people import Partner, User, UserRole
from models.programme import Period, PolicyVersion, Programme
from models.vocabulary import Role
from workflow.passwords import Passwords

PASSWORD = "a long enough password"
"""The password of every user that the factories make."""

Row = TypeVar("Row")

HASHED = Passwords(time_cost=1, memory_kib=8).hash(PASSWORD)


def address_with_password(database: Database, user_id: int | None) -> str:
    """Return the address of a user, whose password is PASSWORD from now on."""
    with database.session() as session:
        user = session.get_one(User, user_id)
        user.password_hash = HASHED
        return user.email


@dataclass(frozen=True, slots=True)
class Factory:
    """Makes rows, each committed at once, and returns what was made."""

    database: Database
    now: datetime

    def programme(self, *, zone: str = "Europe/Berlin", is_demo: bool = False) -> Programme:
        """Make the programme."""
        return self._keep(
            Programme(
                id=1,
                owner="Vendor Ltd",
                name="Joint Marketing Fund",
                time_zone=zone,
                is_demo=is_demo,
                created_at=self.now,
            )
        )

    def period(self, code: str = "2026H1", first: str = "2026-01-01", last: str = "2026-06-30") -> Period:
        """Make an open JMF period."""
        return self._keep(
            Period(
                code=code,
                first_day=date.fromisoformat(first),
                last_day=date.fromisoformat(last),
                last_claim_number=0,
            )
        )

    def policy_version(self, document: Any, first_day: str = "2020-01-01") -> PolicyVersion:
        """Make a policy version in force from a first day on."""
        return self._keep(
            PolicyVersion(
                first_day=date.fromisoformat(first_day),
                document=document,
                act_id=self.act("policy_loaded").id,
                recorded_at=self.now,
            )
        )

    def act(self, kind: str, subject: str = "test") -> Act:
        """Make an administrative act for rows that must name one."""
        return self._keep(
            Act(
                kind=kind, actor_id=None, role=None, at=self.now, partner_id=None, subject=subject, figures={}
            )
        )

    def partner(self, name: str = "Alpha GmbH", partner_type: str = "vap", country: str = "DE") -> Partner:
        """Make a partner."""
        return self._keep(Partner(name=name, partner_type=partner_type, country=country, created_at=self.now))

    def user(self, name: str, *roles: Role, partner: Partner | None = None, **more: Any) -> User:
        """Make a user whose address is made from the name, with PASSWORD; `partner` is who they belong to."""
        return self._keep(
            User(
                email=f"{name.lower().replace(' ', '.')}@{'partner' if partner else 'vendor'}.example",
                name=name,
                partner_id=partner.id if partner else None,
                created_at=self.now,
                role_rows=[UserRole(role=role) for role in roles],
                **{"password_hash": HASHED, **more},
            )
        )

    def rows(self, kind: type[Row]) -> list[Row]:
        """Return all rows of a mapped class, as they are stored now."""
        with self.database.session() as session:
            return list(session.scalars(select(kind)))

    def _keep(self, row: Row) -> Row:
        with self.database.session() as session:
            session.add(row)
            session.flush()
            session.refresh(row)
        return row
