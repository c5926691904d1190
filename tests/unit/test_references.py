"""Payment references that look alike are alike."""

import pytest

from workflow.references import folded

ALIKE = (
    "RACE-1",
    "race-1",
    " RACE - 1 ",
    "RACE\u20101",
    "RACE\u20111",
    "RACE\u20131",
    "R\u200bACE-1",
    "ＲＡＣＥ-１",
)


@pytest.mark.parametrize("reference", ALIKE)
def test_what_looks_alike_is_one_reference(reference: str) -> None:
    assert folded(reference) == folded("RACE-1")


def test_what_nobody_sees_is_no_reference() -> None:
    assert folded("\u200b\u00ad \u202e\ufeff") == ""


def test_another_reference_stays_another() -> None:
    assert len({folded(one) for one in ("RACE-1", "RACE-2", "RACE1", "RAČE-1")}) == 4
