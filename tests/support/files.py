"""Small files of every type that may be attached."""

import io
import zipfile

from PIL import Image
from pypdf import PdfReader, PdfWriter

from web.demo.papers import page


def pdf() -> bytes:
    """Return a PDF of one page."""
    return page("Offer", ["An example."])


def dated_pdf(created: str, changed: str = "") -> bytes:
    """Return a PDF that says when it was created, as `D:20260303120000Z`, and when it was last changed."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.metadata = {"/CreationDate": created, **({"/ModDate": changed} if changed else {})}
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def photo(taken: str) -> bytes:
    """Return a photo that says when it was taken, as `2026:03:03 12:00:00`."""
    exif, target = Image.Exif(), io.BytesIO()
    exif.get_ifd(0x8769)[0x9003] = taken
    Image.new("RGB", (4, 3), "teal").save(target, "JPEG", exif=exif)
    return target.getvalue()


def png() -> bytes:
    """Return a picture."""
    return _picture("PNG")


def jpeg() -> bytes:
    """Return a photo."""
    return _picture("JPEG")


def webp() -> bytes:
    """Return a picture."""
    return _picture("WEBP")


def docx() -> bytes:
    """Return a document without macros."""
    return _office("word/document.xml")


def xlsx() -> bytes:
    """Return a workbook without macros."""
    return _office("xl/workbook.xml")


def mp4() -> bytes:
    """Return what begins as a recording does."""
    return b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00" * 32


def csv() -> bytes:
    """Return a list of attendees."""
    return "Name;Firma\r\nJürgen;Elbe\r\n".encode()


def _picture(form: str) -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (4, 3), "teal").save(picture, form)
    return picture.getvalue()


def _office(main: str) -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<main/>")
    return package.getvalue()
