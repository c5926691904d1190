"""What partner and programme owner write to each other on a claim, and who is told of it.

A post of a partner's people goes to the programme owner. One of the owner's people goes to the partner, or is
an internal note, of which the partner learns nothing: neither that there is one, nor who wrote it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Connection, and_, func, insert, or_, select, true, union

from models.claims import Claim
from models.history import Move
from models.people import Partner, User
from models.tasks import Task
from models.threads import Post, PostFile, PostMention
from models.vocabulary import MessageKind, Role, TaskKind
from workflow.actors import Actor
from workflow.announcements import claim_figures, message_row
from workflow.assignment import holders, roles_now
from workflow.dossier import AnyRow
from workflow.outbox import announce
from workflow.refusals import ClaimNotFound, Problem, Refused
from workflow.sight import seen_by

WRITERS = frozenset({Role.partner, Role.approver, Role.finance, Role.manager})
"""Who may write on a claim that they see. Auditors read."""

LONGEST = 4000
"""The most characters of a post."""

MOST_AN_HOUR = 60
"""The most posts of one person within an hour."""

_BEGINNING = 200


class Person(NamedTuple):
    """Somebody whom a post can address; of the programme owner where `partner_id` is None."""

    user_id: int
    name: str
    partner_id: int | None


class Posted(NamedTuple):
    """A post that stands, and whether the same request had made it before."""

    post_id: int
    repeated: bool


def post(
    connection: Connection,
    actor: Actor,
    now: datetime,
    claim_id: int,
    *,
    key: str,
    text: str,
    internal: bool = False,
    tell: Collection[int] = (),
    files: Sequence[Mapping[str, Any]] = (),
) -> Posted:
    """Write on a claim, with stored files (name, content_type, size, digest), and tell whom it addresses.

    Where it addresses nobody of the other side, whoever the claim waits for is told, or the claim's author
    and the partner's contacts; of an internal note nobody. The same `key` again changes nothing.

    Raises ClaimNotFound for what the actor may not see, Refused for what they may not write.
    """
    claim = _claim(connection, actor, claim_id)
    if claim is None:
        raise ClaimNotFound(claim_id)
    if not _present_roles(connection, actor) & WRITERS:
        raise Refused(Problem("only_reads"))
    before = select(Post.id).where(Post.author_id == actor.user_id, Post.key == key)
    if (made := connection.scalar(before)) is not None:
        return Posted(made, repeated=True)
    people = {one.user_id: one for one in addressable(connection, actor, claim)}
    problems = [*_wrong_words(text), *_wrong_readers(actor, internal, tell, people)]
    if not problems and _written_since(connection, actor, now - timedelta(hours=1)) >= MOST_AN_HOUR:
        problems = [Problem("too_many_posts", figures={"most": str(MOST_AN_HOUR)})]
    if problems:
        raise Refused(*problems)
    readers = {*tell}
    if not internal and not _reaches(actor, tell, people):
        readers |= {*_others(connection, actor, claim, people)}
    post_id = connection.execute(
        insert(Post)
        .values(claim_id=claim_id, author_id=actor.user_id, at=now, internal=internal, text=text, key=key)
        .returning(Post.id)
    ).scalar_one()
    for table, rows in (
        (PostMention, [{"post_id": post_id, "user_id": user_id} for user_id in sorted({*tell})]),
        (PostFile, [{"post_id": post_id, **file} for file in files]),
    ):
        if rows:
            connection.execute(insert(table), rows)
    announce(connection, _messages(connection, actor, now, claim, post_id, internal, text, readers))
    return Posted(post_id, repeated=False)


def can_see_post(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Post` that holds for what somebody may see of a claim that they may see."""
    return true() if is_owners(actor) else Post.internal.is_(False)


def is_owners(actor: Actor) -> bool:
    """Return whether somebody is of the programme owner's people."""
    return actor.partner_id is None and bool(actor.roles - {Role.partner})


