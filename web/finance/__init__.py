"""Finance's room: what is to be paid, and paying it."""

from web.finance import parts, paying, payments, reopening
from web.finance.room import room

__all__ = ["parts", "paying", "payments", "reopening", "room"]
