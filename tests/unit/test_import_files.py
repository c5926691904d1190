"""Files are read as they are meant, or refused with the line and what would put it right."""

import csv
import zipfile
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from models.money import MAX_CENTS, plain
from models.vocabulary import RowVerdict
from workflow.harmless import as_it_was, harmless
from workflow.imports.cells import Column, Unread, amount, day, roles, text, yes_or_no
from workflow.imports.reading import LONGEST_CELL, MOST_ROWS, Row, read_rows
from workflow.imports.registry import KINDS
from workflow.imports.sheet_child import text_of
from workflow.imports.verdicts import Judged, Seen, compared, restored, told, without_repeats
from workflow.refusals import Refused

MIDNIGHT = datetime(2026, 3, 31)  # noqa: DTZ001 # a spreadsheet knows no zones

COLUMNS = (Column("name", "", text(200), needed=True), Column("valid_until", "", day))

TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)


def read(tmp_path: Path, content: bytes | str) -> list[Row]:
    path = tmp_path / "file"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_rows(path, COLUMNS)


def why(tmp_path: Path, content: bytes | str) -> tuple[str, dict[str, str]]:
    with pytest.raises(Refused) as refused:
        read(tmp_path, content)
    (problem,) = refused.value.problems
    assert problem.message()
    assert problem.remedy()
    return problem.code, dict(problem.figures)


def book(*rows: list[Any]) -> bytes:
    content, made = BytesIO(), Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(content)
    return content.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_however_a_spreadsheet_saves_it(
    tmp_path: Path, delimiter: str, encoding: str, end: str
) -> None:
    lines = [
        f"Name{delimiter} Valid until ",
        f"Söhne{delimiter}2026-03-31",
        "",
        f'"a{delimiter}""b"{delimiter}',
    ]
    rows = read(tmp_path, end.join(lines).encode(encoding))
    assert rows == [
        Row(2, {"name": "Söhne", "valid_until": "2026-03-31"}),
        Row(4, {"name": f'a{delimiter}"b', "valid_until": ""}),
    ]


def test_a_row_over_several_lines_is_named_by_its_first(tmp_path: Path) -> None:
    rows = read(tmp_path, 'name,valid_until\n"one\ntwo",\nthree,\n')
    assert [row.line for row in rows] == [2, 4]


def test_a_workbook_is_read_with_what_its_cells_are(tmp_path: Path) -> None:
    content = book(
        ["name", "valid_until"],
        ["Elbe", MIDNIGHT],
        [None, None],
        [12345.0, date(2026, 4, 1)],
        [0.1 + 0.2, True],
        [True, MIDNIGHT.replace(hour=12, minute=30)],
    )
    assert read(tmp_path, content) == [
        Row(2, {"name": "Elbe", "valid_until": "2026-03-31"}),
        Row(4, {"name": "12345", "valid_until": "2026-04-01"}),
        Row(5, {"name": "0.3", "valid_until": "yes"}),
        Row(6, {"name": "yes", "valid_until": "2026-03-31T12:30:00"}),
    ]


@pytest.mark.parametrize(
    ("content", "code", "figures"),
    [
        ("", "file_headings", None),
        ("colour,size\nred,1\n", "file_headings", None),
        ("name,colour,Taste,\nElbe,red,sweet,\n", "column_unknown", {"column": "colour, Taste"}),
        ("name,\nElbe,red\n", "row_wide", {"line": "2"}),
        ("name,Name\nElbe,Elbe\n", "column_twice", {"column": "name"}),
        ("valid_until\n2026-03-31\n", "column_missing", {"column": "name"}),
        ("name\nElbe\nAlster,2026\n", "row_wide", {"line": "3"}),
        ('name\nElbe\n"Als"ter"\n', "csv_broken", {"line": "3"}),
        ('name\n"Elbe\nAlster\n', "csv_broken", {"line": "2"}),
        (f"name\n{'x' * (LONGEST_CELL + 1)}\n", "row_long", {"line": "2"}),
        ("name\nElbe\nSöhne\n".encode("latin-1"), "file_encoding", {"line": "3"}),
        (b"\xff\xfenam", "file_encoding", {}),
        (b"name\n\x00\xff", "file_encoding", {"line": "2"}),
        ("name\n" + "x\n" * (MOST_ROWS + 1), "file_long", {"most": "100,000"}),
        (b"PK\x03\x04" + bytes(100), "sheet_unreadable", {}),
    ],
)
def test_what_is_no_such_table_says_why_and_where(
    tmp_path: Path, content: bytes | str, code: str, figures: dict[str, str] | None
) -> None:
    found, said = why(tmp_path, content)
    assert found == code
    assert figures is None or figures.items() <= said.items()


def packed(changes: dict[str, bytes]) -> bytes:
    """Return a workbook of one row with some of its parts replaced."""
    source, content = zipfile.ZipFile(BytesIO(book(["name"], ["Elbe"]))), BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name in {*source.namelist(), *changes}:
            target.writestr(name, changes.get(name) or source.read(name))
    return content.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "changes",
    [
        {SHEET: b"<?xml version='1.0'?>" + ENTITIES + b"<worksheet>&b;</worksheet>"},
        {SHEET: b"<worksheet"},
        {SHEET: b" " * 600_000_000},
        {"xl/vbaProject.bin": b"run"},
        {"xl/workbook.xml": b"<workbook/>"},
    ],
    ids=["entities", "broken", "bomb", "macros", "no sheet"],
)
def test_a_hostile_workbook_is_refused(tmp_path: Path, changes: dict[str, bytes]) -> None:
    assert why(tmp_path, packed(changes))[0] == "sheet_unreadable"


