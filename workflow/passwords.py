"""Passwords: how they are hashed, and what a new one must be."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
LEAST_OF_ONES_OWN = 8
"""How many signs must be left of a password once all that anybody would try first is taken out of it."""

_TRIED_FIRST = (
    "password",
    "passwort",
    "passwd",
    "welcome",
    "letmein",
    "changeme",
    "iloveyou",
    "admin",
    "cofund",
)
_ROWS = (
    "1234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
)
_ROW = 4
"""Neighbours on the keyboard, or in the alphabet, that count as one."""
_DISGUISE = str.maketrans("@4301$57", "aaeolsst")

AT_ONCE = 2
"""How many sign-ins are looked at at once: each takes a processor and memory, and pages need some too."""

PATIENCE = 0.5
"""Seconds that a sign-in waits for its turn, a request's thread with it."""


class TooBusy(Exception):
    """So many sign in that this one would have to wait too long. Nothing was done, and no failure counted."""


class Passwords:
    """Hashes and verifies passwords with argon2id. The defaults are OWASP's minimum; tests pass tiny ones."""

    def __init__(self, *, time_cost: int = 2, memory_kib: int = 19456) -> None:
        self._turns = BoundedSemaphore(AT_ONCE)
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Return the hash to store."""
        return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Return whether the password fits. Takes as long where there is nothing to compare with."""
        try:
            fits = self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return fits and stored is not None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one of a few turns, for what strangers may ask; raise TooBusy where that takes too long.

        So a flood of sign-ins does not keep others from their pages.
        """
        if not self._turns.acquire(timeout=PATIENCE):
            raise TooBusy
        try:
            yield
        finally:
            self._turns.release()


def complaint(password: str, email: str, name: str) -> str | None:
    """Return what is wrong with a new password as a code (`short`, `long`, `plain`, `own_name`, `guessed`).

    None where nothing is. Length counts, not mixed characters, if it is not that of what is tried first.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if len(set(password)) < 5:
        return "plain"
    folded = password.casefold()
    parts = {email.casefold(), email.casefold().partition("@")[0], name.casefold()}
    if folded in parts:
        return "own_name"
    guesses = [*_TRIED_FIRST, *_words_of(email), *_words_of(name), *_NEIGHBOURS]
    left = min(len(_without(guesses, text)) for text in (folded, folded.translate(_DISGUISE)))
    return "guessed" if left < LEAST_OF_ONES_OWN else None


_NEIGHBOURS = [
    run
    for row in _ROWS
    for way in (row, row[::-1])
    for length in range(len(row), _ROW - 1, -1)
    for run in (way[start : start + length] for start in range(len(way) - length + 1))
]
"""Every run along a row, the longest of each first."""


def _words_of(text: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= _ROW]


def _without(guesses: Iterable[str], text: str) -> str:
    """Return what is left of a text without these, and without signs that only repeat the one before."""
    for guess in guesses:
        text = text.replace(guess, "")
    return re.sub(r"(.)\1+", r"\1", text)
