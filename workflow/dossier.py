"""What is known of a claim at one moment: all that rules and consequences may need. Rules never query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select

from models.money import Exact
from models.vocabulary import LineKind
from workflow.exchange import Exchange, exchange_of

AnyRow = Row[*tuple[Any, ...]]
"""A row, or a record: whatever bears the names of its columns."""

Query = Select[*tuple[Any, ...]]
Rows = Sequence[AnyRow]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One claim and all that is known about it at one moment. Rows bear the names of their columns.

    `claim` holds the claim's own columns and those of its partner, period, open task and programme:
    `partner_type`, `country`, `period_code`, `first_day`, `last_day`, `closed_at`, `task_id`, `task_kind`,
    `assignee_id`, `on_behalf_of_id`, `unassigned_why`, `due_on`, `opened_at`, `held_since`, `zone`; those of
    the rate that it goes by, `rate_id`, `rate_day`, `rate_usd`, `rate_local`, `rate_source`; while it
    has no period, `open_period_id` is an open one that holds the first day, if there is any; `head` is the
    hash of its last move. `told` are the partner's users who hear of decisions: the author and the contacts.
    """

    claim: AnyRow
    fund: AnyRow | None = None
    certificates: tuple[AnyRow, ...] = ()
    performance: Rows = ()
    lines: Rows = ()
    evidence: Rows = ()
    told: tuple[int, ...] = ()

    @property
    def exchange(self) -> Exchange | None:
        """Return what the amounts of its lines go by; None where their currency has no rate."""
        return exchange_of(self.claim)

    @property
    def planned(self) -> list[AnyRow]:
        """Return the planned budget lines."""
        return [line for line in self.lines if line.kind == LineKind.planned]

    @property
    def actual(self) -> list[AnyRow]:
        """Return the actual cost lines of the report."""
        return [line for line in self.lines if line.kind == LineKind.actual]


def worth(dossier: Dossier, lines: Iterable[AnyRow]) -> Exact:
    """Return what lines of a submitted claim are worth in all, in cents of a US dollar, unrounded."""
    assert dossier.exchange is not None
    return dossier.exchange.in_usd(sum(line.amount for line in lines))
