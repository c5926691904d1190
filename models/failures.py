"""Tells a database, or a file store, that is not there for us now from any other failure."""

import logging
import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

from models.file_store import FilesAway

GONE = ("08", "57P", "53300")
"""How SQLSTATE begins where a server is not there for us: no connection, shutting down, too many clients."""


def silence_of(error: BaseException) -> str | None:
    """Return one line if an error says that database or files do not answer now; None for any other error."""
    if isinstance(error, TimeoutError | FilesAway):
        return str(error)
    return first_line(error) if isinstance(error, OperationalError) and _is_silence(error.orig) else None


def _is_silence(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")
    state = getattr(error, "sqlstate", None)
    return state is None or state.startswith(GONE)


def log_failure(log: logging.Logger, what: str, error: Exception) -> None:
    """Log an error: in one line where something does not answer, with its traceback otherwise."""
    silence = silence_of(error)
    log.error("%s: %s", what, silence or type(error).__name__, exc_info=None if silence else error)


def first_line(error: DBAPIError) -> str:
    """Return the first line of what the driver says, without the statement and its values."""
    return (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]
