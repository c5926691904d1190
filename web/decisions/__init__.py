"""The approver's room: tasks, decisions and acceptance."""

from web.decisions import accepting, deciding, giving_back, inbox
from web.decisions.room import room

__all__ = ["accepting", "deciding", "giving_back", "inbox", "room"]
