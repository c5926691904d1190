"""Files of a claim: taken by content and size, and served as downloads to whoever may see the claim."""

import io
import zipfile
from collections.abc import Callable

import pytest
from sqlalchemy import update
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from models.claims import Claim, Evidence
from models.pictures import Picture
from models.vocabulary import Role
from tests.functional.conftest import IN_EITHER_STORE, OtherApp, SignIn
from tests.support.factories import PASSWORD, address_with_password
from tests.support.files import csv, pdf, png
from tests.support.pages import Browser, Page
from tests.support.photos import jpeg, photo
from tests.support.stages import AFTER_THE_ACTIVITY, approved, draft, executed
from tests.support.world import EVIDENCE, World
from workflow.attaching import MOST_CHANGES
from workflow.reviewing import save_review


@pytest.fixture
def anna(world: World, sign_in: SignIn) -> Browser:
    """The browser of a partner's contact."""
    return sign_in(world.people["anna"])


def attach(browser: Browser, claim_id: int, content: bytes, name: str) -> Page:
    address = f"/claims/{claim_id}/plan"
    return browser.open(address).submit(address, files=(io.BytesIO(content), name), do="attach")


def files_of(world: World) -> list[Evidence]:
    with world.database.reading_session() as session:
        return list(session.query(Evidence).order_by(Evidence.id))


