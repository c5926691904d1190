"""The same evidence twice: partners are warned, approvers and auditors see both documents side by side."""

import io
import random
from dataclasses import dataclass

import pytest
from flask import Flask
from PIL import Image

from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.files import pdf, xlsx
from tests.support.looking import places
from tests.support.pages import Browser
from tests.support.photos import CHANGES, jpeg, photo
from tests.support.stages import AFTER_THE_ACTIVITY
from tests.support.statements import statements
from tests.support.world import World, bill
from web.services import Services
from workflow.drafts import save_report

CLOSER = "This document needs a closer look."
KINDS = ("file", "invoice", "photo")
SAME = {
    "file": "This is the same file, byte for byte.",
    "invoice": "This is the same invoice: supplier, number and amount agree.",
    "photo": "This looks like the same photo, perhaps resized, compressed or cropped.",
}


@dataclass
class Scene:
    """Anna's and Olga's partners, both with a browser."""

    world: World
    sign_in: SignIn
    anna: Browser
    olga: Browser

    def give(self, who: str, kind: str, claim_id: int) -> None:
        """Have somebody put the document of a kind on an approved claim: always the same one."""
        if kind == "invoice":
            spelling = "KONGRESSHALLE GmbH" if who == "olga" else "Kongresshalle"
            line = bill(supplier=spelling, invoice_number="RE-0042", amount=123_400, unit_value=123_400)
            version = self.world.claim(claim_id).version
            save_report(self.world.database, self.world.people[who], claim_id, version, [line])
            return
        content, name = (pdf(), "offer.pdf") if kind == "file" else (again(who), f"stage-{claim_id}.jpg")
        address = f"/claims/{claim_id}/report"
        sent = (io.BytesIO(content), name)
        browser = self.anna if who == "anna" else self.olga
        assert browser.open(address).submit(address, kind="photos", files=sent, do="attach").status == 302

    def approved(self, who: str, title: str) -> int:
        """Return an approved claim."""
        claim_id = self.world.draft(who, title=title)
        self.world.move(claim_id, "submit", who)
        self.world.move(claim_id, "approve", "bob", approved=400_000)
        return claim_id


TAKEN = iter(range(1, 10**6))


def again(who: str) -> bytes:
    """Return the photo, never twice the same bytes; Olga's is cropped."""
    picture = photo(4)
    if who == "olga":
        picture = CHANGES["cropped by 5 %"](picture, random.Random(1))
    return jpeg(picture, 60) + b"%d" % next(TAKEN)


@pytest.fixture
def scene(world: World, sign_in: SignIn) -> Scene:
    """Two partners that may claim."""
    isar = world.partner("Isar Networks")
    world.certify(isar, *(world.clock.now().date().replace(year=year, day=1) for year in (2025, 2027)))
    world.performed(isar)
    world.fund(isar)
    olga = world.person("olga", Role.partner, partner_id=isar, contact=True)
    return Scene(world, sign_in, sign_in(world.people["anna"]), sign_in(olga))


@pytest.mark.parametrize("kind", KINDS)
def test_of_its_own_documents_a_partner_is_told_which_claim_holds_the_same(scene: Scene, kind: str) -> None:
    first, second = scene.approved("anna", "Spring day"), scene.approved("anna", "Autumn day")
    scene.give("anna", kind, first)
    assert SAME[kind] not in scene.anna.open(f"/claims/{first}").text
    scene.give("anna", kind, second)
    number = scene.world.claim(first).number
    for page in (f"/claims/{second}", f"/claims/{second}/report/confirm"):
        places(
            scene.anna.open(page),
            SAME[kind],
            f"of {number}, which is approved.",
            "You can send it all the same.",
        )


@pytest.mark.parametrize("kind", KINDS)
def test_of_another_partners_document_a_partner_learns_nothing_but_one_sentence(
    scene: Scene, kind: str
) -> None:
    theirs, ours = scene.approved("olga", "Isar launch"), scene.approved("anna", "Elbe day")
    scene.give("olga", kind, theirs)
    scene.give("anna", kind, ours)
    for page in (f"/claims/{ours}", f"/claims/{ours}/report/confirm"):
        text = scene.anna.open(page).text
        assert text.count(CLOSER) == 1
        told = [
            word
            for word in ("Isar", "GmbH", *SAME.values(), str(scene.world.claim(theirs).number))
            if word in text
        ]
        assert told == []


def test_another_partners_draft_that_was_never_submitted_counts_for_nothing(scene: Scene) -> None:
    draft = scene.world.draft("olga")
    address = f"/claims/{draft}/plan"
    scene.olga.open(address).submit(address, files=(io.BytesIO(pdf()), "offer.pdf"), do="attach")
    ours = scene.approved("anna", "Elbe day")
    scene.give("anna", "file", ours)
    assert CLOSER not in scene.anna.open(f"/claims/{ours}").text
    assert SAME["file"] not in scene.sign_in(scene.world.people["bob"]).open(f"/claims/{ours}").text


