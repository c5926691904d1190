"""Parts of one activity are found among a partner's claims, led by an index and with one statement."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text, true

from models.database import Database
from models.vocabulary import Role
from tests.support.stages import executed
from tests.support.statements import statements
from tests.support.world import World, bill, line
from workflow.dossier import Dossier
from workflow.duplicates.splits import Ground, Split, neighbours_of, splits_of
from workflow.gathering import gather

CAP = 1_000_000
LARGE = [line(amount=1_600_000)]


def part(world: World, **plan: Any) -> int:
    """Return a submitted claim that asks for 6,000.00 of the 10,000.00 that one activity gets."""
    claim_id = world.draft(lines=LARGE, **{"requested": 600_000, **plan})
    world.move(claim_id, "submit", "anna")
    return claim_id


def dossier_of(world: World, claim_id: int) -> Dossier:
    with world.database.read() as connection:
        return gather(connection, [claim_id], lock=False)[claim_id]


def found(world: World, claim_id: int) -> list[Split]:
    dossier = dossier_of(world, claim_id)
    with world.database.read() as connection:
        return splits_of(connection, dossier, CAP, true())


def test_the_second_part_of_an_event_is_found_with_its_sum(world: World) -> None:
    first = part(world)
    second = world.draft(
        lines=LARGE,
        title="Spring seminar, part 2",
        requested=500_000,
        starts_on=date(2026, 4, 20),
        ends_on=date(2026, 4, 20),
    )
    (split,) = found(world, second)
    assert [other.claim_id for other in split.others] == [first]
    assert (split.total, split.grounds) == (1_100_000, ((Ground.event, "Spring seminar, part 2"),))
    assert found(world, first) == [], "a draft was not sent, and counts for nobody but itself"
    world.move(second, "submit", "anna")
    assert [other.claim_id for other in found(world, first)[0].others] == [second]


def test_what_came_to_a_bad_end_and_what_lies_further_apart_is_no_part(world: World) -> None:
    first, mine = part(world), part(world, title="Spring seminar (2)")
    assert len(found(world, mine)) == 1
    world.move(first, "withdraw", "anna")
    assert found(world, mine) == []
    assert found(world, first) == []
    part(world, starts_on=date(2026, 5, 12), ends_on=date(2026, 5, 12))
    assert found(world, mine) == []


def test_the_same_event_of_another_partner_is_no_part(world: World) -> None:
    other = world.partner("Alster Systems")
    world.certify(other, date(2025, 1, 1), date(2026, 12, 31))
    world.performed(other)
    world.fund(other)
    world.person("otto", Role.partner, partner_id=other)
    theirs = world.draft("otto", lines=LARGE, requested=600_000)
    world.move(theirs, "submit", "otto")
    assert found(world, part(world)) == []


def test_a_supplier_in_common_is_found_once_it_bills_both(world: World) -> None:
    first = executed(world)
    second = executed(world)
    for claim_id, supplier in ((first, "Kongresshalle GmbH"), (second, "KONGRESSHALLE")):
        world.move(claim_id, "rework", "bob", reason="Once more.")
        world.bill(claim_id, bill(supplier=supplier))
    (split,) = [one for one in _within(world, second, 700_000) if Ground.supplier in dict(one.grounds)]
    assert [other.claim_id for other in split.others] == [first]
    assert dict(split.grounds)[Ground.supplier] == "KONGRESSHALLE"


def _within(world: World, claim_id: int, cap: int) -> list[Split]:
    dossier = dossier_of(world, claim_id)
    with world.database.read() as connection:
        return splits_of(connection, dossier, cap, true())


def test_one_statement_leads_to_them_however_much_is_on_file(world: World) -> None:
    mine = dossier_of(world, part(world))
    for _ in range(4):
        part(world)
        with world.database.read() as connection, statements(world.database) as asked:
            splits_of(connection, mine, CAP, true())
        assert len(asked) == 1


def test_an_index_leads_to_the_candidates(world: World) -> None:
    mine = dossier_of(world, part(world))
    assert "ix_claim_partner_id_starts_on" in plan_of(world.database, mine)


def plan_of(database: Database, mine: Dossier) -> str:
    """Return how the database would look for neighbours among many claims."""
    with database.read() as connection:
        query = neighbours_of(mine.claim, true()).compile(
            connection.engine, compile_kwargs={"literal_binds": True}
        )
        if not database.is_sqlite:
            for way in ("seqscan", "bitmapscan"):
                connection.execute(text(f"SET LOCAL enable_{way} = off"))
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        return str(connection.exec_driver_sql(f"{explain} {query}").all())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_draft_without_days_is_part_of_nothing(world: World) -> None:
    part(world)
    assert found(world, world.draft(starts_on=None, ends_on=None)) == []
