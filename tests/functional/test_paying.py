"""Finance pays accepted claims: the oldest first, each by its own reference, none twice."""

import pytest

from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.support.looking import places, token_of
from tests.support.pages import Browser, Page
from tests.support.stages import accepted, executed, hand_over, payable, reimbursed, to_be_clawed_back
from tests.support.world import World
from workflow.acts.absences import settle


def pay(browser: Browser, claim_id: int, **typed: object) -> Page:
    path = f"/claims/{claim_id}/pay"
    return browser.open(path).submit(path, **typed)


def test_accepted_claims_stand_oldest_first_with_amount_and_who_accepted_them(
    world: World, sign_in: SignIn
) -> None:
    first, second = accepted(world), accepted(world)
    page = sign_in(world.people["dan"]).open("/payments")
    numbers = [world.claim(claim_id).number for claim_id in (first, second)]
    older, younger = places(page, *numbers)
    assert older < younger
    places(page, "Elbe Systems", "4,000.00", "8,000.00", "1 May 2026", "Bob")
    assert page.offers(f"/claims/{first}/pay")


def test_a_payment_is_recorded_with_reference_and_day_and_stands_among_the_latest(
    world: World, sign_in: SignIn
) -> None:
    claim_id = accepted(world)
    dan = sign_in(world.people["dan"])
    answer = pay(dan, claim_id, payment_reference="  BANK-7 ")
    assert answer.location == "/payments"
    places(answer.follow(), "Nothing to pay", "Paid lately", "BANK-7", "1 May 2026")
    claim = world.claim(claim_id)
    assert (claim.state, claim.payment_reference, claim.paid) == (State.reimbursed, "BANK-7", 400_000)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"payment_reference": "  "}, "payment_reference", "Enter the payment reference."),
        (
            {"payment_reference": "PAY-1"},
            "payment_reference",
            "Another payment already bears the reference PAY-1.",
        ),
        ({"payment_reference": "x" * 141}, "payment_reference", "at most 140 characters"),
        ({"payment_reference": "A", "paid_on": ""}, "paid_on", "Enter the day of payment."),
        ({"payment_reference": "A", "paid_on": "31.12."}, "paid_on", "Enter a day such as 2026-11-24."),
        ({"payment_reference": "A", "paid_on": "2026-05-02"}, "paid_on", "is still to come."),
        ({"payment_reference": "A", "paid_on": "2026-04-30"}, "paid_on", "before the claim was accepted"),
    ],
)
def test_what_is_wrong_with_a_payment_stands_at_its_field_and_what_was_typed_stays(
    world: World, sign_in: SignIn, typed: dict[str, str], field: str, told: str
) -> None:
    paid = reimbursed(world)
    assert world.claim(paid).payment_reference == "PAY-1"
    claim_id = accepted(world)
    refused = pay(sign_in(world.people["dan"]), claim_id, **typed)
    assert refused.status == 422
    places(refused, f'id="{field}-error"', told)
    fields = dict(refused.form(f"/claims/{claim_id}/pay").fields)
    assert all(fields[name] == text.strip() for name, text in typed.items())
    assert world.claim(claim_id).state is State.accepted


def test_whoever_accepted_a_claim_sees_that_somebody_else_pays_it(world: World, sign_in: SignIn) -> None:
    both = world.person("pat", Role.approver, Role.finance)
    claim_id = executed(world)
    hand_over(world, claim_id, "pat")
    world.review(claim_id, "pat")
    world.move(claim_id, "accept", "pat")
    pat = sign_in(both)
    page = pat.open("/payments")
    places(page, "For a colleague to pay", "You")
    assert not page.offers(f"/claims/{claim_id}/pay")
    own = pat.open(f"/claims/{claim_id}/pay")
    places(own, "You accepted this claim")
    dans = sign_in(world.people["dan"]).open(f"/claims/{claim_id}/pay")
    forged = dict(dans.form(f"/claims/{claim_id}/pay").fields)
    forged |= {"csrf_token": token_of(pat), "payment_reference": "MINE"}
    answer = pat.post(f"/claims/{claim_id}/pay", dict(forged))
    assert answer.status == 409
    assert world.claim(claim_id).state is State.accepted


