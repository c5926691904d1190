"""The programme manager's room: partners, periods, funds, users, policy and outbox."""

from web.programme import (
    claims,
    deadlines,
    funds,
    overview,
    partners,
    periods,
    policy,
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
    "policy",
    "reassigning_several",
    "reinstating",
    "room",
    "routing",
    "standing",
    "tasks",
    "users",
]
