"""The manager's pages of JMF periods and policy versions."""

import io
import json
from typing import Any

import pytest
from sqlalchemy import select, update

from models.programme import Period, PolicyVersion, Programme
from tests.functional.conftest import SignIn
from tests.support.pages import Browser, Page
from tests.support.world import World, checked_policy
from workflow.policies import default_document

PERIODS = "/programme/periods"
POLICY = "/programme/policy"


@pytest.fixture
def mia(world: World, sign_in: SignIn) -> Browser:
    """The programme manager's browser."""
    return sign_in(world.people["mia"])


def rows(world: World, model: type[Any]) -> list[Any]:
    with world.database.reading_session() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def test_a_period_is_opened_closed_and_opened_again(mia: Browser, world: World) -> None:
    typed = {"code": "2026H2", "first_day": "2026-07-01", "last_day": "2026-12-31"}
    assert "2026H2 is open" in mia.open(PERIODS).submit(PERIODS, **typed).follow().text
    period = rows(world, Period)[-1]
    close, reopen = f"{PERIODS}/{period.id}/close", f"{PERIODS}/{period.id}/reopen"
    closed = mia.open(PERIODS).submit(close).follow()
    assert closed.offers(reopen)
    assert rows(world, Period)[-1].closed_at is not None
    assert closed.submit(reopen).follow().offers(close)
    assert rows(world, Period)[-1].closed_at is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "2026H1"}, "2026H1 is taken already."),
        ({"code": "first half"}, "This is no period code."),
        ({"last_day": "2026-06-30"}, "The last day is before the first."),
        (
            {"first_day": "2026-06-30"},
            "The JMF period 2026H1 already has days of these: 1 Jan 2026 to 30 Jun 2026.",
        ),
        ({"first_day": "2026-13-01"}, "Enter a day such as 2026-11-24."),
    ],
)
def test_a_period_that_cannot_be_is_refused_at_the_field(
    mia: Browser, world: World, typed: dict[str, str], said: str
) -> None:
    whole = {"code": "2026H2", "first_day": "2026-07-01", "last_day": "2026-12-31", **typed}
    page = mia.open(PERIODS).submit(PERIODS, **whole)
    assert page.status == 422
    assert said in page.text
    assert dict(page.form(PERIODS).fields)["code"] == whole["code"]
    assert len(rows(world, Period)) == 1


def test_a_period_is_corrected_until_a_claim_was_submitted_in_it(mia: Browser, world: World) -> None:
    world.draft()
    path = f"{PERIODS}/{world.period_id}/change"
    assert mia.open(PERIODS).offers(path)
    kept = mia.open(path).submit(path, code="2026S1", first_day="2026-01-02")
    assert "2026S1" in kept.follow().text
    (period,) = rows(world, Period)
    assert (period.code, str(period.first_day), str(period.last_day)) == (
        "2026S1",
        "2026-01-02",
        "2026-06-30",
    )

    page = mia.open(path)
    world.move(world.draft(), "submit", "anna")
    assert not mia.open(PERIODS).offers(path)
    late = page.submit(path, code="2026H1")
    assert late.status == 422
    assert "Claims were submitted in 2026S1, so its code and its days stand." in late.text
    assert rows(world, Period)[0].code == "2026S1"


def test_a_correction_that_cannot_be_is_refused_at_the_field(mia: Browser, world: World) -> None:
    typed = {"code": "2026H2", "first_day": "2026-07-01", "last_day": "2026-12-31"}
    mia.open(PERIODS).submit(PERIODS, **typed)
    path = f"{PERIODS}/{rows(world, Period)[-1].id}/change"
    for wrong, said in (
        ({"code": "2026H1"}, "2026H1 is taken already."),
        ({"first_day": "2026-06-30"}, "The JMF period 2026H1 already has days of these"),
        ({"last_day": "2026-06-30"}, "The last day is before the first."),
    ):
        page = mia.open(path).submit(path, **wrong)
        assert (page.status, said in page.text) == (422, True)
    assert mia.open(path).submit(path).status == 302, "its own days are no other period's"


def test_who_corrects_a_period_meanwhile_is_not_overwritten(mia: Browser, world: World) -> None:
    path = f"{PERIODS}/{world.period_id}/change"
    old = mia.open(path)
    mia.open(path).submit(path, last_day="2026-06-29")
    late = old.submit(path, code="2026S1")
    assert late.status == 409
    assert "last day 30 Jun 2026 → 29 Jun 2026" in late.text
    assert late.submit(path).status == 302
    assert rows(world, Period)[0].code == "2026S1"


def compare(mia: Browser, document: object, first_day: str = "2026-04-01") -> Page:
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return mia.open(POLICY).submit(
        f"{POLICY}/compare", file=(io.BytesIO(text), "policy.json"), first_day=first_day
    )


def test_a_version_says_what_its_activity_types_demand(mia: Browser, world: World) -> None:
    (version,) = rows(world, PolicyVersion)
    text = mia.open(f"{POLICY}/{version.id}").text
    for demand in ("The event is an exhibition: no", "Invited customers: at least 2", "Kind of material"):
        assert demand in text