def addressable(connection: Connection, actor: Actor, claim: AnyRow | Claim) -> list[Person]:
    """Return whom a post of somebody's can address: those who take part in the claim and can sign in.

    For the partner, who of the owner's people decided, holds the task or wrote to it. For the owner's
    people, colleagues who did any of that, with internal notes too; and the claim's author and the partner's
    contacts.
    """
    took_part: CompoundSelect[int | None] = union(
        select(Move.actor_id).where(Move.claim_id == claim.id),
        select(Task.assignee_id).where(Task.claim_id == claim.id, Task.closed_at.is_(None)),
        select(Post.author_id).where(Post.claim_id == claim.id, can_see_post(actor)),
    )
    readers = and_(User.partner_id.is_(None), User.id.in_(took_part))
    if is_owners(actor):
        hears = or_(User.is_contact, User.id == claim.author_id)
        readers = or_(readers, and_(User.partner_id == claim.partner_id, hears))
    rows = connection.execute(
        select(User.id, User.name, User.partner_id)
        .where(
            readers, User.id != actor.user_id, User.deactivated_at.is_(None), User.password_hash.is_not(None)
        )
        .order_by(User.partner_id.is_(None), User.name, User.id)
    )
    return [Person(*row) for row in rows]


def _claim(connection: Connection, actor: Actor, claim_id: int) -> AnyRow | None:
    """Return a claim that somebody sees, which nobody moves meanwhile; None for any other.

    It is locked before any person, as moves do it.
    """
    claim: AnyRow | None = connection.execute(
        select(
            Claim.id,
            Claim.number,
            Claim.title,
            Claim.partner_id,
            Claim.author_id,
            Partner.name.label("partner_name"),
        )
        .join(Partner, Partner.id == Claim.partner_id)
        .where(Claim.id == claim_id, seen_by(actor))
        .with_for_update(read=True, key_share=True, of=Claim)
    ).one_or_none()
    return claim


def _present_roles(connection: Connection, actor: Actor) -> frozenset[Role]:
    """Return the actor's roles as they are now; what one person writes waits for each other."""
    connection.execute(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True))
    return roles_now(connection, actor.user_id or 0) & actor.roles


def _wrong_words(text: str) -> list[Problem]:
    if not text.strip():
        return [Problem("post_empty", "text")]
    if len(text) > LONGEST:
        return [Problem("post_long", "text", {"most": str(LONGEST)})]
    return []


def _wrong_readers(
    actor: Actor, internal: bool, tell: Collection[int], people: Mapping[int, Person]
) -> list[Problem]:
    if internal and not is_owners(actor):
        return [Problem("not_internal")]
    if not people.keys() >= {*tell}:
        return [Problem("not_addressable", "tell")]
    outside = [people[one].name for one in tell if people[one].partner_id is not None]
    if internal and outside:
        return [Problem("outside_reader", "tell", {"names": ", ".join(sorted(outside))})]
    return []


def _written_since(connection: Connection, actor: Actor, since: datetime) -> int:
    written = select(func.count()).select_from(Post).where(Post.author_id == actor.user_id, Post.at > since)
    return connection.scalar(written) or 0


def _reaches(actor: Actor, tell: Collection[int], people: Mapping[int, Person]) -> bool:
    """Return whether a post addresses anybody of the other side."""
    return any(people[one].partner_id != actor.partner_id for one in tell)


def _others(
    connection: Connection, actor: Actor, claim: AnyRow, people: Mapping[int, Person]
) -> Collection[int]:
    """Return who of the other side hears of a post that names nobody there."""
    if is_owners(actor):
        return [one.user_id for one in people.values() if one.partner_id is not None]
    task = connection.execute(
        select(Task.kind, Task.assignee_id, Task.unassigned_why).where(
            Task.claim_id == claim.id, Task.closed_at.is_(None)
        )
    ).one_or_none()
    if task is None or task.unassigned_why is not None:
        return holders(connection, Role.manager)
    return [task.assignee_id] if task.kind is not TaskKind.pay else holders(connection, Role.finance)


def _messages(
    connection: Connection,
    actor: Actor,
    now: datetime,
    claim: AnyRow,
    post_id: int,
    internal: bool,
    text: str,
    readers: Collection[int],
) -> list[dict[str, Any]]:
    figures = {
        **claim_figures(claim),
        "author": connection.scalar(select(User.name).where(User.id == actor.user_id)),
        "internal": internal,
        "text": beginning(text),
    }
    kind, key = MessageKind.post, f"post:{post_id}"
    return [message_row(kind, key, user_id, figures, now, claim.id) for user_id in sorted(readers)]


def beginning(text: str) -> str:
    """Return how a text begins, on one line: its first 200 characters."""
    line = " ".join(text.split())
    return line if len(line) <= _BEGINNING else f"{line[:_BEGINNING]}…"
