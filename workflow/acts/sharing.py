"""A partner declares an invoice as shared by several of its claims, and takes an unused declaration back."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from models.claims import Claim
from models.money import MAX_CENTS, Cents, plain, written
from models.sharing import SharedDocument
from models.vocabulary import Role
from workflow.actors import Actor
from workflow.acts.exchange import offered_currencies
from workflow.acts.record import record_act
from workflow.assignment import roles_now
from workflow.duplicates.invoices import invoice_key
from workflow.exchange import USD
from workflow.refusals import Problem, Refused
from workflow.sharing import taken_by_key


def declare_shared(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    supplier: str,
    invoice_number: str,
    total: Cents,
    currency: str = USD,
    key: str | None = None,
) -> int:
    """Declare an invoice of the actor's partner as shared, with its total in hundredths of its currency.

    Returns its id. What its claims have taken of it before counts. Raises Refused with every reason why not.
    """
    partner_id = _own_partner(connection, actor)
    name, found = f"{supplier} {invoice_number}".strip(), invoice_key(supplier, invoice_number)
    problems = [Problem("amount_positive", "total")] if total <= 0 else []
    if total > MAX_CENTS:
        problems.append(Problem("amount_too_large", "total"))
    if currency != USD and currency not in offered_currencies():
        problems.append(Problem("rate_currency", "currency"))
    if found is None:
        problems.append(Problem("shared_unnamed", "invoice_number"))
    elif _is_declared(connection, partner_id, found):
        problems.append(Problem("shared_already", "invoice_number", {"document": name}))
    else:
        if taken_by_key(connection, partner_id, [found], Claim.currency != currency):
            problems.append(Problem("shared_taken_otherwise", "currency", {"currency": currency}))
        taken = taken_by_key(connection, partner_id, [found]).get(found, 0)
        if taken > total > 0:
            problems.append(Problem("shared_below_taken", "total", {"taken": written(taken, currency)}))
    if problems or found is None:
        raise Refused(*problems)
    figures = {
        "supplier": supplier,
        "invoice_number": invoice_number,
        "total": plain(total),
        "currency": currency,
    }
    _record(connection, actor, now, "document_shared", figures, key)
    new_id = connection.execute(
        insert(SharedDocument)
        .values(
            partner_id=partner_id,
            supplier=supplier,
            invoice_number=invoice_number,
            invoice_key=found,
            total=total,
            currency=currency,
            declared_by=actor.user_id,
            declared_at=now,
        )
        .returning(SharedDocument.id)
    ).scalar_one()
    return int(new_id)


def take_shared_back(
    connection: Connection, actor: Actor, now: datetime, document_id: int, key: str | None = None
) -> int:
    """Take a declaration back while no claim has a part of it; return the id of the act.

    What was wrong in it can be declared anew.

    Raises LookupError for a declaration that is not the actor's partner's, Refused for one that is in use:
    without it its parts would no longer be counted.
    """
    partner_id = _own_partner(connection, actor)
    mine = (SharedDocument.id == document_id) & (SharedDocument.partner_id == partner_id)
    row = connection.execute(select(SharedDocument.__table__).where(mine).with_for_update()).one_or_none()
    if row is None:
        raise LookupError(document_id)
    # After the lock, in a statement of its own: it sees what was taken while this one waited.
    if taken := taken_by_key(connection, partner_id, [row.invoice_key]).get(row.invoice_key, 0):
        raise Refused(Problem("shared_in_use", figures={"taken": written(taken, row.currency)}))
    figures = {
        "supplier": row.supplier,
        "invoice_number": row.invoice_number,
        "total": plain(row.total),
        "currency": row.currency,
    }
    connection.execute(delete(SharedDocument).where(mine))
    return _record(connection, actor, now, "document_unshared", figures, key)


def _own_partner(connection: Connection, actor: Actor) -> int:
    if actor.partner_id is None or Role.partner not in roles_now(connection, actor.user_id or 0):
        raise Refused(Problem("not_yours"))
    return actor.partner_id


def _record(
    connection: Connection,
    actor: Actor,
    now: datetime,
    kind: str,
    figures: Mapping[str, str],
    key: str | None,
) -> int:
    return record_act(
        connection,
        actor,
        now,
        kind,
        f"partner:{actor.partner_id}",
        figures,
        partner_id=actor.partner_id,
        role=Role.partner,
        key=key,
    )


def _is_declared(connection: Connection, partner_id: int, found: str) -> bool:
    same = select(SharedDocument.id).where(
        SharedDocument.partner_id == partner_id, SharedDocument.invoice_key == found
    )
    return connection.scalar(same) is not None
