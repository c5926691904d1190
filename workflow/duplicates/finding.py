"""Finds which documents of a claim are on file elsewhere, with four statements however much is on file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from models.claims import Claim, ClaimLine, Evidence
from models.exchange import ExchangeRate
from models.money import Cents
from models.people import Partner
from models.pictures import ImageBand, Picture
from models.sharing import SharedDocument
from models.vocabulary import LineKind, State
from workflow.dossier import AnyRow, Query
from workflow.duplicates.pictures import same_picture
from workflow.rates import RATE, goes_by

MOST = 60
"""Matches of each kind that are told at most. More would say nothing more."""

MOST_CANDIDATES = 1_500
"""Pairs of pictures that are compared at most for a claim: those that share most bands."""


class Likeness(StrEnum):
    """In what two documents are the same."""

    file = "file"
    invoice = "invoice"
    photo = "photo"


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a claim (`evidence_id`), or the invoice of an actual cost line (`line_id`).

    `name` is the file's own, or supplier and number of the invoice. `amount` is in the currency of its claim,
    `goes_by` a row that bears that currency and its rate.
    """

    claim_id: int
    number: str | None
    title: str
    state: State
    partner_id: int
    partner: str
    name: str
    evidence_id: int | None = None
    line_id: int | None = None
    content_type: str = ""
    uploaded_at: datetime | None = None
    amount: Cents | None = None
    goes_by: AnyRow | None = None

    @property
    def is_picture(self) -> bool:
        """Return whether it can be shown as a picture."""
        return self.content_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Match:
    """A document of the claim that was asked about, and one that is the same."""

    likeness: Likeness
    mine: Document
    other: Document


def matches_of(connection: Connection, claim_id: int, counts: ColumnElement[bool]) -> list[Match]:
    """Return what of a claim is on file elsewhere, or twice in itself.

    `counts` is a condition on `Claim`: which other claims are looked at. Claims that came to a bad end are
    among them, with their state: what was rejected there is as telling here.
    """
    claim = connection.execute(_CLAIM.where(Claim.id == claim_id)).one()
    return [
        *_found(Likeness.file, claim, connection.execute(_same_files(claim_id, counts))),
        *_found(
            Likeness.invoice, claim, connection.execute(_same_invoices(claim_id, claim.partner_id, counts))
        ),
        *_found(Likeness.photo, claim, _same_photos(connection, claim_id, counts)),
    ]


_CLAIM: Query = (
    select(
        Claim.id.label("claim_id"),
        Claim.number,
        Claim.title,
        Claim.state,
        Claim.partner_id,
        Claim.currency,
        *RATE,
        Partner.name.label("partner"),
    )
    .join(Partner, Partner.id == Claim.partner_id)
    .outerjoin(ExchangeRate, goes_by())
)

_MINE = aliased(Evidence)
_MY_LINE = aliased(ClaimLine)
_MY_BAND = aliased(ImageBand)
_MY_PICTURE = aliased(Picture)


def _columns(entity: Any, prefix: str, names: tuple[str, ...]) -> list[Any]:
    return [getattr(entity, name).label(f"{prefix}{name}") for name in names]


_FILE = ("id", "name", "content_type", "uploaded_at")
_LINE = ("id", "supplier", "invoice_number", "amount")


