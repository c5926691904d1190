"""Messages: what a user was told, and the outbox that the programme manager watches."""

from web.messages import notifications, outbox
from web.messages.room import room

__all__ = ["notifications", "outbox", "room"]
