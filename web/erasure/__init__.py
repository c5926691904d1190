"""Personal data: how long it is kept, requests to erase it, legal holds; for managers and auditors."""

from web.erasure import holds, one_claim, one_user, overview, requests
from web.erasure.room import room

__all__ = ["holds", "one_claim", "one_user", "overview", "requests", "room"]