def test_a_file_is_attached_with_what_was_typed_and_served_as_a_download(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    address = f"/claims/{claim_id}/plan"
    anna.open(address).submit(
        address, title="A better title", files=(io.BytesIO(pdf()), "../offer\u202e.pdf"), do="attach"
    )
    (file,) = files_of(world)
    assert (file.name, file.kind, file.size) == ("offer.pdf", "attachment", len(pdf()))
    assert world.claim(claim_id).title == "A better title"

    answer = anna.client.get(f"/claims/{claim_id}/files/{file.id}", buffered=True)
    assert answer.data == pdf()
    assert answer.headers["Content-Disposition"] == "attachment; filename=offer.pdf"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_claim_that_was_changed_too_often_says_so_of_each_file(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    with world.database.write() as connection:
        connection.execute(update(Claim).values(version=MOST_CHANGES))
    answer = attach(anna, claim_id, pdf(), "one.pdf")
    assert answer.status == 422
    assert "it takes no more files, and one.pdf was not attached. Go on with a copy of a draft" in answer.text
    assert files_of(world) == []


def test_several_files_are_attached_at_once(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    address = f"/claims/{claim_id}/plan"
    sent = [(io.BytesIO(pdf()), "one.pdf"), (io.BytesIO(png()), "two.png")]
    assert anna.open(address).submit(address, files=sent, do="attach").status == 302
    assert [file.name for file in files_of(world)] == ["one.pdf", "two.png"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_several_files_the_good_ones_are_attached_and_each_other_is_told_by_name(
    world: World, anna: Browser
) -> None:
    address = f"/claims/{world.draft()}/plan"
    sent = [
        (io.BytesIO(content), name)
        for content, name in [
            (b"MZ\x90\x00program", "setup.exe"),
            (pdf(), "one.pdf"),
            (b"", "empty.pdf"),
            (png(), "two.png"),
        ]
    ]
    page = anna.open(address).submit(address, files=sent, title="Kept", do="attach")
    assert page.status == 422
    assert "setup.exe is of a kind that is not taken here" in page.text
    assert "empty.pdf is empty." in page.text
    assert [file.name for file in files_of(world)] == ["one.pdf", "two.png"]
    assert page.submit(address, do="save").status == 302, "the page knows the claim as it stands now"


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"<svg onload=alert(1)>", "logo.svg", "of a kind that is not taken here"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "invoice.pdf", "of a kind that is not taken here"),
        (b"MZ\x90\x00program", "invoice.exe", "of a kind that is not taken here"),
        (png(), "invoice.pdf", "its name says otherwise"),
        (pdf(), "invoice.pdf.exe", "its name says otherwise"),
        (b"", "invoice.pdf", "invoice.pdf is empty."),
    ],
)
def test_a_hostile_file_is_refused_at_its_field(
    world: World, anna: Browser, content: bytes, name: str, says: str
) -> None:
    page = attach(anna, world.draft(), content, name)
    assert page.status == 422
    assert says in page.text
    assert 'id="files-sent-error"' in page.text
    assert files_of(world) == []


def test_a_photo_is_attached_with_its_fingerprint_and_another_file_without(
    world: World, anna: Browser
) -> None:
    claim_id = world.draft()
    attach(anna, claim_id, jpeg(photo(1)), "photo.jpg")
    attach(anna, claim_id, pdf(), "offer.pdf")
    assert [file.name for file in files_of(world)] == ["photo.jpg", "offer.pdf"]
    with world.database.reading_session() as session:
        assert [picture.evidence_id for picture in session.query(Picture)] == [files_of(world)[0].id]


def test_no_file_chosen_is_told_at_the_field(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    address = f"/claims/{claim_id}/plan"
    page = anna.open(address).submit(address, do="attach")
    assert page.status == 422
    assert "No file was chosen." in page.text


def send_large(browser: Browser, claim_id: int, content: bytes, name: str) -> Page:
    """Attach a file without the temporary one that the test client would leave open."""
    address = f"/claims/{claim_id}/plan"
    fields = dict(browser.open(address).form(address).fields)
    boundary, body = encode_multipart(
        {**fields, "do": "attach", "files": FileStorage(io.BytesIO(content), name)}
    )
    sent_as = f"multipart/form-data; boundary={boundary}"
    return Page(browser, browser.client.post(address, data=body, content_type=sent_as), address)


def test_the_limit_is_exact(world: World, other_app: OtherApp) -> None:
    browser = Browser(other_app(max_file_mb=1).test_client())
    email = address_with_password(world.database, world.people["anna"].user_id)
    browser.open("/sign-in").submit("/sign-in", email=email, password=PASSWORD)
    claim_id = world.draft()
    assert send_large(browser, claim_id, pdf().ljust(1_000_000), "just.pdf").status == 302
    page = send_large(browser, claim_id, pdf().ljust(1_000_001), "above.pdf")
    assert page.status == 413
    assert "above.pdf is larger than 1 MB." in page.text
    assert send_large(browser, claim_id, pdf().ljust(3_000_000), "far.pdf").status == 413
    assert [file.name for file in files_of(world)] == ["just.pdf"]


def test_a_file_is_taken_off_a_draft_and_stays_once_submitted(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    address = f"/claims/{claim_id}/plan"
    attach(anna, claim_id, pdf(), "one.pdf")
    attach(anna, claim_id, png(), "two.png")
    first, second = files_of(world)
    assert anna.open(address).submit(address, do=f"detach:{first.id}").status == 302
    assert [file.name for file in files_of(world)] == ["two.png"]
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "return", "bob", reason="More, please.")
    page = anna.open(address)
    assert f"detach:{second.id}" not in page.text
    assert page.submit(address, do=f"detach:{second.id}").status == 409
    assert [file.name for file in files_of(world)] == ["two.png"]


def test_evidence_of_a_report_stays_even_when_the_report_comes_back(
    world: World, anna: Browser, sign_in: SignIn
) -> None:
    claim_id = approved(world)
    address = f"/claims/{claim_id}/report"
    fill = {"lines-0-supplier": "Kongresshalle", "lines-0-invoice_number": "K-1"}
    for kind in EVIDENCE:
        sent = (io.BytesIO(pdf()), f"{kind}.pdf")
        anna.open(address).submit(address, **fill, kind=kind, files=sent, do="attach")
    world.clock.advance(AFTER_THE_ACTIVITY)
    again = sign_in(world.people["anna"])
    again.open(f"{address}/confirm").submit(f"{address}/confirm")
    world.move(claim_id, "rework", "bob", reason="The photos are dark.")

    again.open(address).submit(address, kind="photos", files=(io.BytesIO(png()), "bright.png"), do="attach")
    *judged, fresh = files_of(world)
    page = again.open(address)
    assert [f"detach:{file.id}" in page.text for file in (*judged, fresh)] == [False] * 4 + [True]
    for file in judged:
        assert again.open(address).submit(address, do=f"detach:{file.id}").status == 409
    assert again.open(address).submit(address, do=f"detach:{fresh.id}").status == 302
    assert [file.id for file in files_of(world)] == [file.id for file in judged]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_after_a_rework_the_partner_sees_each_verdict_and_replaces_what_was_refused_alone(
    world: World, sign_in: SignIn
) -> None:
    claim_id = executed(world)
    refused_id = next(file.id for file in files_of(world) if file.kind == "photos")
    save_review(
        world.database,
        world.people["bob"],
        claim_id,
        world.claim(claim_id).version,
        lines={},
        evidence={
            file.id: (False, "Too dark to see anybody.") if file.id == refused_id else (True, "Very clear.")
            for file in files_of(world)
        },
        checklist={},
    )
    world.move(claim_id, "rework", "bob", reason="One thing is missing.")
    address, anna = f"/claims/{claim_id}/report", sign_in(world.people["anna"])
    page = anna.open(address)
    assert page.text.count("Very clear.") == len(EVIDENCE) - 1
    assert page.text.count("Too dark to see anybody.") == 1
    assert page.text.count("It stays as it is: there is nothing to do.") == len(EVIDENCE) - 1
    assert page.text.count("Attach a better one of the same kind.") == 1
    assert page.text.count("does not meet the standard: add a better one") == 1
    before = files_of(world)
    for file in before:
        assert anna.open(address).submit(address, do=f"detach:{file.id}").status == 409

    sent = (io.BytesIO(png()), "bright.png")
    page = anna.open(address).submit(address, kind="photos", files=sent, do="attach").follow()
    assert "does not meet the standard: add a better one" not in page.text
    *kept, fresh = files_of(world)
    assert [(one.id, one.meets_standard, one.comment, one.digest) for one in kept] == [
        (one.id, one.meets_standard, one.comment, one.digest) for one in before
    ]
    assert (fresh.name, fresh.meets_standard, fresh.comment) == ("bright.png", None, "")
    world.move(claim_id, "report", "anna")


def test_what_a_file_is_its_content_says_and_not_the_browser(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    address = f"/claims/{claim_id}/plan"
    sent = [
        FileStorage(io.BytesIO(pdf()), "offer.pdf", content_type="text/html"),
        FileStorage(io.BytesIO(csv()), "guests.csv", content_type="application/javascript"),
    ]
    assert anna.open(address).submit(address, files=sent, do="attach").status == 302
    offer, guests = files_of(world)
    assert (offer.content_type, guests.content_type) == ("application/pdf", "text/plain")
    served = anna.client.get(f"/claims/{claim_id}/files/{offer.id}", buffered=True)
    assert served.mimetype == "application/pdf"


@pytest.mark.parametrize(
    ("start", "page_name", "kind"), [(draft, "plan", "attachment"), (approved, "report", "agenda")]
)
def test_an_old_page_says_that_its_file_was_attached_or_taken_off_only_where_it_was(
    world: World, anna: Browser, start: Callable[[World], int], page_name: str, kind: str
) -> None:
    address = f"/claims/{start(world)}/{page_name}"

    def with_file(content: bytes) -> dict[str, object]:
        return {"kind": kind, "files": (io.BytesIO(content), "one.pdf"), "do": "attach"}

    page = anna.open(address)
    assert page.submit(address, **with_file(pdf())).status == 302
    again = page.submit(address, **with_file(pdf()))
    assert "saved already" in again.follow().text, "a double click is done already"
    assert page.submit(address, **with_file(pdf() + b"2")).status == 409
    (file,) = files_of(world)

    assert page.submit(address, do=f"detach:{file.id}").status == 409
    assert files_of(world) != []
    page = anna.open(address)
    assert page.submit(address, do=f"detach:{file.id}").status == 302
    assert "saved already" in page.submit(address, do=f"detach:{file.id}").follow().text
    assert files_of(world) == []


@pytest.mark.parametrize("kind", ["", "photos", "anything", "<b>"])
def test_a_file_of_a_plan_shows_nothing_in_particular(world: World, anna: Browser, kind: str) -> None:
    claim_id = world.draft()
    address = f"/claims/{claim_id}/plan"
    forged = anna.open(address).submit(address, kind=kind, files=(io.BytesIO(pdf()), "one.pdf"), do="attach")
    assert forged.status == 422
    assert "It is not said what the file shows. Choose it from the list." in forged.text
    assert files_of(world) == []


@pytest.mark.parametrize("kind", ["", "script", "anything", "photos "])
def test_evidence_is_of_a_kind_that_the_activity_type_asks_for(
    world: World, anna: Browser, kind: str
) -> None:
    claim_id = approved(world)
    address = f"/claims/{claim_id}/report"
    page = anna.open(address)
    forged = page.submit(address, kind=kind, files=(io.BytesIO(pdf()), "one.pdf"), do="attach")
    assert forged.status == 422
    assert "It is not said what the file shows. Choose it from the list." in forged.text
    assert files_of(world) == []
    for offered in (*EVIDENCE, "attachment"):
        anna.open(address).submit(address, kind=offered, files=(io.BytesIO(pdf()), "one.pdf"), do="attach")
    assert [file.kind for file in files_of(world)] == [*EVIDENCE, "attachment"]


def test_a_file_is_found_only_by_who_may_see_its_claim_and_only_there(
    world: World, anna: Browser, sign_in: SignIn
) -> None:
    claim_id, other_id = world.draft(), world.draft()
    attach(anna, claim_id, pdf(), "one.pdf")
    (file,) = files_of(world)
    stranger = sign_in(world.person("vera", Role.partner, partner_id=world.partner("Rhein Networks")))
    approver = sign_in(world.people["bob"])
    assert stranger.open(f"/claims/{claim_id}/files/{file.id}").status == 404
    assert anna.open(f"/claims/{other_id}/files/{file.id}").status == 404
    assert approver.open(f"/claims/{claim_id}/files/{file.id}").status == 404
    world.move(claim_id, "submit", "anna")
    assert approver.client.get(f"/claims/{claim_id}/files/{file.id}", buffered=True).status_code == 200


def test_a_file_that_the_store_lost_is_not_found(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "approve", "bob", approved=400_000)
    world.bill(claim_id)
    assert anna.open(f"/claims/{claim_id}/files/{files_of(world)[0].id}").status == 404


@pytest.mark.parametrize("wish", ["save", "submit"])
def test_a_chosen_file_is_attached_whichever_button_saves(world: World, anna: Browser, wish: str) -> None:
    claim_id = world.draft()
    address = f"/claims/{claim_id}/plan"
    anna.open(address).submit(address, title="Better", files=(io.BytesIO(pdf()), "offer.pdf"), do=wish)
    assert [file.name for file in files_of(world)] == ["offer.pdf"]


@pytest.mark.parametrize("wish", ["save", "report"])
def test_a_chosen_file_of_a_report_is_attached_or_its_kind_is_asked_for(
    world: World, sign_in: SignIn, wish: str
) -> None:
    claim_id = approved(world)
    world.clock.advance(AFTER_THE_ACTIVITY)
    browser, address = sign_in(world.people["anna"]), f"/claims/{claim_id}/report"
    asked = browser.open(address).submit(address, files=(io.BytesIO(pdf()), "list.pdf"), do=wish)
    assert asked.status == 422
    assert "field--wrong" in asked.text
    assert files_of(world) == []

    sent = (io.BytesIO(pdf()), "list.pdf")
    browser.open(address).submit(address, files=sent, kind="attendee_list", do=wish)
    assert [(file.name, file.kind) for file in files_of(world)] == [("list.pdf", "attendee_list")]


def test_a_file_that_was_chosen_before_another_is_taken_off_is_attached(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    address = f"/claims/{claim_id}/plan"
    attach(anna, claim_id, pdf(), "one.pdf")
    (file,) = files_of(world)
    anna.open(address).submit(address, files=(io.BytesIO(png()), "two.png"), do=f"detach:{file.id}")
    assert [file.name for file in files_of(world)] == ["two.png"]


@IN_EITHER_STORE
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_may_see_a_claim_downloads_all_its_files_as_one_archive(
    world: World, anna: Browser, sign_in: SignIn
) -> None:
    claim_id = world.draft()
    address = f"/claims/{claim_id}/files.zip"
    assert anna.open(address).status == 404, "there is nothing yet"
    attach(anna, claim_id, pdf(), "one.pdf")
    attach(anna, claim_id, png(), "two.png")
    assert f'href="{address}"' in anna.open(f"/claims/{claim_id}").text
    assert sign_in(world.people["bob"]).open(address).status == 404, "nobody sent it"
    world.move(claim_id, "submit", "anna")
    for name in ("anna", "bob", "dan", "eve", "mia"):
        answer = sign_in(world.people[name]).client.get(address, buffered=True)
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.namelist() == ["attachment/one.pdf", "attachment/two.png", "list.txt"]
            assert archive.read("attachment/one.pdf") == pdf()


@IN_EITHER_STORE
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_pdf_is_shown_as_a_picture_and_what_cannot_be_drawn_is_not(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    for content, name in ((pdf(), "offer.pdf"), (csv(), "guests.csv")):
        attach(anna, claim_id, content, name)
    drawn, plain = (
        anna.client.get(f"/claims/{claim_id}/files/{file.id}/preview", buffered=True)
        for file in files_of(world)
    )
    assert (drawn.status_code, drawn.mimetype, plain.status_code) == (200, "image/jpeg", 404)
    assert drawn.data.startswith(b"\xff\xd8")
    assert "sandbox" in drawn.headers["Content-Security-Policy"]
    for path in ("", "/plan"):
        shown = [
            each.attributes.get("src", "")
            for each in anna.open(f"/claims/{claim_id}{path}").read.elements
            if "/preview" in (each.attributes.get("src") or "")
        ]
        assert shown == [f"/claims/{claim_id}/files/{files_of(world)[0].id}/preview"]
