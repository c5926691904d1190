"""Payment runs: collecting, releasing, exporting them, and recording that they were paid."""

from web.payment_runs import exporting, listing, one_run, recording
from web.payment_runs.room import room

__all__ = ["exporting", "listing", "one_run", "recording", "room"]
