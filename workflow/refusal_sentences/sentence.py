"""The form of what is said of a problem."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """What is said of a problem, and what would put it right. Both take the problem's figures."""

    message: str
    remedy: str