def test_a_workbook_that_claims_a_million_empty_lines_is_read_within_bounds(tmp_path: Path) -> None:
    far = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
    <row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>
    <row r="1048576"><c r="A1048576" t="inlineStr"><is><t>Elbe</t></is></c></row></sheetData></worksheet>"""
    assert read(tmp_path, packed({SHEET: far})) == []


@given(st.integers(0, MAX_CENTS))
def test_an_amount_is_read_to_the_cent_from_the_number_of_a_spreadsheet(cents: int) -> None:
    assert amount(text_of(cents / 100)) == cents
    assert amount(text_of(float(repr(cents / 100)))) == cents


def test_a_formula_is_read_as_what_it_came_to(tmp_path: Path) -> None:
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
    <row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>
    <row r="2"><c r="A2" t="str"><f>CONCAT("El","be")</f><v>Elbe</v></c></row></sheetData></worksheet>"""
    assert read(tmp_path, packed({SHEET: sheet})) == [Row(2, {"name": "Elbe"})]


@given(st.integers(0, MAX_CENTS))
def test_an_amount_is_read_to_the_cent_in_every_form(cents: int) -> None:
    exact = plain(cents)
    assert amount(exact) == cents
    assert amount(exact.replace(".", ",")) == cents
    assert amount(f"{int(exact[:-3]):,}{exact[-3:]}") == cents


@pytest.mark.parametrize(
    "typed", ["", "x", "-1", "4.000", "1.005", "1,2,3", "1e5", "٣", "1" * 40, "4000 USD", "NaN"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Unread):
        amount(typed)


@pytest.mark.parametrize(("typed", "cents"), [("4.000,5", 400_050), ("4,000", 400_000), ("1 000.5", 100_050)])
def test_amounts_of_other_countries_are_read_where_they_mean_one_thing(typed: str, cents: int) -> None:
    assert amount(typed) == cents


@given(st.dates())
def test_a_day_is_read_in_both_forms(when: date) -> None:
    assert day(when.isoformat()) == when
    assert day(f"{when.day}.{when.month:02}.{when.year:04}") == when


@pytest.mark.parametrize(
    "typed", ["03/04/2026", "2026-02-30", "31.02.2026", "20260331", "2026-W01-1", "2026-03-31T12:00:00"]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(Unread):
        day(typed)


def test_words_are_read_by_their_vocabulary() -> None:
    assert roles("Approver; finance") == {"approver", "finance"}
    assert (yes_or_no("Yes"), yes_or_no("0")) == (True, False)
    for reader, typed in ((roles, "scheduler"), (roles, "boss"), (yes_or_no, "maybe")):
        with pytest.raises(Unread):
            reader(typed)


@given(st.text(max_size=30))
def test_no_cell_is_taken_for_a_formula_and_each_is_read_back_unchanged(cell: str) -> None:
    sent = harmless(cell)
    assert not sent.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_it_was(sent) == cell


def test_a_name_that_begins_with_an_apostrophe_keeps_it() -> None:
    assert as_it_was("'t Hooft") == harmless("'t Hooft") == "'t Hooft"
    assert harmless("'=1") == "''=1"


@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_whatever_names_are_written_as_csv_are_read_back(names: list[str]) -> None:
    target = StringIO()
    csv.writer(target).writerows([["name"], *([harmless(name)] for name in names)])
    with TemporaryDirectory() as folder:
        assert [row.cells["name"] for row in read(Path(folder), target.getvalue())] == names


KEYED = st.builds(
    lambda line, same, keys: Judged(
        line, RowVerdict.same if same else RowVerdict.new, f"row {line}", tuple(sorted(keys))
    ),
    st.just(0),
    st.booleans(),
    st.sets(st.sampled_from("abc"), max_size=2),
)


@given(st.lists(KEYED, max_size=8))
def test_rows_about_the_same_are_all_wrong_unless_none_of_them_changes_anything(rows: list[Judged]) -> None:
    numbered = [Judged(line, row.verdict, row.name, row.keys) for line, row in enumerate(rows, start=2)]
    for row, was in zip(without_repeats(numbered), numbered, strict=True):
        rivals = [
            one
            for one in numbered
            if one.line != was.line
            and any(
                key in was.keys and RowVerdict.new in {two.verdict for two in numbered if key in two.keys}
                for key in one.keys
            )
        ]
        assert (row.verdict is RowVerdict.wrong) == bool(rivals)
        if rivals:
            assert row.problems[0].figures == {"line": str(rivals[0].line)}


@given(
    st.none() | st.fixed_dictionaries({"a": st.none() | TEXTS, "b": st.none() | TEXTS}),
    st.fixed_dictionaries({"a": st.none() | TEXTS, "b": st.none() | TEXTS}),
)
def test_a_row_changes_exactly_what_differs(before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    row = compared(2, "x", ("k",), before, after, None)
    if before is None:
        assert row.verdict is RowVerdict.new
    else:
        assert row.verdict is (RowVerdict.same if before == after else RowVerdict.changed)
        assert {**before, **{name: new for name, (_old, new) in row.changes.items()}} == after
    kept = restored(row.line, row.verdict, told(row), list(row.keys))
    assert told(kept) == told(row)


def test_a_preview_is_told_from_any_other() -> None:
    digests = set()
    for verdict in RowVerdict:
        for name in ("x", "y"):
            seen = Seen()
            seen.add(2, verdict, {"name": name})
            digests.add(seen.digest)
    assert len(digests) == 8


def test_every_kind_names_its_columns_once_and_says_what_they_hold() -> None:
    for kind in KINDS.values():
        names = [column.name for column in kind.columns]
        assert len(names) == len(set(names))
        assert all(column.meaning.endswith(".") for column in kind.columns)
