"""The acceptance of a report: findings are kept, the amount is shown as it will be, and nothing is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.claims import ClaimLine, Evidence
from models.history import Move
from models.vocabulary import LineKind, Role, State
from tests.functional.conftest import SignIn
from tests.support.looking import places, token_of
from tests.support.pages import Browser, Page
from tests.support.stages import approved, executed
from tests.support.world import CHECKLIST, World, bill


@pytest.fixture
def bob(world: World, sign_in: SignIn) -> Browser:
    """The approver who is assigned, signed in. The clock stands after the activity."""
    world.clock.advance(timedelta(days=60))
    browser = sign_in(world.people["bob"])
    world.clock.advance(timedelta(days=-60))
    return browser


def path_of(claim_id: int) -> str:
    return f"/claims/{claim_id}/accept"


def findings(world: World, claim_id: int, answer: str = "yes") -> dict[str, object]:
    """Return a form's findings on everything that was reported."""
    with world.database.read() as connection:
        lines = connection.scalars(
            select(ClaimLine.id).where(ClaimLine.claim_id == claim_id, ClaimLine.kind == LineKind.actual)
        ).all()
        files = connection.scalars(select(Evidence.id).where(Evidence.claim_id == claim_id)).all()
    ticks = {f"tick-{item}": "yes" for item in CHECKLIST} if answer == "yes" else {}
    whys = {} if answer == "yes" else {f"why-{key}": "Not part of the plan." for key in lines}
    codes = {} if answer == "yes" else {f"code-{key}": "scope" for key in lines}
    return {
        **{f"line-{key}": answer for key in lines},
        **whys,
        **codes,
        **{f"file-{key}": answer for key in files},
        **ticks,
    }


def send(page: Page, claim_id: int, decision: str, **typed: object) -> Page:
    return page.submit(path_of(claim_id), decision=decision, **typed)


def test_a_report_with_everything_found_right_is_accepted(world: World, bob: Browser) -> None:
    claim_id = executed(world)
    page = bob.open(path_of(claim_id))
    places(page, "Kongresshalle", "K-1", "invoice.pdf", "The costs match the invoices", "Spring seminar")
    answer = send(page, claim_id, "accept", **findings(world, claim_id))
    assert answer.location == "/inbox"
    claim = world.claim(claim_id)
    assert (claim.state, claim.reimbursable) == (State.accepted, 400_000)


def test_findings_are_saved_at_any_time_and_stand_there_again(world: World, bob: Browser) -> None:
    claim_id = executed(world)
    some = dict(list(findings(world, claim_id).items())[:2])
    (file_key,) = [name for name in some if name.startswith("file-")]
    comment = file_key.replace("file", "comment")
    saved = send(bob.open(path_of(claim_id)), claim_id, "save", **some, **{comment: "Well readable"})
    page = saved.follow()
    assert page.path == path_of(claim_id)
    fields = page.form(path_of(claim_id)).fields
    assert set(some.items()) <= set(fields)
    assert (comment, "Well readable") in fields
    assert world.claim(claim_id).state is State.executed


def test_the_amount_is_shown_as_it_will_be_with_all_its_limits(world: World, bob: Browser) -> None:
    claim_id = approved(world)
    world.clock.advance(timedelta(days=60))
    world.bill(claim_id, bill(amount=500_000), bill(amount=123_457))
    world.move(claim_id, "report", "anna")
    kept = findings(world, claim_id)
    page = send(bob.open(path_of(claim_id)), claim_id, "save", **kept).follow()
    places(page, "3,117.28", "50% of the costs, 6,234.57", "4,000.00", "10,000.00")
    send(page, claim_id, "accept")
    assert world.claim(claim_id).reimbursable == 311_728


def test_an_unfinished_acceptance_is_refused_with_every_reason_and_keeps_the_findings(
    world: World, bob: Browser
) -> None:
    claim_id = executed(world)
    some = dict(list(findings(world, claim_id).items())[:2])
    refused = send(bob.open(path_of(claim_id)), claim_id, "accept", **some)
    assert refused.status == 422
    places(refused, "The programme&#39;s rules do not allow this yet.", "Evidence and checklist")
    assert set(some.items()) <= set(refused.form(path_of(claim_id)).fields)
    assert world.claim(claim_id).state is State.executed


def test_accepting_no_cost_line_is_refused(world: World, bob: Browser) -> None:
    claim_id = executed(world)
    kept = findings(world, claim_id)
    kept |= {name: "no" for name in kept if name.startswith("line-")}
    assert send(bob.open(path_of(claim_id)), claim_id, "accept", **kept).status == 422
    assert world.claim(claim_id).state is State.executed


