"""What integration tests share: a small programme on each database."""

import pytest

from models.database import Database
from tests.support.world import World, make_world
from workflow.clock import SettableClock


@pytest.fixture
def world(database: Database, clock: SettableClock) -> World:
    """A programme with somebody in every role and one partner that may claim."""
    return make_world(database, clock)
