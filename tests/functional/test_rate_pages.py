"""Exchange rates: entered by hand, loaded from a file, corrected by a newer one."""

from io import BytesIO

import pytest

from tests.functional.conftest import SignIn
from tests.support.pages import Browser
from tests.support.world import World
from tests.unit.test_ecb import BOMB, day_of, file_of

ADDRESS = "/exchange-rates"
GOOD = {"currency": "EUR", "usd": "1.0856", "local": "1", "day": "2026-03-02", "source": "A bank, page 3"}


@pytest.mark.parametrize("who", ["mia", "dan"])
def test_managers_and_finance_record_a_rate_once(world: World, sign_in: SignIn, who: str) -> None:
    page = sign_in(world.people[who]).open(ADDRESS)
    assert page.submit(ADDRESS, **GOOD).follow().text.count("A bank, page 3") == 2
    again = page.submit(ADDRESS, **GOOD).follow().text
    assert "You had done this already" in again
    assert again.count("A bank, page 3") == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"currency": "USD"}, "Not a valid choice"),
        ({"usd": "1,0856"}, "Enter a number above 0 with at most ten decimals"),
        ({"local": ""}, "Enter a number above 0 with at most ten decimals"),
        ({"day": "2026-03-03"}, "3 Mar 2026 is still to come."),
        ({"day": ""}, "Enter the day."),
        ({"source": " "}, "Say where the rate comes from."),
        ({"source": "x" * 201}, "Use at most 200 characters."),
    ],
)
def test_what_is_no_rate_is_said_at_its_field_and_kept(
    mia: Browser, typed: dict[str, str], said: str
) -> None:
    answer = mia.open(ADDRESS).submit(ADDRESS, **{**GOOD, **typed})
    assert answer.status == 422
    assert said in answer.text
    assert 'value="A bank, page 3"' in answer.text or "source" in typed
    assert "No exchange rate yet" in answer.text


def test_a_file_is_loaded_and_a_second_time_changes_nothing(mia: Browser) -> None:
    address = f"{ADDRESS}/file"
    content = file_of(day_of("2026-03-02", USD="1.0856", GBP="0.8435"))
    page = mia.open(ADDRESS).submit(address, file=(BytesIO(content), "eurofxref-daily.xml")).follow()
    assert page.text.count("European Central Bank, euro reference rates") == 4
    again = mia.open(ADDRESS).submit(address, file=(BytesIO(content), "eurofxref-daily.xml"))
    assert again.status == 422
    assert "All these rates are on file already." in again.text


@pytest.mark.parametrize("content", [b"", b"not a file of rates", BOMB, b"x" * 500_001])
def test_any_other_file_is_refused_in_plain_words(mia: Browser, content: bytes) -> None:
    answer = mia.open(ADDRESS).submit(f"{ADDRESS}/file", file=(BytesIO(content), "rates.xml"))
    assert answer.status == 422
    assert "Choose the bank’s file of reference rates, as it is." in answer.text


def test_an_old_rate_is_marked(world: World, mia: Browser) -> None:
    mia.open(ADDRESS).submit(ADDRESS, **{**GOOD, "day": "2026-02-22"})
    assert "too old" in mia.open(ADDRESS).text


def test_nobody_else_sees_the_rates(world: World, sign_in: SignIn) -> None:
    for name in ("anna", "bob", "eve"):
        assert sign_in(world.people[name]).open(ADDRESS).status == 403


def test_a_rate_far_from_the_latest_asks_again_and_is_recorded_once_it_is_said_to_be_right(
    mia: Browser,
) -> None:
    mia.open(ADDRESS).submit(ADDRESS, **GOOD)
    asked = mia.open(ADDRESS).submit(ADDRESS, **{**GOOD, "usd": "10.856", "source": "Page 4"})
    assert asked.status == 422
    assert "It is 900 % more than the rate of 2 Mar 2026, the latest on file." in asked.text
    assert "It is right: 900 % more than the rate of 2 Mar 2026" in asked.text
    again = asked.submit(ADDRESS, sure="900", usd="0.5")
    assert again.status == 422
    assert "It is right: 53 % less than the rate of 2 Mar 2026" in again.text
    assert again.submit(ADDRESS, sure="-53").follow().text.count("Page 4") == 2
