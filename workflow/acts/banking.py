"""A partner's bank account is entered, and a second person of the programme owner confirms or refuses it.

Whoever can change where money goes cannot let it go there: payments to a partner are held while its newest
account is pending.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, insert, select, update

from models.banking import BankAccount
from models.history import Act
from models.people import Partner, User
from models.vocabulary import MessageKind, Role
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.announcements import message_row
from workflow.assignment import holders, roles_now
from workflow.bank_numbers import Entered, problems_of, tidy
from workflow.banking import AnyAccount, OnFile, masked_number, on_file
from workflow.outbox import announce
from workflow.refusals import Problem, Refused
from workflow.second_person import require_second

CONFIRMERS = frozenset({Role.manager, Role.finance})
"""The roles whose holders decide on accounts, and are told that one waits."""

MOST_UNDECIDED = 3
"""How many accounts a partner's people enter, one in the place of the other, before one is decided on."""

FACTS = ("holder", "iban", "account_number", "bank_code", "bic", "currency")


def enter_account(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    partner_id: int,
    holder: str,
    iban: str = "",
    account_number: str = "",
    bank_code: str = "",
    bic: str = "",
    currency: str,
    key: str | None = None,
) -> int:
    """Put a partner's new account on file, pending, and return its id. Payments are held from now on.

    It takes the place of one that waits. The partner's own people do, or a programme manager. Raises Refused
    with everything that is wrong.
    """
    role = _role_to_enter(connection, actor, partner_id)
    partner = _partner(connection, partner_id)
    numbers = map(tidy, (iban, account_number, bank_code, bic, currency))
    entered = Entered(partner.country, holder.strip(), *numbers)
    problems = list(problems_of(entered))
    before = on_file(connection, [partner_id])[partner_id]
    values = {name: getattr(entered, name) or None for name in FACTS}
    if not problems and _is_known(before, values):
        problems.append(Problem("account_known"))
    if role is Role.partner and _undecided(before) >= MOST_UNDECIDED:
        problems.append(Problem("accounts_undecided", figures={"most": str(MOST_UNDECIDED)}))
    if problems:
        raise Refused(*problems)
    account = connection.execute(
        insert(BankAccount)
        .values(partner_id=partner_id, entered_by_id=actor.user_id, entered_at=now, **values)
        .returning(*BankAccount.__table__.columns)
    ).one()
    others = {
        "replaces": masked_number(before.in_force) if before.in_force else None,
        "withdrawn": masked_number(before.pending) if before.pending else None,
    }
    figures = {**_figures(account), **others}
    subject = f"bank_account:{account.id}"
    record_act(
        connection, actor, now, "account_entered", subject, figures, partner_id=partner_id, key=key, role=role
    )
    told = {**_told(connection, partner, account), **others}
    contacts, confirmers = _contacts(connection, partner_id), _confirmers(connection)
    _tell(connection, MessageKind.account_entered, account.id, contacts, told, now)
    _tell(connection, MessageKind.account_waiting, account.id, confirmers - {actor.user_id}, told, now)
    return int(account.id)


def confirm_account(
    connection: Connection, actor: Actor, now: datetime, account_id: int, key: str | None = None
) -> int:
    """Put a pending account in force, and let payments to its partner go on. Return its id.

    Raises Refused for who is no second person beside whoever entered it.
    """
    role, account = _to_decide(connection, actor, account_id)
    require_second(connection, actor, now, account.entered_by_id, "entered_it")
    who_and_when = {"confirmed_by_id": actor.user_id, "confirmed_at": now}
    return _decide(connection, actor, now, account, "account_confirmed", who_and_when, role=role, key=key)


def refuse_account(
    connection: Connection,
    actor: Actor,
    now: datetime,
    account_id: int,
    reason: str,
    key: str | None = None,
) -> int:
    """Refuse a pending account: the one in force before stays so. Return its id.

    Whoever let in who entered it may do that at once: no money goes there. Raises Refused.
    """
    role, account = _to_decide(connection, actor, account_id)
    if account.entered_by_id == actor.user_id:
        raise Refused(Problem("entered_it"))
    if not reason.strip():
        raise Refused(Problem("reason_missing", "reason"))
    who_and_when = {"refused_by_id": actor.user_id, "refused_at": now}
    return _decide(
        connection, actor, now, account, "account_refused", who_and_when, role=role, key=key, reason=reason
    )


