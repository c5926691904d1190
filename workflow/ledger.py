"""What a move does to the money: a small table from the row's money effect to one ledger entry."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from models.money import Cents
from models.vocabulary import Bucket, EntryKind, State
from workflow.table import HOLDS_A_RESERVE

BUCKETS: Mapping[EntryKind, tuple[Bucket, Bucket]] = {
    EntryKind.allocate: (Bucket.unallocated, Bucket.available),
    EntryKind.reduce: (Bucket.available, Bucket.unallocated),
    EntryKind.reserve: (Bucket.available, Bucket.reserved),
    EntryKind.shrink: (Bucket.reserved, Bucket.available),
    EntryKind.release: (Bucket.reserved, Bucket.available),
    EntryKind.pay: (Bucket.reserved, Bucket.paid),
    EntryKind.unpay: (Bucket.paid, Bucket.reserved),
    EntryKind.claw_back: (Bucket.paid, Bucket.available),
}
"""From which bucket to which an entry of each kind moves money."""

_SIGNS: Mapping[EntryKind, Mapping[str, int]] = {
    kind: {
        bucket.value: (bucket is target) - (bucket is source)
        for bucket in Bucket
        if bucket is not Bucket.unallocated
    }
    for kind, (source, target) in BUCKETS.items()
}
"""What an entry of each kind does to a fund's three balances."""


class Entry(NamedTuple):
    """A positive amount, in cents, of one kind."""

    kind: EntryKind
    amount: Cents

    def change(self) -> dict[str, Cents]:
        """Return what the entry adds to the fund's three balances, negative where it takes."""
        return {bucket: sign * self.amount for bucket, sign in _SIGNS[self.kind].items()}


class Money(NamedTuple):
    """A claim's amounts after a move, in cents, and what the move itself names: the amount of a payment."""

    approved: Cents | None
    reimbursable: Cents | None
    reserved: Cents
    moved: Cents


def entry_of(kind: EntryKind | None, money: Money, *, target: State) -> Entry | None:
    """Return the entry that a move with this effect makes, or None where no money moves.

    `money` holds the amounts as the move leaves them, but `reserved` as it found it.
    """
    if kind is None:
        return None
    amount = _AMOUNTS[kind](money, target)
    return Entry(kind, amount) if amount else None


_AMOUNTS: Mapping[EntryKind, Callable[[Money, State], Cents]] = {
    EntryKind.reserve: lambda money, target: (
        (money.approved or 0) - money.reserved if target in HOLDS_A_RESERVE else 0
    ),
    EntryKind.release: lambda money, _: money.reserved,
    EntryKind.shrink: lambda money, _: money.reserved - (money.reimbursable or 0),
    EntryKind.pay: lambda money, _: money.moved,
    EntryKind.unpay: lambda money, _: money.moved,
    EntryKind.claw_back: lambda money, _: money.moved,
}
