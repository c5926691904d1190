"""What holds a claim's payment: a bank account that waits to be confirmed, or a run that the claim is in."""

from sqlalchemy import Connection, bindparam, select

from models.claims import Claim
from models.driver import ask
from workflow.banking import pending_of
from workflow.dossier import AnyRow, Query
from workflow.payment_runs.contents import draft_run_of, open_run_of, run_amount_of

HELD: Query = select(
    pending_of(Claim.partner_id).label("pending_account_id"),
    draft_run_of(Claim.id).label("draft_run_id"),
    open_run_of(Claim.id).label("open_run_id"),
    run_amount_of(Claim.id).label("run_amount"),
).where(Claim.id == bindparam("claim"))
"""What holds the payment of the claim `claim`. `draft_run_id` is the open run while it is not released.

`run_amount` is what the open run pays for it, in cents.
"""


def held_by(connection: Connection, claim_id: int) -> AnyRow:
    """Return what holds the payment of a claim; see `HELD`."""
    rows: list[AnyRow]
    (rows,) = ask(connection, [(HELD, {"claim": claim_id})])
    return rows[0]
