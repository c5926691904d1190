"""A claim in euro through every page: both amounts stand there, and the rate with its day and source."""

import re
from datetime import timedelta

import pytest

from models.claims import Claim
from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.functional.test_accepting import findings
from tests.integration.test_paid_in_euro import accepted, pay
from tests.support.pages import Page
from tests.support.plans import PLANS
from tests.support.stages import propose_claw_back
from tests.support.world import World, bill, line
from workflow.acts.sharing import take_shared_back

SEMINAR = next(plan for plan in PLANS if plan.activity_type == "seminar")


def words(page: Page) -> str:
    """Return what a page says, without its marks and with single blanks."""
    said = " ".join(re.sub(r"<[^>]*>", " ", page.text).split())
    return said.replace(" ,", ",").replace(" :", ":")


def the_claim(world: World) -> Claim:
    with world.database.reading_session() as session:
        return session.query(Claim).one()


def test_a_partner_plans_in_euro_and_an_approver_sees_both_amounts(world: World, sign_in: SignIn) -> None:
    anna = sign_in(world.people["anna"])
    address = anna.open("/claims/new").submit("/claims/new", activity_type="seminar").location
    plan = {**SEMINAR.fields, "currency": "EUR", "requested": "4,342.40"}
    answer = anna.open(address).submit(address, do="check", **plan)
    assert "No exchange rate from EUR to US dollars is on file." in words(answer)
    assert "The exchange rate is missing" in words(answer)
    assert "turn, not yours: a programme manager or somebody in finance" in words(answer)

    world.rate("EUR", "1.0856")
    told = words(anna.open(address).submit(address, do="submit", **plan).follow())
    assert "8,000.00 EUR 8,684.80 USD" in words(anna.open(address))
    assert "1.0856 USD = 1 EUR 2 Mar 2026, A bank of the tests" in words(anna.open(address))
    assert "4,342.40 USD" in told

    claim_id = the_claim(world).id
    confirm = f"/claims/{claim_id}/submit/confirm"
    asking = anna.open(confirm)
    assert "Exchange rate 1.0856 USD = 1 EUR" in words(asking)
    assert "Submitting fixes it for this submission." in words(asking)
    asking.submit(confirm)
    assert the_claim(world).state is State.submitted
    desk = words(sign_in(world.people["bob"]).open(f"/claims/{claim_id}/decide"))
    assert "8,000.00 EUR 8,684.80 USD" in desk
    assert "50% of the costs, 8,000.00 EUR (8,684.80 USD)" in desk
    assert "within 50% of 8,000.00 EUR (8,684.80 USD)" in desk
    page = words(anna.open(f"/claims/{claim_id}"))
    assert "Exchange rate : 1.0856 USD = 1 EUR 2 Mar 2026, A bank of the tests" in page.replace(
        "rate:", "rate :"
    )


def test_a_sum_that_does_not_fit_names_the_currency_of_the_claim(world: World, sign_in: SignIn) -> None:
    world.rate("EUR", "1.0856")
    anna = sign_in(world.people["anna"])
    address = anna.open("/claims/new").submit("/claims/new", activity_type="seminar").location
    plan = {**SEMINAR.fields, "currency": "EUR", "lines-0-quantity": "2", "lines-0-unit_value": "1.00"}
    plan["lines-0-amount"] = "9.00"
    told = words(anna.open(address).submit(address, do="check", **plan))
    assert "9.00 EUR is not 2 × 1.00 EUR. Enter 2.00 EUR, or correct quantity or unit value." in told


def test_what_is_taken_back_of_a_shared_invoice_stays_in_its_currency_in_history(
    world: World, sign_in: SignIn
) -> None:
    document_id = world.share(currency="EUR")
    with world.database.write() as connection:
        take_shared_back(connection, world.people["anna"], world.clock.now(), document_id)
    told = words(sign_in(world.people["eve"]).open("/audit/acts"))
    assert "Took back that the invoice Y 2026 of ELBE CLOUD is shared: 2,500.00 EUR in all." in told


def test_an_amount_in_yen_is_whole_and_said_so_at_its_field(world: World, sign_in: SignIn) -> None:
    anna = sign_in(world.people["anna"])
    address = anna.open("/claims/new").submit("/claims/new", activity_type="seminar").location
    plan = {**SEMINAR.fields, "currency": "JPY", "lines-0-unit_value": "400000.50"}
    answer = anna.open(address).submit(address, do="save", **plan)
    assert answer.status == 422
    assert "Enter a whole amount: JPY has no cents." in words(answer)
    assert "400000.50" in answer.text


def test_dinars_of_thousandths_are_not_offered(world: World, sign_in: SignIn) -> None:
    anna = sign_in(world.people["anna"])
    address = anna.open("/claims/new").submit("/claims/new", activity_type="seminar").location
    page = anna.open(address)
    assert 'value="KWD"' not in page.text
    assert page.submit(address, do="save", **{**SEMINAR.fields, "currency": "KWD"}).status == 422


