"""The thread of a claim: what partner and programme owner write to each other about it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, LongText, ShortText, UtcTime, WholeNumber


class Post(Base):
    """What somebody wrote on a claim. Never edited: the database lets it be erased, and nothing else.

    An `internal` one is a note that the programme owner's people alone read.
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("author_id", "key"),
        Index("ix_post_claim_id_id", "claim_id", "id"),
        Index("ix_post_author_id_at", "author_id", "at"),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcTime())
    internal: Mapped[bool]
    text: Mapped[LongText]
    key: Mapped[str] = mapped_column(String(64))
    """The idempotency key of the request that made it."""
    erased_by: Mapped[int | None] = mapped_column(WholeNumber)
    """The act that erased its text and its files."""


class PostMention(Base):
    """Somebody whom a post addresses by name: they were told of it."""

    __tablename__ = "post_mention"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)


class PostFile(Base):
    """A file that came with a post, kept in the file store under its digest. It is no evidence.

    Name and digest are empty once the post was erased.
    """

    __tablename__ = "post_file"

    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    name: Mapped[ShortText]
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(WholeNumber)
    digest: Mapped[str] = mapped_column(String(64), index=True)
