"""Drafts of policies are edited part by part, made of versions and files, and thrown away."""

import io
import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from models.policies import PolicyDraft
from models.programme import PolicyVersion, Programme
from tests.functional.conftest import SignIn
from tests.support.pages import Browser, Page
from tests.support.policies import (
    DRAFTS,
    NEXT,
    POLICY,
    drafted,
    edit,
    proposed,
    published,
)
from tests.support.routing import rule
from tests.support.world import World, checked_policy
from workflow.policies import default_document, policy_document, read_policy


def document(world: World) -> Any:
    """Return the document of the newest draft."""
    return world.rows(PolicyDraft)[-1].document


def send_file(mia: Browser, sent: object, **typed: object) -> Page:
    """Make a draft of a file."""
    text = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    page = mia.open(POLICY)
    forms = [dict(form.fields) for form in page.read.forms if form.action == DRAFTS]
    (fields,) = [fields for fields in forms if "name" in fields]
    return page.browser.post(DRAFTS, {**fields, "file": (io.BytesIO(text), "policy.json"), **typed})


def urlpath(answer: Page) -> str:
    """Return where an answer leads to."""
    return answer.location


Typed = dict[str, object]


@pytest.mark.parametrize(
    ("part", "typed", "said"),
    [
        ("figures", {"max_funding_share": "abc"}, "Enter a share such as 50 or 12.5."),
        ("figures", {"max_funding_share": "101"}, "Enter at most 100."),
        ("figures", {"max_amount_per_activity": ""}, "This is still empty."),
        ("figures", {"max_amount_per_activity": "a lot"}, "Enter an amount such as 4000.00."),
        ("figures", {"large_activity_attendees": "many"}, "Enter a whole number such as 40."),
        ("figures", {"report_within_days": "3661"}, "This must be at most 3660 days."),
        ("limits", {"rows-0-country": "Germany"}, "Two capital letters, such as DE."),
        ("limits", {"rows-0-country": "UK"}, "There is no such country: the United Kingdom, for one, is GB."),
        ("limits", {"rows-0-limit": ""}, "This is still empty."),
        ("limits", {"rows-1-country": "DE"}, "This country stands here twice."),
        ("categories", {"rows-0-label": ""}, "This is still empty."),
        ("categories", {"rows-30-hint": "Only a hint"}, "This is still empty."),
        ("categories", {"rows-30-label": "Venue"}, "This must not stand twice."),
        ("activity.seminar", {"title": ""}, "This is still empty."),
        ("activity.seminar", {"rows-0-needed_if": "nothing = yes"}, "This is not known here."),
        ("activity.seminar", {"rows-0-type": "choice"}, "This is missing."),
        ("activity.seminar", {"rows-0-choices": "DE/EN"}, "Only “One of several” has choices:"),
        ("activity.customer_experience", {"rows-0-type": "text"}, "Only “One of several” has choices:"),
        ("new-activity", {"title": "Seminar", "description": "Again."}, "This must not stand twice."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    mia: Browser, world: World, part: str, typed: Typed, said: str
) -> None:
    draft_id = drafted(world)
    before = document(world)
    page = edit(mia, draft_id, part, **typed)
    assert page.status == 422
    assert said in page.text
    fields = page.form(f"{DRAFTS}/{draft_id}/parts/{part}").fields
    kept = [(name, value.strip()) for name, value in fields]
    assert [(name, value) for name, value in typed.items() if (name, value) not in kept] == []
    assert document(world) == before


def test_every_part_saved_as_it_stands_changes_nothing(mia: Browser, world: World) -> None:
    draft_id = drafted(world, routing=[rule({}, code="first"), rule(world.only("bob"), {}, code="second")])
    before = document(world)
    page = mia.open(f"{DRAFTS}/{draft_id}")
    targets = [one.attributes.get("href", "") for one in page.read.elements if one.tag == "a"]
    parts = [one.rpartition("/")[2] for one in targets if "/parts/" in one]
    parts.remove("new-route")
    assert len(parts) == 9 + len(before["catalogue"]["activity_types"])
    for part in parts:
        assert edit(mia, draft_id, part).status == 302
        assert document(world) == before, f"{part} changes what nobody typed"


def test_a_new_category_is_given_a_code_and_admitted_by_an_activity_type(mia: Browser, world: World) -> None:
    draft_id = drafted(world)
    path = f"{DRAFTS}/{draft_id}/parts/categories"
    grown = mia.open(path).submit(path, do="add_line")
    number = len(document(world)["catalogue"]["categories"])
    edit_it = {f"rows-{number}-label": "Booth rental", f"rows-{number}-needs_description": "y"}
    grown.submit(path, do="save", **edit_it)
    assert document(world)["catalogue"]["categories"][-1] == {
        "code": "booth_rental",
        "label": "Booth rental",
        "needs_description": True,
    }
    seminar = f"{DRAFTS}/{draft_id}/parts/activity.seminar"
    form = mia.open(seminar).form(seminar)
    ticked = [value for name, value in form.fields if name == "categories"]
    saved = edit(mia, draft_id, "activity.seminar", categories=[*ticked, "booth_rental"]).follow()
    assert "Seminar: also admits: Booth rental" in saved.text


def test_a_category_in_use_is_not_taken_out(mia: Browser, world: World) -> None:
    draft_id = drafted(world)
    path = f"{DRAFTS}/{draft_id}/parts/categories"
    place = [one["code"] for one in document(world)["catalogue"]["categories"]].index("booth")
    page = mia.open(path).submit(path, do=f"remove_line:{place}").submit(path, do="save")
    assert page.status == 422
    assert "“Exhibition booth” is still named by: Exhibition. Take it out there first." in page.text


def test_an_activity_type_is_made_like_another_and_taken_out_again(mia: Browser, world: World) -> None:
    draft_id = drafted(world)
    path = f"{DRAFTS}/{draft_id}/parts/new-activity"
    page = mia.open(f"{path}?like=seminar")
    saved = page.submit(path, do="save", title="Workshop", description="For few.").follow()
    assert "A new activity type: Workshop" in saved.text
    made = document(world)["catalogue"]["activity_types"][-1]
    assert (made["code"], made["evidence"]) == ("workshop", ["invoice", "agenda", "photos", "attendee_list"])
    own = f"{DRAFTS}/{draft_id}/parts/activity.workshop"
    gone = mia.open(own).submit(f"{own}/remove").follow()
    assert "Workshop" not in gone.text


def test_choices_and_conditions_of_a_detail_are_typed_in_a_line(mia: Browser, world: World) -> None:
    draft_id = drafted(world)
    typed = {
        "rows-0-choices": "programme_owner | Theirs\nOur own hall",
        "rows-1-needed_if": "showcase_owner = our_own_hall",
    }
    edit(mia, draft_id, "activity.customer_experience", **typed).follow()
    details = {one["code"]: one for one in document(world)["catalogue"]["activity_types"]}
    whose, approval = details["customer_experience"]["details"]
    assert whose["choices"] == [
        {"code": "programme_owner", "label": "Theirs"},
        {"code": "our_own_hall", "label": "Our own hall"},
    ]
    assert approval["needed_if"] == {"detail": "showcase_owner", "equals": "our_own_hall"}


def test_who_is_overtaken_reads_what_the_other_changed_and_loses_nothing(
    mia: Browser, ines: Browser, world: World
) -> None:
    draft_id = drafted(world)
    path = f"{DRAFTS}/{draft_id}/parts/figures"
    stale = mia.open(path)
    edit(ines, draft_id, "figures", max_funding_share="40", max_amount_per_activity="9000")
    late = stale.submit(path, do="save", max_funding_share="60")
    assert late.status == 409
    assert "Ines changed this since you opened the page" in late.text
    assert "Most for one activity: 10,000.00 USD → 9,000.00 USD" in late.text
    assert dict(late.form(path).fields)["max_funding_share"] == "60"
    assert document(world)["max_funding_share"] == "0.40"
    assert late.submit(path, do="save").status == 302
    assert document(world)["max_funding_share"] == "0.60"


def test_a_part_of_a_proposed_draft_is_not_saved(mia: Browser, world: World) -> None:
    draft_id = drafted(world)
    page = mia.open(f"{DRAFTS}/{draft_id}/parts/figures")
    proposed(world, draft_id)
    refused = page.submit(page.path, do="save", max_funding_share="60")
    assert refused.status == 409
    assert "This draft waits to be published, so it does not change." in refused.text


def test_drafts_of_one_day_are_told_apart_by_a_number(mia: Browser, world: World) -> None:
    for _ in range(3):
        mia.open(POLICY).submit(DRAFTS).follow()
    second = world.rows(PolicyDraft)[1].id
    mia.open(f"{DRAFTS}/{second}").submit(f"{DRAFTS}/{second}/drop")
    mia.open(POLICY).submit(DRAFTS).follow()
    names = [row.name for row in world.rows(PolicyDraft)]
    assert names == [f"Draft of 2 Mar 2026{number}" for number in ("", " (3)", " (2)")]


def test_a_draft_is_renamed_downloaded_and_thrown_away(mia: Browser, world: World) -> None:
    draft_id = drafted(world, max_funding_share="0.40")
    path = f"{DRAFTS}/{draft_id}"
    page = mia.open(path).submit(f"{path}/rename", name="Winter").follow()
    assert "Winter" in page.text
    assert mia.client.get(f"{path}/download").get_json()["max_funding_share"] == "0.40"
    page.submit(f"{path}/drop").follow()
    assert world.rows(PolicyDraft) == []
    assert mia.open(path).status == 404


def test_a_draft_that_somebody_changed_is_not_thrown_away_unseen(mia: Browser, world: World) -> None:
    draft_id = drafted(world)
    path = f"{DRAFTS}/{draft_id}"
    stale = mia.open(path)
    edit(mia, draft_id, "figures", max_funding_share="40")
    assert stale.submit(f"{path}/drop").status == 409
    assert len(world.rows(PolicyDraft)) == 1


def test_a_file_becomes_a_draft_that_says_what_it_changes(mia: Browser, world: World) -> None:
    changed = checked_policy(max_amount_per_activity="7500.00", report_within_days=45)
    changed["catalogue"]["activity_types"][0]["title"] = "Show products"
    page = send_file(mia, changed, name="From Legal").follow()
    for said in (
        "From Legal",
        "Most for one activity: 10,000.00 USD → 7,500.00 USD",
        "Show products: Title: Demo products purchase → Show products",
    ):
        assert said in page.text
    assert document(world) == policy_document(read_policy(changed))
    assert len(world.rows(PolicyVersion)) == 1


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
        (json.dumps(checked_policy(eligible_partner_types=["\0"])).encode(), "The policy is not right"),
    ],
)
def test_a_file_that_is_no_policy_is_told_at_the_field(
    mia: Browser, world: World, content: bytes, said: str
) -> None:
    page = send_file(mia, content)
    assert page.status == 422
    assert said in page.text
    assert world.rows(PolicyDraft) == []


