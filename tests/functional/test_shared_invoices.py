"""A partner shares an invoice among its claims, and everybody sees what is taken and what remains."""

import pytest

from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.looking import as_read, places
from tests.support.pages import Browser, Page
from tests.support.stages import AFTER_THE_ACTIVITY, approved
from tests.support.world import World, bill

PART = bill(amount=100_000, unit_value=100_000, supplier="Elbe Cloud GmbH", invoice_number="Y-2026")


def declare(browser: Browser, total: str = "1,500.00", number: str = "Y 2026") -> Page:
    page = browser.open("/claims/shared")
    return page.submit("/claims/shared", supplier="Elbe Cloud", invoice_number=number, total=total)


@pytest.fixture
def claims(world: World) -> tuple[int, int]:
    """Two approved claims whose activity is over, each with a part of 1,000.00 in its report."""
    first, second = approved(world), approved(world)
    world.clock.advance(AFTER_THE_ACTIVITY)
    for claim_id in (first, second):
        world.bill(claim_id, PART)
    return first, second


def test_a_shared_invoice_is_declared_and_stands_with_what_remains(
    world: World, sign_in: SignIn, claims: tuple[int, int]
) -> None:
    anna = sign_in(world.people["anna"])
    places(anna.open("/claims/shared"), "No invoice is shared")
    places(declare(anna).follow(), "Declared.", "no claim yet")
    world.move(claims[0], "report", "anna")
    page = anna.open("/claims/shared")
    number = world.claim(claims[0]).number
    assert f"{number} 1,000.00 USD Reported 1,500.00 USD 500.00 USD" in as_read(page)


def test_the_same_form_twice_declares_once(world: World, sign_in: SignIn) -> None:
    anna = sign_in(world.people["anna"])
    page = anna.open("/claims/shared")
    said = {"supplier": "Elbe", "invoice_number": "1", "total": "10"}
    assert page.submit("/claims/shared", **said).status == 302
    places(page.submit("/claims/shared", **said).follow(), "You had done this already.")
    again = anna.open("/claims/shared").submit("/claims/shared", **said)
    assert again.status == 422
    places(again, "Elbe 1 is declared as shared already.")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"total": ""}, "Enter the total of the invoice."),
        ({"total": "0"}, "The amount has to be more than 0.00."),
        ({"total": "much"}, "Enter an amount such as 4000.00."),
        ({"number": "-"}, "This names no invoice."),
        ({"number": "1" * 101}, "Use at most 100 characters."),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    world: World, sign_in: SignIn, said: dict[str, str], words: str
) -> None:
    page = declare(sign_in(world.people["anna"]), **said)
    assert page.status == 422
    places(page, words)


def test_a_report_that_would_take_too_much_is_refused_with_the_figures(
    world: World, sign_in: SignIn, claims: tuple[int, int]
) -> None:
    anna = sign_in(world.people["anna"])
    declare(anna)
    first, second = claims
    world.move(first, "report", "anna")
    address = f"/claims/{second}/report/confirm"
    asked = anna.open(address)
    assert "Taken by other claims 1,000.00 USD" in as_read(asked)
    assert "Too much by 500.00 USD" in as_read(asked)
    page = asked.submit(address)
    assert page.status == 422
    places(
        page,
        "The report was not sent",
        "so 500.00 USD remains",
        "takes 1,000.00 USD. Enter at most 500.00 USD",
    )


def test_approver_and_partner_read_what_a_claim_takes_of_it(
    world: World, sign_in: SignIn, claims: tuple[int, int]
) -> None:
    anna = sign_in(world.people["anna"])
    declare(anna)
    world.move(claims[0], "report", "anna")
    bob = sign_in(world.people["bob"])
    for page in (
        anna.open(f"/claims/{claims[0]}"),
        bob.open(f"/claims/{claims[0]}"),
        bob.open(f"/claims/{claims[0]}/accept"),
    ):
        assert "Part of this claim 1,000.00 USD Remains after it 500.00 USD" in as_read(page)


def test_another_partner_sees_nothing_of_it(world: World, sign_in: SignIn) -> None:
    declare(sign_in(world.people["anna"]))
    olga = sign_in(world.person("olga", Role.partner, partner_id=world.partner("Isar Networks")))
    assert "Elbe Cloud" not in olga.open("/claims/shared").text
    assert declare(olga).status == 302


def test_a_declaration_is_taken_back_until_a_report_takes_a_part(
    world: World, sign_in: SignIn, claims: tuple[int, int]
) -> None:
    anna = sign_in(world.people["anna"])
    address = f"/claims/shared/{world.share(1_500_000)}/take-back"
    page = anna.open("/claims/shared")
    places(page.submit(address).follow(), "Taken back.", "No invoice is shared")
    places(page.submit(address).follow(), "You had done this already.")
    address = f"/claims/shared/{world.share()}/take-back"
    page = anna.open("/claims/shared")
    world.move(claims[0], "report", "anna")
    refused = page.submit(address)
    assert refused.status == 409
    places(refused, "Your claims have taken 1,000.00 USD of it, so it stays declared.")
    assert not refused.offers(address)