@pytest.mark.parametrize(("decision", "state"), [("rework", State.approved), ("reject", State.rejected)])
def test_rework_and_rejection_need_a_reason_and_keep_the_findings(
    world: World, bob: Browser, decision: str, state: State
) -> None:
    claim_id = executed(world)
    kept = findings(world, claim_id, "no")
    refused = send(bob.open(path_of(claim_id)), claim_id, decision, **kept)
    assert refused.status == 422
    places(refused, 'id="reason-error"', "Say why.")
    said = {"reason": "The photos show another hall.", "reason_code": "scope"}
    assert send(refused, claim_id, decision, **said).status == 302
    assert world.claim(claim_id).state is state
    with world.database.read() as connection:
        found = connection.scalars(select(Evidence.meets_standard).where(Evidence.claim_id == claim_id)).all()
        last = connection.scalars(select(Move.figures).where(Move.claim_id == claim_id).order_by(Move.number))
        why = last.all()[-1].get("why")
    assert found == [False] * 4
    assert why == ("scope" if decision == "reject" else None)


def test_a_comment_that_is_too_long_is_told_at_its_field_and_kept(world: World, bob: Browser) -> None:
    claim_id = executed(world)
    (first, *_rest) = [name for name in findings(world, claim_id) if name.startswith("file-")]
    comment = first.replace("file", "comment")
    refused = send(bob.open(path_of(claim_id)), claim_id, "save", **{comment: "x" * 501})
    assert refused.status == 422
    places(refused, f'id="{comment}-error"', "Keep the comment within 500 characters.", "x" * 501)


def test_a_double_click_saves_and_accepts_once_and_says_so(world: World, bob: Browser) -> None:
    claim_id = executed(world)
    kept = findings(world, claim_id)
    page = bob.open(path_of(claim_id))
    assert send(page, claim_id, "save", **kept).status == 302
    assert send(page, claim_id, "save", **kept).status == 302, "the same findings again are no conflict"
    page = bob.open(path_of(claim_id))
    assert send(page, claim_id, "accept").status == 302
    again = send(page, claim_id, "accept")
    assert again.status == 302
    assert "You had done this already" in again.follow().text


def test_a_line_that_is_left_without_proof_on_purpose_is_saved_by_a_double_click_too(
    world: World, bob: Browser
) -> None:
    claim_id = executed(world)
    kept = findings(world, claim_id)
    page = bob.open(path_of(claim_id))
    (proof,) = [name for name, _ in page.form(path_of(claim_id)).fields if name.startswith("proof-")]
    for _click in range(2):
        assert send(page, claim_id, "save", **{**kept, proof: ""}).status == 302


def test_findings_on_a_claim_that_moved_on_are_not_saved(world: World, bob: Browser) -> None:
    claim_id = executed(world)
    page = bob.open(path_of(claim_id))
    world.move(claim_id, "rework", "bob", reason="First.")
    late = send(page, claim_id, "save", **findings(world, claim_id))
    assert late.status == 409
    places(late, "Your decision came too late", "Nothing was changed.")
    with world.database.read() as connection:
        found = connection.scalars(select(Evidence.meets_standard).where(Evidence.claim_id == claim_id)).all()
    assert found == [None] * 4


def test_findings_that_somebody_else_sends_are_not_saved(world: World, bob: Browser, sign_in: SignIn) -> None:
    claim_id = executed(world)
    carl = sign_in(world.person("carl", Role.approver))
    sent = {**dict(bob.open(path_of(claim_id)).form(path_of(claim_id)).fields), **findings(world, claim_id)}
    sent |= {"csrf_token": token_of(carl)}
    for decision in ("save", "accept"):
        forged = carl.post(path_of(claim_id), {**sent, "decision": decision})
        assert forged.status == 409
        places(forged, "assigned to somebody else")
    with world.database.read() as connection:
        files = connection.scalars(select(Evidence.meets_standard).where(Evidence.claim_id == claim_id)).all()
        lines = connection.scalars(select(ClaimLine.accepted).where(ClaimLine.claim_id == claim_id)).all()
    assert set(files) == set(lines) == {None}
    assert (world.claim(claim_id).state, world.claim(claim_id).checklist) == (State.executed, {})


def test_the_standing_follows_what_is_ticked_and_saves_nothing(world: World, bob: Browser) -> None:
    claim_id = executed(world)
    page = bob.open(path_of(claim_id))
    sent = {**dict(page.form(path_of(claim_id)).fields), **findings(world, claim_id)}
    shown = bob.client.post(f"{path_of(claim_id)}/standing", data=sent).get_data(as_text=True)
    assert "4,000.00" in shown
    assert "verdict--unknown" not in shown
    assert "verdict--unknown" in bob.open(path_of(claim_id)).text


