"""Finance's room: what is to be paid, and paying it."""

from web.finance import paying, payments, reopening
from web.finance.room import room

__all__ = ["paying", "payments", "reopening", "room"]
