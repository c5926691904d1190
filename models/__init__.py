"""What is stored. Importing this package registers every mapped class."""

from models import (
    claims,
    funds,
    heartbeats,
    history,
    jobs,
    messages,
    people,
    pictures,
    programme,
    routing,
    sharing,
    standing,
    tasks,
)

__all__ = [
    "claims",
    "funds",
    "heartbeats",
    "history",
    "jobs",
    "messages",
    "people",
    "pictures",
    "programme",
    "routing",
    "sharing",
    "standing",
    "tasks",
]
