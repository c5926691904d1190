"""What an auditor does with a search: keeps it, and has what it finds made into a file."""

from web.searches import exports, kept
from web.searches.room import room

__all__ = ["exports", "kept", "room"]
