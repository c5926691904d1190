"""History is chained, and checkpoints bind all chains. Rows that are there already are chained in order.

What is chained can never be erased, so the digests of files leave it before: a salted hash takes their place,
which binds them as reasons are bound. Going back leaves it there.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.append_only import AT_FIRST, guards, guards_removal
from models.base import JsonText, UtcTime, WholeNumber
from models.links import ACTS, linked, row_text

revision = "0030"
down_revision = "0026"
branch_labels = None
depends_on = None

GUARDED = ("link", "checkpoint", "checkpoint_head", "verification")


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "link",
        sa.Column("chain", WholeNumber, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain", "position", name=op.f("pk_link")),
        sa.UniqueConstraint("subject", name=op.f("uq_link_subject")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("number", WholeNumber, autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "checkpoint_head",
        sa.Column("checkpoint", WholeNumber, nullable=False),
        sa.Column("chain", WholeNumber, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkpoint"], ["checkpoint.number"], name=op.f("fk_checkpoint_head_checkpoint")
        ),
        sa.PrimaryKeyConstraint("checkpoint", "chain", name=op.f("pk_checkpoint_head")),
    )
    op.create_table(
        "verification",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.Integer(), nullable=False),
        sa.Column("rows", WholeNumber, nullable=False),
        sa.Column("unsigned", WholeNumber, nullable=False),
        sa.Column("unproved", WholeNumber, nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    _bind_digests(op.get_bind())
    _chain_what_is_there(op.get_bind())
    for table in GUARDED:
        for statement in guards(op.get_bind().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    for table in reversed(GUARDED):
        for statement in guards_removal(op.get_bind().dialect.name, table):
            op.execute(statement)
        op.drop_table(table)


def _columns(names: str, kind: Any) -> list[sa.ColumnClause[Any]]:
    return [sa.column(name, kind) for name in names.split()]


MOVE = sa.table(
    "move",
    *_columns("claim_id number partner_id actor_id on_behalf_of_id policy_version_id", WholeNumber),
    *_columns("requested approved reimbursable reserved paid", WholeNumber),
    *_columns("trigger source target role reason_hash key", sa.Text()),
    sa.column("at", UtcTime()),
    sa.column("day", sa.Date()),
    *_columns("verdicts document figures", JsonText()),
)
ENTRY = sa.table(
    "ledger_entry",
    *_columns("id fund_id amount claim_id move_number act_id", WholeNumber),
    *_columns("kind source target", sa.Text()),
    sa.column("at", UtcTime()),
)
PAYMENT = sa.table(
    "payment",
    *_columns("claim_id move_number amount instructed rate_id day_rate_id", WholeNumber),
    *_columns("currency reference reference_folded", sa.Text()),
    sa.column("paid_on", sa.Date()),
)
FAILURE = sa.table("payment_failure", *_columns("payment_id claim_id move_number", WholeNumber))
ACT = sa.table(
    "act",
    *_columns("id actor_id partner_id", WholeNumber),
    *_columns("kind role subject reason_hash key", sa.Text()),
    sa.column("at", UtcTime()),
    sa.column("figures", JsonText()),
)
RECORDED = (
    ENTRY,
    sa.table(
        "certificate",
        *_columns("id partner_id replaces_id act_id", WholeNumber),
        *_columns("valid_from valid_until revoked_on", sa.Date()),
        sa.column("recorded_at", UtcTime()),
    ),
    sa.table(
        "performance",
        *_columns("id partner_id period_id required achieved replaces_id act_id", WholeNumber),
        sa.column("recorded_at", UtcTime()),
    ),
    sa.table(
        "policy_version",
        *_columns("id act_id", WholeNumber),
        sa.column("first_day", sa.Date()),
        sa.column("document", JsonText()),
        sa.column("recorded_at", UtcTime()),
    ),
    sa.table(
        "exchange_rate",
        *_columns("id act_id", WholeNumber),
        *_columns("currency usd local source", sa.Text()),
        sa.column("day", sa.Date()),
        sa.column("recorded_at", UtcTime()),
    ),
)
"""Tables whose rows an act records, in the order in which one act would."""

LINK = sa.table("link", *_columns("chain position", WholeNumber), *_columns("subject text hash", sa.Text()))

FOLDED = (ENTRY, PAYMENT, FAILURE)

AT_A_TIME = 1000


WITH_FILES = sa.table("move", *_columns("id claim_id", WholeNumber), sa.column("document", JsonText()))
ABOUT_FILES = sa.table(
    "act", sa.column("id", WholeNumber), sa.column("kind", sa.Text()), sa.column("figures", JsonText())
)
REASON = sa.table("reason", *_columns("hash salt text", sa.Text()))

Bound = defaultdict[tuple[int, str, str], str]
"""What binds a file, by its claim, its digest and its kind."""


def _bind_digests(connection: sa.Connection) -> None:
    """Put what binds the digest of a file in its place wherever history says one."""
    dialect = connection.dialect.name
    for table in ("move", "act"):
        for statement in guards_removal(dialect, table):
            op.execute(statement)
    bound: Bound = defaultdict(lambda: "")
    moves = connection.execute(sa.select(WITH_FILES).where(_says_digest(WITH_FILES.c.document))).all()
    for move in moves:
        for file in move.document.get("claim", {}).get("evidence", ()):
            _bind(connection, file, bound, move.claim_id)
        changed = WITH_FILES.update().where(WITH_FILES.c.id == move.id)
        connection.execute(changed.values(document=move.document))
    for act in connection.execute(sa.select(ABOUT_FILES).where(ABOUT_FILES.c.kind == "bank_file_read")).all():
        _bind(connection, act.figures, bound, ACTS)
        connection.execute(ABOUT_FILES.update().where(ABOUT_FILES.c.id == act.id).values(figures=act.figures))
    for table in ("move", "act"):
        for statement in guards(dialect, table, AT_FIRST):
            op.execute(statement)


def _says_digest(column: sa.ColumnClause[Any]) -> sa.ColumnElement[bool]:
    return sa.type_coerce(column, sa.Text()).contains('"digest":')


def _bind(connection: sa.Connection, file: dict[str, Any], bound: Bound, claim_id: int) -> None:
    """Put what binds a digest in its place: the same within a claim for the same bytes as the same kind.

    As another kind they may be kept for longer.
    """
    digest = file.pop("digest", None)
    if digest is None:
        return
    mine = (claim_id, digest, file.get("kind", ""))
    if not bound[mine]:
        salt = secrets.token_hex(32)
        bound[mine] = hashlib.sha256((salt + digest).encode()).hexdigest()
        row: Mapping[str, str] = {"hash": bound[mine], "salt": salt, "text": digest}
        connection.execute(REASON.insert().values(**row))
    file["commitment"] = bound[mine]


def _chain_what_is_there(connection: sa.Connection) -> None:
    for links in batched(_links_of_moves(connection), AT_A_TIME):
        connection.execute(LINK.insert(), links)
    for links in batched(_links_of_acts(connection), AT_A_TIME):
        connection.execute(LINK.insert(), links)


def batched(rows: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows in lists of a size, the last one shorter."""
    while some := list(islice(rows, size)):
        yield some


