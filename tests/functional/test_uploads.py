"""Files that come in pieces: an upload goes on where it stopped, and ends as a file that came whole would."""

import hashlib
import io

import pytest
from sqlalchemy import select

from models.claims import Evidence
from models.uploads import Upload, UploadPiece
from models.vocabulary import Role
from tests.functional.conftest import IN_EITHER_STORE, OtherApp, SignIn
from tests.support.files import pdf
from tests.support.stages import approved
from tests.support.tus import Tus
from tests.support.world import World
from workflow.loose_files import GRACE, remove_loose
from workflow.uploads import forget_uploads

pytestmark = [pytest.mark.parametrize("database_url", ["sqlite"], indirect=True), IN_EITHER_STORE]

CONTENT = pdf()
SIZE = len(CONTENT)
HALF = SIZE // 2


@pytest.fixture
def anna(world: World, sign_in: SignIn) -> Tus:
    """The client of a partner's contact, for a draft."""
    return Tus(sign_in(world.people["anna"]), world.draft())


def attached(world: World) -> list[tuple[str, str, int]]:
    with world.database.reading_session() as session:
        return [(file.name, file.kind, file.size) for file in session.query(Evidence).order_by(Evidence.id)]


def test_a_file_in_pieces_is_attached_with_the_last_and_only_once(world: World, anna: Tus) -> None:
    version = world.claim(anna.claim_id).version
    begun = anna.begin(SIZE, name="../offer\u202e.pdf")
    address = begun.headers["Location"]
    assert (begun.status_code, begun.headers["Tus-Resumable"]) == (201, "1.0.0")
    assert anna.append(address, 0, CONTENT[:HALF]).headers["Upload-Offset"] == str(HALF)
    assert anna.offset(address) == str(HALF)
    assert attached(world) == []
    last = anna.append(address, HALF, CONTENT[HALF:])
    assert (last.status_code, last.headers["Claim-Version"]) == (204, str(version + 1))
    assert attached(world) == [("offer.pdf", "attachment", len(CONTENT))]
    with world.database.reading_session() as session:
        evidence_id = session.scalar(select(Evidence.id))
    served = anna.browser.client.get(f"/claims/{anna.claim_id}/files/{evidence_id}", buffered=True)
    assert served.data == CONTENT

    again = anna.append(address, len(CONTENT), b"")
    assert again.headers["Claim-Version"] == str(version + 1), "whoever missed the answer gets it again"
    assert world.claim(anna.claim_id).version == version + 1
    assert len(attached(world)) == 1


def test_a_piece_that_does_not_begin_where_the_last_ended_is_refused(world: World, anna: Tus) -> None:
    address = anna.begin(SIZE).headers["Location"]
    assert anna.append(address, 0, CONTENT[:HALF]).status_code == 204
    assert anna.append(address, 0, CONTENT[:HALF]).status_code == 409, "a repeated piece"
    assert anna.append(address, HALF + 1, CONTENT[HALF + 1 :]).status_code == 409
    assert anna.append(address, HALF, CONTENT[HALF:] + b"more").status_code == 413, "more than was said"
    assert anna.offset(address) == str(HALF)
    assert anna.append(address, HALF, CONTENT[HALF:]).status_code == 204


def test_a_file_that_has_come_whole_is_judged_as_any_other(world: World, anna: Tus) -> None:
    program = b"MZ\x90\x00 a program"
    address = anna.begin(len(program), "invoice.pdf").headers["Location"]
    refused = anna.append(address, 0, program)
    assert refused.status_code == 422
    assert "invoice.pdf is of a kind that is not taken here" in refused.text
    assert anna.offset(address) is None, "it is forgotten"
    assert attached(world) == []


def test_what_the_form_would_refuse_is_refused_before_it_travels(world: World, anna: Tus) -> None:
    assert (anna.begin(0).status_code, anna.begin(20_000_001).status_code) == (422, 413)
    assert "large.pdf is larger than 20 MB." in anna.begin(20_000_001, "large.pdf").text
    assert anna.begin(SIZE, kind="photos").status_code == 422, "a plan's file shows nothing in particular"
    report = Tus(anna.browser, approved(world))
    assert report.begin(SIZE, kind="photos").status_code == 201
    assert report.begin(SIZE, kind="script").status_code == 422


