"""A payment in the currency of the partner's account: the fund gives what was granted, at any rate."""

from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import fromstring
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from models.history import Act, Move
from models.messages import Message
from models.payments import Payment
from models.vocabulary import MessageKind, Role
from notifications.wording import tell
from tests.integration.test_bank_answers import record
from tests.integration.test_money import assert_ledger_agrees
from tests.support.bank_files import Booking, camt
from tests.support.stages import propose_claw_back, to_be_clawed_back
from tests.support.world import World, bill, line
from workflow.actors import Actor
from workflow.acts.exchange import Rate, load_rates, record_rate
from workflow.payment_runs.collecting import collect
from workflow.payment_runs.files import Payer, PaymentFile
from workflow.payment_runs.iso20022 import NAMESPACE, xml_of
from workflow.payment_runs.releasing import export, release
from workflow.payment_runs.settling import settle
from workflow.payments import open_claw_back, payments_of
from workflow.payouts import difference_of, taken_in
from workflow.refusals import Refused

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def accepted(world: World, currency: str = "EUR", rate_by: str = "mia") -> int:
    """Return the id of an accepted claim of costs of 8,000.00 in a currency, half of which is granted."""
    state_rate(world, world.people[rate_by], "1.0856")
    requested = 434_240 if currency == "EUR" else 400_000
    claim_id = world.draft(lines=[line()], currency=currency, requested=requested)
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "approve", "bob", approved=requested)
    world.clock.set(world.clock.now() + timedelta(days=60))
    world.bill(claim_id, bill())
    world.move(claim_id, "report", "anna")
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    world.confirm(world.account("anna", bic="COBADEFF", currency="EUR"), "mia")
    return claim_id


def pay(world: World, claim_id: int, trigger: str = "reimburse", **more: Any) -> None:
    day = world.clock.now().date()
    asked = {"payment_reference": f"PAY-{trigger}", "paid_on": day, **more}
    world.move(claim_id, trigger, "dan", **asked)


def paid(world: World, claim_id: int) -> list[tuple[Any, ...]]:
    with world.database.read() as connection:
        rows = payments_of(connection, claim_id)
        return [(row.amount, row.currency, row.instructed, difference_of(row)) for row in rows]


def test_a_claim_in_euro_is_paid_by_its_own_rate_and_the_difference_is_recorded_beside(world: World) -> None:
    claim_id = accepted(world)
    world.rate("EUR", "1.1")
    pay(world, claim_id)
    assert paid(world, claim_id) == [(434_240, "EUR", 400_000, 5_760)]
    fund = world.fund_row()
    assert (fund.available, fund.reserved, fund.paid) == (5_000_000 - 434_240, 0, 434_240)
    assert_ledger_agrees(world)
    with world.database.read() as connection:
        figures = connection.scalar(select(Move.figures).where(Move.trigger == "reimburse"))
    assert figures is not None
    assert (figures["paid_in"], figures["cost"], figures["difference"]) == ("4000.00 EUR", "4400.00", "57.60")
    pay_failed = {"payment_reference": "PAY-reimburse", "reason": "It came back."}
    world.move(claim_id, "payment_failed", "dan", **pay_failed)
    with world.database.read() as connection:
        told = connection.scalars(select(Message.figures).where(Message.kind == MessageKind.decision)).all()
    assert {one["trigger"]: one["paid_in"] for one in told} == {
        "approve": None,
        "accept": None,
        "reimburse": "4000.00 EUR",
        "payment_failed": "4000.00 EUR",
    }


@ON_ONE
def test_a_claim_in_us_dollars_is_paid_to_an_account_in_euro_by_the_rate_of_the_day(world: World) -> None:
    claim_id = accepted(world, "USD")
    world.rate("EUR", "1.25")
    pay(world, claim_id)
    assert paid(world, claim_id) == [(400_000, "EUR", 320_000, 0)]


@ON_ONE
def test_a_claim_in_euro_is_paid_to_an_account_in_us_dollars_as_ever(world: World) -> None:
    claim_id = accepted(world)
    world.confirm(world.account("anna", bic="COBADEFF", currency="USD"), "mia")
    pay(world, claim_id)
    assert paid(world, claim_id) == [(434_240, "USD", None, None)]


