"""What legal holds keep. Whatever erases or deletes something of a claim asks here first."""

from sqlalchemy import ColumnElement, Connection, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from models.erasure import LegalHold
from models.people import Partner
from workflow.dossier import AnyRow


def held(
    claim_id: InstrumentedAttribute[int] | int, partner_id: InstrumentedAttribute[int] | int
) -> ColumnElement[bool]:
    """Return the condition that a legal hold stands on a claim or its partner."""
    return exists().where(or_(LegalHold.claim_id == claim_id, LegalHold.partner_id == partner_id))


def wait_for_holds(connection: Connection, partners: ColumnElement[bool]) -> None:
    """Wait for holds that are being set on partners or their claims, and let no other be set meanwhile.

    That lasts until the transaction ends. Setting and lifting a hold locks its partner.
    """
    whose = select(Partner.id).where(partners).order_by(Partner.id)
    connection.execute(whose.with_for_update(read=True)).all()


def is_held(connection: Connection, claim: AnyRow) -> bool:
    """Return whether a legal hold stands on a locked claim or its partner.

    One that is being set at this moment is waited for, and then seen.
    """
    wait_for_holds(connection, Partner.id == claim.partner_id)
    return connection.scalar(select(held(claim.id, claim.partner_id))) or False
