"""A programme whose outbox is sent by a mailer that keeps what it is given."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from models.database import Database
from models.messages import Message
from models.people import Partner, User
from models.programme import Programme
from models.vocabulary import Delivery, MailPreference, MessageKind
from notifications import outbox
from notifications.delivery import Summary, deliver_due
from notifications.mail import Mail
from tests.support import every_message
from tests.support.mail import KeepingMailer
from workflow.clock import SettableClock

BASE_URL = "https://fund.example"
DECISION: dict[str, Any] = {**every_message.DECISION, "partner": "Nordlicht", "report_by": None}
LINK = {"path": "/set-password/abc", "ends_at": "2026-03-05T12:00:00+00:00"}


class Office:
    """A programme with an outbox, a clock, and a mailer that keeps what it is given."""

    def __init__(self, database: Database, clock: SettableClock) -> None:
        self.database, self.clock, self.mailer = database, clock, KeepingMailer()
        with database.write() as connection:
            connection.execute(
                insert(Programme).values(
                    id=1,
                    owner="Northwind",
                    name="Joint Marketing Fund",
                    time_zone="Europe/Berlin",
                    is_demo=False,
                    created_at=clock.now(),
                )
            )
            connection.execute(
                insert(Partner).values(
                    id=1, name="Nordlicht", partner_type="vap", country="DE", created_at=clock.now()
                )
            )

    def user(self, name: str, preference: MailPreference = MailPreference.at_once, **more: Any) -> int:
        row = {"partner_id": 1, "created_at": self.clock.now(), "is_contact": True, **more}
        row |= {"name": name, "email": f"{name}@partner.example", "mail_preference": preference}
        with self.database.write() as connection:
            return int(connection.execute(insert(User).values(**row).returning(User.id)).scalar_one())

    def message(self, user_id: int, key: str, **more: Any) -> int:
        row = {
            "key": key,
            "user_id": user_id,
            "kind": MessageKind.decision,
            "figures": DECISION | {"title": key},
            "created_at": self.clock.now(),
            "delivery": Delivery.waiting,
            "due_at": self.clock.now(),
            "attempts": 0,
        } | more
        with self.database.write() as connection:
            return int(connection.execute(insert(Message).values(**row).returning(Message.id)).scalar_one())

    def row(self, message_id: int) -> Any:
        with self.database.read() as connection:
            return connection.execute(select(Message.__table__).where(Message.id == message_id)).one()

    def prefer(self, user_id: int, preference: MailPreference) -> None:
        with self.database.write() as connection:
            connection.execute(update(User).where(User.id == user_id).values(mail_preference=preference))

    def deliver(self) -> Summary:
        return deliver_due(self.database, self.mailer, BASE_URL, self.clock.now)

    def take(self) -> outbox.Parcel | None:
        with self.database.write() as connection:
            return outbox.take(connection, self.clock.now(), ZoneInfo("Europe/Berlin"))

    def crash(self, mail: Mail) -> Exception:
        """Take the mail as a server does, and die before anybody hears of it."""
        self.mailer.mails.append(mail)
        raise KeyboardInterrupt

    @property
    def subjects(self) -> list[str]:
        return [mail.subject.split("“")[1].split("”")[0] for mail in self.mailer.mails]


def failing(error: Exception, *titles: str) -> Callable[[Mail], Exception | None]:
    """Return what fails for mails about these titles only."""
    return lambda mail: error if any(title in mail.subject for title in titles) else None
