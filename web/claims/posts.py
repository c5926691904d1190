"""The thread of a claim as its page shows it: newest first, as far as the visitor may read it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.people import User
from models.threads import Post, PostFile, PostMention
from models.vocabulary import Personal
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.erased import erased_note
from web.forms import PageForm, TicksField, sent_number
from web.paging import ListPage, page_of
from web.services import programme, reading
from workflow.dossier import Query
from workflow.threads import LONGEST, WRITERS, addressable, can_see_post, is_owners

SIZE = 20
"""Posts on a page."""


def _id(value: object) -> int:
    """Return the id that a box stands for; 0, which is nobody's, where it is none."""
    return sent_number(str(value)) or 0


class PostForm(PageForm):
    """What somebody writes on a claim, and who is to be told. Files are taken from the request."""

    text = long_text_field(_l("Your message"), LONGEST)
    tell = TicksField(_l("Tell"), coerce=_id, validate_choice=False)


@dataclass(frozen=True, slots=True)
class Written:
    """One post. `told` are the names of those it addresses, as far as the visitor may know them.

    `erased` says when and why its text and files were erased.
    """

    author: str
    organisation: str
    at: datetime
    internal: bool
    text: str
    erased: str
    told: Sequence[str]
    files: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Thread:
    """A page of a claim's thread, and the form to write with; None for who only reads.

    `choose` says that the visitor chooses between an internal note and a word to the partner.
    """

    posts: Sequence[Written]
    newer: str | None
    older: str | None
    form: PostForm | None
    choose: bool
    owner: str
    problems: Sequence[str] = ()
    file_problem: str = ""


def thread_of(
    claim: Claim, form: PostForm | None = None, problems: Sequence[str] = (), file_problem: str = ""
) -> Thread:
    """Return the page of a claim's thread that the request asks for, with the form as it was typed."""
    page = page_of(
        _posts(claim), (Post.id,), descending=True, size=SIZE, at=url_for("claims.show", claim_id=claim.id)
    )
    running = programme()
    owner = running.owner if running else ""
    return Thread(
        posts=_written(page, claim.partner.name, owner),
        newer=page.before,
        older=page.after,
        form=form or (post_form(claim) if actor().roles & WRITERS else None),
        choose=is_owners(actor()),
        owner=owner,
        problems=problems,
        file_problem=file_problem,
    )


def post_form(claim: Claim) -> PostForm:
    """Return the form to write on a claim with, offering those whom the visitor can address."""
    form = PostForm()
    owners = is_owners(actor())
    form.tell.choices = [
        (one.user_id, f"{one.name} ({claim.partner.name})" if owners and one.partner_id else one.name)
        for one in addressable(reading().connection(), actor(), claim)
    ]
    return form


def find_file(claim: Claim, post_file_id: int) -> PostFile | None:
    """Return a file of a claim's thread that the visitor may see, or None."""
    return reading().scalar(
        select(PostFile)
        .join(Post, Post.id == PostFile.post_id)
        .where(PostFile.id == post_file_id, Post.claim_id == claim.id, can_see_post(actor()))
    )


def _posts(claim: Claim) -> Query:
    return (
        select(Post.id, Post.at, Post.internal, Post.text, Post.erased_by, User.name, User.partner_id)
        .join(User, User.id == Post.author_id)
        .where(Post.claim_id == claim.id, can_see_post(actor()))
    )


def _written(page: ListPage, partner: str, owner: str) -> list[Written]:
    ids = [row.id for row in page.rows]
    told, files = _told(ids), _files(ids)
    return [
        Written(
            author=row.name,
            organisation=owner if row.partner_id is None else partner,
            at=row.at,
            internal=row.internal,
            text=row.text,
            erased=erased_note(row.erased_by, Personal.thread),
            told=[one.name for one in told[row.id]],
            files=files[row.id],
        )
        for row in page.rows
    ]


def _told(post_ids: Sequence[int]) -> defaultdict[int, list[Any]]:
    author = aliased(User)
    return _by_post(
        select(PostMention.post_id, User.name)
        .join(User, User.id == PostMention.user_id)
        .join(Post, Post.id == PostMention.post_id)
        .join(author, author.id == Post.author_id)
        .where(PostMention.post_id.in_(post_ids), _known(author))
        .order_by(User.name, User.id)
    )


def _known(author: type[User]) -> ColumnElement[bool]:
    """Return the condition that the visitor may know who was told.

    Which colleagues the owner's people tell is no business of the partner's: some wrote only notes.
    """
    if is_owners(actor()):
        return User.id == PostMention.user_id
    return or_(author.partner_id.is_not(None), User.partner_id.is_not(None))


def _files(post_ids: Sequence[int]) -> defaultdict[int, list[Any]]:
    return _by_post(
        select(PostFile.id, PostFile.post_id, PostFile.name, PostFile.size)
        .where(PostFile.post_id.in_(post_ids))
        .order_by(PostFile.id)
    )


def _by_post(query: Query) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in reading().execute(query):
        found[row.post_id].append(row)
    return found
