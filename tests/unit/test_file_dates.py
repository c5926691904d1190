"""The day that a file says of itself, and when it is worth a word."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.files import dated_pdf, jpeg, pdf, photo
from workflow.file_dates import MADE_AFTERWARDS, MADE_MEANWHILE, Hint, Side, hint_of, pdf_day, picture_day
from workflow.file_types import examine
from workflow.policies import default_document, read_policy

FIRST, LAST = date(2026, 4, 10), date(2026, 4, 11)


@pytest.mark.parametrize(
    ("name", "content", "day"),
    [
        ("a.jpg", photo("2026:03:03 12:00:00"), date(2026, 3, 3)),
        ("a.jpg", jpeg(), None),
        ("a.pdf", dated_pdf("D:20260303120000+02'00'"), date(2026, 3, 3)),
        ("a.pdf", dated_pdf("D:20260303", "D:20260401"), date(2026, 4, 1)),
        ("a.pdf", dated_pdf("no day", "D:20260401"), date(2026, 4, 1)),
        ("a.pdf", pdf(), None),
    ],
)
def test_a_file_says_its_day(tmp_path: Path, name: str, content: bytes, day: date | None) -> None:
    path = tmp_path / "content"
    path.write_bytes(content)
    assert examine(path, len(content), name).dated_on == day


@pytest.mark.parametrize(
    "said",
    [
        "",
        "    :  :  ",
        "0000:00:00",
        "2026:13:45 12:00",
        "1970:01:01 00:00:00",
        "2026",
        "9" * 5000,
        "²026:01:01",
    ],
)
def test_odd_words_say_no_day(tmp_path: Path, said: str) -> None:
    path = tmp_path / "content"
    path.write_bytes(photo(said.encode("ascii", "replace").decode()))
    assert picture_day(path) is None
    assert pdf_day(said.replace(":", ""), None) is None


@pytest.mark.parametrize("content", [b"", b"Exif\0\0", jpeg()[:60], photo("2026:03:03 12:00:00")[:100]])
def test_a_damaged_picture_says_no_day(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "content"
    path.write_bytes(content)
    assert picture_day(path) is None


@pytest.mark.parametrize(
    ("kind", "dated_on", "hint"),
    [
        ("photos", FIRST - timedelta(days=3), None),
        ("photos", FIRST - timedelta(days=4), Hint(4, Side.before)),
        ("photos", LAST + timedelta(days=3), None),
        ("photos", LAST + timedelta(days=4), Hint(4, Side.after)),
        ("photos", FIRST, None),
        ("attendee_list", FIRST - timedelta(days=40), Hint(40, Side.before)),
        ("attendee_list", LAST + timedelta(days=40), None),
        ("invoice", FIRST - timedelta(days=40), None),
        ("agenda", FIRST - timedelta(days=40), None),
        ("attachment", LAST + timedelta(days=40), None),
        ("photos", None, None),
    ],
)
def test_a_day_is_worth_a_word_where_it_is_more_than_three_days_off(
    kind: str, dated_on: date | None, hint: Hint | None
) -> None:
    assert hint_of(kind, dated_on, FIRST, LAST) == hint
    assert hint_of(kind, dated_on, None, LAST) is None


def test_the_kinds_that_days_are_told_of_are_kinds_of_the_default_catalogue() -> None:
    known = {kind.code for kind in read_policy(default_document()).catalogue.evidence_kinds}
    assert known >= MADE_AFTERWARDS >= MADE_MEANWHILE
