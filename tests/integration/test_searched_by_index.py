"""A search for what hardly any move has is led by an index, so that it need not read them all."""

from typing import Any

import pytest
from sqlalchemy import text

from models.history import Move
from tests.support.stages import approved
from tests.support.world import World
from workflow.searches.moves import MOVES
from workflow.searches.search import conditions


def plan_of(world: World, asked: dict[str, Any]) -> str:
    """Return how the database finds the newest moves of a search."""
    which = conditions(asked, MOVES.conditions)
    query = MOVES.listed.where(*which).order_by(Move.at.desc(), Move.id.desc()).limit(51)
    statement = str(query.compile(world.database.engine, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN" if world.database.is_sqlite else "EXPLAIN"
    with world.database.read() as connection:
        if not world.database.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = connection.exec_driver_sql(f"{explain} {statement}")
        return "\n".join(str(row) for row in rows)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"outcome": "broken"}, "ix_move_not_held"),
        ({"outcome": "unknown", "rule": "organiser"}, "ix_move_not_held"),
        ({"standing": "substitute"}, "ix_move_stood_in"),
        ({"acted_for": "bob"}, "ix_move_stood_in"),
    ],
)
def test_what_few_moves_have_is_found_by_an_index(world: World, asked: dict[str, Any], index: str) -> None:
    approved(world)
    assert index in plan_of(world, asked)
