"""The text of a JSON value that history keeps: one for each value, and anybody's own tools write the same."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(TEXTS, values, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_the_text_is_what_the_standard_library_writes_with_sorted_names_and_no_blanks(value: Any) -> None:
    expected = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(value) == expected


@given(VALUES)
def test_nothing_is_lost(value: Any) -> None:
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize("value", [2**64, "\ud800", {1: "a"}, {"a": object()}])
def test_what_the_text_could_not_hold_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)
