"""Evidence for the demo: small real PDF and PNG files, drawn by code."""

import io
import random
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
    """Return a PNG of a hall, another for each title, with a screen that shows it and an audience before."""
    chance = random.Random(title)
    image = Image.merge("RGB", [_light(chance) for _ in range(3)])
    draw = ImageDraw.Draw(image)
    floor, left, top = chance.randrange(170, 240), chance.randrange(10, 200), chance.randrange(10, 70)
    right, bottom = left + chance.randrange(200, 270), top + chance.randrange(95, 150)
    draw.rectangle((0, floor, 480, 320), fill=_colour(chance, 30, 110))
    for _ in range(5):
        at, wide = chance.randrange(480), chance.randrange(8, 60)
        draw.rectangle((at, chance.randrange(0, floor), at + wide, floor), fill=_colour(chance, 60, 200))
    draw.rectangle((left, top, right, bottom), fill=(235, 240, 238), outline=(20, 20, 20), width=4)
    draw.rectangle((left, top, right, top + 22), fill=(11, 92, 80))
    words = title[:30].encode("latin-1", "replace").decode("latin-1")
    draw.text((left + 14, top + 50), words, fill=(20, 30, 30))
    draw.text((left + 14, top + 72), "with Northlight Networks", fill=(80, 90, 90))
    for _ in range(chance.randrange(8, 20)):
        x, y, size = chance.randrange(0, 460), chance.randrange(floor, 270), chance.randrange(16, 40)
        draw.ellipse((x, y, x + size, y + size), fill=_colour(chance, 90, 230))
        draw.rectangle((x - 4, y + size, x + size + 4, 320), fill=_colour(chance, 20, 160))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _light(chance: random.Random) -> Image.Image:
    """Return light that falls into a hall from somewhere."""
    spots = Image.frombytes("L", (4, 3), bytes(chance.randrange(20, 150) for _ in range(12)))
    return spots.resize((480, 320), Image.Resampling.BICUBIC)


def _colour(chance: random.Random, least: int, most: int) -> tuple[int, int, int]:
    return chance.randrange(least, most), chance.randrange(least, most), chance.randrange(least, most)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
