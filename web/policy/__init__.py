"""Policy versions: their editor, their publication by two people, and the programme's rules as a page."""

from web.policy import drafts, editing, proposals, rules, versions
from web.policy.room import room

__all__ = ["drafts", "editing", "proposals", "room", "rules", "versions"]
