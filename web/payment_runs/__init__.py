"""Payment runs: collecting, releasing, exporting them, and recording that they were paid."""

from web.payment_runs import exporting, importing, listing, one_run, recording, rejecting
from web.payment_runs.room import room

__all__ = ["exporting", "importing", "listing", "one_run", "recording", "rejecting", "room"]
