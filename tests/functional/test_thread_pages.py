"""The thread on a claim's page: written, read and turned over by partner and programme owner."""

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.threads import Post, PostFile
from tests.functional.conftest import SignIn
from tests.support.files import pdf
from tests.support.looking import as_read, link, places, token_of
from tests.support.pages import Browser, Page
from tests.support.stages import submitted
from tests.support.world import World
from web.claims.posts import SIZE
from workflow.threads import LONGEST, MOST_AN_HOUR


@pytest.fixture
def claim_id(world: World) -> int:
    """A claim that waits for `bob`."""
    return submitted(world)


def write(browser: Browser, claim_id: int, said: str, do: str = "send", **typed: object) -> Page:
    """Write on a claim's page."""
    return browser.open(f"/claims/{claim_id}").submit(f"/claims/{claim_id}/thread", text=said, do=do, **typed)


def posts(world: World) -> list[Any]:
    with world.database.read() as connection:
        return list(connection.execute(select(Post.__table__).order_by(Post.id)))


def test_both_sides_write_to_each_other_and_read_it_newest_first(
    world: World, claim_id: int, sign_in: SignIn
) -> None:
    anna, bob = sign_in(world.people["anna"]), sign_in(world.people["bob"])
    answer = write(anna, claim_id, "When do you decide?")
    assert answer.location.endswith(f"/claims/{claim_id}#thread")
    assert "Sent." in answer.follow().text
    write(bob, claim_id, "Tomorrow,\nI think.")
    for browser in (anna, bob, sign_in(world.people["dan"]), sign_in(world.people["eve"])):
        page = browser.open(f"/claims/{claim_id}")
        newer, older = places(page, "Tomorrow,\nI think.", "When do you decide?")
        assert newer < older
        assert "Bob · Northwind · 2 Mar 2026, 13:00 CET" in as_read(page)
        assert "Anna · Elbe Systems · 2 Mar 2026, 13:00 CET" in as_read(page)


def test_the_message_leads_to_the_thread(world: World, claim_id: int, sign_in: SignIn) -> None:
    write(sign_in(world.people["bob"]), claim_id, "Please send the agenda.")
    anna = sign_in(world.people["anna"])
    page = anna.open("/notifications")
    places(page, "Bob wrote to you about “Spring seminar” (2026H1-00001)", "Please send the agenda.")
    (href,) = [
        each.attributes["href"]
        for each in page.read.elements
        if each.attributes.get("href", "").startswith("/notifications/")
    ]
    assert anna.open(href).location == f"/claims/{claim_id}#thread"
    assert 'id="thread"' in anna.open(f"/claims/{claim_id}").text


@pytest.mark.parametrize("do", ["note", "", "anything"])
def test_what_the_owners_people_do_not_plainly_send_stays_an_internal_note(
    world: World, claim_id: int, sign_in: SignIn, do: str
) -> None:
    page = write(sign_in(world.people["bob"]), claim_id, "Looks thin.", do).follow()
    assert [row.internal for row in posts(world)] == [True]
    assert "Saved as an internal note." in page.text
    assert "Internal note Only you and your colleagues read this." in as_read(page)
    assert "Looks thin." not in sign_in(world.people["anna"]).open(f"/claims/{claim_id}").text


def test_the_enter_key_saves_an_internal_note(world: World, claim_id: int, sign_in: SignIn) -> None:
    page = sign_in(world.people["bob"]).open(f"/claims/{claim_id}")
    note, send = places(page, "Save as an internal note", "Send to the partner")
    assert note < send
    partners = sign_in(world.people["anna"]).open(f"/claims/{claim_id}")
    assert "nternal" not in partners.text


@pytest.mark.parametrize("do", ["note", "send", ""])
def test_a_partner_writes_no_internal_note_whatever_is_sent(
    world: World, claim_id: int, sign_in: SignIn, do: str
) -> None:
    write(sign_in(world.people["anna"]), claim_id, "Hello.", do, internal="1")
    assert [row.internal for row in posts(world)] == [False]


