"""The pages on which policies are drafted, edited part by part, published by two, and withdrawn by two."""

import io
import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from models.policies import PolicyDraft, PolicyProposal, PolicyWithdrawal
from models.programme import PolicyVersion, Programme
from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.looking import token_of
from tests.support.pages import Browser, Page
from tests.support.policies import (
    NEXT,
    drafted,
    proposed,
    published,
    second_manager,
    to_be_withdrawn,
    withdrawn,
)
from tests.support.world import World, checked_policy
from workflow.acts.users import change_user
from workflow.policies import default_document, policy_document, read_policy

POLICY = "/programme/policy"
DRAFTS = f"{POLICY}/drafts"


@pytest.fixture
def ines(world: World, sign_in: SignIn) -> Browser:
    """The browser of a second programme manager."""
    second_manager(world)
    return sign_in(world.people["ines"])


def document(world: World) -> Any:
    """Return the document of the newest draft."""
    return world.rows(PolicyDraft)[-1].document


def edit(browser: Browser, draft_id: int, part: str, **typed: object) -> Page:
    """Change a part of a draft on its page."""
    path = f"{DRAFTS}/{draft_id}/parts/{part}"
    return browser.open(path).submit(path, do="save", **typed)


def send_file(mia: Browser, sent: object, **typed: object) -> Page:
    """Make a draft of a file."""
    text = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    page = mia.open(POLICY)
    data = {"csrf_token": token_of(mia), "file": (io.BytesIO(text), "policy.json"), **typed}
    return page.browser.post(DRAFTS, data)


def test_a_draft_is_made_of_the_version_in_force_edited_proposed_and_published(
    mia: Browser, ines: Browser, world: World
) -> None:
    draft = mia.open(POLICY).submit(DRAFTS).follow()
    assert "Nothing yet: it says what the version in force says." in draft.text
    (made,) = world.rows(PolicyDraft)
    saved = edit(mia, made.id, "figures", max_funding_share="60", report_within_days="45").follow()
    assert "Highest share of an activity&#39;s costs: 50 % → 60 %" in saved.text
    assert "Time to report after the last day: no deadline → 45 days" in saved.text
    waits = saved.submit(f"{DRAFTS}/{made.id}/propose", first_day=NEXT.isoformat()).follow()
    assert "so it does not change" in waits.text

    (proposal,) = world.rows(PolicyProposal)
    path = f"{POLICY}/proposals/{proposal.id}"
    own = mia.open(path)
    assert "another programme manager has to decide" in own.text
    assert not own.offers(f"{path}/publish")
    page = ines.open(path)
    assert "50 % → 60 %" in page.text
    assert "1 Jul 2026" in page.submit(f"{path}/publish").follow().text
    version = world.rows(PolicyVersion)[-1]
    assert (version.first_day, version.document["max_funding_share"]) == (NEXT, "0.60")
    assert "Published the policy" in ines.open(f"{POLICY}/{version.id}").text


def test_a_sole_manager_reads_that_a_second_is_needed(mia: Browser, world: World) -> None:
    proposal_id = proposed(world, drafted(world))
    assert "invite a second one" in mia.open(f"{POLICY}/proposals/{proposal_id}").text


def test_who_changed_a_draft_last_is_offered_no_publication(ines: Browser, world: World) -> None:
    proposal_id = proposed(world, drafted(world, by="ines"), by="mia")
    page = ines.open(f"{POLICY}/proposals/{proposal_id}")
    assert "You changed this draft last" in page.text
    forged = ines.post(f"{page.path}/publish", {"csrf_token": token_of(ines), "key": "forged"})
    assert forged.status == 409
    assert "You changed this draft last, so somebody else has to publish it." in forged.text
    assert len(world.rows(PolicyVersion)) == 1


def test_a_publication_that_is_sent_twice_publishes_once(ines: Browser, world: World) -> None:
    proposal_id = proposed(world, drafted(world))
    page = ines.open(f"{POLICY}/proposals/{proposal_id}")
    page.submit(f"{page.path}/publish")
    assert "Somebody decided on this proposal already." in page.submit(f"{page.path}/publish").follow().text
    assert len(world.rows(PolicyVersion)) == 2


