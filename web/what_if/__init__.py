"""What-ifs: programme managers ask how past claims come out by another policy; auditors read it too."""

from web.what_if import asking, claims, results
from web.what_if.room import room

__all__ = ["asking", "claims", "results", "room"]
