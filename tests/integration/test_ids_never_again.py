"""An id whose row is gone is never given again: a page that was left open would act on another row."""

import pytest

from models.base import Base
from models.erasure import ErasureRequest, LegalHold, TakenOffFile
from models.imports import ImportFile
from models.policies import PolicyDraft, PolicyProposal
from models.searches import Export, SavedSearch
from models.sharing import SharedDocument
from tests.support.policies import drafted, proposed, version_of
from tests.support.world import World
from workflow.acts import policy_drafts as drafts
from workflow.acts import policy_publishing as publishing
from workflow.moves import settled
from workflow.refusals import Refused

GO_AND_ARE_NAMED = (
    ErasureRequest,
    Export,
    ImportFile,
    LegalHold,
    PolicyDraft,
    PolicyProposal,
    SavedSearch,
    SharedDocument,
    TakenOffFile,
)
"""Classes whose rows go, and are named by pages until then."""


@pytest.mark.parametrize("model", GO_AND_ARE_NAMED, ids=lambda model: model.__tablename__)
def test_the_database_counts_on_where_the_last_row_is_gone(world: World, model: type[Base]) -> None:
    table = model.__tablename__
    with world.database.read() as connection:
        if connection.dialect.name == "sqlite":
            made = connection.exec_driver_sql(
                "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
            ).scalar_one()
            assert "AUTOINCREMENT" in made
        else:
            sequence = connection.exec_driver_sql(f"SELECT pg_get_serial_sequence('{table}', 'id')").scalar()
            assert sequence is not None


def test_a_page_of_a_proposal_that_was_turned_down_publishes_no_other(world: World) -> None:
    mia, now = world.people["mia"], world.clock.now()
    old = proposed(world, drafted(world))
    with world.database.write() as connection:
        publishing.turn_down(connection, mia, now, old, reason="Not yet.")
    later = proposed(world, drafted(world, name="Another"))
    assert later != old
    with pytest.raises(Refused, match="proposal_gone"):
        settled(
            world.database,
            lambda connection: publishing.publish(connection, mia, now, old, today=now.date()),
        )


def test_a_page_of_a_draft_that_was_thrown_away_leads_to_no_other(world: World) -> None:
    old = drafted(world)
    with world.database.write() as connection:
        drafts.drop_draft(connection, world.people["mia"], old, version_of(world, old))
    assert drafted(world, name="Another") != old
