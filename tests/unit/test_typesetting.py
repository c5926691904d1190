"""Documents as PDFs: no word is read as markup, no word breaks the page, and everything can be read again."""

import re
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from workflow import typesetting
from workflow.bounded import read_bounded
from workflow.typesetting import Section, Sheet, Table, typeset

MADE = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOT_SHOWN = "Some letters are missing."
MARKUP = '#import "@preview/cetz:0.3.0": *\n#read("/etc/passwd") *b* _i_ $x^2$ `raw` <label> @ref // \\ [x]'
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)


def sheet(*texts: str, **more: Any) -> Sheet:
    """Return a document that has each text everywhere where one can stand."""
    table = Table([("Name", 1), ("Value", 1)], [[text, text] for text in texts], {1})
    section = Section("Section", facts=[("Fact", text) for text in texts], paragraphs=texts, tables=[table])
    return Sheet(
        title=more.get("title", "A document"),
        lead=["Lead"],
        foot="Foot",
        not_shown=NOT_SHOWN,
        language="en",
        sections=[section, Section(more.get("heading", "More"), level=2)],
    )


def made(of: Sheet) -> PdfReader:
    content = typeset(of, MADE)
    assert content is not None
    return PdfReader(BytesIO(content))


def words(of: Sheet) -> str:
    """Return what a reader finds in a document, without blanks and marks of where a line may break."""
    text = "".join(page.extract_text() for page in made(of).pages)
    return squeezed(text)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\u00ad]", "", text)


def test_what_looks_like_markup_stands_there_as_it_was_written() -> None:
    text = words(sheet(MARKUP, title=MARKUP.replace("\n", " "), heading=MARKUP.replace("\n", " ")))
    assert text.count(squeezed(MARKUP)) >= 6, "title, heading, fact, paragraph and both cells"
    assert "root:" not in text


def test_a_word_without_end_stays_on_the_page_and_whole() -> None:
    long = "x" * 10_000
    of = sheet(long)
    assert words(of).count("x") == 4 * len(long)
    content = typeset(of, MADE)
    assert content is not None
    with closing(pypdfium2.PdfDocument(content)) as document:
        for page in document:
            text = page.get_textpage()
            boxes = [text.get_charbox(index) for index in range(text.count_chars())]
            assert max(right for _left, _bottom, right, _top in boxes) < page.get_width()


def test_letters_that_no_font_has_stand_as_their_numbers_and_the_document_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = words(sheet("Straße Žluť Привет Ω \U000f0000 \U0001f9ff"))
    assert "StraßeŽluťПриветΩ" in text
    assert "[U+F0000]" in text
    assert ("[U+1F9FF]" in text) is (squeezed(NOT_SHOWN) in text)


def test_what_nobody_could_see_is_seen() -> None:
    text = words(sheet("a\u202eb\u200bc\x07d\u2066e"))
    assert "a[U+202E]b[U+200B]c[U+0007]d[U+2066]e" in text


def test_a_document_is_tagged_and_names_its_language_and_title() -> None:
    root: Any = made(sheet("text", title="Claim 2026H1-00001")).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode().replace(" ", "")
    assert "Claim 2026H1-00001" in root["/Metadata"].get_data().decode()


def test_the_same_document_gives_the_same_file() -> None:
    assert typeset(sheet("text"), MADE) == typeset(sheet("text"), MADE)


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass")
    monkeypatch.setattr(typesetting, "SETTER", endless)
    monkeypatch.setattr(read_bounded, "__kwdefaults__", {"cpu_seconds": 1, "seconds": 2})
    assert typeset(sheet("text"), MADE) is None


@settings(max_examples=15)
@given(st.lists(TEXTS, max_size=4))
@example(["中文字符 and 语言", "אבג عربي", "ก\u0301", "e\u0301\u0302" * 30, "\t\n\r\n\n", " ", ""])
@example(["\ufffe\ue000\ufeff\u2028", "👩‍👩‍👧‍👦", "ﬁ ſ ☃"])
def test_any_text_can_be_set(texts: list[str]) -> None:
    assert typeset(sheet(*texts), MADE) is not None


def test_a_machine_of_many_processors_sets_as_well_as_one_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAYON_NUM_THREADS", "128")
    assert typeset(sheet("text"), MADE) is not None
