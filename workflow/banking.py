"""Which of a partner's bank accounts is in force, and which one waits to be confirmed."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, case, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models.banking import BankAccount
from models.people import User
from workflow.bank_numbers import in_fours, masked

AnyAccount = Any
"""A row, or a record, that bears the columns of `BankAccount`."""


class OnFile(NamedTuple):
    """A partner's accounts, the newest first: all of them, the one in force, and the one that is pending."""

    history: tuple[AnyAccount, ...] = ()
    in_force: AnyAccount | None = None
    pending: AnyAccount | None = None


NOTHING = OnFile()


def is_undecided(account: type[BankAccount] = BankAccount) -> ColumnElement[bool]:
    """Return the condition that an account was neither confirmed nor refused."""
    return and_(account.confirmed_at.is_(None), account.refused_at.is_(None))


def is_pending() -> ColumnElement[bool]:
    """Return the condition that an account is its partner's newest and was not decided on yet."""
    newer = aliased(BankAccount)
    later = select(newer.id).where(newer.partner_id == BankAccount.partner_id, newer.id > BankAccount.id)
    return and_(is_undecided(), ~later.exists())


def pending_of(partner_id: InstrumentedAttribute[int]) -> ScalarSelect[int | None]:
    """Return, as part of a query on partners, the id of the account that holds their payments, or null."""
    newest = aliased(BankAccount)
    return (
        select(case((is_undecided(newest), newest.id)))
        .where(newest.partner_id == partner_id)
        .order_by(newest.id.desc())
        .limit(1)
        .correlate_except(newest)
        .scalar_subquery()
    )


def account_in_force_of(partner_id: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """Return, as part of a query on partners, the id of the account in force, or null."""
    confirmed = aliased(BankAccount)
    return (
        select(confirmed.id)
        .where(confirmed.partner_id == partner_id, confirmed.confirmed_at.is_not(None))
        .order_by(confirmed.id.desc())
        .limit(1)
        .correlate_except(confirmed)
        .scalar_subquery()
    )


def on_file(connection: Connection, partner_ids: Iterable[int]) -> defaultdict[int, OnFile]:
    """Return what is on file of each partner, with the names of who entered, confirmed and refused it."""
    rows: defaultdict[int, list[AnyAccount]] = defaultdict(list)
    for row in connection.execute(_ACCOUNTS.where(BankAccount.partner_id.in_(sorted(set(partner_ids))))):
        rows[row.partner_id].append(row)
    found = {partner_id: _on_file(tuple(history)) for partner_id, history in rows.items()}
    return defaultdict(lambda: NOTHING, found)


def number_of(account: AnyAccount) -> str:
    """Return an account's IBAN, or the number that it has instead, as it is stored."""
    return str(account.iban or account.account_number)


def masked_number(account: AnyAccount) -> str:
    """Return an account's number for those who need not know all of it."""
    return masked(number_of(account))


def printed_number(account: AnyAccount) -> str:
    """Return an account's number as a bank prints it."""
    return in_fours(account.iban) if account.iban else number_of(account)


def _on_file(history: tuple[AnyAccount, ...]) -> OnFile:
    newest = history[0]
    return OnFile(
        history,
        next((account for account in history if account.confirmed_at), None),
        None if newest.confirmed_at or newest.refused_at else newest,
    )


_ENTERER, _CONFIRMER, _REFUSER = aliased(User), aliased(User), aliased(User)

_ACCOUNTS = (
    select(
        *BankAccount.__table__.columns,
        _ENTERER.name.label("entered_by"),
        _ENTERER.partner_id.label("entered_for_id"),
        _CONFIRMER.name.label("confirmed_by"),
        _REFUSER.name.label("refused_by"),
    )
    .select_from(BankAccount)
    .join(_ENTERER, _ENTERER.id == BankAccount.entered_by_id)
    .outerjoin(_CONFIRMER, _CONFIRMER.id == BankAccount.confirmed_by_id)
    .outerjoin(_REFUSER, _REFUSER.id == BankAccount.refused_by_id)
    .order_by(BankAccount.id.desc())
)