def test_a_plan_in_us_dollars_says_nothing_of_rates(world: World, sign_in: SignIn) -> None:
    anna = sign_in(world.people["anna"])
    page = words(anna.open(f"/claims/{world.draft()}"))
    assert "xchange rate" not in page


def submitted_in_euro(world: World) -> int:
    """Return the id of a submitted claim of 8,000.00 EUR, paid to an account in EUR."""
    world.rate("EUR", "1.0856")
    world.confirm(world.account("anna", bic="COBADEFF", currency="EUR"), "mia")
    claim_id = world.draft(lines=[line()], currency="EUR", requested=434_240)
    world.move(claim_id, "submit", "anna")
    return claim_id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_claim_in_euro_goes_all_the_way_and_its_partner_gets_half_of_its_costs(
    world: World, sign_in: SignIn
) -> None:
    claim_id = submitted_in_euro(world)
    decide, accept, pay = (f"/claims/{claim_id}/{where}" for where in ("decide", "accept", "pay"))
    sign_in(world.people["bob"]).open(decide).submit(decide, decision="approve")
    world.clock.set(world.clock.now() + timedelta(days=60))
    world.bill(claim_id, bill(amount=700_000))
    confirm = f"/claims/{claim_id}/report/confirm"
    page = sign_in(world.people["anna"]).open(confirm)
    assert "7,000.00 EUR 7,599.20 USD" in words(page)
    page.submit(confirm)
    desk = sign_in(world.people["bob"]).open(accept)
    assert "7,000.00 EUR 7,599.20 USD" in words(desk)
    assert "50% of the costs, 0.00 EUR (0.00 USD) 0.00 USD" in words(desk)
    desk.submit(accept, decision="accept", **findings(world, claim_id))
    dan = sign_in(world.people["dan"])
    lacking = "No exchange rate of EUR of the last seven days is on file."
    assert lacking in words(dan.open(pay))
    world.rate("EUR", "1.1")
    page = dan.open(pay)
    assert "3,500.00 EUR to the account, if it is paid now" in words(page)
    page.submit(pay, payment_reference="PAY-1")
    assert the_claim(world).state is State.reimbursed
    said = "3,799.60 USD 3,500.00 EUR, exchange difference +50.40 USD"
    assert said in words(dan.open(f"/claims/{claim_id}"))
    assert said in words(dan.open("/payments"))
    assert "Exchange difference 50.40 USD" in words(dan.open(f"/claims/{claim_id}"))
    assert world.fund_row().paid == 379_960


def test_a_claw_back_of_a_claim_paid_in_euro_names_both_sums_on_every_page(
    world: World, sign_in: SignIn
) -> None:
    claim_id = accepted(world)
    world.rate("EUR", "1.1")
    pay(world, claim_id)
    world.person("fay", Role.finance)
    propose_claw_back(world, claim_id, "fay", 50_000)
    dan = sign_in(world.people["dan"])
    both = "500.00 USD (460.57 EUR)"
    for path in ("/payments", f"/claims/{claim_id}/claw-back", f"/claims/{claim_id}"):
        assert both in words(dan.open(path)), path
    world.move(claim_id, "claw_back", "dan", reason="Please pay it back.")
    history = words(sign_in(world.people["anna"]).open(f"/claims/{claim_id}"))
    assert "Amount 500.00 USD In the currency of the account 460.57 EUR" in history
    acts = words(sign_in(world.people["eve"]).open("/audit/acts?kind=claw_back_proposed"))
    assert f"Proposed to claw back {both} from 2026H1-00001." in acts


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_decides_on_a_claim_in_euro_or_audits_it_reads_the_rate_that_it_goes_by(
    world: World, sign_in: SignIn
) -> None:
    said = "1.0856 USD = 1 EUR 2 Mar 2026, A bank of the tests"
    world.rate("EUR", "1.0856")
    claim_id = world.draft(lines=[line(amount=800_000)], currency="EUR", requested=434_240)
    world.move(claim_id, "submit", "anna")

    def reads(who: str | None, path: str) -> bool:
        return said in words(sign_in(world.people[who or ""]).open(path))

    assert reads("bob", f"/claims/{claim_id}/decide")
    assert reads("eve", f"/audit/claims/{claim_id}")
    world.move(claim_id, "approve", "bob", approved=300_000, reason="Less.")
    world.person("cora", Role.approver)
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}/dispute-amount")
    page.submit(f"/claims/{claim_id}/dispute-amount", reason="It costs more.")
    assert reads("cora", f"/claims/{claim_id}/reconsider")
    world.clock.set(world.clock.now() + timedelta(days=60))
    world.bill(claim_id, bill(amount=700_000))
    world.move(claim_id, "report", "anna")
    assert reads(world.holder(claim_id)[0], f"/claims/{claim_id}/accept")