def test_a_draft_of_an_older_version_says_what_it_would_bring_back(world: World, sign_in: SignIn) -> None:
    old = world.rows(PolicyVersion)[0].id
    published(world, date(2026, 3, 3), max_funding_share="0.40")
    world.clock.advance(date(2026, 3, 3) - date(2026, 3, 2))
    page = sign_in(world.people["mia"]).open(f"{POLICY}/{old}").submit(DRAFTS).follow()
    assert "Highest share of an activity&#39;s costs: 40 % → 50 %" in page.text


def test_example_limits_are_refused_until_they_are_checked(mia: Browser, world: World) -> None:
    path = urlpath(send_file(mia, {**default_document(), "report_within_days": 45}))
    page = mia.open(path)
    assert "Its limits by country are marked as examples." in page.text
    refused = page.submit(f"{path}/propose", first_day=NEXT.isoformat())
    assert (refused.status, "are marked as examples" in refused.text) == (409, True)
    draft_id = int(path.rpartition("/")[2])
    edit(mia, draft_id, "limits", limits_are_examples=[])
    assert mia.open(path).submit(f"{path}/propose", first_day=NEXT.isoformat()).status == 302


def test_a_demo_keeps_its_example_limits_and_says_so(mia: Browser, world: World) -> None:
    with world.database.write() as connection:
        connection.execute(update(Programme).values(is_demo=True))
    path = urlpath(send_file(mia, default_document()))
    assert mia.open(path).submit(f"{path}/propose", first_day=NEXT.isoformat()).status == 302
