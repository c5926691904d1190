"""Draws the first pages of one PDF, one below the other, and prints them as a JPEG.

Run by workflow/pdf_drawing.py, within the bounds of workflow/bounded.py.
"""

import sys

import pypdfium2
from PIL import Image

PAGES = 3
WIDTH, HEIGHT = 900, 1400
"""Pixels of a page at most."""


def drawn(page: pypdfium2.PdfPage) -> Image.Image:
    """Return a page as it looks on paper, without its forms and what a reader would let move."""
    width, height = page.get_size()
    scale = min(WIDTH / width, HEIGHT / height)
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    picture.thumbnail((WIDTH, HEIGHT))
    return picture.convert("RGB")


def below_each_other(pages: list[Image.Image]) -> Image.Image:
    """Return pages as one picture."""
    width, height = max(page.width for page in pages), sum(page.height for page in pages)
    sheet = Image.new("RGB", (width, height + 8 * (len(pages) - 1)), "gray")
    top = 0
    for page in pages:
        sheet.paste(page, ((width - page.width) // 2, top))
        top += page.height + 8
    return sheet


def main(path: str) -> None:
    """Draw a PDF. Whatever is raised ends this process with an error."""
    document = pypdfium2.PdfDocument(path)
    pages = [drawn(document[number]) for number in range(min(PAGES, len(document)))]
    below_each_other(pages).save(sys.stdout.buffer, "JPEG", quality=80)


if __name__ == "__main__":
    main(sys.argv[1])