def test_a_message_about_a_proposal_leads_to_it_and_outlives_it(ines: Browser, world: World) -> None:
    proposal_id = proposed(world, drafted(world))
    told = ines.open("/notifications").text
    assert "Mia proposes to publish the policy “Autumn” from 1 Jul 2026 on." in told
    path = f"{POLICY}/proposals/{proposal_id}"
    ines.open(path).submit(f"{path}/turn-down", reason="Too generous.")
    assert "Somebody decided on this proposal already." in ines.open(path).follow().text


def test_the_start_page_names_what_somebody_else_proposed(mia: Browser, ines: Browser, world: World) -> None:
    proposed(world, drafted(world))
    said = "1 proposal about the policy waits for a second programme manager."
    assert said in ines.open("/programme").text
    assert said not in mia.open("/programme").text


def test_a_proposal_is_turned_down_with_a_reason(ines: Browser, world: World) -> None:
    path = f"{POLICY}/proposals/{proposed(world, drafted(world))}"
    empty = ines.open(path).submit(f"{path}/turn-down", reason=" ")
    assert empty.status == 409
    assert "Say why." in empty.text
    empty.submit(f"{path}/turn-down", reason="Too generous.").follow()
    assert world.rows(PolicyProposal) == []
    assert len(world.rows(PolicyDraft)) == 1


@pytest.mark.parametrize(
    ("first_day", "status", "said"),
    [
        ("2026-03-02", 409, "A new policy version starts after today, 2 Mar 2026."),
        ("2025-01-01", 409, "starts after today"),
        ("", 422, "Enter the first day."),
        ("soon", 422, "Enter a day such as 2026-11-24."),
    ],
)
def test_a_first_day_that_cannot_be_is_refused_at_the_field(
    mia: Browser, world: World, first_day: str, status: int, said: str
) -> None:
    path = f"{DRAFTS}/{drafted(world)}"
    page = mia.open(path).submit(f"{path}/propose", first_day=first_day)
    assert (page.status, said in page.text) == (status, True)
    assert page.submit(f"{path}/propose", first_day="2026-05-01").status == 302


def test_a_version_is_withdrawn_by_two_and_its_day_is_free_again(
    mia: Browser, ines: Browser, world: World
) -> None:
    version_id = published(world)
    path = f"{POLICY}/{version_id}"
    page = mia.open(path)
    assert page.submit(f"{path}/withdraw", reason="").status == 409
    page.submit(f"{path}/withdraw", reason="A slip.").follow()
    (proposal,) = world.rows(PolicyProposal)
    decide = f"{POLICY}/proposals/{proposal.id}"
    assert "another programme manager has to decide" in mia.open(decide).text
    shown = ines.open(decide)
    assert "A slip." in shown.text
    shown.submit(f"{decide}/withdraw").follow()
    assert [one.version_id for one in world.rows(PolicyWithdrawal)] == [version_id]
    assert "This version was withdrawn. It judges no claim." in mia.open(path).text
    assert "is-replaced" in mia.open(POLICY).text
    assert not mia.open(path).offers(f"{path}/withdraw")


def test_what_is_in_force_offers_no_withdrawal_and_refuses_a_forged_one(mia: Browser, world: World) -> None:
    (version,) = world.rows(PolicyVersion)
    path = f"{POLICY}/{version.id}"
    assert not mia.open(path).offers(f"{path}/withdraw")
    forged = mia.post(f"{path}/withdraw", {"csrf_token": token_of(mia), "key": "f", "reason": "Mine."})
    assert forged.status == 409
    assert "is in force since 1 Jan 2025, so it stays" in forged.text


