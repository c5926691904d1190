"""What came of an activity in the end, as its partner reports it. No rule reads it."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, WholeNumber


class Outcome(Base):
    """The newest report of a claim's outcomes; every report stands in history as an act.

    `revenue` is in cents of a US dollar, by the claim's own exchange rate.
    """

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint("leads >= 0", name="leads_not_negative"),
        CheckConstraint("meetings >= 0", name="meetings_not_negative"),
        CheckConstraint("revenue >= 0", name="revenue_not_negative"),
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True, autoincrement=False)
    leads: Mapped[int] = mapped_column(WholeNumber)
    meetings: Mapped[int] = mapped_column(WholeNumber)
    revenue: Mapped[Amount]
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    """The act that reported it: who, when, and in which currency."""
