"""What holds a claim's payment: a bank account that waits to be confirmed, or a run that the claim is in."""

from sqlalchemy import Connection, bindparam, select

from models.claims import Claim
from models.driver import ask
from models.people import Partner
from workflow.banking import pending_of
from workflow.dossier import AnyRow, Query
from workflow.payment_runs.contents import draft_run_of, open_run_of

ACCOUNTS_STAND: Query = (
    select(Partner.id)
    .join(Claim, Claim.partner_id == Partner.id)
    .where(Claim.id == bindparam("claim"))
    .with_for_update(read=True, of=Partner)
)
"""Asked before `HELD`, in a statement of its own: nobody enters an account for the claim's partner until the
payment is made, and a payment that comes a moment later sees the account."""

HELD: Query = select(
    pending_of(Claim.partner_id).label("pending_account_id"),
    draft_run_of(Claim.id).label("draft_run_id"),
    open_run_of(Claim.id).label("open_run_id"),
).where(Claim.id == bindparam("claim"))
"""What holds the payment of the claim `claim`. `draft_run_id` is the open run while it is not released."""


def held_by(connection: Connection, claim_id: int) -> AnyRow:
    """Return what holds the payment of a claim; see `HELD`."""
    rows: list[AnyRow]
    (rows,) = ask(connection, [(HELD, {"claim": claim_id})])
    return rows[0]
