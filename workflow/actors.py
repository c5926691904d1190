"""Who makes a move."""

from typing import NamedTuple

from models.vocabulary import Role


class Actor(NamedTuple):
    """A user with the roles held now, or the scheduler.

    `partner_id` is empty for the programme owner's people.
    """

    user_id: int | None
    roles: frozenset[Role]
    partner_id: int | None = None


SCHEDULER = Actor(None, frozenset({Role.scheduler}))
"""The product itself, when time makes the move."""

INSTALLER = Actor(None, frozenset({Role.manager}))
"""Whoever runs the installation, at its command line or through its import folder: an act without a user."""
