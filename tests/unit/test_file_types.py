"""Files are known by their content, and nothing that could run is taken."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.support.files import csv, docx, jpeg, mp4, pdf, png, webp, xlsx
from workflow.file_types import LONGEST_NAME, SENTENCES, FileRefused, clean_name, examine


def examined(folder: Path, name: str, content: bytes) -> tuple[str, str]:
    path = folder / "content"
    path.write_bytes(content)
    cleaned, kind, _ = examine(path, len(content), name)
    return cleaned, kind.content_type


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.pdf", pdf(), "application/pdf"),
        ("a.JPG", jpeg(), "image/jpeg"),
        ("a.jpeg", jpeg(), "image/jpeg"),
        ("a.png", png(), "image/png"),
        ("a.webp", webp(), "image/webp"),
        ("a.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.mp4", mp4(), "video/mp4"),
        ("a.csv", csv(), "text/plain"),
        ("a.txt", "Zürich\r\n".encode("cp1252"), "text/plain"),
        ("a.csv", "Name;Zürich".encode("utf-16"), "text/plain"),
    ],
)
def test_what_a_claim_needs_is_taken(tmp_path: Path, name: str, content: bytes, content_type: str) -> None:
    assert examined(tmp_path, name, content) == (name, content_type)


def plain_zip() -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("run.exe", b"MZ")
    return package.getvalue()


def gif() -> bytes:
    picture = io.BytesIO()
    Image.new("L", (2, 2)).save(picture, "GIF")
    return picture.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\xef\xbb\xbf  <html>",
        b"hello <ScRiPt>alert(1)</script>",
        "<html><script>".encode("utf-16"),
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<svg onload=alert(1)>",
        b"#!/bin/sh\nrm -rf /\n",
        b"MZ\x90\x00\x03program",
        b"\x7fELF\x02\x01\x01\x00",
        plain_zip(),
        b"PK\x03\x04 no archive at all",
        b"\x89PNG\r\n\x1a\nnot a picture",
        b"\xff\xd8\xff\xe0\x00\x10JFIF but no picture",
        gif(),
        b"text with a \x00 in it",
        b"%!PS-Adobe but \x1b escapes",
        b"\xff\xfeodd",
    ],
)
@pytest.mark.parametrize("ending", ["pdf", "txt", "png", "docx"])
def test_what_could_run_or_is_damaged_is_refused_whatever_its_name(
    tmp_path: Path, content: bytes, ending: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        examined(tmp_path, f"invoice.{ending}", content)
    assert refused.value.code == "not_taken"


@pytest.mark.parametrize(
    "name", ["picture.pdf", "picture.png.exe", "picture", "picture.html", ".png", "picture.png\u202egpj.exe"]
)
def test_the_name_must_agree_with_the_content(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        examined(tmp_path, name, png())
    assert refused.value.code == "misnamed"
    assert ".png" in refused.value.words()


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        examined(tmp_path, "a.pdf", b"")
    assert refused.value.code == "empty"


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\anna\\invoice.pdf", "invoice.pdf"),
        ("in\x00voi\nce\r.pdf", "invoice.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\u2066a\u2069.pdf", "a.pdf"),
        ('a<b>:"c|?*.pdf', "a_b___c___.pdf"),
        ("  two   words .pdf", "two words.pdf"),
        ("", "file"),
        ("..", "file"),
        ("///", "file"),
        ("/.pdf", "pdf"),
        ("CON", "_CON"),
        ("nul.pdf", "_nul.pdf"),
        ("com1.2026.pdf", "_com1.2026.pdf"),
        ("console.pdf", "console.pdf"),
        ("Ru\u0308ckblick 展覧.pdf", "R\u00fcckblick 展覧.pdf"),
    ],
)
def test_a_name_is_cleaned_of_folders_and_tricks(given: str, cleaned: str) -> None:
    assert clean_name(given) == cleaned


def test_a_long_name_keeps_its_ending() -> None:
    cleaned = clean_name("x" * 5000 + ".pdf")
    assert len(cleaned) == LONGEST_NAME
    assert cleaned.endswith("x.pdf")


def test_every_refusal_says_what_puts_it_right() -> None:
    figures = {"name": "a.pdf", "label": "PDF", "extension": ".pdf", "limit": "20"}
    figures.update(found="Worm", most="200")
    for code in SENTENCES:
        assert FileRefused(code, figures).words().count(".") >= 2
