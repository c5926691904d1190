"""A shared invoice is taken in parts, and never more of it than there is."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import true

from models.vocabulary import Role, State, Trigger
from tests.integration.test_races import meanwhile, outcome_of
from tests.support.stages import correct_certificate
from tests.support.world import INSTALLER, World, bill
from workflow.actors import SCHEDULER
from workflow.acts.periods import open_period
from workflow.acts.record import once
from workflow.acts.sharing import declare_shared, take_shared_back
from workflow.attempt import Command
from workflow.duplicates.finding import matches_of
from workflow.gathering import gather
from workflow.moves import perform, perform_in
from workflow.refusals import Refused
from workflow.sharing import Share, shares_of

PART = bill(amount=100_000, unit_value=100_000, supplier="Elbe Cloud GmbH", invoice_number="Y-2026")


def approved(world: World, by: str = "anna", **plan: Any) -> int:
    claim_id = world.draft(by, **plan)
    world.move(claim_id, "submit", by)
    world.move(claim_id, "approve", "bob", approved=400_000)
    return claim_id


@pytest.fixture
def claims(world: World) -> list[int]:
    """Three approved claims whose activity is over, each with a part of 1,000.00 in its report."""
    found = [approved(world) for _ in range(3)]
    world.clock.advance(timedelta(days=60))
    for claim_id in found:
        world.bill(claim_id, PART)
    return found


def share(world: World, claim_id: int) -> Share:
    with world.database.read() as connection:
        (found,) = shares_of(connection, gather(connection, [claim_id], lock=False)[claim_id], lock=False)
    return found


def test_parts_are_taken_by_reports_until_too_little_remains(world: World, claims: list[int]) -> None:
    world.share()
    first, second, third = claims
    assert (share(world, third).taken, share(world, third).remains) == (0, 250_000)
    world.move(first, "report", "anna")
    world.move(second, "report", "anna")
    assert (share(world, third).taken, share(world, third).remains) == (200_000, 50_000)
    before = world.claim(third)
    with pytest.raises(Refused) as refused:
        world.move(third, "report", "anna")
    (problem,) = refused.value.problems
    assert problem.message() == (
        "ELBE CLOUD Y 2026 is shared: of 2,500.00 USD other claims have taken 2,000.00 USD,"
        " so 500.00 USD remains, and this one takes 1,000.00 USD."
    )
    assert problem.remedy() == "Enter at most 500.00 USD for it."
    assert world.claim(third) == before


def test_the_last_cent_can_be_taken(world: World, claims: list[int]) -> None:
    world.share(300_000)
    for claim_id in claims:
        world.move(claim_id, "report", "anna")
    assert {world.claim(claim_id).state for claim_id in claims} == {State.executed}


def test_what_is_not_declared_is_not_counted(world: World, claims: list[int]) -> None:
    world.share(1, invoice_number="another")
    for claim_id in claims:
        world.move(claim_id, "report", "anna")


def test_a_rejected_claim_and_a_refused_line_give_their_part_back(world: World, claims: list[int]) -> None:
    world.share()
    first, second, third = claims
    world.move(first, "report", "anna")
    world.move(first, "reject", "bob", reason="Not this.")
    assert share(world, third).taken == 0
    world.bill(second, PART, bill())
    world.move(second, "report", "anna")
    assert share(world, third).taken == 100_000
    world.review(second, "bob", accept=False)
    assert share(world, third).taken == 0


def test_an_acceptance_takes_no_more_than_remains(world: World, claims: list[int]) -> None:
    """A claim that expired gave its part back; meanwhile another took it."""
    world.share(150_000)
    first, second, _third = claims
    world.move(first, "report", "anna")
    today = world.clock.now().date()
    correct_certificate(world, revoked_on=today + timedelta(days=1))
    world.clock.advance(timedelta(days=1))
    world.people["time"] = SCHEDULER
    world.move(first, Trigger.expire, "time")
    correct_certificate(world)
    world.move(second, "report", "anna")
    world.move(first, "reinstate", "mia", reason="It was an error of ours.")
    world.review(first, "bob")
    with pytest.raises(Refused) as refused:
        world.move(first, "accept", "bob")
    assert refused.value.why == "shared_overaccepted"
    assert refused.value.problems[0].remedy() == (
        "Refuse the cost line, or ask for rework so that it takes at most 500.00 USD."
    )


def test_two_reports_at_once_do_not_take_more_than_there_is(world: World, claims: list[int]) -> None:
    """The claims are of two periods, so that no fund makes one wait for the other."""
    world.share(150_000)
    other = approved_in_another_period(world)
    world.bill(other, PART)
    now = world.clock.now()
    anna = world.people["anna"]
    report = Command(claims[0], Trigger.report, anna, "anna-1")
    late = partial(perform, world.database, Command(other, Trigger.report, anna, "anna-2"), now)
    with world.database.engine.connect() as first, first.begin() as transaction:
        perform_in(first, report, now)
        with meanwhile(world.database, partial(outcome_of, late)) as second:
            transaction.commit()
    assert second.result() == "shared_overdrawn"
    assert (world.claim(claims[0]).state, world.claim(other).state) == (State.executed, State.approved)


def approved_in_another_period(world: World) -> int:
    """Return an approved claim of the next half year, and let the clock stand after it."""
    first, last = date(2026, 7, 1), date(2026, 12, 31)
    now = world.clock.now()
    with world.database.write() as connection:
        period_id = open_period(connection, INSTALLER, now, code="2026H2", first_day=first, last_day=last)
    world.period_id = period_id
    world.performed(world.partner_id)
    world.fund(world.partner_id)
    claim_id = approved(world, starts_on=date(2026, 7, 6), ends_on=date(2026, 7, 7))
    world.clock.set(now.replace(month=8))
    return claim_id


def test_equal_parts_of_a_declared_invoice_are_no_duplicates(world: World, claims: list[int]) -> None:
    def invoices() -> list[str]:
        with world.database.read() as connection:
            found = matches_of(connection, claims[0], true())
        return [match.likeness for match in found if match.likeness == "invoice"]

    assert invoices() == ["invoice", "invoice"]
    world.share()
    assert invoices() == []


def test_an_invoice_is_declared_once_whoever_asks_and_however_it_is_written(world: World) -> None:
    world.share()
    with pytest.raises(Refused, match="shared_already"):
        world.share(1_000, supplier="Elbe Cloud, GmbH", invoice_number="Y-2026")
    isar = world.partner("Isar Networks")
    world.person("olga", Role.partner, partner_id=isar)
    world.share(1_000, by="olga")


def test_the_same_form_twice_declares_once(world: World) -> None:
    def declare() -> int | None:
        said: dict[str, Any] = {
            "supplier": "Elbe",
            "invoice_number": "1",
            "total": 100,
            "key": "form-1",
        }
        anna, now = world.people["anna"], world.clock.now()
        return once(
            world.database, "form-1", lambda connection: declare_shared(connection, anna, now, **said)
        )

    assert declare() is not None
    assert declare() is None


def test_a_declaration_covers_what_was_taken_before(world: World, claims: list[int]) -> None:
    world.move(claims[0], "report", "anna")
    with pytest.raises(Refused) as refused:
        world.share(99_999)
    assert refused.value.problems[0].message() == "Your claims have taken 1,000.00 USD of it already."
    world.share(100_000)


@pytest.mark.parametrize(
    ("said", "why"), [({"supplier": " "}, "shared_unnamed"), ({"invoice_number": "-"}, "shared_unnamed")]
)
def test_what_names_no_invoice_is_refused(world: World, said: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        world.share(**said)


@pytest.mark.parametrize("total", [0, -1])
def test_a_total_is_more_than_nothing(world: World, total: int) -> None:
    with pytest.raises(Refused, match="amount_positive"):
        world.share(total)


@pytest.mark.parametrize("name", ["bob", "mia", "eve"])
def test_only_a_partner_declares(world: World, name: str) -> None:
    with pytest.raises(Refused, match="not_yours"):
        world.share(by=name)


def taken_back(world: World, document_id: int, by: str = "anna") -> None:
    with world.database.write() as connection:
        take_shared_back(connection, world.people[by], world.clock.now(), document_id)


def test_a_declaration_that_no_report_uses_is_taken_back_and_declared_anew(
    world: World, claims: list[int]
) -> None:
    """The lines stand in a report that is not sent yet, so they take nothing."""
    taken_back(world, world.share(1))
    world.share(300_000)
    for claim_id in claims:
        world.move(claim_id, "report", "anna")
    assert share(world, claims[0]).remains == 100_000


def test_a_declaration_stays_while_a_report_takes_a_part(world: World, claims: list[int]) -> None:
    """Else its parts would be counted no more, and the last one could be taken twice."""
    document_id = world.share(150_000)
    world.move(claims[0], "report", "anna")
    with pytest.raises(Refused) as refused:
        taken_back(world, document_id)
    assert refused.value.problems[0].message() == (
        "Your claims have taken 1,000.00 USD of it, so it stays declared."
    )
    world.move(claims[0], "rework", "bob", reason="Show the invoice.")
    taken_back(world, document_id)


def test_nobody_takes_back_what_another_declared(world: World) -> None:
    document_id = world.share()
    world.person("olga", Role.partner, partner_id=world.partner("Isar Networks"))
    with pytest.raises(LookupError):
        taken_back(world, document_id, by="olga")
    with pytest.raises(Refused, match="not_yours"):
        taken_back(world, document_id, by="bob")


def test_a_report_that_waits_for_a_taking_back_is_not_held_to_it(world: World, claims: list[int]) -> None:
    """And the other way round: what is reported first keeps the declaration."""
    document_id, now, anna = world.share(50_000), world.clock.now(), world.people["anna"]
    report = Command(claims[0], Trigger.report, anna, "anna-1")
    late = partial(perform, world.database, report, now)
    with world.database.engine.connect() as first, first.begin() as transaction:
        take_shared_back(first, anna, now, document_id)
        with meanwhile(world.database, partial(outcome_of, late)) as second:
            transaction.commit()
    assert second.result() == "done"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("currency", "refused"), [("USD", True), ("EUR", False)])
def test_only_claims_in_its_currency_take_parts_of_a_shared_invoice(
    world: World, currency: str, refused: bool
) -> None:
    world.rate("EUR", "1.0856")
    world.share(currency="EUR")
    claim_id = approved(world, currency=currency)
    world.clock.set(world.clock.now() + timedelta(days=60))
    world.bill(claim_id, PART)
    if refused:
        with pytest.raises(Refused, match="shared_other_currency"):
            world.move(claim_id, "report", "anna")
    else:
        world.move(claim_id, "report", "anna")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("currency", "why"), [("EUR", "shared_taken_otherwise"), ("KWD", "rate_currency"), ("USD", None)]
)
def test_an_invoice_is_shared_in_the_currency_of_the_claims_that_took_parts(
    world: World, currency: str, why: str | None
) -> None:
    claim_id = approved(world)
    world.clock.set(world.clock.now() + timedelta(days=60))
    world.bill(claim_id, PART)
    world.move(claim_id, "report", "anna")
    if why is None:
        assert world.share(supplier="Elbe Cloud GmbH", currency=currency)
    else:
        with pytest.raises(Refused, match=why):
            world.share(supplier="Elbe Cloud GmbH", currency=currency)
