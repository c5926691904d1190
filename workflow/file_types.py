"""Which files may be attached. What a file is, its content says; its name must agree.

Nothing that a browser, a PDF reader or an office program would run or fetch is taken: no HTML, SVG, script,
program or macro. No file is unpacked, and what it takes to look into one is bounded.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from workflow.file_dates import Look, picture_day
from workflow.marking import N_
from workflow.office_files import MOST_UNPACKED, is_office, office_objection
from workflow.pdf_files import look_into_pdf
from workflow.pictures import MOST_PIXELS, is_picture, picture_objection
from workflow.refusal_sentences import Sentence

LONGEST_NAME = 150

_START = 4096
_MARKUP = re.compile(rb"<(?:!doctype|\?xml|html|head|body|svg|script|iframe|img|a\s)", re.IGNORECASE)
_TEXT_BYTES = bytes({*b"\t\n\f\r", *range(0x20, 0x7F), *range(0x80, 0x100)})
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')
_LIMITS = {"pixels": str(MOST_PIXELS // 1_000_000), "unpacked": str(MOST_UNPACKED // 1_000_000)}
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
"""Names that Windows gives to devices, whatever they end in."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that is taken: how it is served, what its name ends in, how its content is known.

    `look` goes further into a file that fits; what it objects to is a code of SENTENCES.
    """

    content_type: str
    label: str
    extensions: tuple[str, ...]
    fits: Callable[[Path, bytes], bool]
    look: Callable[[Path], Look] = lambda _: Look()


class Examined(NamedTuple):
    """A file that is taken: its cleaned name, its type, and the day that it says of itself."""

    name: str
    kind: FileType
    dated_on: date | None


class FileRefused(Exception):
    """A file that is not taken: a code of SENTENCES, and the figures of its sentence."""

    def __init__(self, code: str, figures: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.figures = figures or {}

    def words(self, translate: Callable[[str], str] = str) -> str:
        """Return what is wrong and what puts it right, in words."""
        sentence = SENTENCES[self.code]
        return f"{translate(sentence.message)} {translate(sentence.remedy)}".format_map(
            {**_LIMITS, **self.figures}
        )


def examine(path: Path, size: int, name: str) -> Examined:
    """Return what is known of a file. Raises FileRefused where it is not taken."""
    name = clean_name(name)
    if not size:
        raise FileRefused("empty", {"name": name})
    with path.open("rb") as file:
        start = file.read(_START)
    found = next((kind for kind in TYPES if kind.fits(path, start)), None)
    if found is None:
        raise FileRefused("not_taken", {"name": name})
    look = found.look(path)
    if look.objection is not None:
        raise FileRefused(look.objection, {"name": name})
    ending = PurePosixPath(name).suffix.lower()
    if ending not in found.extensions:
        figures = {"name": name, "label": found.label, "extension": found.extensions[0]}
        raise FileRefused("misnamed", figures)
    return Examined(name, found, look.dated_on)


def clean_name(name: str) -> str:
    """Return a name without folders, control characters, devices and tricks, within LONGEST_NAME."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    name = _FORBIDDEN_IN_NAMES.sub("_", " ".join(name.split())).strip(". ")
    name = f"_{name}" if _DEVICES.match(name) else name
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(ending[:10]) - 1].strip('. ') or 'file'}.{ending[:10]}"


def _begins(*signatures: bytes) -> Callable[[Path, bytes], bool]:
    return lambda _, start: start.startswith(signatures)


def _picture(form: str) -> Callable[[Path, bytes], bool]:
    return lambda path, _: is_picture(path, form)


def _look_into_picture(path: Path) -> Look:
    return Look(picture_objection(path), picture_day(path))


def _look_into_office(path: Path) -> Look:
    return Look(office_objection(path))


def _video(_: Path, start: bytes) -> bool:
    return start[4:8] == b"ftyp" and start[8:11] in (b"iso", b"mp4", b"avc", b"M4V", b"MSN", b"das")


def _text(path: Path, start: bytes) -> bool:
    if start.startswith(b"#!") or _MARKUP.search(start.replace(b"\x00", b"")):
        return False
    with path.open("rb") as file:
        content = file.read()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeDecodeError:
            return False
    return not content.translate(None, _TEXT_BYTES)


_OFFICE = "application/vnd.openxmlformats-officedocument."


def _office(kind: str, label: str, extension: str, main: str) -> FileType:
    fits = partial(is_office, main=main)
    return FileType(f"{_OFFICE}{kind}", label, (extension,), fits, _look_into_office)