def _links_of_moves(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    query = sa.select(MOVE, *_apart(ENTRY), *_apart(PAYMENT), *_apart(FAILURE)).select_from(MOVE)
    for table in FOLDED:
        of_the_move = (table.c.claim_id == MOVE.c.claim_id) & (table.c.move_number == MOVE.c.number)
        query = query.outerjoin_from(MOVE, table, of_the_move)
    rows = connection.execute(query.order_by(MOVE.c.claim_id, MOVE.c.number)).mappings()
    for claim_id, of_a_claim in groupby(rows, key=lambda row: row["claim_id"]):
        yield from linked(claim_id, 0, None, [(None, _text_of_move(row)) for row in of_a_claim])


def _apart(table: sa.TableClause) -> list[sa.Label[Any]]:
    return [column.label(f"{table.name}.{column.name}") for column in table.c]


def _text_of_move(row: sa.RowMapping) -> str:
    folded = {
        table.name: {column.name: row[f"{table.name}.{column.name}"] for column in table.c}
        for table in FOLDED
        if row[f"{table.name}.claim_id"] is not None
    }
    return row_text("move", {column.name: row[column.name] for column in MOVE.c}, **folded)


def _links_of_acts(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Yield the one chain of acts: each act, and after it what it recorded."""
    tables = (ACT, *RECORDED)
    streams = [_recorded(connection, rank, table) for rank, table in enumerate(tables)]
    texts = ((subject, text) for *_, subject, text in merge(*streams))
    return linked(ACTS, 0, None, texts)


def _recorded(
    connection: sa.Connection, rank: int, table: sa.TableClause
) -> Iterator[tuple[int, int, int, str, str]]:
    act_id = table.c.id if table is ACT else table.c.act_id
    rows = connection.execute(sa.select(table).where(act_id.is_not(None)).order_by(act_id, table.c.id))
    for row in rows.mappings():
        yield row[act_id.name], rank, row["id"], f"{table.name}:{row['id']}", row_text(table.name, dict(row))
