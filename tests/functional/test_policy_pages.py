"""The pages on which policies are proposed, published by two, and withdrawn by two."""

from datetime import date

import pytest

from models.policies import PolicyDraft, PolicyProposal, PolicyWithdrawal
from models.programme import PolicyVersion
from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.looking import token_of
from tests.support.pages import Browser
from tests.support.policies import (
    DRAFTS,
    NEXT,
    POLICY,
    drafted,
    edit,
    proposed,
    published,
    to_be_withdrawn,
    withdrawn,
)
from tests.support.world import World
from workflow.acts.users import change_user


def test_a_form_that_is_sent_twice_makes_one_draft(mia: Browser, world: World) -> None:
    page = mia.open(POLICY)
    first, second = (page.submit(DRAFTS) for _ in "12")
    assert (first.status, first.location) == (second.status, second.location) == (302, first.location)
    assert len(world.rows(PolicyDraft)) == 1


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
    assert "somebody else has to decide" in own.text
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


def test_a_draft_that_changes_nothing_is_refused_at_the_day_and_says_so(mia: Browser, world: World) -> None:
    draft = mia.open(POLICY).submit(DRAFTS).follow()
    refused = draft.submit(f"{draft.path}/propose", first_day=NEXT.isoformat())
    assert refused.status == 409
    assert "This says what the version from 1 Jan 2025 says" in refused.text
    assert world.rows(PolicyProposal) == []


def test_a_draft_says_until_when_it_would_hold_and_what_changes_then(
    mia: Browser, ines: Browser, world: World
) -> None:
    published(world, date(2026, 10, 1), max_amount_per_activity="8000.00")
    path = f"{DRAFTS}/{drafted(world, max_amount_per_activity='3000.00', max_funding_share='0.40')}"
    draft = mia.open(path)
    assert "A version from 1 Oct 2026 on is published already." in draft.text
    until = (
        "It holds until 30 Sep 2026: from 1 Oct 2026 on, the version that is published for that day holds."
    )
    assert until in draft.submit(f"{path}/propose", first_day=NEXT.isoformat()).follow().text
    (proposal,) = world.rows(PolicyProposal)
    page = ines.open(f"{POLICY}/proposals/{proposal.id}")
    assert until in page.text
    then = page.text.partition("What the version from 1 Oct 2026 changes of it then")[2].partition(
        "</section>"
    )[0]
    assert "Most for one activity: 3,000.00 USD → 8,000.00 USD" in then
    assert "costs: 40 % → 50 %" in then
    assert until in page.submit(f"{page.path}/publish").follow().text


def test_a_draft_that_nothing_follows_says_nothing_of_an_end(mia: Browser, world: World) -> None:
    published(world, NEXT, max_amount_per_activity="8000.00")
    path = f"{DRAFTS}/{drafted(world)}"
    told = mia.open(path).submit(f"{path}/propose", first_day="2026-10-01").follow()
    (proposal,) = world.rows(PolicyProposal)
    assert "It holds until" not in told.text + mia.open(f"{POLICY}/proposals/{proposal.id}").text


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
    assert "somebody else has to decide" in mia.open(decide).text
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
    sent: dict[str, object] = {
        "csrf_token": token_of(browser),
        "key": "k",
        "reason": "Mine.",
        "version_id": "1",
    }
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
