"""When each background part of the installation was last seen at work."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Moment


class Heartbeat(Base):
    """One part (`scheduler`, `worker`), on whichever node, and when it last said that it lives."""

    __tablename__ = "heartbeat"

    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    seen_at: Mapped[Moment]
