"""The outbox: one row for each person who is told of something.

The row is both the in-app notification and the e-mail to send.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonText, Key, Moment, UtcTime, Word
from models.vocabulary import Delivery, MessageKind

_CLAIM = ("number", "title", "partner")
_ACCOUNT = ("partner", "account", "currency", "entered_by")
_LINK = ("path", "ends_at", "programme", "owner", "partner", "roles")

FIGURES: Mapping[MessageKind, tuple[str, ...]] = MappingProxyType(
    {
        MessageKind.turn: (*_CLAIM, "task", "cause", "amount", "on_behalf_of"),
        MessageKind.decision: (
            *_CLAIM,
            "trigger",
            "source",
            "target",
            "requested",
            "approved",
            "reimbursable",
            "paid_on",
            "payment_reference",
            "amount",
            "paid_in",
            "taken_in",
            "report_by",
            "resubmit_by",
            "expired_by",
            "reason_hash",
        ),
        MessageKind.unassigned: (*_CLAIM, "task", "why"),
        MessageKind.vendor_fact_missing: (*_CLAIM, "trigger", "period", "day", "missing"),
        MessageKind.certificate_warning: ("partner", "days", "last_day", "claims"),
        MessageKind.reminder: (*_CLAIM, "task", "due_on", "late", "amount", "on_behalf_of"),
        MessageKind.escalation: (*_CLAIM, "task", "due_on", "amount", "holder"),
        MessageKind.amount_upheld: (*_CLAIM, "approved"),
        MessageKind.account_entered: (*_ACCOUNT, "replaces", "withdrawn"),
        MessageKind.account_waiting: (*_ACCOUNT, "replaces", "withdrawn"),
        MessageKind.account_decided: (*_ACCOUNT, "confirmed", "reason_hash"),
        MessageKind.claw_back_waiting: (*_CLAIM, "amount", "taken_in", "proposed_by"),
        MessageKind.run_waiting: ("run", "run_id", "currency", "day", "payments", "amount", "collected_by"),
        MessageKind.policy_waiting: ("proposal_id", "name", "day", "proposed_by"),
        MessageKind.erasure_waiting: ("reference", "claim", "number", "user", "proposed_by"),
        MessageKind.retention_set: ("set_by", "day"),
        MessageKind.hold_lifted: ("held", "set_on", "lifted_by", "reason_hash"),
        MessageKind.appointed: ("user", "number", "gained", "by"),
        MessageKind.policy_decided: ("outcome", "name", "day", "decided_by", "reason_hash"),
        MessageKind.post: (*_CLAIM, "author", "internal", "text"),
        MessageKind.history_alarm: ("found", "first"),
        MessageKind.checkpoint: ("checkpoint", "made_at", "signed", "signature"),
        MessageKind.import_done: ("import_id", "file", "outcome", "new", "changed", "wrong"),
        MessageKind.invitation: _LINK,
        MessageKind.password_reset: _LINK,
    }
)
"""The figures of each kind: whoever writes a message gives all of these, null where there is none.

Amounts are plain (`4000.00`), days and moments ISO 8601, `partner` a name, `trigger`, `source`, `target` and
`task` words of the vocabulary.

- `turn`: a task of the programme owner's side. `cause` is the trigger that opened it, `reassign`, or
  `moved_on` where its holder may not do it now; `amount` is what it is about (asked, granted or
  left to pay); `on_behalf_of` is the name of the absent colleague whom its reader stands in for.
- `decision`: to the partner, also where it makes it the partner's turn. `amount` is that of a payment which
  is not of all that is reimbursed, `paid_in` what the bank paid in another currency (`3319.50 EUR`),
  `taken_in` what of that is clawed back; messages from before there were such lack them. `report_by` and
  `resubmit_by` are the deadlines that now run; `expired_by` is `certification` or the name of the policy's
  deadline; `reason_hash` names the `Reason` whose text is read when the mail is written.
- `unassigned`: `why` is the task's `unassigned_why`.
- `vendor_fact_missing`: `missing` lists what the programme owner has to record: `fund`, `performance`,
  `period`, `certificate`, `country_limit`. `period` is the claim's own, `day` its first.
