"""A claim that holds something of a person in every place, and a search for what is left of it anywhere."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from models.claims import Claim, Evidence
from models.database import Database
from models.file_store import FileStore
from models.history import Act
from models.vocabulary import Personal
from tests.support.file_places import Folder, keep
from tests.support.world import CHECKLIST, World, bill
from workflow.acts.legal_holds import lift_hold, set_hold
from workflow.acts.retention import set_retention
from workflow.acts.tasks import reassign
from workflow.amending import CORRECTABLE, correct
from workflow.attaching import attach, detach
from workflow.drafts import save_report
from workflow.erasure.due import erase_due
from workflow.erasure.erasing import erase, locked
from workflow.loose_files import GRACE, remove_loose, write_down_as_loose
from workflow.moves import in_transaction
from workflow.reviewing import LineFinding, save_review

OVER = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
"""After the activities of the claims."""

SAID: dict[Personal, tuple[str, ...]] = {
    Personal.people_files: ("guests of Grace.pdf", "photo of Grace.pdf"),
    Personal.receipts: ("invoice to Grace.pdf",),
    Personal.other_files: ("agenda by Grace.pdf",),
    Personal.texts: ("Grace Hopper, 0171 5550001", "Admiral Grace, 0171 5550002", "Friends of Grace"),
    Personal.reasons: ("Grace is missing.", "Grace bills it herself.", "Ask Grace.", "Grace is blurred."),
    Personal.thread: ("Grace cannot come.", "letter of Grace.pdf"),
}
"""What is said of somebody, by its kind."""

FILES = {
    "attendee_list": "guests of Grace.pdf",
    "photos": "photo of Grace.pdf",
    "invoice": "invoice to Grace.pdf",
    "agenda": "agenda by Grace.pdf",
}


def content_of(name: str) -> bytes:
    """Return what is in a file."""
    return f"Bytes: {name}".encode()


def digest_of(name: str) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(content_of(name)).hexdigest()


def words(kind: Personal, who: str = "Grace") -> list[str]:
    """Return what is said of somebody, of one kind."""
    return [one.replace("Grace", who) for one in SAID[kind]]


def said(*kinds: Personal, who: str = "Grace") -> set[str]:
    """Return what is said of somebody of these kinds, and the digests of their files."""
    names = {one for kind in kinds for one in words(kind, who)}
    return names | {digest_of(name) for name in names if name.endswith(".pdf")}


def stored(world: World, files: FileStore, name: str) -> dict[str, Any]:
    """Store a file as a page does, and return what its row says."""
    write_down_as_loose(world.database, digest_of(name), world.clock.now())
    digest = keep(files, content_of(name))
    return {"name": name, "content_type": "application/pdf", "size": 30, "digest": digest}


def attached(
    world: World, claim_id: int, digest: str = "0" * 64, name: str = "a.txt", by: str = "anna"
) -> int:
    """Attach a stored file as a page does; return the id of its row."""
    file = {"kind": "attachment", "name": name, "content_type": "text/plain", "size": 5, "digest": digest}
    version, now = world.claim(claim_id).version, world.clock.now()
    attach(world.database, world.people[by], claim_id, version, file, now)
    with world.database.read() as connection:
        return connection.execute(select(func.max(Evidence.id))).scalar_one()


def taken_off(world: World, claim_id: int, evidence_id: int, by: str = "anna") -> None:
    """Take a file off a claim as a page does."""
    version = world.claim(claim_id).version
    detach(world.database, world.people[by], claim_id, version, evidence_id, world.clock.now())


def paid_claim(world: World, files: FileStore, who: str = "Grace") -> int:
    """Return a reimbursed claim whose plan, files, reasons and thread speak of somebody."""
    old, new, audience = words(Personal.texts, who)
    missing, bills, ask, blurred = words(Personal.reasons, who)
    claim_id = world.draft(contact=old, audience=audience)
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "return", "bob", reason=missing)
    world.move(claim_id, "submit", "anna")
    _handed_back(world, claim_id, ask)
    world.move(claim_id, "approve", "bob", approved=300_000, reason=bills)
    anna, now = world.people["anna"], world.clock.now()
    plan = {name: getattr(world.claim(claim_id), name) for name in CORRECTABLE} | {"contact": new}
    with world.database.write() as connection:
        correct(connection, anna, now, claim_id, world.claim(claim_id).version, plan)
    talk, letter = words(Personal.thread, who)
    world.post(claim_id, "anna", talk, files=[stored(world, files, letter)])
    world.clock.set(max(world.clock.now(), OVER))
    _reported(world, files, claim_id, blurred, who)
    world.move(claim_id, "accept", "bob")
    paid_on = world.clock.now().date()
    world.move(claim_id, "reimburse", "dan", payment_reference=f"PAY-{claim_id}", paid_on=paid_on)
    # A day passes, as it does before anything is erased: its files are no longer taken for new ones.
    world.clock.advance(GRACE)
    remove_loose(world.database, world.clock.now(), files=files)
    return claim_id


def _handed_back(world: World, claim_id: int, why: str) -> None:
    bob, mia, now = world.people["bob"], world.people["mia"], world.clock.now()
    if "cora" not in world.people:
        world.person("cora", *bob.roles)
    with world.database.write() as connection:
        holder = "cora" if world.holder(claim_id)[0] == "bob" else "bob"
        reassign(connection, mia, now, claim_id, world.people[holder].user_id or 0, why)
        if holder == "cora":
            reassign(connection, mia, now, claim_id, bob.user_id or 0, why)


def _reported(world: World, files: FileStore, claim_id: int, comment: str, who: str) -> None:
    anna, bob = world.people["anna"], world.people["bob"]
    version = save_report(world.database, anna, claim_id, world.claim(claim_id).version, [bill()])
    for kind, name in FILES.items():
        row = {**stored(world, files, name.replace("Grace", who)), "kind": kind}
        look = bytes(range(192)) if kind == "photos" else None
        version = attach(world.database, anna, claim_id, version, row, world.clock.now(), look)
    world.move(claim_id, "report", "anna")
    with world.database.reading_session() as session:
        claim = session.get_one(Claim, claim_id)
        lines = {
            row.id: LineFinding(True, comment, None, row.proof_id)
            for row in claim.lines
            if row.kind == "actual"
        }
        evidence = {row.id: (True, comment) for row in claim.evidence}
    save_review(
        world.database,
        bob,
        claim_id,
        world.claim(claim_id).version,
        lines=lines,
        evidence=evidence,
        checklist=dict.fromkeys(CHECKLIST, True),
    )


def erased(world: World, claim_id: int, *kinds: Personal) -> int | None:
    """Erase kinds of a claim under a request, as its confirmation does; return the act."""
    why = {"why": "request", "reference": "DSR-1", "proposed_by": world.people["mia"].user_id}
    return in_transaction(
        world.database,
        lambda connection: erase(
            connection,
            world.people["mia"],
            world.clock.now(),
            locked(connection, claim_id),
            kinds or list(Personal),
            why,
        ),
    )


def traces(database: Database, needles: Iterable[str]) -> set[str]:
    """Return which texts stand anywhere in a database: in the bytes of its files, or in any of its tables."""
    if database.is_sqlite:
        path = Path(str(database.url.database))
        held = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
        return {needle for needle in needles if needle.encode() in held}
    with database.read() as connection:
        tables = connection.scalars(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        ).all()
        rows = [
            row
            for table in tables
            for row in connection.scalars(text(f'SELECT CAST(t AS text) FROM "{table}" AS t'))
        ]
    return {needle for needle in needles if any(needle in row for row in rows)}


def erasing_acts(world: World) -> list[Any]:
    """Return the acts by which something was erased."""
    with world.database.read() as connection:
        return list(connection.execute(select(Act.__table__).where(Act.kind == "erased").order_by(Act.id)))


DUE = datetime(2028, 6, 30, 12, 0, tzinfo=UTC)
"""Two years after the JMF period of the claims ended; they were over before."""


def keep_for(world: World, **months: int | None) -> int | None:
    """Set for how many months kinds are kept."""
    with world.database.write() as connection:
        wanted = {Personal(kind): number for kind, number in months.items()}
        return set_retention(connection, world.people["mia"], world.clock.now(), wanted)


def night(world: World, folder: Folder, now: datetime = DUE) -> int:
    """Erase what is due at a moment; return of how many claims."""
    return erase_due(world.database, now, files=folder.files)


def hold(world: World, by: str = "mia", *, claim_id: int | None = None, partner_id: int | None = None) -> int:
    """Set a legal hold on a claim or a partner; return its id."""
    with world.database.write() as connection:
        who, now, why = world.people[by], world.clock.now(), "A court asks."
        return set_hold(connection, who, now, claim_id=claim_id, partner_id=partner_id, reason=why)


def lift(world: World, hold_id: int, by: str) -> int:
    """Lift a legal hold; return the id of the act."""
    with world.database.write() as connection:
        return lift_hold(connection, world.people[by], world.clock.now(), hold_id, reason="It is over.")