def test_who_takes_part_can_be_ticked_and_is_named(world: World, claim_id: int, sign_in: SignIn) -> None:
    bob, ids = world.people["bob"].user_id, {name: actor.user_id for name, actor in world.people.items()}
    page = write(sign_in(world.people["anna"]), claim_id, "For you.", tell=str(bob)).follow()
    assert "For: Bob" in as_read(page)
    write(sign_in(world.people["mia"]), claim_id, "For both.", tell=[str(ids["anna"]), str(ids["bob"])])
    assert "For: Anna, Bob" in as_read(sign_in(world.people["bob"]).open(f"/claims/{claim_id}"))
    seen = as_read(sign_in(world.people["anna"]).open(f"/claims/{claim_id}"))
    assert "For: Anna " in seen
    assert "For: Anna, Bob" not in seen, "which colleagues are told is the owner's business"


@pytest.mark.parametrize("who", ["dan", "999", "x", str(2**63), "1" * 5000])
def test_somebody_who_is_not_on_the_list_is_refused_at_the_field(
    world: World, claim_id: int, sign_in: SignIn, who: str
) -> None:
    value = str(world.people[who].user_id) if who in world.people else who
    page = write(sign_in(world.people["anna"]), claim_id, "Hello.", tell=value)
    assert page.status == 422
    places(page, 'id="tell-error"', "Not all of these take part in this claim. Choose from the list.")
    assert posts(world) == []


def test_who_can_address_nobody_writes_all_the_same(world: World, sign_in: SignIn) -> None:
    claim_id = world.draft()
    anna = sign_in(world.people["anna"])
    assert 'name="tell"' not in anna.open(f"/claims/{claim_id}").text
    assert "Sent." in write(anna, claim_id, "How do I begin?").follow().text
    assert write(anna, claim_id, "And you?", tell="999").text.count('id="tell-error"') == 1


def test_an_internal_note_for_the_partner_is_refused_and_keeps_what_was_typed(
    world: World, claim_id: int, sign_in: SignIn
) -> None:
    anna = str(world.people["anna"].user_id)
    page = write(sign_in(world.people["bob"]), claim_id, "Between us.", "note", tell=anna)
    assert page.status == 422
    places(page, "Between us.", "An internal note is not for Anna. Untick them, or send it to the partner.")
    assert posts(world) == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (" ", "There is no text yet. Write what you want to say."),
        ("x" * (LONGEST + 1), f"Use at most {LONGEST} characters."),
    ],
)
def test_a_text_that_is_none_or_too_long_is_refused_at_its_field(
    world: World, claim_id: int, sign_in: SignIn, said: str, told: str
) -> None:
    page = write(sign_in(world.people["anna"]), claim_id, said)
    assert page.status == 422
    places(page, 'id="text-error"', told)
    assert posts(world) == []


def test_the_same_form_sent_twice_writes_once(world: World, claim_id: int, sign_in: SignIn) -> None:
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}")
    page.submit(f"/claims/{claim_id}/thread", text="Once.")
    again = page.submit(f"/claims/{claim_id}/thread", text="Once.").follow()
    assert "Nothing was written a second time." in again.text
    assert len(posts(world)) == 1


def test_auditors_read_everything_and_write_nothing(world: World, claim_id: int, sign_in: SignIn) -> None:
    write(sign_in(world.people["bob"]), claim_id, "Looks thin.", "note")
    eve = sign_in(world.people["eve"])
    page = eve.open(f"/claims/{claim_id}")
    places(page, "Looks thin.")
    assert not page.offers(f"/claims/{claim_id}/thread")
    forged: dict[str, object] = {"csrf_token": token_of(eve), "key": "k1", "text": "Forged."}
    assert eve.post(f"/claims/{claim_id}/thread", forged).status == 403
    assert len(posts(world)) == 1