- `certificate_warning`: `claims` lists `{"number", "title"}` of the claims at risk.
- `reminder`: a task of its reader's is due on `due_on`; `late` says whether that is past.
- `escalation`: a task of somebody else's is late; `holder` is their name, null where it is all of
  finance's or nobody's.
- `amount_upheld`: to the partner, whose dispute of what was granted changed nothing.
- `account_entered`, `account_waiting`, `account_decided`: `account` is the number with its middle left out,
  `replaces` that of the account in force until then, `withdrawn` that of one that waited and whose place it
  takes, which earlier messages lack, `entered_by` a name; `confirmed` is false for a refusal,
  whose `Reason` is named by `reason_hash`.
- `claw_back_waiting`, `run_waiting`: to those who may release it. `proposed_by` and `collected_by` are names,
  `taken_in` is the amount in the currency that was paid, where that is another,
  `day` is that on which the bank is asked to pay, `payments` their number, `amount` what they come to.
- `policy_waiting`: to the managers who may decide. `name` is that of the draft to be published from `day` on,
  null where the version that starts on `day` is to be withdrawn.
- `erasure_waiting`: to the managers who may confirm. `claim` or `user` is the id of what is to be erased, the
  other null; `number` is that of the claim, null where it has none yet.
- `retention_set`: to the other managers and all auditors. `day` is that from which more is erased by itself,
  null where nothing is erased sooner.
- `hold_lifted`: to whoever set it. `held` is the number of the claim, or the partner's name; the `Reason` is
  named by `reason_hash`.
- `post`: `author` wrote on a claim and addresses its reader. `text` is how it begins, on one line, and empty
  once the post was erased; `internal` says that it is a note which the programme owner's people alone read.
- `appointed`: to the other managers and all auditors. `gained` lists the roles that somebody got or can use
  again, `user` is their name, null where an import gave roles to several, `number` of them. `by` is the name
  of who did it, null where nobody did: the command line, or the import folder.
- `policy_decided`: to whoever proposed it and whoever wrote the draft. `outcome` is the kind of the act; the
  `Reason` of what was turned down is named by `reason_hash`.
- `history_alarm`: `found` things of history do not agree, `first` names one of them.
- `checkpoint`: `signed` is the text of the checkpoint of that number, `signature` its signature.
- `import_done`: what came of a `file` of the import folder. `outcome` is `done`, `same` (nothing was new),
  `wrong` (that many rows are, so nothing was written) or `unreadable`; the others count rows.
- `invitation`, `password_reset`: `path` is the single-use link after BASE_URL; null once the mail has left.
  `programme` and `owner` are names; `partner` is null for the owner's own people; `roles` lists the user's.
  Messages written before they said why have `path` and `ends_at` alone.
"""

NAMING_USERS = frozenset(
    {
        "author",
        "by",
        "collected_by",
        "decided_by",
        "entered_by",
        "holder",
        "lifted_by",
        "on_behalf_of",
        "proposed_by",
        "set_by",
        "user",
    }
)
"""The figures that are names of users (`user` is an id in some kinds)."""

LINK_KINDS = frozenset({MessageKind.invitation, MessageKind.password_reset})
"""Told to somebody who cannot sign in: mailed at once whatever they prefer, never shown in the product."""


class Message(Base):
    """One person is told one thing. Written in the transaction of what it tells; sent later, at least once.

    `key` is its natural key: the same thing is never announced twice to the same person.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_user_id_id", "user_id", "id"),
        Index(
            "ix_message_waiting",
            "due_at",
            "id",
            sqlite_where=text("delivery = 'waiting'"),
            postgresql_where=text("delivery = 'waiting'"),
        ),
        Index(
            "ix_message_of_posts",
            "claim_id",
            sqlite_where=text("kind = 'post'"),
            postgresql_where=text("kind = 'post'"),
        ),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[MessageKind] = mapped_column(Word(MessageKind))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    figures: Mapped[Any] = mapped_column(JsonText)
    created_at: Mapped[Moment]
    read_at: Mapped[datetime | None] = mapped_column(UtcTime())

    delivery: Mapped[Delivery] = mapped_column(Word(Delivery))
    due_at: Mapped[Moment]
    taken_until: Mapped[datetime | None] = mapped_column(UtcTime())
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime())