def test_a_refused_cost_says_why_before_it_is_decided_and_the_partner_reads_it(
    world: World, bob: Browser, sign_in: SignIn
) -> None:
    claim_id = approved(world)
    world.clock.advance(timedelta(days=60))
    world.bill(claim_id, bill(amount=500_000), bill("catering", 200_000, invoice_number="K-2"))
    world.move(claim_id, "report", "anna")
    path, found = path_of(claim_id), findings(world, claim_id)
    refused = sorted(name for name in found if name.startswith("line-"))[-1]
    why, code = refused.replace("line-", "why-"), refused.replace("line-", "code-")

    for decision in ("accept", "rework"):
        page = send(bob.open(path), claim_id, decision, **{**found, refused: "no"}, reason="See the costs.")
        assert page.status == 422
        places(page, "Choose why this cost is refused.", "Say why this cost is refused.")
        assert f'id="{why}-error"' in page.text
        assert f'id="{code}-error"' in page.text
    saved = send(bob.open(path), claim_id, "save", **{**found, refused: "no"})
    assert saved.status == 302, "what is to be decided later need not be explained yet"
    long = send(bob.open(path), claim_id, "save", **{**found, refused: "no", why: "x" * 501})
    places(long, "Keep the comment within 500 characters.")

    explained = {**found, refused: "no", why: "Alcohol is not covered.", code: "not_eligible"}
    forged = send(bob.open(path), claim_id, "rework", **{**explained, code: "share"}, reason="See the costs.")
    assert forged.status == 422, "a reason that follows from limits is nobody's to choose"
    assert send(bob.open(path), claim_id, "rework", **explained, reason="See the costs.").status == 302
    anna = sign_in(world.people["anna"])
    for address in (f"/claims/{claim_id}", f"/claims/{claim_id}/report"):
        places(anna.open(address), "not accepted", "Cost not eligible: Alcohol is not covered.")
    places(anna.open(f"/claims/{claim_id}"), "Costs refused, cost not eligible", "2,000.00")


def test_a_cost_without_proof_cannot_be_accepted_until_an_invoice_is_chosen(
    world: World, bob: Browser
) -> None:
    claim_id = approved(world)
    world.clock.advance(timedelta(days=60))
    world.bill(
        claim_id,
        bill(amount=500_000),
        bill("catering", 200_000, supplier="Kitchen", invoice_number="K-2", description="Lunch"),
    )
    world.move(claim_id, "report", "anna")
    path, found = path_of(claim_id), findings(world, claim_id)
    page = bob.open(path)
    places(page, "What lacks proof", "Line 2, Lunch, 2,000.00")
    proofs = [name.replace("line-", "proof-") for name in found if name.startswith("line-")]
    with world.database.read() as connection:
        invoice, other = (
            connection.scalar(select(Evidence.id).where(Evidence.kind == kind))
            for kind in ("invoice", "photos")
        )
    chosen = dict.fromkeys(proofs, str(invoice))

    for proof in ("", str(other), "999", "x"):
        refused = send(page, claim_id, "accept", **found, **{**chosen, proofs[0]: proof})
        assert refused.status == 422
        places(refused, f'id="{proofs[0]}-error"', "No invoice that meets the standard proves this cost.")
    file = f"file-{invoice}"
    places(send(page, claim_id, "accept", **{**found, **chosen, file: "no"}), "proves this cost.")
    assert world.claim(claim_id).state is State.executed
    assert send(bob.open(path), claim_id, "accept", **found, **chosen).status == 302
    assert world.claim(claim_id).state is State.accepted


def test_what_was_found_of_a_cost_stays_while_it_stays_as_it_is(
    world: World, bob: Browser, sign_in: SignIn
) -> None:
    claim_id = executed(world)
    world.review(claim_id, "bob", accept=False)
    world.move(claim_id, "rework", "bob", reason="See the costs.")
    anna, report = sign_in(world.people["anna"]), f"/claims/{claim_id}/report"

    anna.open(report).submit(report, do="save")
    places(anna.open(report), "Not part of the plan.")
    anna.open(report).submit(report, do="save", **{"lines-0-invoice_number": "K-9"})
    assert "Not part of the plan." not in anna.open(report).text


def test_what_is_to_be_done_about_evidence_and_checklist_is_a_list_in_the_words_of_who_reads_it(
    world: World, bob: Browser, sign_in: SignIn
) -> None:
    claim_id = executed(world)
    anna = sign_in(world.people["anna"])
    kinds = "invoices, attendee list, agenda, photos."
    judge, tick = advised(bob.open(path_of(claim_id)))
    assert judge == f"Judge each of these: {kinds}"
    assert tick.startswith("Have it put right where it is not so, then tick: ")
    assert advised(anna.open(f"/claims/{claim_id}")) == [
        f"The approver judges these next, and you need do nothing: {kinds}",
        "The approver goes through the checklist next, and you need do nothing.",
    ]


def advised(page: Page) -> list[str]:
    """Return what a page advises about evidence and checklist, step by step."""
    said = page.text.partition('id="rule-acceptance"')[2].partition("verdict__clause")[0]
    return [step.partition("</svg> ")[2].partition("</li>")[0] for step in said.split("<li>")[1:]]


def test_a_checklist_that_was_left_open_is_no_record_that_programme_managers_owe(
    world: World, bob: Browser, sign_in: SignIn
) -> None:
    claim_id = executed(world)
    send(bob.open(path_of(claim_id)), claim_id, "save", **findings(world, claim_id, answer="no"))
    said = sign_in(world.people["anna"]).open(f"/claims/{claim_id}").text
    assert "The approver goes through the checklist next" in said
    assert "This is for the programme managers" not in said
