"""Data that comes in and goes out as files: a preview of every row, applied whole or not at all."""

from web.imports import exporting, listing, one_import
from web.imports.room import room

__all__ = ["exporting", "listing", "one_import", "room"]
