"""Every row of history has its link, written with it; a migration makes the same of old rows."""

from itertools import pairwise

from sqlalchemy import select

from models.database import Database
from models.history import Act, Move
from models.links import ACTS, GENESIS, Link, link_hash
from models.standing import Certificate
from tests.support.stages import reimbursed
from tests.support.world import World


def links(database: Database) -> list[tuple[int, int, str | None, str, str]]:
    with database.read() as connection:
        rows = connection.execute(select(Link.__table__).order_by(Link.chain, Link.position))
        return [tuple(row) for row in rows]


def with_failed_payment(world: World) -> int:
    """Let a claim have every kind of row that a move may cause, and the world some rates."""
    world.rate("EUR", "1.0856")
    claim_id = reimbursed(world)
    world.move(claim_id, "payment_failed", "dan", payment_reference=f"PAY-{claim_id}", reason="It came back.")
    return claim_id


def test_each_move_is_a_link_of_its_claims_chain(world: World) -> None:
    claim_id = with_failed_payment(world)

    chain = [row for row in links(world.database) if row[0] == claim_id]
    with world.database.read() as connection:
        moves = connection.execute(select(Move).where(Move.claim_id == claim_id)).all()
    assert [position for _, position, *_ in chain] == list(range(1, len(moves) + 1))
    assert '"trigger":"submit"' in chain[0][3]
    assert '"payment":{' in chain[-2][3]
    assert '"ledger_entry":{' in chain[-2][3]
    assert '"payment_failure":{' in chain[-1][3]


def test_each_link_is_bound_to_the_one_before(world: World) -> None:
    with_failed_payment(world)

    assert_bound(world.database)


def assert_bound(database: Database) -> None:
    rows = links(database)
    for (chain, position, _, text, digest), previous in zip(rows, [None, *rows], strict=False):
        before = previous[4] if previous and previous[0] == chain else GENESIS
        assert digest == link_hash(chain, position, before, text)
    assert all(later[1] == earlier[1] + 1 for earlier, later in pairwise(rows) if earlier[0] == later[0])


def test_an_act_and_what_it_records_are_links_of_the_chain_of_acts(world: World) -> None:
    with_failed_payment(world)

    subjects = [subject for chain, _, subject, *_ in links(world.database) if chain == ACTS]
    with world.database.read() as connection:
        acts = connection.scalars(select(Act.id)).all()
        certificates = connection.scalars(select(Certificate.id)).all()
    assert {f"act:{one}" for one in acts} | {f"certificate:{one}" for one in certificates} <= set(subjects)
    assert len(subjects) == len(set(subjects))


def test_the_migration_chains_old_rows_as_they_would_have_been(world: World) -> None:
    """But for what a later version added: the rows from before it have none."""
    with_failed_payment(world)
    written = links(world.database)

    world.database.downgrade("0026")
    world.database.migrate()

    assert [row[:3] for row in links(world.database)] == [row[:3] for row in written]
    assert [row[3] for row in links(world.database)] == [
        row[3].replace('"attempt":1,', "") for row in written
    ]
    assert_bound(world.database)
