"""Texts and digests that history does not hold itself: it holds the hash of each behind a salt.

So what is of a person can be erased, with its salt, and history stays what it was (`Reason`).
"""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from models.history import Reason
from models.vocabulary import Personal


def salted(
    text: str, claim_id: int | None = None, kind: Personal = Personal.reasons
) -> dict[str, Any] | None:
    """Return the row of a text with its salt and the hash that binds it, or None for no text.

    It is erased with what there is of its kind in its claim.
    """
    if not text:
        return None
    salt = secrets.token_hex(32)
    bound = hashlib.sha256((salt + text).encode()).hexdigest()
    return {"hash": bound, "salt": salt, "text": text, "claim_id": claim_id, "kind": kind}


def commit_to(connection: Connection, text: str, claim_id: int | None, kind: Personal) -> str:
    """Keep a text that is not empty, and return the hash that stands for it in history."""
    row: Mapping[str, Any] | None = salted(text, claim_id, kind)
    assert row is not None
    connection.execute(insert(Reason).values(**row))
    return str(row["hash"])