def test_for_whom_a_substitute_accepted_a_claim_sees_that_somebody_else_pays_it(
    world: World, sign_in: SignIn
) -> None:
    world.person("pat", Role.approver, Role.finance)
    world.person("cora", Role.approver)
    claim_id = executed(world)
    hand_over(world, claim_id, "pat")
    today = world.clock.now().date()
    world.away("pat", today, today, substitute="cora")
    settle(world.database, world.clock.now())
    world.review(claim_id, "cora")
    world.move(claim_id, "accept", "cora")
    pat = sign_in(world.people["pat"])
    page = pat.open("/payments")
    places(page, "Cora", "For a colleague to pay")
    assert not page.offers(f"/claims/{claim_id}/pay")
    own = pat.open(f"/claims/{claim_id}/pay")
    places(own, "This claim was accepted on your behalf", "A colleague in finance has to.")
    assert not own.offers(f"/claims/{claim_id}/pay")


def test_a_double_click_pays_once_and_says_so(world: World, sign_in: SignIn) -> None:
    claim_id = accepted(world)
    dan = sign_in(world.people["dan"])
    path = f"/claims/{claim_id}/pay"
    page = dan.open(path)
    assert page.submit(path, payment_reference="P").status == 302
    again = page.submit(path, payment_reference="P")
    assert "You had done this already" in again.follow().text
    assert world.claim(claim_id).paid == 400_000


def test_a_payment_that_a_colleague_recorded_meanwhile_is_not_recorded_again(
    world: World, sign_in: SignIn
) -> None:
    claim_id = accepted(world)
    dan = sign_in(world.people["dan"])
    path = f"/claims/{claim_id}/pay"
    page = dan.open(path)
    world.person("fay", Role.finance)
    world.move(claim_id, "reimburse", "fay", payment_reference="FIRST", paid_on=world.clock.now().date())
    late = page.submit(path, payment_reference="SECOND")
    assert late.status == 409
    places(late, "Fay paid the claim.", "There is nothing to pay any more", "FIRST")
    assert "decide again" not in late.text
    assert world.claim(claim_id).payment_reference == "FIRST"
    assert dan.open(path).location == f"/claims/{claim_id}"


def test_a_part_is_paid_and_page_and_list_say_what_is_left(world: World, sign_in: SignIn) -> None:
    claim_id = accepted(world)
    dan = sign_in(world.people["dan"])
    path = f"/claims/{claim_id}/pay/part"
    page = dan.open(path)
    assert page.submit(path, amount="4000", payment_reference="PART-1").status == 422
    answer = page.submit(path, amount="1,500", payment_reference="PART-1")
    places(answer.follow(), "You paid part of the claim.", "Left to pay", "2,500.00", "1,500.00", "PART-1")
    places(dan.open("/payments"), "2,500.00", "paid already", "Paid lately", "1,500.00", "PART-1")
    places(dan.open(f"/claims/{claim_id}/pay"), "2,500.00", "PART-1")


def test_what_is_wrong_with_a_part_stands_at_its_field(world: World, sign_in: SignIn) -> None:
    claim_id = accepted(world)
    path = f"/claims/{claim_id}/pay/part"
    page = sign_in(world.people["dan"]).open(path)
    answer = page.submit(path, amount="4000.00", payment_reference="P")
    assert answer.status == 422
    places(answer, 'id="amount-error"', "4,000.00 USD is not less than the 4,000.00 USD that is left to pay.")


def test_a_failed_payment_is_chosen_from_the_list_and_stays_on_record(world: World, sign_in: SignIn) -> None:
    claim_id = reimbursed(world)
    dan = sign_in(world.people["dan"])
    path = f"/claims/{claim_id}/pay/failed"
    page = dan.open(path)
    answer = page.submit(path, reason="The account is closed.")
    places(answer.follow(), "You recorded a failed payment of the claim.", "Record the payment", "failed")
    again = page.submit(path, reason="The account is closed.")
    assert "You had done this already" in again.follow().text
    partner = sign_in(world.people["anna"]).open(f"/claims/{claim_id}")
    places(partner, "Dan recorded a failed payment of the claim.", "The account is closed.")


def test_a_page_whose_move_cannot_be_made_leads_back_and_says_why(world: World, sign_in: SignIn) -> None:
    claim_id = accepted(world)
    answer = sign_in(world.people["dan"]).open(f"/claims/{claim_id}/pay/failed")
    assert answer.location == f"/claims/{claim_id}"
    places(answer.follow(), "Nothing is paid for this claim.")


def test_a_reopened_claim_says_why_on_its_page(world: World, sign_in: SignIn) -> None:
    claim_id = accepted(world)
    path = f"/claims/{claim_id}/reopen"
    page = sign_in(world.people["dan"]).open(path)
    assert page.submit(path, reason=" ").status == 422
    assert page.submit(path, reason="An invoice was counted twice.").status == 302
    places(
        sign_in(world.people["bob"]).open(f"/claims/{claim_id}"), "Dan reopened the claim.", "counted twice"
    )


