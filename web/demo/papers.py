"""Evidence for the demo: small real PDF and PNG files, drawn by code."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

PHOTOS = frozenset({"photos", "installation_photo"})


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file with its name and its type."""

    name: str
    content_type: str
    content: bytes


def evidence(kind: str, label: str, title: str, lines: Sequence[str]) -> DemoFile:
    """Return the evidence of a kind for an activity: a picture for photos, a page of text for all else."""
    name = kind.replace("_", "-")
    if kind in PHOTOS:
        return DemoFile(f"{name}.png", "image/png", picture(title))
    return DemoFile(f"{name}.pdf", "application/pdf", page(label, [title, "", *lines, "", "An example."]))


def page(heading: str, lines: Sequence[str]) -> bytes:
    """Return a PDF of one page with a heading and lines of text."""
    text = ["BT /F1 20 Tf 60 770 Td 18 TL", f"({_escaped(heading)}) Tj T* /F1 11 Tf T*"]
    text += [f"({_escaped(line)}) Tj T*" for line in lines]
    stream = "\n".join([*text, "ET"]).encode("cp1252", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return out.getvalue()


def picture(title: str) -> bytes:
    """Return a PNG of a stage with a screen that shows a title, and an audience before it."""
    seed = sum(map(ord, title))
    image = Image.new("RGB", (480, 320), (30 + seed % 40, 50 + seed % 30, 80 + seed % 60))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 200, 480, 320), fill=(70, 55, 45))
    draw.rectangle((90, 40, 390, 180), fill=(235, 240, 238), outline=(20, 20, 20), width=4)
    draw.rectangle((90, 40, 390, 62), fill=(11, 92, 80))
    draw.text((104, 90), title[:46].encode("latin-1", "replace").decode("latin-1"), fill=(20, 30, 30))
    draw.text((104, 112), "with Northlight Networks", fill=(80, 90, 90))
    for seat in range(14):
        left, top = 10 + seat * 34, 225 + (seat * 7 + seed) % 30
        draw.ellipse((left, top, left + 24, top + 26), fill=(210 - seat * 6, 170, 140))
        draw.rectangle((left - 4, top + 24, left + 28, 320), fill=(40 + seat * 9, 60, 90 + seed % 80))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
