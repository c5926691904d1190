"""Pictures that resemble photos, drawn from a seed, and what people do to photos before they send them."""

import io
import random
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

SIZE = (640, 480)
Change = Callable[[Image.Image, random.Random], Image.Image]


def photo(seed: int) -> Image.Image:
    """Return a picture with light that falls off, texture at three scales, things before it, and grain."""
    chance = random.Random(seed)
    scene = Image.merge("RGB", [_surface(chance) for _ in range(3)])
    pencil = ImageDraw.Draw(scene)
    for _ in range(chance.randrange(6, 16)):
        x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
        wide, high = (
            chance.randrange(SIZE[0] // 20, SIZE[0] // 4),
            chance.randrange(SIZE[1] // 20, SIZE[1] // 4),
        )
        draw = pencil.ellipse if chance.random() < 0.5 else pencil.rectangle
        draw((x - wide, y - high, x + wide, y + high), fill=tuple(chance.randbytes(3)))
    grain = Image.frombytes("L", SIZE, chance.randbytes(SIZE[0] * SIZE[1]))
    return Image.blend(scene.filter(ImageFilter.GaussianBlur(1.2)), Image.merge("RGB", [grain] * 3), 0.05)


def page(seed: int) -> Image.Image:
    """Return a scanned page: a letterhead and lines of words."""
    chance = random.Random(seed)
    paper = Image.new("RGB", (620, 877), (250, 249, 246))
    pencil = ImageDraw.Draw(paper)
    pencil.rectangle((50, 50, 200, 90), fill=(40, 60, 90))
    for line in range(140, 760, 18):
        left, end = 60, chance.randrange(250, 560)
        while left < end:
            word = chance.randrange(10, 50)
            pencil.rectangle((left, line, left + word, line + 8), fill=(60, 60, 60))
            left += word + 6
    return paper


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    """Return a picture as a JPEG file."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _surface(chance: random.Random) -> Image.Image:
    light = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))).resize(SIZE)
    surface = Image.blend(Image.new("L", SIZE, chance.randrange(40, 200)), light, chance.uniform(0.1, 0.5))
    for cells in (4, 12, 40):
        small = (cells, cells * 3 // 4)
        texture = Image.frombytes("L", small, chance.randbytes(small[0] * small[1]))
        surface = Image.blend(
            surface, texture.resize(SIZE, Image.Resampling.BICUBIC), chance.uniform(0.1, 0.3)
        )
    return surface


def _resized(share: float) -> Change:
    return lambda image, _: image.resize((round(image.width * share), round(image.height * share)))


def _compressed(quality: int) -> Change:
    return lambda image, _: Image.open(io.BytesIO(jpeg(image, quality)))


def _lit(share: float) -> Change:
    return lambda image, _: ImageEnhance.Brightness(image).enhance(share)


def _cropped(share: float) -> Change:
    """Return what cuts a share off width and height, or off one of them, anywhere."""

    def crop(image: Image.Image, chance: random.Random) -> Image.Image:
        sides = chance.choice(((share, share), (share, share), (share, 0.0), (0.0, share)))
        left, top = (side * chance.random() for side in sides)
        right, bottom = (1 - side + cut for side, cut in zip(sides, (left, top), strict=True))
        wide, high = image.size
        return image.crop((left * wide, top * high, right * wide, bottom * high))

    return crop


def _cropped_and_shrunk(image: Image.Image, chance: random.Random) -> Image.Image:
    smaller = _resized(0.4)(_cropped(0.1)(image, chance), chance)
    return _compressed(50)(smaller, chance)


CHANGES: Mapping[str, Change] = {
    "half as large": _resized(0.5),
    "a quarter as large": _resized(0.25),
    "larger": _resized(1.5),
    "JPEG quality 75": _compressed(75),
    "JPEG quality 30": _compressed(30),
    "JPEG quality 10": _compressed(10),
    "a quarter brighter": _lit(1.25),
    "half brighter": _lit(1.5),
    "a quarter darker": _lit(0.75),
    "in grey": lambda image, _: image.convert("L"),
    "cropped by 5 %": _cropped(0.05),
    "cropped by 10 %": _cropped(0.10),
    "cropped by 15 %": _cropped(0.15),
    "cropped by 10 %, shrunk, JPEG quality 50": _cropped_and_shrunk,
}
"""What is done to a photo, by what it is called."""
