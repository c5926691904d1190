"""Who takes part: partners, users and their roles, and what lets them in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Amount, Base, Key, Moment, ShortText, UtcTime, WholeNumber, Word
from models.vocabulary import MailPreference, Role


class Partner(Base):
    """A channel partner. Its type decides whether it is eligible, by the policy."""

    __tablename__ = "partner"
    __table_args__ = (Index("uq_partner_number", "number", unique=True),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    number: Mapped[str | None] = mapped_column(String(40))
    """What the programme owner calls it in systems of their own; files that are imported name it by that."""
    partner_type: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[Moment]


class User(Base):
    """A person who signs in. Belongs to one partner, or to the programme owner where `partner_id` is empty.

    `is_contact` users of a partner are told of every decision on its claims.
    """

    __tablename__ = "user"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(200), unique=True)
    """In lower case."""
    name: Mapped[ShortText]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    is_contact: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    mail_preference: Mapped[MailPreference] = mapped_column(
        Word(MailPreference), default=MailPreference.at_once
    )
    created_at: Mapped[Moment]
    deactivated_at: Mapped[datetime | None] = mapped_column(UtcTime())
    erased_by: Mapped[int | None] = mapped_column(WholeNumber)
    """The act that erased name and address: what stands there now tells users apart, and says nothing."""
    amount_limit: Mapped[Amount | None]
    """The most, in cents, that this approver may decide on; empty for no limit."""
    holiday_country: Mapped[str | None] = mapped_column(String(2))
    """Whose public holidays count for this person (ISO 3166); empty for those of the programme."""
    holiday_region: Mapped[str | None] = mapped_column(String(40))

    partner: Mapped[Partner | None] = relationship()
    role_rows: Mapped[list["UserRole"]] = relationship(order_by="UserRole.role", cascade="all, delete-orphan")

    @property
    def roles(self) -> frozenset[Role]:
        """Return what this user is entitled to do."""
        return frozenset(row.role for row in self.role_rows)


class UserRole(Base):
    """One role of one user."""

    __tablename__ = "user_role"
    __table_args__ = (CheckConstraint("role <> 'scheduler'", name="a_person_has_it"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(Word(Role), primary_key=True, index=True)


class Absence(Base):
    """Days, both inclusive, on which somebody of the programme owner is out of office.

    Tasks go to nobody who is absent. A `substitute` decides on their behalf, on amounts up to `amount_limit`
    cents (empty for the limit of whoever is absent). What was called off stays on file.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("substitute_id <> user_id", name="somebody_else"),
        CheckConstraint("amount_limit > 0", name="limit_positive"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    amount_limit: Mapped[Amount | None]
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    called_off_at: Mapped[datetime | None] = mapped_column(UtcTime())


class UserSession(Base):
    """A browser that is signed in. Only a hash of its token is kept; deleting the row signs it out."""

    __tablename__ = "user_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    expires_at: Mapped[Moment]


class SingleUseLink(Base):
    """An invitation or a password reset: it lets its user set a password once, until it ends."""

    __tablename__ = "single_use_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[datetime | None] = mapped_column(UtcTime())


class SignInLock(Base):
    """Failed sign-ins to one address, known or not, so that a lock-out gives no account away."""

    __tablename__ = "sign_in_lock"

    email_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[Moment]
    locked_until: Mapped[datetime | None] = mapped_column(UtcTime())
