"""Every page names the costs without proof; the partner points each to an invoice of its claim alone."""

import pytest
from sqlalchemy import select, update

from models.claims import ClaimLine, Evidence
from models.vocabulary import LineKind, State
from tests.functional.conftest import SignIn
from tests.support.looking import as_read, places
from tests.support.pages import Browser
from tests.support.stages import AFTER_THE_ACTIVITY, approved
from tests.support.world import World, bill

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LUNCH = bill("catering", 200_000, supplier="Kitchen", invoice_number="K-2", description="Lunch")
LACKS = "Line 2, Lunch, 2,000.00 USD"


@pytest.fixture
def claim_id(world: World) -> int:
    """Return an approved claim whose second cost no invoice proves."""
    found = approved(world)
    world.bill(found)
    world.clock.advance(AFTER_THE_ACTIVITY)
    world.bill(found, bill(proof_id=file_of(world, found)), LUNCH)
    return found


@pytest.fixture
def anna(world: World, claim_id: int, sign_in: SignIn) -> Browser:
    return sign_in(world.people["anna"])


def file_of(world: World, claim_id: int, kind: str = "invoice") -> int:
    with world.database.read() as connection:
        found = select(Evidence.id).where(Evidence.claim_id == claim_id, Evidence.kind == kind)
        return connection.execute(found.order_by(Evidence.id).limit(1)).scalar_one()


def proofs(world: World, claim_id: int) -> list[int | None]:
    with world.database.read() as connection:
        lines = ClaimLine.claim_id == claim_id, ClaimLine.kind == LineKind.actual
        return list(connection.scalars(select(ClaimLine.proof_id).where(*lines).order_by(ClaimLine.position)))


@pytest.fixture(autouse=True)
def _second_invoice_proves_nothing(world: World, claim_id: int) -> None:
    """Let the lunch be without proof, as where its partner has not chosen yet."""
    with world.database.write() as connection:
        lunch = ClaimLine.claim_id == claim_id, ClaimLine.description == "Lunch"
        connection.execute(update(ClaimLine).where(*lunch).values(proof_id=None))


def test_before_a_report_is_sent_each_cost_stands_with_the_invoice_that_proves_it(
    claim_id: int, anna: Browser
) -> None:
    page = as_read(anna.open(f"/claims/{claim_id}/report/confirm"))
    assert "1. Hall 8,000.00 USD invoice.pdf 2. Lunch 2,000.00 USD no invoice yet" in page


def test_the_line_is_named_until_the_report_is_accepted(
    world: World, claim_id: int, anna: Browser, sign_in: SignIn
) -> None:
    confirm = f"/claims/{claim_id}/report/confirm"
    for path in (confirm, f"/claims/{claim_id}"):
        assert LACKS in as_read(anna.open(path))
    anna.open(confirm).submit(confirm)
    assert world.claim(claim_id).state is State.executed, "it is warned of and not refused"
    for name, path in (("bob", f"/claims/{claim_id}"), ("eve", f"/audit/claims/{claim_id}")):
        read = as_read(sign_in(world.people[name]).open(path))
        assert f"What lacks proof {LACKS} no invoice proves it" in read


@pytest.mark.parametrize("forged", ["photos", "another claim's", "none at all", "no id"])
def test_a_forged_invoice_is_refused_at_its_field(
    world: World, claim_id: int, anna: Browser, forged: str
) -> None:
    theirs = approved(world)
    world.bill(theirs)
    value = {
        "photos": str(file_of(world, claim_id, "photos")),
        "another claim's": str(file_of(world, theirs)),
        "none at all": "999999",
        "no id": "x",
    }[forged]
    before, path = proofs(world, claim_id), f"/claims/{claim_id}/report"
    page = anna.open(path).submit(path, do="save", **{"lines-1-proof_id": value})
    assert page.status == 422
    places(page, "lines-1-proof_id")
    assert proofs(world, claim_id) == before


def test_the_partner_chooses_and_is_told_what_a_file_proved_that_it_takes_off(
    world: World, claim_id: int, anna: Browser
) -> None:
    path, invoice = f"/claims/{claim_id}/report", file_of(world, claim_id)
    anna.open(path).submit(path, do="save", **{"lines-1-proof_id": str(invoice)})
    assert proofs(world, claim_id) == [invoice, invoice]
    page = anna.open(path)
    assert dict(page.form(path).fields)["lines-1-proof_id"] == str(invoice)
    told = page.submit(path, do=f"detach:{invoice}").follow()
    places(told, "2 cost lines no longer have an invoice that proves them.")
    assert proofs(world, claim_id) == [None, None]
