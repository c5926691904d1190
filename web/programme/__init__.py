"""The programme manager's room: partners, periods, funds, users, policy and outbox."""

from web.programme import claims, overview, reinstating, tasks
from web.programme.room import room

__all__ = ["claims", "overview", "reinstating", "room", "tasks"]