def _decide(
    connection: Connection,
    actor: Actor,
    now: datetime,
    account: AnyAccount,
    kind: str,
    values: dict[str, Any],
    *,
    role: Role,
    key: str | None,
    reason: str = "",
) -> int:
    subject, partner_id = f"bank_account:{account.id}", account.partner_id
    act_id = record_act(
        connection,
        actor,
        now,
        kind,
        subject,
        _figures(account),
        partner_id=partner_id,
        reason=reason,
        key=key,
        role=role,
    )
    reason_hash = connection.scalar(select(Act.reason_hash).where(Act.id == act_id))
    connection.execute(
        update(BankAccount).where(BankAccount.id == account.id).values(reason_hash=reason_hash, **values)
    )
    told = {
        **_told(connection, _partner(connection, partner_id), account),
        "confirmed": kind == "account_confirmed",
        "reason_hash": reason_hash,
    }
    hear = _contacts(connection, partner_id) | {account.entered_by_id}
    _tell(connection, MessageKind.account_decided, account.id, hear - {actor.user_id}, told, now)
    return int(account.id)


def _role_to_enter(connection: Connection, actor: Actor, partner_id: int) -> Role:
    """Return the role in which somebody enters a partner's account; raise Refused where they may not."""
    held = _held(connection, actor)
    if Role.manager in held:
        return Role.manager
    if Role.partner in held and actor.partner_id == partner_id:
        return Role.partner
    raise Refused(Problem("not_yours"))


def _to_decide(connection: Connection, actor: Actor, account_id: int) -> tuple[Role, AnyAccount]:
    """Return the role in which somebody decides on an account, and the account, locked; or raise Refused."""
    held = sorted(_held(connection, actor) & CONFIRMERS)
    if not held:
        raise Refused(Problem("not_yours"))
    account = connection.execute(
        select(BankAccount.__table__).where(BankAccount.id == account_id).with_for_update()
    ).one_or_none()
    if account is None:
        raise Refused(Problem("no_such_account"))
    if actor.partner_id == account.partner_id:
        raise Refused(Problem("not_yours"))
    pending = on_file(connection, [account.partner_id])[account.partner_id].pending
    if pending is None or pending.id != account_id:
        raise Refused(Problem("account_decided"))
    return held[0], account


def _held(connection: Connection, actor: Actor) -> frozenset[Role]:
    """Return the roles that somebody had when they asked and still has. Nobody but people enters accounts."""
    return frozenset() if actor.user_id is None else roles_now(connection, actor.user_id) & actor.roles


def _partner(connection: Connection, partner_id: int) -> Any:
    """Return a partner, to whom no payment is recorded until the transaction ends (workflow/holds.py)."""
    partner = connection.execute(
        select(Partner.__table__).where(Partner.id == partner_id).with_for_update(key_share=True)
    ).one_or_none()
    if partner is None:
        raise Refused(Problem("no_partner", "partner_id"))
    return partner


def _is_known(before: OnFile, values: dict[str, Any]) -> bool:
    """Return whether just this account waits already or, where none waits, is in force."""
    latest = before.pending or before.in_force
    return latest is not None and all(getattr(latest, name) == values[name] for name in FACTS)


def _undecided(before: OnFile) -> int:
    """Return how many accounts were entered since the last that somebody decided on."""
    waits = takewhile(lambda one: not (one.confirmed_at or one.refused_at), before.history)
    return sum(1 for _ in waits)


def _figures(account: AnyAccount) -> dict[str, Any]:
    return {"account": masked_number(account), "bic": account.bic, "currency": account.currency}


def _told(connection: Connection, partner: Any, account: AnyAccount) -> dict[str, Any]:
    entered_by = connection.scalar(select(User.name).where(User.id == account.entered_by_id))
    return {
        "partner": partner.name,
        "account": masked_number(account),
        "currency": account.currency,
        "entered_by": entered_by,
    }


def _contacts(connection: Connection, partner_id: int) -> set[int]:
    return set(
        connection.scalars(
            select(User.id).where(
                User.partner_id == partner_id, User.is_contact, User.deactivated_at.is_(None)
            )
        )
    )


def _confirmers(connection: Connection) -> set[int]:
    return {user_id for role in sorted(CONFIRMERS) for user_id in holders(connection, role)}


def _tell(
    connection: Connection,
    kind: MessageKind,
    account_id: int,
    user_ids: Iterable[int],
    figures: dict[str, Any],
    now: datetime,
) -> None:
    key = f"{kind.value}:{account_id}"
    announce(connection, (message_row(kind, key, user_id, figures, now) for user_id in sorted(user_ids)))
