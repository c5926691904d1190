"""What people type, read as it was meant or refused in plain words."""

from collections.abc import Callable
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import MAX_CENTS, grouped, plain
from web.forms import amount_typed, sent_number
from workflow.readable import one_line, several_lines


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("12", 12),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("9" * 9_000, None),
        ("", None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1.0", None),
        ("1_0", None),
        ("٣", None),
        ("²", None),
    ],
)
def test_a_number_that_was_sent_fits_the_database_or_is_none(text: str, number: int | None) -> None:
    assert sent_number(text) == number


def test_a_number_may_be_asked_to_be_short() -> None:
    assert (sent_number("999", digits=3), sent_number("1000", digits=3)) == (999, None)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("4000", 400_000),
        ("4000.5", 400_050),
        ("4000.50", 400_050),
        ("4,000.00", 400_000),
        ("1,234,567.89", 123_456_789),
        ("4 000", 400_000),
        ("0.01", 1),
        ("007", 700),
    ],
)
def test_an_amount_is_read_as_it_was_meant(typed: str, cents: int) -> None:
    assert amount_typed(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "",
        ".",
        ".5",
        "4000.",
        "4.000,00",
        "40,00",
        "4000,50",
        "1,2345",
        ",100",
        "-5",
        "+5",
        "4e3",
        "5 USD",
        "٤",
        "1.234",
    ],
)
def test_what_might_mean_two_amounts_or_none_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"4000\.00"):
        amount_typed(typed)


def test_an_amount_that_no_column_holds_is_refused() -> None:
    assert amount_typed(plain(MAX_CENTS)) == MAX_CENTS
    with pytest.raises(ValueError, match="too large"):
        amount_typed(plain(MAX_CENTS + 1))


@given(st.integers(min_value=0, max_value=MAX_CENTS))
def test_an_amount_as_we_write_it_is_read_back(cents: int) -> None:
    assert amount_typed(plain(cents)) == amount_typed(grouped(cents)) == cents


@pytest.mark.parametrize("read", [one_line, several_lines])
def test_what_is_kept_of_a_text_fits_into_a_file_for_the_bank(read: Callable[[str], str]) -> None:
    typed = "Elbe \ufffe\uffff\U0001ffff\x0b\ud800Systems 😀"
    element = Element("Nm")
    element.text = read(typed)
    assert element.text == "Elbe Systems 😀"
    assert fromstring(tostring(element, encoding="utf-8")).text == "Elbe Systems 😀"
