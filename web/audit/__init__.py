"""The auditor's room: reads everything, changes nothing."""

from web.audit import acts, as_of, claim_file, claims, funds, moves, proof, refused
from web.audit.room import room

__all__ = ["acts", "as_of", "claim_file", "claims", "funds", "moves", "proof", "refused", "room"]
