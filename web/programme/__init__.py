"""The programme manager's room: partners, periods, funds, users, routing and tasks."""

from web.programme import (
    claims,
    deadlines,
    funds,
    overview,
    partners,
    periods,
    reassigning_several,
    reinstating,
    routing,
    standing,
    tasks,
    users,
)
from web.programme.room import room

__all__ = [
    "claims",
    "deadlines",
    "funds",
    "overview",
    "partners",
    "periods",
    "reassigning_several",
    "reinstating",
    "room",
    "routing",
    "standing",
    "tasks",
    "users",
]
