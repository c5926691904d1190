"""Reads parts of a column of `JsonText` within a query, in the words of either database."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, TableValuedAlias, Text, cast, func, type_coerce
from sqlalchemy.dialects.postgresql import JSONB


def word_at(connection: Connection, column: Any, name: str) -> ColumnElement[str]:
    """Return the text of a member of an object, or null."""
    if connection.dialect.name == "postgresql":
        return func.jsonb_extract_path_text(_object(column), name, type_=Text)
    return func.json_extract(type_coerce(column, Text), f"$.{name}", type_=Text)


def items_at(connection: Connection, column: Any, name: str) -> TableValuedAlias:
    """Return the texts of an array that is a member of an object, as rows of `value`."""
    if connection.dialect.name == "postgresql":
        return func.jsonb_array_elements_text(_object(column)[name]).table_valued("value")
    return func.json_each(type_coerce(column, Text), f"$.{name}").table_valued("value")


def members_at(connection: Connection, column: Any, name: str) -> TableValuedAlias:
    """Return the members of an object that is a member of an object, as rows of `key` and `value`, a text."""
    if connection.dialect.name == "postgresql":
        return func.jsonb_each_text(_object(column)[name]).table_valued("key", "value")
    return func.json_each(type_coerce(column, Text), f"$.{name}").table_valued("key", "value")


def _object(column: Any) -> Any:
    return cast(type_coerce(column, Text), JSONB)
