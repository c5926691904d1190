"""Which files may be attached. What a file is, its content says; its name must agree.

Nothing that a browser or an office program would run is taken: no HTML, SVG, script, program or macro.
"""

import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PIL import Image, UnidentifiedImageError

from workflow.marking import N_
from workflow.refusals import Sentence

LONGEST_NAME = 150

_START = 4096
_MARKUP = re.compile(rb"<(?:!doctype|\?xml|html|head|body|svg|script|iframe|img|a\s)", re.IGNORECASE)
_TEXT_BYTES = bytes({*b"\t\n\f\r", *range(0x20, 0x7F), *range(0x80, 0x100)})
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')
_ZIP_MEMBERS = 20_000


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that is taken: how it is served, what its name ends in, how its content is known."""

    content_type: str
    label: str
    extensions: tuple[str, ...]
    fits: Callable[[Path, bytes], bool]


class FileRefused(Exception):
    """A file that is not taken: a code of SENTENCES, and the figures of its sentence."""

    def __init__(self, code: str, figures: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.figures = figures or {}

    def words(self, translate: Callable[[str], str] = str) -> str:
        """Return what is wrong and what puts it right, in words."""
        sentence = SENTENCES[self.code]
        return f"{translate(sentence.message)} {translate(sentence.remedy)}".format_map(self.figures)


def examine(path: Path, size: int, name: str) -> tuple[str, FileType]:
    """Return the cleaned name and the type of a file. Raises FileRefused where it is not taken."""
    name = clean_name(name)
    if not size:
        raise FileRefused("empty", {"name": name})
    with path.open("rb") as file:
        start = file.read(_START)
    found = next((kind for kind in TYPES if kind.fits(path, start)), None)
    if found is None:
        raise FileRefused("not_taken", {"name": name})
    ending = PurePosixPath(name).suffix.lower()
    if ending not in found.extensions:
        figures = {"name": name, "label": found.label, "extension": found.extensions[0]}
        raise FileRefused("misnamed", figures)
    return name, found


def clean_name(name: str) -> str:
    """Return a name without folders, control characters and tricks of direction, within LONGEST_NAME."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    name = _FORBIDDEN_IN_NAMES.sub("_", " ".join(name.split())).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(ending[:10]) - 1].strip('. ') or 'file'}.{ending[:10]}"


def _begins(*signatures: bytes) -> Callable[[Path, bytes], bool]:
    return lambda _, start: start.startswith(signatures)


def _image(form: str) -> Callable[[Path, bytes], bool]:
    def fits(path: Path, _: bytes) -> bool:
        try:
            with Image.open(path, formats=[form]) as image:
                return image.width > 0
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return False

    return fits


def _office(main: str) -> Callable[[Path, bytes], bool]:
    """Return a test for an Office document with this main part and without macros."""

    def fits(path: Path, start: bytes) -> bool:
        if not start.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(path) as package:
                names = package.namelist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
            return False
        if len(names) > _ZIP_MEMBERS or any("vbaproject" in name.lower() for name in names):
            return False
        return "[Content_Types].xml" in names and main in names

    return fits


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

TYPES: tuple[FileType, ...] = (
    FileType("application/pdf", "PDF", (".pdf",), _begins(b"%PDF-")),
    FileType("image/jpeg", "JPEG", (".jpg", ".jpeg"), _image("JPEG")),
    FileType("image/png", "PNG", (".png",), _image("PNG")),
    FileType("image/webp", "WebP", (".webp",), _image("WEBP")),
    FileType(f"{_OFFICE}wordprocessingml.document", "Word", (".docx",), _office("word/document.xml")),
    FileType(f"{_OFFICE}spreadsheetml.sheet", "Excel", (".xlsx",), _office("xl/workbook.xml")),
    FileType(
        f"{_OFFICE}presentationml.presentation", "PowerPoint", (".pptx",), _office("ppt/presentation.xml")
    ),
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
    "misnamed": Sentence(
        N_("{name} holds {label} content, and its name says otherwise."),
        N_("Let its name end in {extension}, then attach it again."),
    ),
    "nothing": Sentence(N_("No file was chosen."), N_("Choose one, then attach it.")),
    "kind": Sentence(N_("It is not said what the file shows."), N_("Choose it from the list.")),
}
"""Why a file is not taken, by code."""
