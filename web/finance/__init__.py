"""Finance's room: what is to be paid, and paying it."""

from web.finance import claw_backs, failures, parts, paying, payments, reopening
from web.finance.room import room

__all__ = ["claw_backs", "failures", "parts", "paying", "payments", "reopening", "room"]