def test_a_claw_back_is_proposed_by_one_and_released_by_another(world: World, sign_in: SignIn) -> None:
    claim_id = reimbursed(world)
    fay, dan = sign_in(world.person("fay", Role.finance)), sign_in(world.people["dan"])
    path = f"/claims/{claim_id}/claw-back"
    page = fay.open(path)
    assert page.submit(path, amount="4000.01", reason="Counted twice.").status == 422
    answer = page.submit(path, amount="1000", reason="Counted twice.")
    places(answer.follow(), "You proposed to claw back", "A colleague has to release it.")
    places(fay.open("/payments"), "Claw-backs to release", "For a colleague to release")
    own = fay.open(path)
    places(own, "a colleague in finance has to release it")
    assert not own.offers(f"{path}/release")
    places(dan.open("/payments"), "Claw-backs to release", "Fay")
    waiting = dan.open(path)
    places(waiting, "Fay proposes to claw back", "1,000.00", "Counted twice.")
    answer = waiting.submit(f"{path}/release", reason="Please pay it back.")
    places(answer.follow(), "You clawed money back from the claim.", "3,000.00", "Please pay it back.")
    assert world.claim(claim_id).paid == 300_000


def test_a_claims_page_says_who_has_to_decide_on_a_claw_back_and_since_when(
    world: World, sign_in: SignIn
) -> None:
    claim_id = to_be_clawed_back(world)
    address = f"/claims/{claim_id}"
    for name in ("dan", "fay", "bob"):
        page = sign_in(world.people[name]).open(address)
        places(page, "Waiting for somebody in finance other than Fay", "since", "1 May 2026, 14:00 CEST")
        places(page, "Fay proposed to claw back 1,000.00 USD. A colleague releases it, or turns it down.")
        assert "There is nothing left to do." not in page.text
    anna = sign_in(world.people["anna"]).open(address)
    places(anna, "The claim is paid. There is nothing left to do.")
    assert "claw back" not in anna.text
    world.move(claim_id, "claw_back", "dan", reason="Please pay it back.")
    places(sign_in(world.people["dan"]).open(address), "was clawed back, and the partner was told why.")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_proposer_wrote_for_colleagues_is_not_what_the_partner_would_read(
    world: World, sign_in: SignIn
) -> None:
    claim_id = to_be_clawed_back(world)
    path = f"/claims/{claim_id}/claw-back"
    page = sign_in(world.people["dan"]).open(path)
    places(page, "The seminar was counted twice.")
    assert dict(page.form(f"{path}/release").fields)["reason"].strip() == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_claim_in_a_run_names_the_run_where_others_are_to_be_paid(world: World, sign_in: SignIn) -> None:
    claim_id = payable(world)
    dan = sign_in(world.people["dan"])
    assert dan.open("/payments").offers(f"/claims/{claim_id}/pay")
    dan.open("/payment-runs").submit("/payment-runs", currency="USD", due_on="2026-05-04")
    page = dan.open("/payments")
    places(page, "in RUN-00001")
    assert not page.offers(f"/claims/{claim_id}/pay")


def test_a_claw_back_is_turned_down_once(world: World, sign_in: SignIn) -> None:
    claim_id = to_be_clawed_back(world)
    dan = sign_in(world.people["dan"])
    path = f"/claims/{claim_id}/claw-back"
    page = dan.open(path)
    sent = dict(page.form(f"{path}/release").fields) | {"reason": "It was right."}
    answer = dan.post(f"{path}/turn-down", dict(sent))
    places(answer.follow(), "You turned the claw-back down.")
    places(dan.post(f"{path}/turn-down", dict(sent)).follow(), "You had done this already")
    places(dan.open(path), "Propose a claw-back")
    assert world.claim(claim_id).paid == 400_000


def test_a_release_that_a_colleague_was_faster_with_says_so(world: World, sign_in: SignIn) -> None:
    claim_id = to_be_clawed_back(world)
    world.person("gus", Role.finance)
    path = f"/claims/{claim_id}/claw-back"
    page = sign_in(world.people["dan"]).open(path)
    world.move(claim_id, "claw_back", "gus", reason="Please pay it back.")
    late = page.submit(f"{path}/release", reason="Please pay it back.")
    assert late.status == 409
    places(late, "This claim has changed since you opened the page.")
    assert world.claim(claim_id).paid == 300_000