TYPES: tuple[FileType, ...] = (
    FileType("application/pdf", "PDF", (".pdf",), _begins(b"%PDF-"), look_into_pdf),
    FileType("image/jpeg", "JPEG", (".jpg", ".jpeg"), _picture("JPEG"), _look_into_picture),
    FileType("image/png", "PNG", (".png",), _picture("PNG"), _look_into_picture),
    FileType("image/webp", "WebP", (".webp",), _picture("WEBP"), _look_into_picture),
    _office("wordprocessingml.document", "Word", ".docx", "word/document.xml"),
    _office("spreadsheetml.sheet", "Excel", ".xlsx", "xl/workbook.xml"),
    _office("presentationml.presentation", "PowerPoint", ".pptx", "ppt/presentation.xml"),
    FileType("video/mp4", "MP4", (".mp4", ".m4v"), _video),
    FileType("text/plain", "text", (".txt", ".csv"), _text),
)
"""Every type that is taken, most definite first. A new one joins as a row."""

EXTENSIONS: tuple[str, ...] = tuple(ending for kind in TYPES for ending in kind.extensions)

SENTENCES: dict[str, Sentence] = {
    "empty": Sentence(N_("{name} is empty."), N_("Check the file and attach it again.")),
    "too_large": Sentence(
        N_("{name} is larger than {limit} MB."), N_("Make it smaller, or split it into several files.")
    ),
    "not_kept": Sentence(
        N_("We cannot reach our files right now, so {name} was not attached."),
        N_("Wait a minute, then attach it again."),
    ),
    "infected": Sentence(
        N_("The virus scanner stopped {name}: it found {found} in it."),
        N_("Ask whoever made the file for a clean one, and attach that."),
    ),
    "not_scanned": Sentence(
        N_("We cannot look through files for viruses right now, so {name} was not attached."),
        N_("Try again in a few minutes."),
    ),
    "not_taken": Sentence(
        N_("{name} is of a kind that is not taken here, or it is damaged."),
        N_("Attach PDF, Word, Excel or PowerPoint without macros, JPEG, PNG or WebP, MP4, or plain text."),
    ),
    "cut_short": Sentence(
        N_("{name} is damaged: a part of the picture is missing."),
        N_("Copy or export it once more, and attach that."),
    ),
    "picture_swells": Sentence(
        N_("{name} has more than {pixels} million pixels."),
        N_("Scale it down, and attach that."),
    ),
    "office_macros": Sentence(
        N_("{name} holds macros or other programs."),
        N_("Save it without them, or as a PDF, and attach that."),
    ),
    "office_fetches": Sentence(
        N_("{name} fetches a part of itself, such as its template, from another computer when it is opened."),
        N_("Save it as a PDF, or with everything in it, and attach that."),
    ),
    "office_swells": Sentence(
        N_("{name} unpacks to more than {unpacked} MB."),
        N_("Save it as a PDF, or leave out what nobody needs, and attach that."),
    ),
    "pdf_runs": Sentence(
        N_("{name} holds a script, or starts a program."),
        N_("Print it into a new PDF, and attach that."),
    ),
    "pdf_carries": Sentence(
        N_("{name} carries another file in it, which is no XML invoice."),
        N_("Attach that file by itself, and print this one into a new PDF."),
    ),
    "pdf_locked": Sentence(
        N_("{name} opens with a password alone, so nobody could check it."),
        N_("Save it without a password, and attach that."),
    ),
    "pdf_unreadable": Sentence(
        N_("{name} is a PDF that we cannot read: it is damaged, or very unusual."),
        N_("Print it into a new PDF, and attach that."),
    ),
    "misnamed": Sentence(
        N_("{name} holds {label} content, and its name says otherwise."),
        N_("Let its name end in {extension}, then attach it again."),
    ),
    "too_many": Sentence(
        N_("The claim has {most} files already, so {name} was not attached."),
        N_("Put several into one PDF, or take off what nobody needs."),
    ),
    "too_often": Sentence(
        N_("The claim was changed {most} times, so it takes no more files, and {name} was not attached."),
        N_("Go on with a copy of a draft; of an approved claim, send it with a message on its page."),
    ),
    "nothing": Sentence(N_("No file was chosen."), N_("Choose one, then attach it.")),
    "kind": Sentence(N_("It is not said what the file shows."), N_("Choose it from the list.")),
}
"""Why a file is not taken, by code."""
