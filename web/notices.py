"""What a page says at its top where nothing was saved."""

from typing import NamedTuple


class Notice(NamedTuple):
    """Why nothing was saved: a headline, and what happened meanwhile."""

    title: str
    text: str
