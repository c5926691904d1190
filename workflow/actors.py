"""Who makes a move."""

from dataclasses import dataclass

from models.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A user with the roles held now, or the scheduler.

    `partner_id` is empty for the programme owner's people.
    """

    user_id: int | None
    roles: frozenset[Role]
    partner_id: int | None = None


SCHEDULER = Actor(None, frozenset({Role.scheduler}))
"""The product itself, when time makes the move."""

INSTALLER = Actor(None, frozenset({Role.manager}))
"""Whoever runs the installation, at its command line. History shows an act without a user."""
