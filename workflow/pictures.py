"""What is in a picture, without decoding it: its measures, and whether it is all there."""

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from PIL.ImageFile import ImageFile

MOST_PIXELS = 250_000_000
"""More than any camera in use makes. A picture of a few bytes may unpack to far more, at its reader's."""

# Pillow's own limit warns, or raises, before we can say what is wrong. Nothing here decodes a picture.
Image.MAX_IMAGE_PIXELS = None
# It also warns of every odd piece of what a picture says of itself: a hostile one fills the log with them.
warnings.filterwarnings("ignore", module=r"PIL\.")

_DAMAGE = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError)


def is_picture(path: Path, form: str) -> bool:
    """Return whether a file is a picture of this form (a name of Pillow's)."""
    try:
        with Image.open(path, formats=[form]) as image:
            return image.width > 0
    except _DAMAGE:
        return False


def picture_objection(path: Path) -> str | None:
    """Return the code of what stands against a picture, or None."""
    try:
        with Image.open(path, formats=list(_WHOLE)) as image:
            if image.width * image.height > MOST_PIXELS:
                return "picture_swells"
            return None if _WHOLE[image.format or ""](path, image) else "cut_short"
    except _DAMAGE:
        return "cut_short"


def _jpeg_ends(path: Path, image: ImageFile) -> bool:
    """Return whether the mark of a picture's end follows where its points begin."""
    assert image.fp is not None
    with path.open("rb") as file:
        file.seek(image.fp.tell())
        return b"\xff\xd9" in file.read()


def _png_holds(_: Path, image: ImageFile) -> bool:
    """Look at every chunk's checksum; Pillow raises what counts as damage."""
    image.verify()
    return True


_WHOLE: Mapping[str, Callable[[Path, ImageFile], bool]] = {
    "JPEG": _jpeg_ends,
    "PNG": _png_holds,
    "WEBP": lambda _path, _image: True,  # Pillow opens none that is cut short.
}
"""How it is seen that a picture of a form is all there."""
