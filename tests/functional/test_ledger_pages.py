"""Auditors search the entries of all funds, down to what caused each."""

import pytest

from models.funds import Fund, LedgerEntry
from models.vocabulary import EntryKind
from tests.functional.conftest import SignIn
from tests.functional.test_searches import table
from tests.support.stages import approved, reimbursed
from tests.support.world import World
from workflow.acts.funds import allocate


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("kind=pay", {"pay"}),
        ("actor=dan", {"pay"}),
        ("actor=mia", set()),
        ("least=4000&most=4000&kind=reserve", {"reserve"}),
        ("least=99999999", set()),
        ("last=2026-03-01&kind=reserve", set()),
        ("partner=nobody", set()),
    ],
)
def test_entries_are_found_by_what_moved_them(
    world: World, sign_in: SignIn, query: str, kinds: set[str]
) -> None:
    approved(world)
    reimbursed(world)
    wanted = [row for row in world.rows(LedgerEntry) if row.kind in {EntryKind(kind) for kind in kinds}]
    assert len(wanted) >= len(kinds)
    eve = sign_in(world.people["eve"])
    assert table(eve.open(f"/audit/ledger?{query}")).count("<tr>") == len(wanted)


def test_entries_are_found_by_who_allocated(world: World, sign_in: SignIn) -> None:
    mia, where = world.people["mia"], (world.partner_id, world.period_id)
    with world.database.write() as connection:
        allocate(connection, mia, world.clock.now(), partner_id=where[0], period_id=where[1], amount=100)
    assert table(sign_in(world.people["eve"]).open("/audit/ledger?actor=mia")).count("<tr>") == 1


def test_entries_of_a_claim_lead_to_the_moves_that_caused_them(world: World, sign_in: SignIn) -> None:
    approved(world)
    claim_id = reimbursed(world)
    number = world.claim(claim_id).number
    page = sign_in(world.people["eve"]).open(f"/audit/ledger?number={number}")
    of_claim = [row for row in world.rows(LedgerEntry) if row.claim_id == claim_id]
    assert table(page).count("<tr>") == len(of_claim) >= 2
    assert table(page).count(str(number)) == len(of_claim)
    assert "/audit/moves/" in table(page)


def test_a_fund_leads_to_its_own_entries(world: World, sign_in: SignIn) -> None:
    approved(world)
    (fund, *_rest), eve = world.rows(Fund), sign_in(world.people["eve"])
    address = f"/audit/ledger?partner=Elbe+Systems&period={fund.period_id}"
    assert address.replace("&", "&amp;") in eve.open(f"/audit/funds/{fund.id}").text
    page = eve.open(address)
    entries = [row for row in world.rows(LedgerEntry) if row.fund_id == fund.id]
    assert table(page).count("<tr>") == len(entries) >= 2


def test_a_search_of_entries_is_kept_and_comes_back(world: World, sign_in: SignIn) -> None:
    approved(world)
    eve = sign_in(world.people["eve"])
    kept = eve.open("/audit/ledger?kind=reserve").submit("/audit/searches/ledger", name="Reserves")
    assert kept.location == "/audit/ledger?kind=reserve"
    assert "kind=reserve" in eve.open("/audit/ledger").text
