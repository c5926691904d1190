"""What every mapped class stands on: the declarative base, and the column types both databases share."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import orjson
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

WholeNumber = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both; only a plain INTEGER key counts up by itself on SQLite."""


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses a time without a zone, and gives one with a zone back on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as this database keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with UTC as its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Processor = Callable[[Any], Any]


class _Vocabulary(dict[str | None, Any]):
    """A table to look words up in, which is several times faster than asking an enumeration."""

    def __missing__(self, word: str | None) -> None:
        if word is not None:
            raise ValueError(word)


class Word(TypeDecorator[StrEnum]):
    """A word of the vocabulary, stored as its own text."""

    impl = String(20)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def bind_processor(self, dialect: Dialect) -> Processor:
        """Return what gives a word's text; it raises ValueError for one that the vocabulary lacks."""
        return _Vocabulary({word: word.value for word in self.words}).__getitem__

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Return what gives the word of a text."""
        return _Vocabulary({word.value: word for word in self.words}).__getitem__


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, nothing lost.

    Whole numbers have 64 bits at most; TypeError for what JSON or UTF-8 cannot hold.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as its canonical text, so that what was stored can be hashed as it stands."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return the canonical text."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return the value."""
        return None if value is None else orjson.loads(value)


Key = Annotated[int, mapped_column(WholeNumber, primary_key=True)]
Amount = Annotated[int, mapped_column(BigInteger)]
Moment = Annotated[datetime, mapped_column(UtcTime())]
ShortText = Annotated[str, mapped_column(String(200))]
LongText = Annotated[str, mapped_column(Text)]


NO_ID_TWICE = {"sqlite_autoincrement": True}
"""For tables whose rows go: an id that is gone is never given again, or an old page would mean another row.

PostgreSQL keeps to that by itself.
"""


class Base(DeclarativeBase):
    """The base of every mapped class."""

    metadata = MetaData(naming_convention=NAMING)