def test_what_is_no_tus_is_refused(world: World, anna: Tus) -> None:
    address = anna.begin(SIZE).headers["Location"]
    room = f"/claims/{anna.claim_id}/uploads"
    assert anna.send("POST", room, Tus_Resumable="0.2.2", Upload_Length="5").status_code == 412
    for length in ("", "-1", "x", "9" * 30):
        assert anna.send("POST", room, Upload_Length=length).status_code == 400
    assert anna.send("POST", room, Upload_Length="5", Upload_Metadata="filename ß").status_code == 400
    assert anna.send("PATCH", address, b"x", Upload_Offset="0", Content_Type="text/plain").status_code == 415
    stale = anna.send("PATCH", address, b"x", Upload_Offset="0", X_CSRFToken="forged")
    assert stale.status_code == 400
    assert anna.offset(address) == "0"


def test_an_upload_is_its_own_persons_alone(world: World, anna: Tus, sign_in: SignIn) -> None:
    colleague = world.person("cleo", Role.partner, partner_id=world.people["anna"].partner_id)
    stranger = world.person("vera", Role.partner, partner_id=world.partner("Rhein Networks"))
    address = anna.begin(SIZE).headers["Location"]
    elsewhere = address.replace(f"/{anna.claim_id}/", f"/{world.draft()}/")
    for who, target in ((colleague, address), (stranger, address), (world.people["anna"], elsewhere)):
        other = Tus(sign_in(who), anna.claim_id)
        assert other.offset(target) is None
        assert other.append(target, 0, CONTENT).status_code == 404
        assert other.send("DELETE", target).status_code == 404
    assert Tus(sign_in(stranger), anna.claim_id).begin(SIZE).status_code == 404
    assert Tus(sign_in(world.people["bob"]), anna.claim_id).begin(SIZE).status_code == 403
    assert anna.offset(address) == "0"


def test_a_claim_that_was_sent_meanwhile_takes_no_more(world: World, anna: Tus) -> None:
    address = anna.begin(SIZE).headers["Location"]
    anna.append(address, 0, CONTENT[:HALF])
    world.move(anna.claim_id, "submit", "anna")
    refused = anna.append(address, HALF, CONTENT[HALF:])
    assert refused.status_code == 409
    assert refused.text
    assert anna.begin(SIZE).status_code == 409
    assert attached(world) == []


def test_a_cancelled_upload_is_gone_and_a_forgotten_one_leaves_no_piece(
    world: World, anna: Tus, other_app: OtherApp
) -> None:
    files = other_app().extensions["cofund"].files
    cancelled, kept = (anna.begin(SIZE).headers["Location"] for _ in range(2))
    piece = hashlib.sha256(CONTENT[:HALF]).hexdigest()
    anna.append(kept, 0, CONTENT[:HALF])
    assert anna.send("DELETE", cancelled).status_code == 204
    assert anna.offset(cancelled) is None
    gone = anna.append(cancelled, 0, CONTENT[:HALF])
    assert (gone.status_code, gone.headers["Tus-Resumable"]) == (404, "1.0.0"), "it is told as tus has it"

    start = world.clock.now()
    assert forget_uploads(world.database, start + GRACE * 0.9) == 0
    assert remove_loose(world.database, start + GRACE, files=files) == 0, "a piece is named by its row"
    assert forget_uploads(world.database, start + GRACE) == 1
    assert remove_loose(world.database, start + GRACE * 2, files=files) == 1
    with pytest.raises(FileNotFoundError):
        files.find(piece)
    with world.database.reading_session() as session:
        assert session.query(Upload).count() == session.query(UploadPiece).count() == 0


def test_an_upload_goes_on_in_another_process(world: World, anna: Tus, other_app: OtherApp) -> None:
    address = anna.begin(SIZE).headers["Location"]
    anna.append(address, 0, CONTENT[:HALF])
    elsewhere = other_app().test_client()
    cookie = anna.browser.client.get_cookie("cofund")
    assert cookie is not None
    elsewhere.set_cookie("cofund", cookie.value)
    anna.browser.client = elsewhere
    assert anna.append(address, HALF, CONTENT[HALF:]).status_code == 204
    assert [name for name, _, _ in attached(world)] == ["offer.pdf"]


def test_a_broken_connection_costs_no_more_than_its_piece(world: World, anna: Tus) -> None:
    address = anna.begin(SIZE).headers["Location"]
    cut = anna.browser.client.open(
        address,
        method="PATCH",
        input_stream=io.BytesIO(CONTENT[:10]),
        content_type="application/offset+octet-stream",
        environ_overrides={"CONTENT_LENGTH": str(HALF)},
        headers={
            "Tus-Resumable": "1.0.0",
            "X-CSRFToken": anna.token,
            "Upload-Offset": "0",
        },
    )
    assert cut.status_code == 400
    assert anna.offset(address) == "0"
    assert anna.append(address, 0, CONTENT).status_code == 204
