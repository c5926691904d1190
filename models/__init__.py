"""What is stored. Importing this package registers every mapped class."""

from models import (
    banking,
    claims,
    funds,
    heartbeats,
    history,
    jobs,
    messages,
    payment_runs,
    payments,
    people,
    pictures,
    programme,
    routing,
    sharing,
    standing,
    tasks,
)

__all__ = [
    "banking",
    "claims",
    "funds",
    "heartbeats",
    "history",
    "jobs",
    "messages",
    "payment_runs",
    "payments",
    "people",
    "pictures",
    "programme",
    "routing",
    "sharing",
    "standing",
    "tasks",
]