@ON_ONE
def test_parts_are_converted_each_on_its_own_day(world: World) -> None:
    claim_id = accepted(world, "USD")
    world.rate("EUR", "1.25")
    pay(world, claim_id, "pay_part", amount=100_000)
    world.clock.set(world.clock.now() + timedelta(days=1))
    world.rate("EUR", "1")
    pay(world, claim_id)
    assert paid(world, claim_id) == [(100_000, "EUR", 80_000, 0), (300_000, "EUR", 300_000, 0)]


@ON_ONE
def test_the_rate_is_that_of_the_day_of_payment_not_of_its_recording(world: World) -> None:
    claim_id = accepted(world)
    yesterday = world.clock.now().date()
    world.rate("EUR", "1.1")
    world.clock.set(world.clock.now() + timedelta(days=1))
    world.rate("EUR", "2")
    pay(world, claim_id, paid_on=yesterday)
    assert paid(world, claim_id) == [(434_240, "EUR", 400_000, 5_760)]


@ON_ONE
def test_without_a_young_rate_a_payment_in_euro_is_refused_and_nothing_moves(world: World) -> None:
    claim_id = accepted(world)
    before = world.claim(claim_id)
    with pytest.raises(Refused) as refused:
        pay(world, claim_id)
    assert [(one.code, one.field) for one in refused.value.problems] == [("no_day_rate", "paid_on")]
    assert world.claim(claim_id) == before


def run_of(world: World) -> int:
    """Return the id of a run in euro that `dan` collected."""
    now = world.clock.now()
    with world.database.write() as connection:
        return collect(connection, world.people["dan"], now, currency="EUR", due_on=now.date())


def let_go(world: World, run_id: int) -> None:
    fay = world.people.get("fay") or world.person("fay", Role.finance)
    with world.database.write() as connection:
        release(connection, fay, world.clock.now(), run_id)


def test_a_run_tells_the_bank_euro_pinned_at_its_release(world: World) -> None:
    claim_id = accepted(world, "USD")
    run_id = run_of(world)
    with pytest.raises(Refused, match="run_no_rate"):
        let_go(world, run_id)
    world.rate("EUR", "1.25")
    let_go(world, run_id)
    first = told(world, run_id)
    assert '<InstdAmt Ccy="EUR">3200.00</InstdAmt>' in first
    with world.database.read() as connection:
        runs = select(Act.kind, Act.figures).where(Act.kind.startswith("run_")).order_by(Act.id)
        acts = connection.execute(runs).all()
    assert [(act.kind, act.figures["ordered"]) for act in acts] == [
        ("run_collected", None),
        ("run_released", "3200.00 EUR"),
        ("run_exported", "3200.00 EUR"),
    ]
    assert fromstring(first).findtext(f".//{{{NAMESPACE}}}GrpHdr/{{{NAMESPACE}}}CtrlSum") == "3200.00"

    world.clock.set(world.clock.now() + timedelta(days=1))
    world.rate("EUR", "2")
    assert told(world, run_id) == first
    (settled,) = settle(
        world.database,
        world.people["dan"],
        world.clock.now(),
        run_id,
        paid_on=world.clock.now().date(),
        references={claim_id: "PAY-1"},
        versions={claim_id: world.claim(claim_id).version},
        key="k",
    )
    assert not isinstance(settled.outcome, Refused)
    assert paid(world, claim_id) == [(400_000, "EUR", 320_000, 240_000)]
    assert_ledger_agrees(world)
    with world.database.read() as connection:
        row = connection.execute(select(Payment.rate_id, Payment.day_rate_id)).one()
    assert row.rate_id < row.day_rate_id


def told(world: World, run_id: int) -> str:
    with world.database.write() as connection:
        run, payments = export(connection, world.people["dan"], world.clock.now(), run_id, "xml")
    payer = Payer("Northwind", "FR1420041010050500013M02606", "")
    return xml_of(PaymentFile(payer, "JMF", "RUN-1", run.due_on, run.released_at, payments)).decode()


