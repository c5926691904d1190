"""The same evidence is found again: files by digest, invoices by a key, pictures by how they look."""

import hashlib
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

from models.base import WholeNumber

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LINE = sa.table(
    "claim_line",
    sa.column("id", WholeNumber),
    sa.column("kind", sa.String),
    sa.column("supplier", sa.String),
    sa.column("invoice_number", sa.String),
    sa.column("invoice_key", sa.String),
)

FORM = re.compile(
    "ab|ag|and|aps|as|bhd|bv|co|company|corp|corporation|doo|ek|ev|gbr|gesellschaft|gmbh|inc|incorporated"
    "|kft|kg|kgaa|limited|llc|llp|ltd|ltda|lp|mbh|nv|ohg|oo|oy|oyj|plc|private|pte|pty|pvt|sa|sarl|sas|sdn"
    "|se|sl|sp|spa|spol|srl|sro|ug|und|z"
)


def upgrade() -> None:
    """Bring the schema to this revision. Invoices on file get their keys; pictures on file are not looked at."""
    op.create_index("ix_evidence_digest", "evidence", ["digest"])
    op.add_column("claim_line", sa.Column("invoice_key", sa.String(64), nullable=True))
    billed = sa.select(LINE).where(
        LINE.c.kind == "actual", LINE.c.supplier != "", LINE.c.invoice_number != ""
    )
    keys = [
        {"line": row.id, "key": key}
        for row in op.get_bind().execute(billed)
        if (key := key_of(row.supplier, row.invoice_number)) is not None
    ]
    if keys:
        fill = LINE.update().where(LINE.c.id == sa.bindparam("line")).values(invoice_key=sa.bindparam("key"))
        op.get_bind().execute(fill, keys)
    op.create_index("ix_claim_line_invoice_key_amount", "claim_line", ["invoice_key", "amount"])
    op.create_table(
        "picture",
        sa.Column("evidence_id", WholeNumber, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_picture_evidence_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_picture")),
    )
    op.create_table(
        "image_band",
        sa.Column("value", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("evidence_id", WholeNumber, nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_image_band_evidence_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("value", "evidence_id", name=op.f("pk_image_band")),
    )
    op.create_index("ix_image_band_evidence_id", "image_band", ["evidence_id"])


def key_of(supplier: str, number: str) -> str | None:
    """Return an invoice's key, as workflow/duplicates/invoices.py made it at this revision."""
    words = [word for each in re.split(r"[\s,;/&+()]+", supplier) if (word := letters(each))]
    while len(words) > 1 and FORM.fullmatch(words[-1]):
        words.pop()
    names = "".join(words), re.sub(r"(?<![0-9])0+(?=[0-9])", "", letters(number))
    return hashlib.sha256("|".join(names).encode()).hexdigest() if all(names) else None


def letters(text: str) -> str:
    """Return the letters and digits of a text: no accents, no capitals, no punctuation."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("image_band")
    op.drop_table("picture")
    op.drop_index("ix_claim_line_invoice_key_amount", table_name="claim_line")
    op.drop_column("claim_line", "invoice_key")
    op.drop_index("ix_evidence_digest", table_name="evidence")
