"""The manager's pages of JMF periods."""

import pytest

from models.programme import Period
from tests.support.pages import Browser
from tests.support.world import World

PERIODS = "/programme/periods"


def test_a_period_is_opened_closed_and_opened_again(mia: Browser, world: World) -> None:
    typed = {"code": "2026H2", "first_day": "2026-07-01", "last_day": "2026-12-31"}
    assert "2026H2 is open" in mia.open(PERIODS).submit(PERIODS, **typed).follow().text
    period = world.rows(Period)[-1]
    close, reopen = f"{PERIODS}/{period.id}/close", f"{PERIODS}/{period.id}/reopen"
    closed = mia.open(PERIODS).submit(close).follow()
    assert closed.offers(reopen)
    assert world.rows(Period)[-1].closed_at is not None
    assert closed.submit(reopen).follow().offers(close)
    assert world.rows(Period)[-1].closed_at is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "2026H1"}, "2026H1 is taken already."),
        ({"code": "first half"}, "This is no period code."),
        ({"last_day": "2026-06-30"}, "The last day is before the first."),
        (
            {"first_day": "2026-06-30"},
            "The JMF period 2026H1 already has days of these: 1 Jan 2026 to 30 Jun 2026.",
        ),
        ({"first_day": "2026-13-01"}, "Enter a day such as 2026-11-24."),
    ],
)
def test_a_period_that_cannot_be_is_refused_at_the_field(
    mia: Browser, world: World, typed: dict[str, str], said: str
) -> None:
    whole = {"code": "2026H2", "first_day": "2026-07-01", "last_day": "2026-12-31", **typed}
    page = mia.open(PERIODS).submit(PERIODS, **whole)
    assert page.status == 422
    assert said in page.text
    assert dict(page.form(PERIODS).fields)["code"] == whole["code"]
    assert len(world.rows(Period)) == 1


def test_a_period_is_corrected_until_a_claim_was_submitted_in_it(mia: Browser, world: World) -> None:
    world.draft()
    path = f"{PERIODS}/{world.period_id}/change"
    assert mia.open(PERIODS).offers(path)
    kept = mia.open(path).submit(path, code="2026S1", first_day="2026-01-02")
    assert "2026S1" in kept.follow().text
    (period,) = world.rows(Period)
    assert (period.code, str(period.first_day), str(period.last_day)) == (
        "2026S1",
        "2026-01-02",
        "2026-06-30",
    )

    page = mia.open(path)
    world.move(world.draft(), "submit", "anna")
    assert not mia.open(PERIODS).offers(path)
    late = page.submit(path, code="2026H1")
    assert late.status == 422
    assert "Claims were submitted in 2026S1, so its code and its days stand." in late.text
    assert world.rows(Period)[0].code == "2026S1"


def test_a_correction_that_cannot_be_is_refused_at_the_field(mia: Browser, world: World) -> None:
    typed = {"code": "2026H2", "first_day": "2026-07-01", "last_day": "2026-12-31"}
    mia.open(PERIODS).submit(PERIODS, **typed)
    path = f"{PERIODS}/{world.rows(Period)[-1].id}/change"
    for wrong, said in (
        ({"code": "2026H1"}, "2026H1 is taken already."),
        ({"first_day": "2026-06-30"}, "The JMF period 2026H1 already has days of these"),
        ({"last_day": "2026-06-30"}, "The last day is before the first."),
    ):
        page = mia.open(path).submit(path, **wrong)
        assert (page.status, said in page.text) == (422, True)
    assert mia.open(path).submit(path).status == 302, "its own days are no other period's"


def test_who_corrects_a_period_meanwhile_is_not_overwritten(mia: Browser, world: World) -> None:
    path = f"{PERIODS}/{world.period_id}/change"
    old = mia.open(path)
    mia.open(path).submit(path, last_day="2026-06-29")
    late = old.submit(path, code="2026S1")
    assert late.status == 409
    assert "last day 30 Jun 2026 → 29 Jun 2026" in late.text
    assert late.submit(path).status == 302
    assert world.rows(Period)[0].code == "2026S1"
