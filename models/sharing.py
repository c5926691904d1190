"""Invoices that a partner declared as shared by several claims, such as a yearly one in twelve parts."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NO_ID_TWICE, Amount, Base, Key, Moment


class SharedDocument(Base):
    """An invoice with its total, in hundredths of its currency.

    The parts taken are the cost lines that bear its key. A move that takes a part locks the row, so that two
    at once never take more than there is.
    """

    __tablename__ = "shared_document"
    __table_args__ = (
        CheckConstraint("total > 0", name="total_positive"),
        UniqueConstraint("partner_id", "invoice_key"),
        NO_ID_TWICE,
    )

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    supplier: Mapped[str] = mapped_column(String(200))
    invoice_number: Mapped[str] = mapped_column(String(100))
    invoice_key: Mapped[str] = mapped_column(String(64))
    total: Mapped[Amount]
    currency: Mapped[str] = mapped_column(String(3), default="USD", server_default="USD")
    declared_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    declared_at: Mapped[Moment]
