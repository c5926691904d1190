"""Where a user is named besides their own row: in messages, searches, and imported files of users."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, exists, func, or_, select, type_coerce, update

from models.base import canonical
from models.imports import ImportFile, ImportRow
from models.jobs import Job
from models.messages import NAMING_USERS, Message
from models.people import User
from models.searches import Export, SavedSearch
from models.vocabulary import ImportKind, JobKind
from workflow.dossier import AnyRow
from workflow.imports.forgetting import let_go
from workflow.loose_files import GRACE
from workflow.searches.saved import LONGEST_NAME

SEARCHED_BY = ("actor", "acted_for")
"""The fields of searches that users are searched by."""


def unname(connection: Connection, user: AnyRow, other: str, now: datetime) -> None:
    """Put another name in the place of a user's name and address wherever they are quoted.

    A name that somebody else bears, too, stays. Imported files that hold the address go.
    """
    same = or_(User.name == user.name, func.lower(User.name) == user.name.lower())
    shared = exists().where(same, User.id != user.id)
    bears_it_alone = not connection.scalar(select(shared))
    if bears_it_alone:
        _in_messages(connection, user.name, other)
    _in_searches(connection, {user.email, user.name} if bears_it_alone else {user.email}, other)
    _why_mail_failed(connection, user)
    _in_imports(connection, user.email, now)


def _in_messages(connection: Connection, name: str, other: str) -> None:
    told = type_coerce(Message.figures, Text).contains(canonical(name), autoescape=True)
    for message in connection.execute(select(Message.id, Message.figures).where(told)).all():
        figures = {
            key: other if key in NAMING_USERS and value == name else value
            for key, value in message.figures.items()
        }
        connection.execute(update(Message).where(Message.id == message.id).values(figures=figures))


def _in_searches(connection: Connection, words: Collection[str], other: str) -> None:
    """Change what is searched for, and what searches are called, in whatever case."""
    folded = {word.casefold() for word in words}
    for column in (SavedSearch.asked, Export.asked):
        table = column.class_
        for row in connection.execute(select(table.id, column)).all():
            asked = {column.key: _without(row.asked, folded, other)}
            connection.execute(update(table).where(table.id == row.id).values(asked))
    exports = select(Job.id, Job.input).where(Job.kind == JobKind.export)
    for job in connection.execute(exports).all():
        shared = {**job.input, "asked": _without(job.input["asked"], folded, other)}
        connection.execute(update(Job).where(Job.id == job.id).values(input=shared))
    _in_names(connection, words, other)


def _without(asked: Mapping[str, Any], folded: Collection[str], other: str) -> dict[str, Any]:
    return {
        name: other if name in SEARCHED_BY and value.strip().casefold() in folded else value
        for name, value in asked.items()
    }


def _in_names(connection: Connection, words: Collection[str], other: str) -> None:
    """Change the names that searches are kept under; one that is taken then has its number besides."""
    either = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    quoted = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
    columns = SavedSearch.id, SavedSearch.owner_id, SavedSearch.name
    searches = connection.execute(select(*columns).order_by(SavedSearch.id)).all()
    taken = {(one.owner_id, one.name) for one in searches}
    for one in searches:
        name = quoted.sub(other, one.name)
        if name == one.name:
            continue
        name = name[:LONGEST_NAME]
        if (one.owner_id, name) in taken:
            name = f"{other} ({one.id})"
        taken.add((one.owner_id, name))
        connection.execute(update(SavedSearch).where(SavedSearch.id == one.id).values(name=name))


def _why_mail_failed(connection: Connection, user: AnyRow) -> None:
    """Forget what mail servers said of mail to a user, and wherever else they named the address."""
    named = Message.last_error.icontains(user.email, autoescape=True)
    said = (Message.user_id == user.id) & Message.last_error.is_not(None)
    connection.execute(update(Message).where(or_(said, named)).values(last_error=None))


def _in_imports(connection: Connection, email: str, now: datetime) -> None:
    """Let go of files of users with the address, whole: whoever else is in them can be sent again."""
    quotes = type_coerce(ImportRow.cells, Text).icontains(canonical(email)[1:-1], autoescape=True)
    held = exists().where(ImportRow.import_id == ImportFile.id, quotes)
    for file in connection.execute(
        select(ImportFile.__table__).where(ImportFile.kind == ImportKind.users, held).with_for_update()
    ).all():
        let_go(connection, file, now - GRACE)
