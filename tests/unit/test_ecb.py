"""The European Central Bank's file of rates: read to the letter, and nothing else is taken for one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.acts.exchange import Rate
from workflow.ecb import SOURCE, NotRates, read_reference_rates

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
    xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
"""


def day_of(day: str, **rates: str) -> str:
    cubes = "".join(f"<Cube currency='{code}' rate='{rate}'/>" for code, rate in rates.items())
    return f"<Cube time='{day}'>{cubes}</Cube>"


def file_of(*days: str) -> bytes:
    return f"{HEAD}<Cube>{''.join(days)}</Cube></gesmes:Envelope>".encode()


def test_the_rates_of_a_day_are_stated_in_us_dollars_in_the_banks_own_figures() -> None:
    found = read_reference_rates(file_of(day_of("2026-03-02", USD="1.0856", GBP="0.8435", JPY="162.770")))
    day = date(2026, 3, 2)
    assert found == [
        Rate("EUR", day, "1.0856", "1", SOURCE),
        Rate("GBP", day, "1.0856", "0.8435", SOURCE),
        Rate("JPY", day, "1.0856", "162.770", SOURCE),
    ]


def test_a_file_of_several_days_gives_the_earliest_first() -> None:
    found = read_reference_rates(file_of(day_of("2026-03-03", USD="1.1"), day_of("2026-03-02", USD="1.2")))
    assert [(rate.day.day, rate.usd) for rate in found] == [(2, "1.2"), (3, "1.1")]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<x><Cube time="2026-03-02"><Cube currency="USD" rate="1.1"/></Cube>&b;</x>"""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no XML",
        b"<x/>",
        BOMB,
        BOMB.decode().encode("utf-16"),
        file_of(day_of("2026-03-02", GBP="0.8435")),
        file_of(day_of("2026-02-30", USD="1.1")),
        file_of(day_of("2026-03-02", USD="0")),
        file_of(day_of("2026-03-02", USD="1,1")),
        file_of(day_of("2026-03-02", USD="1.1", euro="1")),
        file_of("<Cube currency='USD' rate='1.1'/>"),
        file_of("<Cube time='2026-03-02'><Cube currency='USD'/></Cube>"),
        file_of(*(day_of(f"{2000 + n}-01-01", USD="1.1") for n in range(401))),
    ],
)
def test_what_does_not_hold_the_rates_is_refused(content: bytes) -> None:
    with pytest.raises(NotRates):
        read_reference_rates(content)


@given(st.binary())
def test_no_bytes_break_the_reader(content: bytes) -> None:
    with pytest.raises(NotRates):
        read_reference_rates(content)
