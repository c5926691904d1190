"""A claim with its lines and its evidence, as they stand now."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Amount, Base, JsonText, Key, Moment, ShortText, UtcTime, WholeNumber, Word
from models.people import Partner, User
from models.programme import Period, PolicyVersion
from models.vocabulary import LineKind, State


class Claim(Base):
    """One activity, from draft to reimbursed. A draft may lack anything but its type.

    `version` grows with every change, `moves` counts the rows of its history. Money is in cents of a
    US dollar: `requested` by the partner, `approved` (granted), `reimbursable` (accepted), `reserved` now,
    `paid`.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("requested > 0", name="requested_positive"),
        CheckConstraint("approved > 0", name="approved_positive"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        UniqueConstraint("author_id", "key"),
        Index("ix_claim_partner_id_id", "partner_id", "id"),
        Index("ix_claim_state_id", "state", "id"),
        Index("ix_claim_partner_id_starts_on", "partner_id", "starts_on"),
        Index("ix_claim_state_pay_by_id", "state", "pay_by", "id"),
    )

    id: Mapped[Key]
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    moves: Mapped[int] = mapped_column(Integer, default=0)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[Moment]
    key: Mapped[str | None] = mapped_column(String(64))
    """The idempotency key of the request that made the draft."""

    state: Mapped[State] = mapped_column(Word(State), default=State.draft)
    state_since: Mapped[Moment]
    expired_from: Mapped[State | None] = mapped_column(Word(State))
    rejected_from: Mapped[State | None] = mapped_column(Word(State))
    disputed_on: Mapped[date | None]
    """When its partner disputed a decision on this submission, which is done once."""
    barred: Mapped[list[int] | None] = mapped_column(JsonText)
    """Who decided on it before a dispute, and on whose behalf: none of them decides on it again."""
    submitted_on: Mapped[date | None]
    policy_version_id: Mapped[int | None] = mapped_column(ForeignKey("policy_version.id"))
    resubmit_by: Mapped[date | None]
    """The last day to submit a returned draft again, as the partner was told when it came back."""
    report_by: Mapped[date | None]
    """A report deadline of this claim's own, set by a reinstatement or a rework, in place of the policy's."""

    route: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    """Who decides, tier by tier, as the routing rules had it at the submission (workflow/routing.py)."""
    endorsements: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonText)
    """What the tiers before the last decided since: `{"by", "for", "amount", "days_late", "disallowed"}`."""

    activity_type: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    audience: Mapped[str] = mapped_column(String(500), default="")
    objective: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    texts_hash: Mapped[str | None] = mapped_column(String(64))
    """Binds the texts of the plan that no rule reads, as they were last sent (workflow/texts.py)."""
    texts_erased_by: Mapped[int | None] = mapped_column(WholeNumber)
    """The act that erased these texts."""
    period_id: Mapped[int | None] = mapped_column(ForeignKey("period.id"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    organiser_kind: Mapped[str | None] = mapped_column(String(40))
    organiser_name: Mapped[str] = mapped_column(String(200), default="")
    expected_attendees: Mapped[int | None] = mapped_column(Integer)
    details: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    checklist: Mapped[dict[str, bool]] = mapped_column(JsonText, default=dict)

    currency: Mapped[str] = mapped_column(String(3), default="USD", server_default="USD")
    """What the amounts of its lines are in (ISO 4217)."""
    pinned_rate_id: Mapped[int | None] = mapped_column(WholeNumber)
    """The exchange rate that its submission pinned; none in US dollars, nor while it is a draft."""

    requested: Mapped[Amount | None]
    approved: Mapped[Amount | None]
    reimbursable: Mapped[Amount | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    accepted_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """On whose behalf it was accepted, where a substitute did: neither of them pays it."""
    accepted_on: Mapped[date | None]
    """The day of the first acceptance since the submission: from then on the claim does not expire."""
    pay_by: Mapped[date | None]
    """The day by which it is to be paid, since its last acceptance: the order in which finance pays."""
    reserved: Mapped[Amount] = mapped_column(default=0)
    paid: Mapped[Amount] = mapped_column(default=0)
    paid_on: Mapped[date | None]
    payment_reference: Mapped[str | None] = mapped_column(String(140), unique=True)
    """The reference of the last payment; each stands in `payment`."""

    partner: Mapped[Partner] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    period: Mapped[Period | None] = relationship()
    policy_version: Mapped[PolicyVersion | None] = relationship()
    lines: Mapped[list["ClaimLine"]] = relationship(order_by="ClaimLine.position")
    evidence: Mapped[list["Evidence"]] = relationship(order_by="Evidence.id")


class ClaimLine(Base):
    """A planned budget line, or an actual cost line of the report. A draft's line may lack anything.

    Its amounts are in hundredths of the claim's currency.
    """

    __tablename__ = "claim_line"
    __table_args__ = (
        UniqueConstraint("claim_id", "kind", "position"),
        Index("ix_claim_line_invoice_key_amount", "invoice_key", "amount"),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    kind: Mapped[LineKind] = mapped_column(Word(LineKind))
    position: Mapped[int] = mapped_column(Integer)
    category: Mapped[str | None] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(String(300), default="")
    quantity: Mapped[int | None] = mapped_column(WholeNumber)
    unit_value: Mapped[Amount | None]
    amount: Mapped[Amount | None]
    product_model: Mapped[str] = mapped_column(String(200), default="")
    supplier: Mapped[str] = mapped_column(String(200), default="")
    invoice_number: Mapped[str] = mapped_column(String(100), default="")
    invoice_key: Mapped[str | None] = mapped_column(String(64))
    """What two spellings of the same invoice share (workflow/duplicates/invoices.py)."""
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"), index=True)
    """The invoice among the claim's files that proves it (workflow/coverage.py)."""
    accepted: Mapped[bool | None]
    comment: Mapped[str] = mapped_column(String(500), default="", server_default="")
    """What the approver says of it: why it was refused."""
    reason_code: Mapped[str | None] = mapped_column(String(20))
    """Why it was refused, in a word of workflow/deductions.py."""


class Evidence(Base):
    """A file of a claim, kept in the file store under its digest. `kind` is an evidence kind or `attachment`.

    Frozen by the `submit` or `report` that followed it; the approver's verdict comes at acceptance.
    """

    __tablename__ = "evidence"

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    name: Mapped[ShortText]
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(WholeNumber)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    """Empty once it was erased, and so is the name."""
    commitment: Mapped[str] = mapped_column(String(64), server_default="")
    """What stands for the digest in check documents: the hash of a `Reason` whose text the digest is."""
    erased_by: Mapped[int | None] = mapped_column(WholeNumber)
    """The act that erased it."""
    dated_on: Mapped[date | None]
    """The day that the file says of itself; nobody vouches for it."""
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[Moment]
    frozen_at: Mapped[datetime | None] = mapped_column(UtcTime())
    meets_standard: Mapped[bool | None]
    comment: Mapped[str] = mapped_column(String(500), default="")


class LooseFile(Base):
    """A stored file that may be named by no row, and since when: about to be attached, or taken off."""

    __tablename__ = "loose_file"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[Moment] = mapped_column(index=True)
