"""What each rule did, counted: for auditors and programme managers."""

from web.rule_counts.pages import room

__all__ = ["room"]