def test_a_claw_back_says_what_share_of_the_payment_it_is_in_the_currency_of_the_account(
    world: World,
) -> None:
    claim_id = accepted(world)
    world.rate("EUR", "1.1")
    pay(world, claim_id, "pay_part", amount=217_120)
    pay(world, claim_id)
    world.person("fay", Role.finance)
    propose_claw_back(world, claim_id, "fay", 54_280)
    world.move(claim_id, "claw_back", "dan", reason="Please pay it back.")
    with world.database.read() as connection:
        act = connection.scalars(select(Act.figures).where(Act.kind == "claw_back_proposed")).one()
        move = connection.scalars(select(Move.figures).where(Move.trigger == "claw_back")).one()
        told = connection.execute(
            select(Message.kind, Message.claim_id, Message.figures).order_by(Message.id)
        ).all()
    assert (act["amount"], act["taken_in"], move["taken_in"]) == ("542.80", "500.00 EUR", "500.00 EUR")
    last = [
        tell(row.kind, row.claim_id, row.figures, ZoneInfo("UTC"))
        for row in told
        if row.figures.get("taken_in")
    ]
    assert "claw back 542.80 USD (500.00 EUR) from" in last[0].headline
    assert last[-1].headline.startswith("542.80 USD (500.00 EUR) of what was paid")
    assert ("Amount", "542.80 USD (500.00 EUR)") in last[-1].facts


def test_a_failed_payment_counts_for_nothing_in_what_a_claw_back_is(world: World) -> None:
    claim_id = accepted(world, "USD")
    world.rate("EUR", "1.25")
    pay(world, claim_id, payment_reference="FIRST")
    world.move(claim_id, "payment_failed", "dan", payment_reference="FIRST", reason="Came back.")
    world.rate("EUR", "2")
    pay(world, claim_id, payment_reference="SECOND")
    world.person("fay", Role.finance)
    propose_claw_back(world, claim_id, "fay", 100_000)
    with world.database.read() as connection:
        assert taken_in(100_000, open_claw_back(connection, claim_id)) == {"taken_in": "500.00 EUR"}


def test_what_was_paid_in_us_dollars_is_clawed_back_in_them_alone(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    with world.database.read() as connection:
        assert taken_in(100_000, open_claw_back(connection, claim_id)) == {}


@ON_ONE
def test_a_banks_answer_is_held_to_what_was_ordered_in_the_accounts_currency(world: World) -> None:
    claim_id = accepted(world, "USD")
    run_id = run_of(world)
    world.rate("EUR", "1.25")
    let_go(world, run_id)
    number = world.claim(claim_id).number or ""
    day = world.clock.now().date().isoformat()
    euro = Booking(number, 320_000, currency="EUR", booked_on=day)
    assert record(world, run_id, camt(euro._replace(currency="USD", amount=400_000))) == []
    assert record(world, run_id, camt(euro)) == ["done"]
    assert paid(world, claim_id) == [(400_000, "EUR", 320_000, 0)]


@ON_ONE
@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_who_recorded_by_hand_the_rate_that_converts_a_payment_does_not_release_its_run(
    world: World, currency: str
) -> None:
    world.person("fay", Role.finance)
    # A claim in the account's currency goes by the rate that it pinned, any other by that of the day.
    pinned_by, of_day_by = ("fay", "mia") if currency == "EUR" else ("mia", "fay")
    accepted(world, currency, pinned_by)
    state_rate(world, world.people[of_day_by], "1.1")
    run_id = run_of(world)
    with pytest.raises(Refused, match="recorded_rate_in_run"):
        let_go(world, run_id)
    world.people["fay"] = world.person("gus", Role.finance)
    let_go(world, run_id)


@ON_ONE
def test_who_only_loaded_a_file_or_recorded_a_rate_that_converts_nothing_releases_the_run(
    world: World,
) -> None:
    fay = world.person("fay", Role.finance)
    accepted(world, "USD")
    state_rate(world, fay, "1.1")  # corrected by the file of the same day
    day = world.clock.now().date()
    with world.database.write() as connection:
        load_rates(connection, fay, world.clock.now(), [Rate("EUR", day, "1.11", "1", "A bank")])
    let_go(world, run_of(world))


def state_rate(world: World, who: Actor, usd: str) -> None:
    with world.database.write() as connection:
        rate = Rate("EUR", world.clock.now().date(), usd, "1", "A newspaper")
        record_rate(connection, who, world.clock.now(), rate)
