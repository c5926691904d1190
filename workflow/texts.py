"""The texts of a plan that no rule reads, remembered so that they can be compared, and can be erased.

They stand together in `Reason`, bound by its salted hash. The claim bears the hash of what was last sent
(`texts_hash`), and so does the document of each move since.
"""

import json
from collections.abc import Mapping
from typing import Any

from models.base import canonical
from workflow.changes import Change, Part

REMEMBERED = ("audience", "objective", "contact")
"""Title and place stand in the document itself."""

Texts = Mapping[str, str]


def texts_of(claim: Any) -> dict[str, str]:
    """Return the texts of a claim by the names of their columns."""
    return {name: getattr(claim, name) or "" for name in REMEMBERED}


def as_one_text(texts: Texts) -> str:
    """Return texts as they are kept."""
    return canonical(dict(texts))


def from_one_text(text: str) -> dict[str, str]:
    """Return texts as they were kept."""
    kept: dict[str, str] = json.loads(text)
    return kept


def texts_changed(before: Texts, after: Texts) -> list[Change]:
    """Return which texts differ; an empty one counts as none."""
    return [
        Change(Part.plan, name, before[name] or None, after[name] or None)
        for name in REMEMBERED
        if before[name] != after[name]
    ]
