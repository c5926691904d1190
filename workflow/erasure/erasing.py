"""Erases what is of persons in one claim, whole, in one transaction with the act that says so.

Bytes in the file store go after the transaction: their digests are written down as loose in it, and whoever
removes loose files takes them at once, or again later until they are gone (workflow/loose_files.py).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from models.claims import Claim, ClaimLine, Evidence
from models.history import Reason, RefusedAttempt
from models.messages import Message
from models.pictures import ImageBand, Picture
from models.samples import SampleFinding
from models.threads import Post, PostFile
from models.uploads import Upload
from models.vocabulary import MessageKind, Personal
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.dossier import AnyRow
from workflow.erasure.copies import remove_copies
from workflow.erasure.held import is_held
from workflow.erasure.kinds import kind_of
from workflow.loose_files import GRACE, loosen
from workflow.refusals import ClaimNotFound, Problem, Refused
from workflow.texts import REMEMBERED
from workflow.uploads import forget_upload

ERASED = "erased"
"""The kind of act by which it is said; whoever verifies history looks for it."""

REMARKS: Mapping[Any, str] = {ClaimLine: "comment", Evidence: "comment", SampleFinding: "note"}
"""Where approvers and auditors remark on something of a claim, and history binds nothing of it."""

Why = Mapping[str, Any]
"""Figures of the act: `why` is `retention`, with `months` of each kind, or `request`, with a `reference`."""


def erase(
    connection: Connection,
    actor: Actor,
    now: datetime,
    claim: AnyRow,
    kinds: Collection[Personal],
    why: Why,
    key: str | None = None,
) -> int | None:
    """Erase what a locked claim holds of these kinds; return the act, or None where there is nothing left.

    Raises Refused while a legal hold stands, also one that is set at this moment.
    """
    require_free(connection, claim)
    there = counts(connection, claim.id)
    found = {kind: there[kind] for kind in Personal if kind in kinds and there[kind]}
    if not found:
        return None
    mine = Reason.claim_id == claim.id, Reason.kind.in_(found), Reason.erased_by.is_(None)
    bound = connection.scalars(select(Reason.hash).where(*mine).order_by(Reason.hash)).all()
    figures = {
        "claim": claim.id,
        "erased": {kind.value: number for kind, number in found.items()},
        "commitments": list(bound),
        **why,
    }
    act_id = record_act(
        connection, actor, now, ERASED, f"claim:{claim.id}", figures, partner_id=claim.partner_id, key=key
    )
    connection.execute(update(Reason).where(*mine).values(salt="", text="", erased_by=act_id))
    for digest in sorted(_files(connection, claim.id, bound, act_id)):
        loosen(connection, digest, now - GRACE)
    for upload in _uploads(connection, claim.id):
        if kind_of(upload.kind) in found:
            forget_upload(connection, upload.id, now - GRACE)
    remove_copies(connection, now)
    if Personal.thread in found:
        _thread(connection, claim.id, act_id, now)
    if Personal.reasons in found:
        for table, name in REMARKS.items():
            connection.execute(update(table).where(table.claim_id == claim.id).values({name: ""}))
    if Personal.texts in found:
        _texts(connection, claim, act_id)
    return act_id


def locked(connection: Connection, claim_id: int) -> AnyRow:
    """Return a claim that nobody moves until the transaction ends. Raises ClaimNotFound."""
    claim: AnyRow | None = connection.execute(
        select(Claim.__table__).where(Claim.id == claim_id).with_for_update()
    ).one_or_none()
    if claim is None:
        raise ClaimNotFound(claim_id)
    return claim


def require_free(connection: Connection, claim: AnyRow) -> None:
    """Return where no legal hold stands on a locked claim or its partner; raise Refused otherwise."""
    if is_held(connection, claim):
        raise Refused(Problem("held"))


def counts(connection: Connection, claim_id: int) -> dict[Personal, int]:
    """Return how much a claim holds of each kind that was not erased."""
    found = dict.fromkeys(Personal, 0)
    left = Reason.claim_id == claim_id, Reason.erased_by.is_(None)
    for kind, number in connection.execute(
        select(Reason.kind, func.count()).where(*left).group_by(Reason.kind)
    ):
        found[kind] = number
    posts = select(func.count()).where(Post.claim_id == claim_id, Post.erased_by.is_(None))
    found[Personal.thread] = connection.scalar(posts) or 0
    for remarked in remarks_of(claim_id):
        found[Personal.reasons] += connection.scalar(select(func.count()).where(remarked)) or 0
    for upload in _uploads(connection, claim_id):
        found[kind_of(upload.kind)] += upload.attached_version is None
    written = select(*[getattr(Claim, name) for name in REMEMBERED]).where(Claim.id == claim_id)
    if not found[Personal.texts] and any(connection.execute(written).one()):
        found[Personal.texts] = 1
    return found


def remarks_of(claim: Any) -> list[ColumnElement[bool]]:
    """Return, for each place of REMARKS, the condition that a row remarks on a claim, given by its id."""
    return [and_(table.claim_id == claim, getattr(table, name) != "") for table, name in REMARKS.items()]


def _uploads(connection: Connection, claim_id: int) -> Sequence[AnyRow]:
    """Return the files of a claim that are on their way, or came within a day."""
    return connection.execute(select(Upload.__table__).where(Upload.claim_id == claim_id)).all()


def _files(connection: Connection, claim_id: int, bound: Collection[str], act_id: int) -> set[str]:
    """Erase the files whose digests these hashes bind, with all that was made of them; return the digests."""
    files = connection.execute(
        select(Evidence.id, Evidence.digest).where(
            Evidence.claim_id == claim_id, Evidence.commitment.in_(bound)
        )
    ).all()
    ids = [file.id for file in files]
    if ids:
        blank = {"name": "", "digest": "", "dated_on": None, "comment": "", "erased_by": act_id}
        connection.execute(update(Evidence).where(Evidence.id.in_(ids)).values(**blank))
        for made in (ImageBand, Picture):
            connection.execute(delete(made).where(made.evidence_id.in_(ids)))
    return {file.digest for file in files}


def _thread(connection: Connection, claim_id: int, act_id: int, now: datetime) -> None:
    """Erase what was written on a claim, the files that came with it, and what messages quote of it."""
    posts = select(Post.id).where(Post.claim_id == claim_id, Post.erased_by.is_(None))
    files = PostFile.post_id.in_(posts)
    for digest in sorted(set(connection.scalars(select(PostFile.digest).where(files)))):
        loosen(connection, digest, now - GRACE)
    connection.execute(update(PostFile).where(files).values(name="", digest=""))
    connection.execute(
        update(Post)
        .where(Post.claim_id == claim_id, Post.erased_by.is_(None))
        .values(text="", erased_by=act_id)
    )
    told = (Message.claim_id == claim_id) & (Message.kind == MessageKind.post)
    for message in connection.execute(select(Message.id, Message.figures).where(told)).all():
        blank = {**message.figures, "text": ""}
        connection.execute(update(Message).where(Message.id == message.id).values(figures=blank))


def _texts(connection: Connection, claim: AnyRow, act_id: int) -> None:
    """Erase the texts of the plan as it stands, and what refused attempts repeat of it."""
    blank = {**dict.fromkeys(REMEMBERED, ""), "texts_erased_by": act_id, "version": claim.version + 1}
    connection.execute(update(Claim).where(Claim.id == claim.id).values(**blank))
    connection.execute(delete(RefusedAttempt).where(RefusedAttempt.claim_id == claim.id))
