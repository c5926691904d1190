"""A mail says what its messages say, as text and as HTML."""

from models.vocabulary import MessageKind
from notifications.letters import Item, Letterhead, write_letter
from notifications.wording import tell
from tests.support.every_message import DECISION, LINK, NAME, ZONE, told

HEAD = Letterhead("Example Systems", "Joint Marketing Fund", ZONE, "https://fund.example")


def test_a_letter_says_the_same_as_text_and_as_html() -> None:
    item = Item(told(MessageKind.decision, DECISION), "")
    letter = write_letter(HEAD, "Ada", [item], is_digest=False)
    assert letter.subject == f"Joint Marketing Fund: {NAME} is approved for 3,500.00 USD"
    for body in (letter.text, letter.html):
        for part in (
            "Hello Ada,",
            NAME,
            "Granted",
            "3,500.00 USD",
            "https://fund.example/claims/7",
            "Example Systems",
        ):
            assert part in body


def test_html_of_a_letter_shows_markup_as_text() -> None:
    item = Item(told(MessageKind.decision, DECISION | {"title": "<b>Bold</b>"}), "<script>alert(1)</script>")
    letter = write_letter(HEAD, "<i>Ada</i>", [item], is_digest=False)
    assert "<script>" not in letter.html
    assert "<b>" not in letter.html
    assert "<i>" not in letter.html
    assert "<script>alert(1)</script>" in letter.text


def test_a_digest_holds_every_item_with_its_own_link() -> None:
    items = [
        Item(tell(MessageKind.decision, number, DECISION | {"title": f"Seminar {number}"}, ZONE), "")
        for number in (7, 8)
    ]
    letter = write_letter(HEAD, "Ada", items, is_digest=True)
    assert letter.subject == "Joint Marketing Fund: Your daily digest (2)"
    for part in ("Seminar 7", "/claims/7", "Seminar 8", "/claims/8"):
        assert part in letter.text
        assert part in letter.html


def test_who_cannot_sign_in_is_not_asked_to_choose() -> None:
    item = Item(told(MessageKind.invitation, LINK), "")
    assert (
        "Choose how you are told"
        not in write_letter(HEAD, "A", [item], is_digest=False, can_choose=False).text
    )
