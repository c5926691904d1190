"""Where partners are paid: entering a bank account, and deciding on one that was entered."""

from web.banking import deciding, entering
from web.banking.room import room

__all__ = ["deciding", "entering", "room"]
