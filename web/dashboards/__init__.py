"""Dashboards by role, and the claims behind each of their figures."""

from web.dashboards import claims, money, reasons, returns, times, work
from web.dashboards.room import room

__all__ = ["claims", "money", "reasons", "returns", "room", "times", "work"]
