"""Every row of history has its link, written with it; a migration makes the same of old rows."""

from itertools import pairwise

from sqlalchemy import select, text

from models.claims import Evidence
from models.database import Database
from models.history import Act, Move, Reason
from models.links import ACTS, GENESIS, Link, link_hash
from models.standing import Certificate
from models.vocabulary import Personal
from tests.integration.test_verification import findings, sealed, tamper
from tests.support.stages import reimbursed
from tests.support.world import World
from workflow.erasure.kinds import kind_of
from workflow.proof.signing import SigningKey
from workflow.proof.verifying import Seal


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

    rows = links(world.database)
    for (chain, position, _, content, digest), previous in zip(rows, [None, *rows], strict=False):
        before = previous[4] if previous and previous[0] == chain else GENESIS
        assert digest == link_hash(chain, position, before, content)
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
    with_failed_payment(world)
    written = links(world.database)

    world.database.downgrade("0026")
    world.database.migrate()

    assert links(world.database) == written


def test_digests_leave_history_before_it_is_chained(world: World, key: SigningKey, seal: Seal) -> None:
    """An installation of a revision before has them in its documents, and in acts on bank's files."""
    with_failed_payment(world)
    world.database.downgrade("0026")
    with world.database.read() as connection:
        rows = connection.execute(text("SELECT id, document FROM move")).all()
        bound = connection.execute(text("SELECT hash FROM reason WHERE length(text) = 64")).scalars().all()
    assert len(bound) == 4
    for row in rows:
        document = str(row.document)
        for found in bound:
            document = document.replace(f'"commitment":"{found}"', f'"digest":"{"0" * 64}"')
        tamper(world.database, f"UPDATE move SET document = '{document}' WHERE id = {row.id}")
    with world.database.write() as connection:
        connection.execute(text("DELETE FROM reason WHERE length(text) = 64"))

    world.database.migrate()
    texts = "".join(row[3] for row in links(world.database))
    assert "0" * 64 not in texts
    with world.database.read() as connection:
        files = connection.execute(select(Evidence.commitment, Evidence.kind)).all()
        kept = connection.execute(select(Reason.hash, Reason.text, Reason.kind, Reason.claim_id)).all()
    bound_now = {row.hash: (row.text, row.kind) for row in kept}
    assert len({kind_of(file.kind) for file in files}) == 3
    for file in files:
        assert texts.count(file.commitment) >= 1
        assert bound_now[file.commitment] == ("0" * 64, kind_of(file.kind)), "each is erased with its kind"
    assert {row.claim_id for row in kept if row.kind is not Personal.reasons} == {1}
    sealed(world, key, seal)
    assert findings(world, seal) == []
