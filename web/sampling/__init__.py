"""Samples that auditors draw, what they find, and what it projects."""

from web.sampling import drawing, finding, results
from web.sampling.room import room

__all__ = ["drawing", "finding", "results", "room"]
