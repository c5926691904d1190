"""The auditor's room: reads everything, changes nothing."""

from web.audit import acts, claims, funds, moves, proof, refused
from web.audit.room import room

__all__ = ["acts", "claims", "funds", "moves", "proof", "refused", "room"]
