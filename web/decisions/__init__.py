"""The approver's room: tasks, decisions and acceptance."""

from web.decisions import accepting, deciding, inbox
from web.decisions.room import room

__all__ = ["accepting", "deciding", "inbox", "room"]