def test_a_policy_file_is_compared_before_it_is_loaded(mia: Browser, world: World) -> None:
    document = checked_policy(max_amount_per_activity="7500.00", report_within_days=45)
    document["catalogue"]["activity_types"][0]["title"] = "Show products"
    page = compare(mia, document)
    assert page.status == 200
    assert page.text.count("is-changed") == 2
    assert "7,500.00 USD" in page.text
    assert "10,000.00 USD" in page.text
    assert "45 days" in page.text
    assert "Show products: changed: title" in page.text
    assert len(rows(world, PolicyVersion)) == 1
    loaded = page.submit(POLICY).follow().text
    assert "1 Apr 2026" in loaded
    version = rows(world, PolicyVersion)[-1]
    assert version.document["max_amount_per_activity"] == "7500.00"


def test_a_comparison_sent_twice_loads_one_version(mia: Browser, world: World) -> None:
    page = compare(mia, checked_policy())
    assert "just what the version before says" in page.text
    page.submit(POLICY)
    assert "You had done this already" in page.submit(POLICY).follow().text
    assert len(rows(world, PolicyVersion)) == 2


@pytest.mark.parametrize(
    ("first_day", "said"),
    [
        ("2026-03-02", "A new policy version starts after today, 2 Mar 2026."),
        ("2025-01-01", "A new policy version starts after today"),
        ("", "Enter the first day."),
    ],
)
def test_a_first_day_that_cannot_be_is_refused_with_the_comparison_kept(
    mia: Browser, world: World, first_day: str, said: str
) -> None:
    page = compare(mia, checked_policy()).submit(POLICY, first_day=first_day)
    assert page.status == 422
    assert said in page.text
    assert page.submit(POLICY, first_day="2026-05-01").status == 302
    assert len(rows(world, PolicyVersion)) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a policy file."),
        (b"{", "This is no JSON text."),
        (b"\xff\xfe\x00", "This is no JSON text."),
        (b"[" * 100_000, "This is no JSON text."),
        (b"[]", "The policy is not right: policy: must be a JSON object."),
        (b"{}", "The policy is not right: eligible_partner_types: is missing."),
        (b" " * 500_001, "This file is too large for a policy."),
    ],
)
def test_a_file_that_is_no_policy_is_told_at_the_field(
    mia: Browser, world: World, content: bytes, said: str
) -> None:
    page = compare(mia, content)
    assert page.status == 422
    assert said in page.text
    assert len(rows(world, PolicyVersion)) == 1


def test_a_forged_document_loads_nothing(mia: Browser, world: World) -> None:
    page = compare(mia, checked_policy())
    assert page.submit(POLICY, document="{}").status == 400
    assert len(rows(world, PolicyVersion)) == 1


def test_a_version_reads_with_its_clauses_and_can_be_downloaded(mia: Browser, world: World) -> None:
    version = rows(world, PolicyVersion)[0]
    page = mia.open(f"{POLICY}/{version.id}").text
    assert "Requirements, 1st paragraph" in page
    assert "50 %" in page
    assert "Telemarketing" in page
    answer = mia.client.get(f"{POLICY}/{version.id}/download")
    assert answer.get_json() == version.document
    assert answer.headers["Content-Disposition"] == 'attachment; filename="policy-2025-01-01.json"'


EXAMPLES = "The limits of promotional items in this file are marked as examples."


def test_example_limits_are_refused_at_the_file(mia: Browser, world: World) -> None:
    page = compare(mia, default_document())
    assert page.status == 422
    assert f"{EXAMPLES} Put those in that hold" in page.text
    assert compare(mia, {**default_document(), "promotional_item_limits": {}}).status == 200


def test_example_limits_that_were_never_compared_are_refused_too(mia: Browser, world: World) -> None:
    page = compare(mia, checked_policy()).submit(POLICY, document=json.dumps(default_document()))
    assert page.status == 422
    assert EXAMPLES in page.text
    assert len(rows(world, PolicyVersion)) == 1


def test_a_demo_keeps_its_example_limits_and_says_so(mia: Browser, world: World) -> None:
    with world.database.write() as connection:
        connection.execute(update(Programme).values(is_demo=True))
    page = compare(mia, default_document())
    assert "marks its limits of promotional items as examples" in page.text
    page.submit(POLICY)
    version = rows(world, PolicyVersion)[-1]
    assert version.document["promotional_item_limits"]["DE"] == "35.00"
    assert "are examples" in mia.open(f"{POLICY}/{version.id}").text


@pytest.mark.parametrize("text", ["half \ud800", "none \0"])
def test_text_that_no_database_holds_is_refused_in_a_policy(mia: Browser, world: World, text: str) -> None:
    document = {**checked_policy(), "eligible_partner_types": ["distributor", text]}
    sent = (io.BytesIO(json.dumps(document).encode()), "policy.json")
    page = mia.open(POLICY).submit(f"{POLICY}/compare", file=sent, first_day="2026-04-01")
    assert page.status == 422
    assert "The policy is not right" in page.text
