"""Finance's room: what is to be paid, and paying it."""

from web.finance import failures, parts, paying, payments, reopening
from web.finance.room import room

__all__ = ["failures", "parts", "paying", "payments", "reopening", "room"]
