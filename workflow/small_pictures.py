"""Reads pictures that people sent, within bounds: as people see them, and small."""

from pathlib import Path
from typing import IO

from PIL import Image, ImageOps

MOST_PIXELS = 50_000_000
"""What is larger is not unpacked. Phones make up to 50 million."""


def read_picture(file: Path | IO[bytes], side: int) -> Image.Image | None:
    """Return a picture upright and on white, with sides of `side` pixels or more where it has so many.

    None for what cannot be read or is too large.
    """
    try:
        with Image.open(file, formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (side, side))
            return _on_white(ImageOps.exif_transpose(image))
    except Exception:
        # A damaged picture makes its reader fail in any way. It is evidence all the same.
        return None


def _on_white(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")
