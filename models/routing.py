"""Who decides on which claims: groups of approvers, and the rules from before policy versions held them."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NO_ID_TWICE, Amount, Base, JsonText, Key


class ApproverGroup(Base):
    """Approvers who decide on the same claims; each gets those that the others do not hold."""

    __tablename__ = "approver_group"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(100), unique=True)


class GroupMember(Base):
    """Somebody in a group."""

    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("approver_group.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)


class FormerRoutingRule(Base):
    """A routing rule from before policy versions held them; nothing writes them any more.

    They hold with versions that say nothing of routing; that of the lowest `place` which fits applies.
    """

    __tablename__ = "routing_rule"
    __table_args__ = (CheckConstraint("above >= 0", name="above_not_negative"), NO_ID_TWICE)

    id: Mapped[Key]
    place: Mapped[int] = mapped_column(Integer, unique=True)
    country: Mapped[str | None] = mapped_column(String(2))
    activity_type: Mapped[str | None] = mapped_column(String(60))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    above: Mapped[Amount] = mapped_column(default=0)
    tiers: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
