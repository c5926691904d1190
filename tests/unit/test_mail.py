"""Headers cannot be forged, repeats bear one Message-ID, and failures wait longer and longer."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifications.mail import HeaderRefused, Mail, MailRefused, email_of, header, message_id
from notifications.timetable import BACK_OFF, LEASE, digest_for, last_digest, next_attempt

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HEADERS = b"From To Subject Date Message-ID Auto-Submitted MIME-Version Content-Type".split()
BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x00", "\x1e", "\x85", "\u2028", "\u2029"]
BERLIN = ZoneInfo("Europe/Berlin")


def mail(**other: str) -> Mail:
    given_fields = {
        "message_id": "<message-1@fund.example>",
        "sender_name": "Joint Marketing Fund",
        "reader_name": "Zoë Ångström",
        "reader_address": "zoe@partner.example",
        "subject": "Fund: “Seminar” is approved",
        "text": "Hello",
        "html": "<p>Hello</p>",
    } | other
    return Mail(written_at=NOW, **given_fields)


@pytest.mark.parametrize("field", ["message_id", "sender_name", "reader_name", "reader_address", "subject"])
@pytest.mark.parametrize("end", BREAKS)
def test_a_line_break_in_any_header_is_refused(field: str, end: str) -> None:
    with pytest.raises(HeaderRefused):
        email_of(mail(**{field: f"a@b.example{end}Bcc: thief@evil.example"}), "fund@vendor.example")


def test_a_line_break_in_the_senders_address_is_refused() -> None:
    with pytest.raises(HeaderRefused):
        email_of(mail(), "fund@vendor.example\r\nBcc: thief@evil.example")


def encoded_words() -> st.SearchStrategy[str]:
    """Text that mail programs decode, with line breaks and headers written as such words may write them."""
    hidden = st.sampled_from(["=0D=0A", "=0A", "Bcc:", "_", "x", "=20", "?=", "=?"])
    word = st.builds("=?utf-8?q?{}?=".format, st.lists(hidden, max_size=6).map("".join))
    return st.lists(word | st.text(max_size=4), max_size=4).map("".join)


@given(st.sampled_from(["subject", "reader_name", "sender_name"]), st.text() | encoded_words())
@example("subject", "=?utf-8?q?x=0D=0AReply-To:_thief=40evil.example=0D=0A=0D=0A<h1>Hello</h1>?=")
@example("reader_name", "=?utf-8?q?a=0D=0ABcc=3A_v=40evil.example?=")
def test_no_text_ever_makes_a_second_header(field: str, text: str) -> None:
    try:
        message = email_of(mail(**{field: text}), "fund@vendor.example")
    except MailRefused:
        return
    head = message.as_bytes().split(b"\r\n\r\n")[0]
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert sorted(names) == sorted(set(names))
    assert set(names) <= set(HEADERS)


def test_what_looks_like_an_encoded_word_stays_literal() -> None:
    message = email_of(mail(subject="=?utf-8?q?Paid?="), "fund@vendor.example")
    assert message["Subject"] == "= ?utf-8?q?Paid?="


def test_names_of_every_language_may_stand_in_a_header() -> None:
    for name in ("Zoë Ångström", "山田太郎", "👩‍💻 Ada"):
        assert header(name) == name


@pytest.mark.parametrize("address", ["nobody", "two@@signs.example", "a b@c.example", "<a@b.example>", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(MailRefused, match="is no e-mail address"):
        email_of(mail(reader_address=address), "fund@vendor.example")


def test_a_mail_holds_text_and_html() -> None:
    message = email_of(mail(), "fund@vendor.example")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["To"] == "Zoë Ångström <zoe@partner.example>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_repeat_bears_the_same_message_id_and_another_message_another() -> None:
    first = message_id("message", "move:1:2:3", NOW, "fund.example")
    assert first == message_id("message", "move:1:2:3", NOW, "fund.example")
    assert first.endswith("@fund.example>")
    others = {
        message_id("message", "move:1:2:4", NOW, "fund.example"),
        message_id("digest", "move:1:2:3", NOW, "fund.example"),
        message_id("message", "move:1:2:3", NOW + timedelta(seconds=1), "fund.example"),
    }
    assert len(others | {first}) == 4


def test_each_failure_waits_at_least_as_long_as_the_one_before() -> None:
    assert list(BACK_OFF) == sorted(BACK_OFF)
    for number, wait in enumerate(BACK_OFF, start=1):
        assert next_attempt(number, NOW) == NOW + wait


def test_a_mail_is_tried_for_days_and_then_given_up() -> None:
    assert timedelta(days=2) < sum(BACK_OFF, timedelta()) < timedelta(days=4)
    assert next_attempt(len(BACK_OFF) + 1, NOW) is None


def test_a_lease_outlasts_the_slowest_mail() -> None:
    assert timedelta(minutes=5) < LEASE


@pytest.mark.parametrize(
    ("moment", "digest"),
    [
        ("2026-03-02T05:59:59+00:00", "2026-03-02T06:00:00+00:00"),
        ("2026-03-02T06:00:00+00:00", "2026-03-02T06:00:00+00:00"),
        ("2026-03-02T06:00:01+00:00", "2026-03-03T06:00:00+00:00"),
        ("2026-03-02T23:30:00+00:00", "2026-03-03T06:00:00+00:00"),
        # Clocks go forward on 29 March and back on 25 October.
        ("2026-03-28T12:00:00+00:00", "2026-03-29T05:00:00+00:00"),
        ("2026-10-24T12:00:00+00:00", "2026-10-25T06:00:00+00:00"),
        ("2026-12-31T12:00:00+00:00", "2027-01-01T06:00:00+00:00"),
    ],
)
def test_a_digest_leaves_at_seven_in_the_programme_zone(moment: str, digest: str) -> None:
    assert digest_for(datetime.fromisoformat(moment), BERLIN) == datetime.fromisoformat(digest)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is drawn
    st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati", "UTC"]),
)
def test_a_moment_belongs_to_the_digest_after_the_last_one_before_it(moment: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    digest = digest_for(moment, zone)
    assert last_digest(moment, zone) <= moment <= digest
    assert last_digest(digest, zone) == digest
    assert digest - moment <= timedelta(hours=25)
