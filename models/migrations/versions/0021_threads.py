"""Partner and programme owner write to each other on a claim."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from models.base import UtcTime, WholeNumber

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEPT = {
    "post": "id, claim_id, author_id, at, internal, key",
    "post_mention": "post_id, user_id",
    "post_file": "id, post_id, content_type, size, digest",
}
"""The columns that never change. What people wrote, the text and a file's name, can be blanked."""


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "post",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=False),
        sa.Column("author_id", WholeNumber, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_post_claim_id")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_post_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_post_author_id_key")),
    )
    op.create_index("ix_post_claim_id_id", "post", ["claim_id", "id"])
    op.create_index("ix_post_author_id_at", "post", ["author_id", "at"])
    op.create_table(
        "post_mention",
        sa.Column("post_id", WholeNumber, nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_mention_post_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_post_mention_user_id")),
        sa.PrimaryKeyConstraint("post_id", "user_id", name=op.f("pk_post_mention")),
    )
    op.create_table(
        "post_file",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("post_id", WholeNumber, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("size", WholeNumber, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_file_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_file")),
    )
    op.create_index(op.f("ix_post_file_post_id"), "post_file", ["post_id"])
    op.create_index(op.f("ix_post_file_digest"), "post_file", ["digest"])
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take the schema back to the revision before; the guards go with their tables."""
    op.drop_table("post_file")
    op.drop_table("post_mention")
    op.drop_table("post")


def _guards(dialect: str) -> Iterator[str]:
    for table, columns in KEPT.items():
        if dialect == "postgresql":
            yield (
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OF {columns} OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            yield (
                f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        for name, verb in (("update", f"UPDATE OF {columns}"), ("delete", "DELETE")):
            yield (
                f"CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