def test_who_writes_too_often_is_told_so_and_keeps_what_was_typed(
    world: World, claim_id: int, sign_in: SignIn
) -> None:
    with world.database.session() as session:
        for number in range(MOST_AN_HOUR):
            session.add(
                Post(
                    claim_id=claim_id,
                    author_id=world.people["anna"].user_id,
                    at=world.clock.now() - timedelta(minutes=5),
                    internal=False,
                    text=f"Number {number}.",
                    key=f"old{number}",
                )
            )
    page = write(sign_in(world.people["anna"]), claim_id, "One more.")
    assert page.status == 422
    places(page, "You have written 60 times within an hour", "One more.")


def test_the_newest_posts_stand_on_the_page_and_older_ones_behind_a_link(
    world: World, claim_id: int, sign_in: SignIn
) -> None:
    anna = sign_in(world.people["anna"])
    for number in range(SIZE + 1):
        write(anna, claim_id, f"Post number {number}.")
    page = anna.open(f"/claims/{claim_id}")
    assert page.text.count("Post number") == SIZE
    assert "Post number 0." not in page.text
    assert link(page, "next").endswith("#thread")
    older = anna.open(link(page, "next"))
    assert older.text.count("Post number") == 1
    places(older, "Post number 0.")
    assert anna.open(link(older, "prev")).text.count("Post number") == SIZE


def test_a_file_comes_with_a_post_and_is_served_as_evidence_is_but_is_none(
    world: World, claim_id: int, sign_in: SignIn
) -> None:
    anna = sign_in(world.people["anna"])
    sent = [(io.BytesIO(pdf()), "../plan\u202e.pdf"), (io.BytesIO(pdf() + b"2"), "two.pdf")]
    page = write(anna, claim_id, "See these.", files=sent).follow()
    places(page, "plan.pdf", "two.pdf")
    with world.database.read() as connection:
        first, _second = connection.execute(select(PostFile.__table__).order_by(PostFile.id)).all()
    assert (first.name, first.size) == ("plan.pdf", len(pdf()))
    answer = anna.client.get(f"/claims/{claim_id}/thread/files/{first.id}", buffered=True)
    assert answer.data == pdf()
    assert answer.headers["Content-Disposition"] == "attachment; filename=plan.pdf"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    evidence = as_read(page).partition("Files and evidence")[2].partition("History")[0]
    assert "None yet." in evidence


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"<svg onload=alert(1)>", "logo.svg", "of a kind that is not taken here"),
        (b"", "plan.pdf", "plan.pdf is empty."),
    ],
)
def test_a_hostile_file_is_refused_at_its_field_and_nothing_is_written(
    world: World, claim_id: int, sign_in: SignIn, content: bytes, name: str, says: str
) -> None:
    page = write(sign_in(world.people["anna"]), claim_id, "See this.", files=(io.BytesIO(content), name))
    assert page.status == 422
    places(page, 'id="post-files-error"', says, "See this.")
    assert posts(world) == []


def test_a_file_is_found_only_on_its_own_claim_and_by_who_may_see_the_post(
    world: World, claim_id: int, sign_in: SignIn
) -> None:
    other_id = submitted(world)
    anna, bob = sign_in(world.people["anna"]), sign_in(world.people["bob"])
    write(bob, claim_id, "Openly.", files=(io.BytesIO(pdf()), "one.pdf"))
    write(bob, claim_id, "Between us.", "note", files=(io.BytesIO(pdf()), "two.pdf"))
    with world.database.read() as connection:
        public, internal = connection.scalars(select(PostFile.id).order_by(PostFile.id)).all()

    def status(browser: Browser, claim: int, file: int) -> int:
        return browser.client.get(f"/claims/{claim}/thread/files/{file}", buffered=True).status_code

    assert [status(anna, claim_id, file) for file in (public, internal)] == [200, 404]
    assert [status(bob, claim_id, file) for file in (public, internal)] == [200, 200]
    assert [status(sign_in(world.people["eve"]), claim_id, file) for file in (public, internal)] == [200, 200]
    assert [status(bob, other_id, file) for file in (public, internal)] == [404, 404]
    assert status(bob, claim_id, 999) == 404
