"""What is of persons can be erased: reasons and files know their claim, and which act erased them."""

import hashlib
import secrets
from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import JsonText, UtcTime, WholeNumber

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

PEOPLE = frozenset(
    [
        "attendee_list",
        "attendee_report",
        "call_report",
        "delivery_report",
        "distribution_list",
        "installation_photo",
        "partner_list",
        "photos",
        "recording",
        "visitor_list",
    ]
)
RECEIPTS = frozenset({"invoice", "organiser_contract", "proof_of_delivery", "sponsorship_contract"})

ERASABLE = ("reason", "evidence", "post", "user")

AT_A_TIME = 1000


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("reason", sa.Column("claim_id", WholeNumber, nullable=True))
    op.add_column("reason", sa.Column("kind", sa.String(20), nullable=False, server_default="reasons"))
    op.add_column("reason", sa.Column("erased_by", WholeNumber, nullable=True))
    op.create_index(op.f("ix_reason_claim_id"), "reason", ["claim_id"])
    op.add_column("evidence", sa.Column("commitment", sa.String(64), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("erased_by", WholeNumber, nullable=True))
    op.add_column("claim", sa.Column("texts_erased_by", WholeNumber, nullable=True))
    op.add_column("post", sa.Column("erased_by", WholeNumber, nullable=True))
    op.add_column("user", sa.Column("erased_by", WholeNumber, nullable=True))
    op.create_index(
        "ix_message_of_posts",
        "message",
        ["claim_id"],
        sqlite_where=sa.text("kind = 'post'"),
        postgresql_where=sa.text("kind = 'post'"),
    )
    op.create_table(
        "retention",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("set_at", UtcTime(), nullable=False),
        sa.Column("meanwhile", sa.Integer(), nullable=True),
        sa.CheckConstraint("months > 0", name=op.f("ck_retention_months_positive")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention")),
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=True),
        sa.Column("partner_id", WholeNumber, nullable=True),
        sa.Column("set_by_id", WholeNumber, nullable=False),
        sa.Column("set_at", UtcTime(), nullable=False),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.CheckConstraint(
            "(claim_id IS NULL) <> (partner_id IS NULL)", name=op.f("ck_legal_hold_of_one_thing")
        ),
        *_references("legal_hold", claim_id="claim", partner_id="partner", set_by_id="user", act_id="act"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_legal_hold_claim_id")),
        sa.UniqueConstraint("partner_id", name=op.f("uq_legal_hold_partner_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "erasure_request",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("claim_id", WholeNumber, nullable=True),
        sa.Column("user_id", WholeNumber, nullable=True),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(100), nullable=False),
        sa.Column("proposed_by_id", WholeNumber, nullable=False),
        sa.Column("act_id", WholeNumber, nullable=False),
        sa.CheckConstraint(
            "(claim_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_erasure_request_of_one_thing")
        ),
        *_references(
            "erasure_request", claim_id="claim", user_id="user", proposed_by_id="user", act_id="act"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_erasure_request_claim_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_erasure_request_user_id")),
        sqlite_autoincrement=True,
    )
    _guard_files_of_posts("id, post_id, content_type, size")
    _let_digests_be_erased()
    _say_what_is_whose(op.get_bind())
    _bind_files(op.get_bind())
    _forget_reasons_of_jobs(op.get_bind())


def downgrade() -> None:
    """Take the schema back to the revision before. Refused once anything was erased.

    The revision before would take it for lost.
    """
    counted = [f'(SELECT count(*) FROM "{table}" WHERE erased_by IS NOT NULL)' for table in ERASABLE]
    if op.get_bind().scalar(sa.text(f"SELECT {' + '.join(counted)}")):
        raise RuntimeError("something was erased: the revision before would take it for lost")
    _let_no_digest_be_erased()
    _guard_files_of_posts("id, post_id, content_type, size, digest")
    for table in ("erasure_request", "legal_hold", "retention"):
        op.drop_table(table)
    op.drop_index("ix_message_of_posts", table_name="message")
    op.drop_index(op.f("ix_reason_claim_id"), table_name="reason")
    for table, columns in {
        "reason": ("claim_id", "kind", "erased_by"),
        "evidence": ("commitment", "erased_by"),
        "claim": ("texts_erased_by",),
        "post": ("erased_by",),
        "user": ("erased_by",),
    }.items():
        for column in columns:
            op.drop_column(table, column)


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]


def _guard_files_of_posts(kept: str) -> None:
    """Let these columns alone never change of a file in a thread."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER post_file_append_only ON post_file")
        op.execute(
            f"CREATE TRIGGER post_file_append_only BEFORE UPDATE OF {kept} OR DELETE ON post_file "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    op.execute("DROP TRIGGER post_file_no_update")
    op.execute(
        f"CREATE TRIGGER post_file_no_update BEFORE UPDATE OF {kept} ON post_file "
        "BEGIN SELECT RAISE(ABORT, 'post_file is append-only'); END"
    )


def _let_digests_be_erased() -> None:
    """Let the digest of a file in a thread become nothing, and nothing else."""
    name, when = "post_file_only_erased", "NEW.digest NOT IN (OLD.digest, '')"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE OF digest ON post_file "
            f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse_change()"
        )
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE UPDATE OF digest ON post_file WHEN {when} "
        "BEGIN SELECT RAISE(ABORT, 'post_file is append-only'); END"
    )


def _let_no_digest_be_erased() -> None:
    of_table = " ON post_file" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER post_file_only_erased{of_table}")


def _columns(names: str, kind: Any) -> list[sa.ColumnClause[Any]]:
    return [sa.column(name, kind) for name in names.split()]


REASON = sa.table("reason", *_columns("hash salt text kind", sa.Text()), sa.column("claim_id", WholeNumber))
MOVE = sa.table(
    "move",
    *_columns("claim_id number", WholeNumber),
    sa.column("reason_hash", sa.Text()),
    sa.column("document", JsonText()),
)
ACT = sa.table(
    "act",
    sa.column("id", WholeNumber),
    *_columns("kind subject reason_hash", sa.Text()),
    sa.column("figures", JsonText()),
)
CLAIM = sa.table("claim", sa.column("id", WholeNumber), sa.column("texts_hash", sa.Text()))
EVIDENCE = sa.table(
    "evidence", *_columns("id claim_id", WholeNumber), *_columns("kind digest commitment", sa.Text())
)

JOB = sa.table(
    "job", sa.column("id", WholeNumber), sa.column("input", JsonText()), sa.column("ended_at", UtcTime())
)

Owned = tuple[str, int, str]
"""A hash, the claim that it is of, and its kind."""


def _say_what_is_whose(connection: sa.Connection) -> None:
    owned = iter([*_of_moves(connection), *_of_claims(connection), *_of_acts(connection)])
    told = REASON.update().where(REASON.c.hash == sa.bindparam("of_hash"))
    told = told.values(claim_id=sa.bindparam("of_claim"), kind=sa.bindparam("of_kind"))
    while some := list(islice(owned, AT_A_TIME)):
        connection.execute(
            told, [{"of_hash": found, "of_claim": claim, "of_kind": kind} for found, claim, kind in some]
        )


def _of_moves(connection: sa.Connection) -> Iterator[Owned]:
    for move in connection.execute(sa.select(MOVE)):
        document = move.document or {}
        if move.reason_hash:
            yield move.reason_hash, move.claim_id, "reasons"
        if document.get("texts"):
            yield document["texts"], move.claim_id, "texts"
        for file in document.get("claim", {}).get("evidence", ()):
            if file.get("commitment"):
                yield file["commitment"], move.claim_id, _kind_of(file.get("kind"))


def _of_claims(connection: sa.Connection) -> Iterator[Owned]:
    for claim in connection.execute(sa.select(CLAIM).where(CLAIM.c.texts_hash.is_not(None))):
        yield claim.texts_hash, claim.id, "texts"


def _of_acts(connection: sa.Connection) -> Iterator[Owned]:
    for act in connection.execute(sa.select(ACT).where(ACT.c.reason_hash.is_not(None))):
        subject, _colon, key = act.subject.partition(":")
        claim_id = int(key) if subject == "claim" else act.figures.get("claim")
        if claim_id is not None:
            yield act.reason_hash, claim_id, "texts" if act.kind == "plan_corrected" else "reasons"


def _bind_files(connection: sa.Connection) -> None:
    """Let each file name what binds its digest in history, or bind it now."""
    named = sa.select(REASON).where(REASON.c.claim_id.is_not(None), sa.func.length(REASON.c.text) == 64)
    bound = {(row.claim_id, row.text, row.kind): row.hash for row in connection.execute(named)}
    for file in connection.execute(sa.select(EVIDENCE)).all():
        mine = (file.claim_id, file.digest, _kind_of(file.kind))
        found = bound.get(mine) or _bound(connection, file)
        connection.execute(EVIDENCE.update().where(EVIDENCE.c.id == file.id).values(commitment=found))


def _bound(connection: sa.Connection, file: Any) -> str:
    salt = secrets.token_hex(32)
    found = hashlib.sha256((salt + file.digest).encode()).hexdigest()
    row = {"hash": found, "salt": salt, "text": file.digest, "claim_id": file.claim_id}
    connection.execute(REASON.insert().values(**row, kind=_kind_of(file.kind)))
    return found


def _kind_of(evidence_kind: str | None) -> str:
    if evidence_kind in PEOPLE:
        return "people_files"
    return "receipts" if evidence_kind in RECEIPTS else "other_files"


def _forget_reasons_of_jobs(connection: sa.Connection) -> None:
    """Leave the reasons of jobs that ended to history, which has them."""
    for job in connection.execute(sa.select(JOB).where(JOB.c.ended_at.is_not(None))).all():
        if "reason" in job.input:
            kept = {name: value for name, value in job.input.items() if name != "reason"}
            connection.execute(JOB.update().where(JOB.c.id == job.id).values(input=kept))
