"""A claim's file: everything about one claim as one PDF."""

from web.audit.claim_file import page

__all__ = ["page"]
