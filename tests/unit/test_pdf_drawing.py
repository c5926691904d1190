"""The first pages of a PDF are drawn within bounds; what cannot be drawn is none."""

import io

from PIL import Image

from tests.support.files import pdf
from web.demo.papers import page
from workflow.pdf_drawing import draw_pdf
from workflow.pdf_drawing_child import HEIGHT, PAGES, WIDTH


def boxed(width: int, height: int) -> bytes:
    """Return a PDF whose page says it has these measures."""
    return page("Offer", ["An example."]).replace(
        b"/MediaBox [0 0 595 842]", f"/MediaBox [0 0 {width} {height}]".encode()
    )


def test_a_page_is_drawn_within_its_bounds() -> None:
    drawn = draw_pdf(io.BytesIO(pdf()))
    assert drawn is not None
    picture = Image.open(io.BytesIO(drawn))
    assert picture.format == "JPEG"
    assert picture.width <= WIDTH
    assert picture.height <= (HEIGHT + 8) * PAGES
    darkest, _ = picture.convert("L").getextrema()
    assert isinstance(darkest, int)
    assert darkest < 100, "there is something on it"


def test_what_is_no_pdf_or_a_damaged_one_is_not_drawn() -> None:
    assert draw_pdf(io.BytesIO(b"%PDF-1.4 nothing more")) is None


def test_a_page_of_monstrous_measures_is_drawn_small() -> None:
    assert b"/MediaBox [0 0 20000 3]" in boxed(20_000, 3), "the PDF is as the test has it"
    drawn = draw_pdf(io.BytesIO(boxed(20_000, 3)))
    assert drawn is not None
    assert Image.open(io.BytesIO(drawn)).width <= WIDTH
