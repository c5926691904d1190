"""How people get in: signing in, single-use links, their own password and preferences."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from models.database import Database
from models.people import SignInLock, SingleUseLink, User, UserSession
from models.tasks import Task
from models.vocabulary import MailPreference
from workflow import lockout
from workflow.hand_over import put_right
from workflow.links import LinkSpent, end_links, link_kind, send_link, use_link
from workflow.lockout import Limit
from workflow.moves import in_transaction
from workflow.passwords import Passwords
from workflow.sessions import digest, end_all_sessions, open_session

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")


class SignInFailed(Exception):
    """The address and the password do not fit, whichever it was. Says no more than that."""


class LockedOut(SignInFailed):
    """Too many failed tries of one address; the next is admitted after `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class WrongPassword(Exception):
    """The present password is another."""


@dataclass(frozen=True, slots=True)
class DoorPolicy:
    """How long a sign-in lasts unused, how long a link lasts, how many failures lock an address."""

    idle: timedelta
    link_life: timedelta
    failures: Limit


def sign_in(
    database: Database, passwords: Passwords, door: DoorPolicy, email: str, password: str, now: datetime
) -> str:
    """Return the token of a new session. Raise LockedOut or SignInFailed, alike for unknown addresses.

    Raises TooBusy, before anything is counted, where too many sign in at the moment.
    """
    address = normal(email)
    with passwords.turn():
        with database.write() as connection:
            until = lockout.admit(connection, lockout.SIGN_IN, door.failures, address, now)
            found = connection.execute(
                select(User.id, User.password_hash).where(
                    User.email == address, User.deactivated_at.is_(None)
                )
            ).one_or_none()
        fits = passwords.verify(found.password_hash if found else None, password)
    if until is not None:
        raise LockedOut(until)
    if found is None or not fits:
        raise SignInFailed
    with database.write() as connection:
        # It took its time to look at the password, which may be another one by now, or the user gone.
        still = select(User.id).where(
            User.id == found.id, User.password_hash == found.password_hash, User.deactivated_at.is_(None)
        )
        if connection.scalar(still.with_for_update(read=True)) is None:
            raise SignInFailed
        lockout.clear(connection, lockout.SIGN_IN, address)
        return open_session(connection, found.id, now, door.idle)


def ask_for_reset(database: Database, door: DoorPolicy, email: str, now: datetime) -> None:
    """Send a reset link to an active user. Does and says the same where there is none.

    Earlier links go on working: whoever typed the address may be a stranger.
    """
    address = normal(email)
    with database.write() as connection:
        until = lockout.admit(connection, lockout.RESET, lockout.RESETS, address, now)
        user = connection.execute(
            select(User.id, User.password_hash).where(User.email == address, User.deactivated_at.is_(None))
        ).one_or_none()
        if user is None or until is not None:
            return
        send_link(connection, user.id, link_kind(user.password_hash), now, door.link_life)


def redeem_link(database: Database, passwords: Passwords, token: str, password: str, now: datetime) -> None:
    """Set the password of the link's user, who is signed out everywhere and unlocked. Raise LinkSpent.

    Other links of the user end.
    """
    hashed = passwords.hash(password)

    def redeem(connection: Connection) -> None:
        user_id = use_link(connection, token, now)
        email = let_in(connection, user_id, hashed, f"link:{digest(token)[:32]}", now)
        if email is None:
            raise LinkSpent
        end_all_sessions(connection, user_id)
        lockout.clear(connection, lockout.SIGN_IN, email)

    in_transaction(database, redeem)


def let_in(connection: Connection, user_id: int, password_hash: str, cause: str, now: datetime) -> str | None:
    """Give an active user a password, and the tasks that waited for somebody like them; return their address.

    None for who is not active. `cause` is what the keys of the messages on those tasks begin with.
    """
    email = connection.scalar(
        update(User)
        .where(User.id == user_id, User.deactivated_at.is_(None))
        .values(password_hash=password_hash)
        .returning(User.email)
    )
    if email is not None:
        put_right(connection, Task.unassigned_why.is_not(None), cause, now)
    return email


def change_password(
    database: Database,
    passwords: Passwords,
    door: DoorPolicy,
    user: User,
    present: str,
    new: str,
    now: datetime,
    *,
    keep: str,
) -> None:
    """Set a user's new password; end links, and sessions but `keep`. Raise LockedOut or WrongPassword.

    Whoever sits down at a browser that was left open guesses no more often than at the door.
    """
    with database.write() as connection:
        until = lockout.admit(connection, lockout.PRESENT, door.failures, user.email, now)
    fits = passwords.verify(user.password_hash, present)
    if until is not None:
        raise LockedOut(until)
    if not fits:
        raise WrongPassword
    hashed = passwords.hash(new)
    with database.write() as connection:
        connection.execute(update(User).where(User.id == user.id).values(password_hash=hashed))
        end_links(connection, user.id)
        lockout.clear(connection, lockout.PRESENT, user.email)
        end_all_sessions(connection, user.id, keep=keep)


def choose_mail(connection: Connection, user_id: int, preference: MailPreference) -> None:
    """Set how a user is told."""
    connection.execute(update(User).where(User.id == user_id).values(mail_preference=preference))


def unlock(connection: Connection, email: str) -> None:
    """Let an address that was locked out try again at once."""
    lockout.clear(connection, lockout.SIGN_IN, normal(email))


def prune(database: Database, now: datetime) -> None:
    """Delete sessions and links that have ended, and failures that no longer count."""
    with database.write() as connection:
        connection.execute(delete(UserSession).where(UserSession.expires_at <= now))
        connection.execute(delete(SingleUseLink).where(SingleUseLink.expires_at <= now - timedelta(days=30)))
        connection.execute(delete(SignInLock).where(SignInLock.last_failed_at <= now - timedelta(days=1)))


def normal(email: str) -> str:
    """Return an address as it is stored."""
    return email.strip().lower()


def is_address(email: str) -> bool:
    """Return whether this has the form of an e-mail address that mail may go to."""
    return _EMAIL.fullmatch(email) is not None and len(email) <= 200 and not email.endswith(".invalid")