def test_auditors_see_every_version_and_withdrawal_and_change_nothing(world: World, sign_in: SignIn) -> None:
    version_id = withdrawn(world)
    drafted(world, name="Secret plans")
    eve = sign_in(world.people["eve"])
    page = eve.open(POLICY)
    assert "withdrawn" in page.text
    assert "Secret plans" not in page.text
    assert not page.offers(DRAFTS)
    told = eve.open(f"{POLICY}/{version_id}").text
    for act in ("Proposed to publish", "Published the policy", "Proposed to withdraw", "Withdrew the policy"):
        assert act in told
    assert eve.client.get(f"{POLICY}/{version_id}/download").status_code == 200


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
        ("limits", {"rows-0-limit": ""}, "This is still empty."),
        ("limits", {"rows-1-country": "DE"}, "This country stands here twice."),
        ("categories", {"rows-0-label": ""}, "This is still empty."),
        ("categories", {"rows-30-hint": "Only a hint"}, "This is still empty."),
        ("categories", {"rows-30-label": "Venue"}, "This must not stand twice."),
        ("activity.seminar", {"title": ""}, "This is still empty."),
        ("activity.seminar", {"rows-0-needed_if": "nothing = yes"}, "This is not known here."),
        ("activity.seminar", {"rows-0-type": "choice"}, "This is missing."),
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
    draft_id = drafted(world)
    before = document(world)
    page = mia.open(f"{DRAFTS}/{draft_id}")
    targets = [one.attributes.get("href", "") for one in page.read.elements if one.tag == "a"]
    parts = [one.rpartition("/")[2] for one in targets if "/parts/" in one]
    assert len(parts) == 7 + len(before["catalogue"]["activity_types"])
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
    path = urlpath(send_file(mia, default_document()))
    page = mia.open(path)
    assert "Its limits by country are marked as examples." in page.text
    refused = page.submit(f"{path}/propose", first_day=NEXT.isoformat())
    assert (refused.status, "are marked as examples" in refused.text) == (409, True)
    draft_id = int(path.rpartition("/")[2])
    edit(mia, draft_id, "limits", limits_are_examples=[])
    assert mia.open(path).submit(f"{path}/propose", first_day=NEXT.isoformat()).status == 302


def urlpath(answer: Page) -> str:
    """Return where an answer leads to."""
    return answer.location


def test_a_demo_keeps_its_example_limits_and_says_so(mia: Browser, world: World) -> None:
    with world.database.write() as connection:
        connection.execute(update(Programme).values(is_demo=True))
    path = urlpath(send_file(mia, default_document()))
    assert mia.open(path).submit(f"{path}/propose", first_day=NEXT.isoformat()).status == 302


def test_a_version_reads_with_its_clauses_and_can_be_downloaded(mia: Browser, world: World) -> None:
    version = world.rows(PolicyVersion)[0]
    page = mia.open(f"{POLICY}/{version.id}").text
    for said in (
        "Requirements, 1st paragraph",
        "50 %",
        "Telemarketing",
        "The event is an exhibition: no",
        "Invited customers: at least 2",
    ):
        assert said in page
    answer = mia.client.get(f"{POLICY}/{version.id}/download")
    assert answer.get_json() == version.document
    assert answer.headers["Content-Disposition"] == 'attachment; filename="policy-2025-01-01.json"'


@pytest.mark.parametrize("name", ["anna", "bob", "dan", "eve"])
@pytest.mark.parametrize(
    "path",
    [
        DRAFTS,
        f"{DRAFTS}/1/propose",
        f"{DRAFTS}/1/parts/figures",
        f"{POLICY}/proposals/1/publish",
        f"{POLICY}/proposals/1/turn-down",
        f"{POLICY}/1/withdraw",
    ],
)
def test_nobody_else_writes_policies_however_they_ask(
    world: World, sign_in: SignIn, name: str, path: str
) -> None:
    drafted(world)
    proposed(world, drafted(world))
    browser = sign_in(world.people[name])
    sent: Typed = {"csrf_token": token_of(browser), "key": "k", "reason": "Mine.", "version_id": "1"}
    assert browser.post(path, sent).status == 403


def test_a_manager_who_lost_the_role_meanwhile_publishes_nothing(ines: Browser, world: World) -> None:
    path = f"{POLICY}/proposals/{proposed(world, drafted(world))}"
    page = ines.open(path)
    with world.database.write() as connection:
        user_id = world.people["ines"].user_id or 0
        mia = world.people["mia"]
        change_user(connection, mia, world.clock.now(), user_id, roles=[Role.finance], is_contact=False)
    assert page.submit(f"{path}/publish").status == 403
    assert len(world.rows(PolicyVersion)) == 1


def test_a_withdrawal_that_somebody_asks_for_twice_waits_once(mia: Browser, world: World) -> None:
    version_id = published(world)
    page = mia.open(f"{POLICY}/{version_id}")
    to_be_withdrawn(world, version_id, by="ines")
    again = page.submit(f"{POLICY}/{version_id}/withdraw", reason="A slip.")
    assert (again.status, "proposed to withdraw this version already" in again.text) == (409, True)