def _elsewhere(mine: Any, other: Any, claim_id: int, counts: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a document of the claim meets with another; each pair within it once."""
    return and_(
        mine.claim_id == claim_id,
        or_(
            and_(other.claim_id == claim_id, other.id > mine.id),
            and_(other.claim_id != claim_id, counts),
        ),
    )


def _same_files(claim_id: int, counts: ColumnElement[bool]) -> Select[Any]:
    return (
        _CLAIM.add_columns(*_columns(_MINE, "my_", _FILE), *_columns(Evidence, "other_", _FILE))
        .join(Evidence, Evidence.claim_id == Claim.id)
        .join(_MINE, _MINE.digest == Evidence.digest)
        .where(_elsewhere(_MINE, Evidence, claim_id, counts), Evidence.erased_by.is_(None))
        .order_by(_MINE.id, Evidence.id)
        .limit(MOST)
    )


def _same_invoices(claim_id: int, partner_id: int, counts: ColumnElement[bool]) -> Select[Any]:
    """Return the query for equal invoices, but those that the partner declared as shared by its claims."""
    same = and_(_MY_LINE.invoice_key == ClaimLine.invoice_key, _MY_LINE.amount == ClaimLine.amount)
    in_parts = exists().where(
        SharedDocument.partner_id == partner_id,
        Claim.partner_id == partner_id,
        SharedDocument.invoice_key == ClaimLine.invoice_key,
    )
    billed = and_(_MY_LINE.kind == LineKind.actual, ClaimLine.kind == LineKind.actual)
    return (
        _CLAIM.add_columns(*_columns(_MY_LINE, "my_", _LINE), *_columns(ClaimLine, "other_", _LINE))
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(_MY_LINE, and_(same, billed))
        .where(_elsewhere(_MY_LINE, ClaimLine, claim_id, counts), ~in_parts)
        .order_by(_MY_LINE.id, ClaimLine.id)
        .limit(MOST)
    )


def _same_photos(connection: Connection, claim_id: int, counts: ColumnElement[bool]) -> list[AnyRow]:
    """Return the rows of the pictures that look alike. Candidates share a band; few are none."""
    likely = (
        select(_MY_BAND.evidence_id.label("mine"), ImageBand.evidence_id.label("other"))
        .join(
            _MY_BAND, and_(_MY_BAND.value == ImageBand.value, _MY_BAND.evidence_id != ImageBand.evidence_id)
        )
        .join(_MINE, _MINE.id == _MY_BAND.evidence_id)
        .join(Evidence, Evidence.id == ImageBand.evidence_id)
        .join(Claim, Claim.id == Evidence.claim_id)
        .where(
            or_(_MY_BAND.whole, ImageBand.whole),
            Evidence.digest != _MINE.digest,
            _elsewhere(_MINE, Evidence, claim_id, counts),
        )
        .group_by(_MY_BAND.evidence_id, ImageBand.evidence_id)
        .order_by(func.count().desc(), ImageBand.evidence_id)
        .limit(MOST_CANDIDATES)
        .subquery()
    )
    candidates = connection.execute(
        _CLAIM.add_columns(
            *_columns(_MINE, "my_", _FILE),
            *_columns(Evidence, "other_", _FILE),
            _MY_PICTURE.fingerprint.label("my_fingerprint"),
            Picture.fingerprint.label("other_fingerprint"),
        )
        .join(Evidence, Evidence.claim_id == Claim.id)
        .join(likely, likely.c.other == Evidence.id)
        .join(_MINE, _MINE.id == likely.c.mine)
        .join(_MY_PICTURE, _MY_PICTURE.evidence_id == _MINE.id)
        .join(Picture, Picture.evidence_id == Evidence.id)
        .order_by(_MINE.id, Evidence.id)
    )
    return [row for row in candidates if same_picture(row.my_fingerprint, row.other_fingerprint)][:MOST]


def _found(likeness: Likeness, claim: AnyRow, rows: Any) -> Iterator[Match]:
    document = _invoice if likeness is Likeness.invoice else _file
    for row in rows:
        yield Match(likeness, document(claim, row, "my_"), document(row, row, "other_"))


def _file(claim: AnyRow, row: AnyRow, prefix: str) -> Document:
    said = {name: getattr(row, f"{prefix}{name}") for name in _FILE}
    return Document(**_claim_of(claim), evidence_id=said.pop("id"), **said)


def _invoice(claim: AnyRow, row: AnyRow, prefix: str) -> Document:
    said = {name: getattr(row, f"{prefix}{name}") for name in _LINE}
    name = f"{said['supplier']} {said['invoice_number']}"
    return Document(**_claim_of(claim), line_id=said["id"], name=name, amount=said["amount"], goes_by=claim)


def _claim_of(row: AnyRow) -> dict[str, Any]:
    names = ("claim_id", "number", "title", "state", "partner_id", "partner")
    return {name: getattr(row, name) for name in names}
