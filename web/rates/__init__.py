"""What currencies are worth: entered by hand, or loaded from a file of the European Central Bank."""

from web.rates import pages
from web.rates.room import room

__all__ = ["pages", "room"]
