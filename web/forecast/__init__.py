"""The forecast: what comes if things go on as they are, for programme managers and auditors."""

from web.forecast import approvers, claims, overview, periods
from web.forecast.room import room

__all__ = ["approvers", "claims", "overview", "periods", "room"]
