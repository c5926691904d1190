"""The approver's room: tasks, decisions and acceptance."""

from web.decisions import accepting, deciding, handing_over, inbox, reconsidering, several
from web.decisions.room import room

__all__ = ["accepting", "deciding", "handing_over", "inbox", "reconsidering", "room", "several"]
