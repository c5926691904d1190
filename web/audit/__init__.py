"""The auditor's room: reads everything, changes nothing of what it reads."""

from web.audit import (
    acts,
    as_of,
    claim_file,
    claims,
    funds,
    ledger,
    moves,
    packages,
    proof,
    refused,
    verifications,
)
from web.audit.room import room

__all__ = [
    "acts",
    "as_of",
    "claim_file",
    "claims",
    "funds",
    "ledger",
    "moves",
    "packages",
    "proof",
    "refused",
    "room",
    "verifications",
]
