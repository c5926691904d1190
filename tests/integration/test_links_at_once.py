"""A link that is used at the moment when the password changes another way."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.people import SingleUseLink
from models.vocabulary import MessageKind
from tests.integration.test_races import meanwhile
from tests.support.factories import HASHED
from tests.support.world import World
from workflow.accounts import let_in, redeem_link
from workflow.links import LinkSpent, end_links, send_link
from workflow.passwords import Passwords


def test_a_link_used_while_the_password_changes_waits_for_that_and_is_spent(world: World) -> None:
    """It holds no link meanwhile: otherwise the two would wait for each other."""
    database, now, bob = world.database, world.clock.now(), world.people["bob"].user_id
    assert bob is not None
    with database.write() as connection:
        token = send_link(connection, bob, MessageKind.password_reset, now, timedelta(hours=1))
    plain = Passwords(time_cost=1, memory_kib=8)

    def redeem() -> None:
        redeem_link(database, plain, token, "a new password", now)

    with database.engine.connect() as first, first.begin() as transaction:
        let_in(first, bob, HASHED, "changed", now)
        with meanwhile(database, redeem) as second:
            held_by_nobody = select(SingleUseLink.user_id).with_for_update(skip_locked=True)
            free = first.scalars(held_by_nobody).all()
            end_links(first, bob)
            transaction.commit()
    assert free == [bob]
    with pytest.raises(LinkSpent):
        second.result()
