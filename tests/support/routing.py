"""Routing rules as policy documents hold them."""

from collections.abc import Mapping
from typing import Any

from models.money import plain


def rule(*tiers: Mapping[str, int], code: str = "first", above: int = 0, **conditions: Any) -> dict[str, Any]:
    """Return a rule for every claim save for what the conditions say. `above` is in cents."""
    label = code.replace("_", " ").capitalize()
    return {"code": code, "label": label, "above": plain(above), "tiers": list(tiers), **conditions}
