"""Rates are data with a source and a day; a submission pins one, and every later check goes by it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.exchange import ExchangeRate
from models.history import Act, Move
from models.vocabulary import Role, Trigger
from tests.support.world import World, bill, line
from workflow.acts.exchange import Rate, load_rates, record_rate
from workflow.check import check_line, line_of
from workflow.policies import default_policy
from workflow.rates import rate_on
from workflow.refusals import Refused

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EUR_8000 = [line(amount=800_000)]


def in_euro(world: World, **plan: Any) -> int:
    return world.draft(lines=EUR_8000, **{"currency": "EUR", "requested": 434_240, **plan})


def documents(world: World, claim_id: int, trigger: Trigger) -> list[Any]:
    with world.database.read() as connection:
        query = select(Move.document).where(Move.claim_id == claim_id, Move.trigger == trigger)
        return list(connection.scalars(query.order_by(Move.number)))


def rates(world: World) -> list[tuple[str, str, str]]:
    with world.database.read() as connection:
        rows = connection.execute(select(ExchangeRate.__table__).order_by(ExchangeRate.id))
        return [(row.currency, row.usd, row.local) for row in rows]


def refusal(world: World, claim_id: int, trigger: str = "submit", by: str = "anna", **more: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        world.move(claim_id, trigger, by, **more)
    return refused.value


def test_a_submission_pins_the_newest_rate_and_later_checks_go_by_it(world: World) -> None:
    today = world.clock.now().date()
    world.rate("EUR", "2", day=today - timedelta(days=1))
    world.rate("EUR", "1.5")
    world.rate("EUR", "1.0856")  # corrects what was recorded for the same day
    world.rate("CHF", "3")
    claim_id = in_euro(world)  # half of 8,000.00 EUR are 4,342.40 USD
    world.move(claim_id, "submit", "anna")
    world.rate("EUR", "0.5")
    world.move(claim_id, "approve", "bob", approved=434_240)
    assert world.fund_row().reserved == 434_240
    world.clock.set(world.clock.now() + timedelta(days=60))
    world.bill(claim_id, bill(amount=700_000))
    world.move(claim_id, "report", "anna")
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    assert world.claim(claim_id).reimbursable == 379_960  # half of 7,000.00 EUR
    told = {"currency": "EUR", "usd": "1.0856", "local": "1", "day": today.isoformat()}
    for trigger in (Trigger.submit, Trigger.approve, Trigger.report, Trigger.accept):
        (document,) = documents(world, claim_id, trigger)
        assert document["claim"]["exchange"] == {**told, "source": "A bank of the tests"}


@ON_ONE
def test_what_history_holds_of_a_claim_in_euro_can_be_checked_on_its_own(world: World) -> None:
    world.rate("EUR", "1.0856")
    claim_id = in_euro(world)
    world.move(claim_id, "submit", "anna")
    (document,) = documents(world, claim_id, Trigger.submit)
    assert check_line(line_of(document, "x", Trigger.submit, default_policy())) == {
        "id": "x",
        "violations": [],
    }


@ON_ONE
def test_half_of_the_costs_is_compared_unrounded_at_submission(world: World) -> None:
    world.rate("EUR", "1.0856")
    assert refusal(world, in_euro(world, requested=434_241)).why == "rules"


@ON_ONE
def test_a_submission_after_a_return_pins_anew_and_history_keeps_the_earlier_one(world: World) -> None:
    world.rate("EUR", "1.0856")
    claim_id = in_euro(world, requested=400_000)
    world.move(claim_id, "submit", "anna")
    world.rate("EUR", "1.2")
    world.move(claim_id, "return", "bob", reason="Look at the hall again.")
    assert world.claim(claim_id).pinned_rate_id is None
    world.move(claim_id, "submit", "anna")
    assert [one["claim"]["exchange"]["usd"] for one in documents(world, claim_id, Trigger.submit)] == [
        "1.0856",
        "1.2",
    ]


@ON_ONE
def test_an_amended_plan_keeps_its_rate(world: World) -> None:
    world.rate("EUR", "1.0856")
    claim_id = in_euro(world)
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "approve", "bob", approved=434_240)
    pinned = world.claim(claim_id).pinned_rate_id
    world.rate("EUR", "0.5")
    world.move(claim_id, "amend", "anna")
    assert world.claim(claim_id).pinned_rate_id == pinned


@ON_ONE
def test_without_a_rate_a_claim_is_told_so_at_its_currency(world: World) -> None:
    claim_id = in_euro(world)
    (problem,) = [one for one in refusal(world, claim_id).problems if one.code != "rules"]
    assert (problem.code, problem.field) == ("no_rate", "currency")


@ON_ONE
def test_a_rate_of_more_than_a_week_ago_is_not_pinned(world: World) -> None:
    today = world.clock.now().date()
    claim_id = in_euro(world)
    world.rate("EUR", "1.0856", day=today - timedelta(days=8))
    assert refusal(world, claim_id).why == "rate_old"
    world.rate("EUR", "1.0856", day=today - timedelta(days=7))
    world.move(claim_id, "submit", "anna")


@ON_ONE
def test_a_claim_in_us_dollars_pins_nothing(world: World) -> None:
    world.rate("EUR", "1.0856")
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    assert world.claim(claim_id).pinned_rate_id is None
    assert "exchange" not in documents(world, claim_id, Trigger.submit)[0]["claim"]


def record(world: World, by: str = "mia", sure_of: int | None = None, **changed: Any) -> None:
    good = {"currency": "EUR", "day": date(2026, 3, 2), "usd": "1.0856", "local": "1", "source": "A bank"}
    with world.database.write() as connection:
        rate = Rate(**{**good, **changed})
        record_rate(connection, world.people[by], world.clock.now(), rate, sure_of=sure_of)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"currency": "USD"}, "rate_currency", "currency"),
        ({"currency": "DEM"}, "rate_currency", "currency"),
        ({"currency": "KWD"}, "rate_currency", "currency"),
        ({"day": date(2026, 3, 3)}, "rate_day_future", "day"),
        ({"usd": "0"}, "rate_figure", "usd"),
        ({"local": "one"}, "rate_figure", "local"),
        ({"source": "  "}, "rate_source", "source"),
    ],
)
@ON_ONE
def test_a_rate_that_is_none_is_refused_at_its_field(
    world: World, changed: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        record(world, **changed)
    assert [(one.code, one.field) for one in refused.value.problems] == [(code, field)]
    assert rates(world) == []


@pytest.mark.parametrize("by", ["anna", "bob", "eve"])
@ON_ONE
def test_only_managers_and_finance_record_rates(world: World, by: str) -> None:
    with pytest.raises(Refused, match="not_yours"):
        record(world, by)


@ON_ONE
def test_finance_records_a_rate_in_its_own_role(world: World) -> None:
    record(world, "dan")
    with world.database.read() as connection:
        act = connection.execute(select(Act.kind, Act.role).order_by(Act.id.desc())).first()
    assert act == ("rate_recorded", Role.finance)


@ON_ONE
def test_of_a_file_only_what_is_new_is_put_on_file_and_a_corrected_rate_is_new(world: World) -> None:
    day, mia, now = world.clock.now().date(), world.people["mia"], world.clock.now()
    first = [Rate(code, day, "1.1", "1", "A bank") for code in ("CHF", "EUR")]
    with world.database.write() as connection:
        assert load_rates(connection, mia, now, first) == 2
        with pytest.raises(Refused, match="rates_known"):
            load_rates(connection, mia, now, first)
        assert load_rates(connection, mia, now, [first[0], first[1]._replace(usd="1.10")]) == 1
        with pytest.raises(Refused, match="rate_day_future"):
            load_rates(connection, mia, now, [first[0]._replace(day=day + timedelta(days=1))])
    assert rates(world) == [("CHF", "1.1", "1"), ("EUR", "1.1", "1"), ("EUR", "1.10", "1")]


@ON_ONE
def test_a_file_that_is_loaded_once_more_does_not_undo_a_correction(world: World) -> None:
    day, mia, now = world.clock.now().date(), world.people["mia"], world.clock.now()
    of_file = [Rate("EUR", day, "10.856", "1", "A bank"), Rate("CHF", day, "1.1", "1", "A bank")]
    with world.database.write() as connection:
        load_rates(connection, mia, now, of_file[:1])
        record_rate(connection, mia, now, of_file[0]._replace(usd="1.0856"), sure_of=-90)
        assert load_rates(connection, mia, now, of_file) == 1
        assert rate_on(connection, "EUR", day).rate_usd == "1.0856"


@ON_ONE
@pytest.mark.parametrize(
    ("usd", "local", "off"),
    [
        ("1.1", "1", None),
        ("1.10000001", "1", 10),
        ("0.9", "1", None),
        ("0.89999999", "1", -10),
        ("1.52", "1", 52),
        ("1", "1.52", -34),
    ],
)
def test_a_rate_by_hand_that_is_far_from_the_latest_is_recorded_only_by_who_says_how_far(
    world: World, usd: str, local: str, off: int | None
) -> None:
    record(world, usd="1")
    if off is not None:
        with pytest.raises(Refused, match="rate_far"):
            record(world, usd=usd, local=local)
        with pytest.raises(Refused, match="rate_far"):
            record(world, usd=usd, local=local, sure_of=-off)
    record(world, usd=usd, local=local, sure_of=off)
    assert rates(world)[-1] == ("EUR", usd, local)
    with world.database.read() as connection:
        figures = connection.scalars(select(Act.figures).order_by(Act.id.desc()).limit(1)).one()
    assert figures["off"] == (None if off is None else f"{off:+d}")


@ON_ONE
def test_the_latest_of_another_currency_is_no_measure(world: World) -> None:
    record(world, usd="1")
    record(world, usd="9", currency="CHF")