def test_what_a_withdrawn_claim_holds_counts_with_its_state(scene: Scene) -> None:
    first, second = scene.approved("anna", "Spring day"), scene.approved("anna", "Autumn day")
    scene.give("anna", "invoice", first)
    scene.give("anna", "invoice", second)
    scene.world.move(first, "withdraw", "anna")
    places(scene.anna.open(f"/claims/{second}"), f"of {scene.world.claim(first).number}, which is withdrawn.")


def test_a_file_that_is_attached_twice_to_one_claim_is_told_once(scene: Scene) -> None:
    claim_id = scene.approved("anna", "Spring day")
    scene.give("anna", "file", claim_id)
    assert SAME["file"] not in scene.anna.open(f"/claims/{claim_id}").text
    scene.give("anna", "file", claim_id)
    page = scene.anna.open(f"/claims/{claim_id}")
    places(page, SAME["file"], "It is here a second time: offer.pdf.")
    assert page.text.count(SAME["file"]) == 1


def test_another_amount_on_the_same_invoice_is_no_match(scene: Scene) -> None:
    first, second = scene.approved("anna", "Spring day"), scene.approved("anna", "Autumn day")
    scene.give("anna", "invoice", first)
    part = bill(supplier="Kongresshalle", invoice_number="RE-42", amount=100, unit_value=100)
    version = scene.world.claim(second).version
    save_report(scene.world.database, scene.world.people["anna"], second, version, [part])
    assert SAME["invoice"] not in scene.anna.open(f"/claims/{second}").text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "page"), [("bob", "/claims/{}/accept"), ("bob", "/claims/{}"), ("eve", "/audit/claims/{}")]
)
def test_approver_and_auditor_see_both_documents_side_by_side(
    scene: Scene, kind: str, name: str, page: str
) -> None:
    theirs, ours = scene.approved("olga", "Isar launch"), scene.approved("anna", "Elbe day")
    scene.world.clock.advance(AFTER_THE_ACTIVITY)
    scene.anna, scene.olga = (scene.sign_in(scene.world.people[each]) for each in ("anna", "olga"))
    scene.world.bill(ours, bill(invoice_number="other"))
    scene.give("olga", kind, theirs)
    scene.give("anna", kind, ours)
    if kind != "invoice":
        line = bill(invoice_number="other")
        save_report(
            scene.world.database, scene.world.people["anna"], ours, scene.world.claim(ours).version, [line]
        )
    scene.world.move(ours, "report", "anna")
    read = scene.sign_in(scene.world.people[name]).open(page.format(ours))
    places(read, SAME[kind], "In this claim", "In another claim", "Isar Networks", "Isar launch", "Approved")
    assert read.offers(f"/claims/{theirs}")


def test_a_partner_is_not_warned_of_what_it_can_change_no_more(scene: Scene) -> None:
    theirs, ours = scene.approved("olga", "Isar launch"), scene.approved("anna", "Elbe day")
    scene.give("olga", "file", theirs)
    scene.give("anna", "file", ours)
    scene.world.move(ours, "withdraw", "anna")
    assert CLOSER not in scene.anna.open(f"/claims/{ours}").text


def test_a_preview_is_drawn_anew_and_small(scene: Scene) -> None:
    claim_id = scene.approved("anna", "Elbe day")
    scene.give("anna", "photo", claim_id)
    (address,) = files_shown(scene.anna, claim_id)
    answer = scene.anna.client.get(f"{address}/preview")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with Image.open(io.BytesIO(answer.data)) as drawn:
        assert max(drawn.size) == 640
    assert scene.olga.open(f"{address}/preview").status == 404


@pytest.mark.parametrize(("content", "name"), [(xlsx(), "costs.xlsx"), (b"What we plan.", "plan.txt")])
def test_what_cannot_be_drawn_has_no_preview(scene: Scene, content: bytes, name: str) -> None:
    claim_id, address = scene.world.draft(), "/claims/{}/plan"
    address = address.format(claim_id)
    scene.anna.open(address).submit(address, files=(io.BytesIO(content), name), do="attach")
    (file,) = files_shown(scene.anna, claim_id)
    assert scene.anna.open(f"{file}/preview").status == 404


def files_shown(browser: Browser, claim_id: int) -> list[str]:
    """Return the addresses of the files that a claim's page leads to."""
    links = [each.attributes.get("href", "") for each in browser.open(f"/claims/{claim_id}").read.elements]
    return sorted({link for link in links if link.startswith(f"/claims/{claim_id}/files/")})


@pytest.mark.parametrize("who", ["anna", "bob"])
def test_looking_for_matches_takes_as_many_statements_for_many_as_for_one(
    app: Flask, scene: Scene, who: str
) -> None:
    shared: Services = app.extensions["cofund"]
    browser = scene.anna if who == "anna" else scene.sign_in(scene.world.people[who])
    claim_id = scene.approved("anna", "Elbe day")

    def count() -> int:
        with statements(shared.database) as seen:
            assert browser.open(f"/claims/{claim_id}").status == 200
        return len(seen)

    give_all(scene, scene.approved("anna", "Another"), claim_id)
    few = count()
    give_all(scene, *(scene.approved("anna", f"Day {day}") for day in range(4)))
    assert count() == few


def give_all(scene: Scene, *claims: int) -> None:
    for claim_id in claims:
        for kind in KINDS:
            scene.give("anna", kind, claim_id)
