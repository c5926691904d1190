"""The navigation, before anybody opens it."""

import re
from itertools import groupby
from pathlib import Path

from web.navigation import PLACES

ICONS = (Path(__file__).parents[2] / "web/static/icons.svg").read_text(encoding="utf-8")


def test_the_places_of_a_role_are_told_apart_by_their_icons() -> None:
    for role, places in groupby(PLACES, key=lambda place: place.role):
        icons = [place.icon for place in places]
        assert len(icons) == len(set(icons)), f"{role}: {sorted(icons)}"


def test_every_icon_of_a_place_is_drawn() -> None:
    assert {place.icon for place in PLACES} <= set(re.findall(r'<symbol id="(\w+)"', ICONS))
