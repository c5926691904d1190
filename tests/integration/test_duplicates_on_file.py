"""What tells that evidence was there before is stored with it, and goes with it."""

import io
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, text

from models.claims import ClaimLine, Evidence
from models.pictures import ImageBand, Picture
from models.vocabulary import LineKind
from tests.support.photos import jpeg, photo
from tests.support.stages import approved
from tests.support.world import World, bill
from workflow.attaching import attach, detach
from workflow.duplicates.invoices import invoice_key
from workflow.duplicates.pictures import bands, fingerprint

FILE: Mapping[str, Any] = {
    "kind": "attachment",
    "name": "stage.jpg",
    "content_type": "image/jpeg",
    "size": 3,
    "digest": "1" * 64,
}


def keys(world: World) -> list[str | None]:
    with world.database.read() as connection:
        return list(
            connection.scalars(
                select(ClaimLine.invoice_key)
                .where(ClaimLine.kind == LineKind.actual)
                .order_by(ClaimLine.position)
            )
        )


def test_a_billed_line_bears_the_key_of_its_invoice(world: World) -> None:
    world.bill(approved(world), bill(), bill(invoice_number=""), bill(supplier="Elbe GmbH"))
    assert keys(world) == [invoice_key("Kongresshalle", "K-1"), None, invoice_key("Elbe", "k1")]


def test_invoices_that_were_on_file_before_get_the_same_keys(world: World) -> None:
    names = ("Kongresshalle GmbH & Co. KG", "Müller S.p.A.", "北京会议中心", "Ｅlbe (Ltd.)", "AG", "-")
    world.bill(approved(world), *(bill(supplier=name, invoice_number="RE-00042") for name in names))
    before = keys(world)
    world.database.downgrade("0011")
    world.database.migrate()
    assert keys(world) == before
    assert before == [invoice_key(name, "re 42") for name in names]
    with world.database.read() as connection:
        planned = select(func.count()).where(
            ClaimLine.kind == LineKind.planned, ClaimLine.invoice_key.is_not(None)
        )
        assert connection.scalar(planned) == 0


def test_a_pictures_fingerprint_comes_and_goes_with_its_file(world: World) -> None:
    claim_id, anna = world.draft(), world.people["anna"]
    look = fingerprint(io.BytesIO(jpeg(photo(1))))
    assert look is not None
    version = attach(
        world.database, anna, claim_id, world.claim(claim_id).version, FILE, world.clock.now(), look
    )
    with world.database.read() as connection:
        evidence_id = connection.scalar(select(Evidence.id))
        assert connection.execute(select(Picture.__table__)).all() == [(evidence_id, look)]
        stored = {row.value: row.whole for row in connection.execute(select(ImageBand.__table__))}
    assert stored == bands(look)
    assert evidence_id is not None
    detach(world.database, anna, claim_id, version, evidence_id, world.clock.now())
    with world.database.read() as connection:
        for table in ("picture", "image_band"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
