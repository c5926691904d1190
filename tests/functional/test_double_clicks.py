"""What a partner saves or sends by a double click is done once, and both clicks end in the same place."""

import io

import pytest
from sqlalchemy import select, update

from models.claims import ClaimLine, Evidence
from models.threads import Post
from models.vocabulary import LineKind, State
from tests.functional.conftest import SignIn
from tests.support.files import pdf
from tests.support.looking import places
from tests.support.pages import Browser, Page
from tests.support.stages import AFTER_THE_ACTIVITY, approved
from tests.support.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ALREADY = "This was saved already; nothing was changed a second time."
INVOICE = {"do": "attach", "kind": "invoice"}
BILLED = {"lines-0-supplier": "Kongresshalle", "lines-0-invoice_number": "K-1"}


@pytest.fixture
def claim_id(world: World) -> int:
    """An approved claim whose activity is over."""
    found = approved(world)
    world.clock.advance(AFTER_THE_ACTIVITY)
    return found


@pytest.fixture
def report(claim_id: int) -> str:
    """The address of its report."""
    return f"/claims/{claim_id}/report"


@pytest.fixture
def anna(world: World, claim_id: int, sign_in: SignIn) -> Browser:
    """The browser of its partner's contact, after the activity."""
    assert claim_id
    return sign_in(world.people["anna"])


def a_file(name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(pdf()), name


def click_twice(page: Page, path: str, file: str = "", **typed: object) -> Page:
    """Send one and the same form twice, with a file where one is named, and return where both clicks lead."""
    first, second = (page.submit(path, **typed, **({"files": a_file(file)} if file else {})) for _ in "12")
    assert (first.status, second.status) == (302, 302), second.text
    assert second.location == first.location
    return second.follow()


def proofs(world: World, claim_id: int) -> list[int | None]:
    """Return to which file each cost line of a report points."""
    with world.database.read() as connection:
        reported = ClaimLine.claim_id == claim_id, ClaimLine.kind == LineKind.actual
        in_order = select(ClaimLine.proof_id).where(*reported).order_by(ClaimLine.position)
        return list(connection.scalars(in_order))


def files_of(world: World, claim_id: int) -> list[int]:
    with world.database.read() as connection:
        found = select(Evidence.id).where(Evidence.claim_id == claim_id).order_by(Evidence.id)
        return list(connection.scalars(found))


@pytest.mark.parametrize("wish", ["save", "report"])
def test_a_cost_line_that_got_its_invoice_by_the_first_click_is_no_conflict_for_the_second(
    world: World, claim_id: int, anna: Browser, report: str, wish: str
) -> None:
    anna.open(report).submit(report, **INVOICE, files=a_file("one.pdf"))
    told = click_twice(anna.open(report), report, do=wish, **BILLED)
    assert proofs(world, claim_id) == files_of(world, claim_id), "the only invoice can only be meant"
    if wish == "save":
        places(told, ALREADY)
    else:
        assert told.path == f"{report}/confirm"


def test_an_invoice_is_attached_once(world: World, claim_id: int, anna: Browser, report: str) -> None:
    places(click_twice(anna.open(report), report, file="one.pdf", **INVOICE, **BILLED), ALREADY)
    assert proofs(world, claim_id) == files_of(world, claim_id)
    assert len(files_of(world, claim_id)) == 1


@pytest.mark.parametrize("others", [0, 1])
def test_an_invoice_is_taken_off_once_and_each_answer_says_what_it_proved(
    world: World, claim_id: int, anna: Browser, report: str, others: int
) -> None:
    for number in range(1 + others):
        anna.open(report).submit(report, **INVOICE, files=a_file(f"{number}.pdf"), **BILLED)
    first, *rest = files_of(world, claim_id)
    assert proofs(world, claim_id) == [first]
    told = click_twice(anna.open(report), report, do=f"detach:{first}")
    places(told, ALREADY, "1 cost line no longer has an invoice that proves it.")
    assert (proofs(world, claim_id), files_of(world, claim_id)) == ([None], rest)


def test_taking_a_file_off_keeps_what_the_approver_found_of_the_line(
    world: World, claim_id: int, anna: Browser, report: str
) -> None:
    anna.open(report).submit(report, **INVOICE, files=a_file("one.pdf"), **BILLED)
    with world.database.write() as connection:
        found = {"accepted": False, "comment": "Too dear."}
        connection.execute(update(ClaimLine).where(ClaimLine.claim_id == claim_id).values(**found))
    anna.open(report).submit(report, do=f"detach:{files_of(world, claim_id)[0]}")
    places(anna.open(report), "Too dear.")


@pytest.mark.parametrize(("wish", "file"), [("save", ""), ("submit", ""), ("attach", "one.pdf")])
def test_a_plan_is_saved_once(world: World, anna: Browser, wish: str, file: str) -> None:
    draft_id = world.draft()
    plan = f"/claims/{draft_id}/plan"
    click_twice(anna.open(plan), plan, file, title="A better title", do=wish)
    assert world.claim(draft_id).title == "A better title"
    assert len(files_of(world, draft_id)) == bool(file)


@pytest.mark.parametrize(
    ("typed", "wish", "state"),
    [
        ({"contact": "Ida"}, "save", State.approved),
        ({"requested": "3500.00"}, "amend", State.submitted),
    ],
)
def test_an_approved_plan_is_changed_once(
    world: World, sign_in: SignIn, typed: dict[str, str], wish: str, state: State
) -> None:
    claim_id = approved(world)
    amend = f"/claims/{claim_id}/amend"
    click_twice(sign_in(world.people["anna"]).open(amend), amend, do=wish, **typed)
    claim = world.claim(claim_id)
    assert (claim.state, claim.moves) == (state, 2 if state is State.approved else 3)


def test_a_message_is_written_once(world: World, claim_id: int, anna: Browser) -> None:
    page, thread = anna.open(f"/claims/{claim_id}"), f"/claims/{claim_id}/thread"
    told = click_twice(page, thread, file="one.pdf", text="Here it is.", do="send")
    places(told, "You had sent this already. Nothing was written a second time.")
    with world.database.read() as connection:
        assert connection.scalars(select(Post.text)).all() == ["Here it is."]
