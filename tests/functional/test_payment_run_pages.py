"""Finance collects, releases, exports and records payment runs on their pages."""

from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook

from models.claims import Claim
from models.vocabulary import Role, State
from tests.functional.conftest import OtherApp, SignIn
from tests.support.factories import PASSWORD, address_with_password
from tests.support.looking import places
from tests.support.pages import Browser
from tests.support.stages import collected, partly_paid, payable, released
from tests.support.world import World

GERMAN = "DE89 3704 0044 0532 0130 00"


def test_the_walk_of_a_run_from_collecting_to_the_last_payment(world: World, sign_in: SignIn) -> None:
    first, second = payable(world), payable(world)
    world.person("fay", Role.finance)
    dan, fay = sign_in(world.people["dan"]), sign_in(world.people["fay"])

    page = dan.open("/payment-runs")
    places(page, "USD: 2 claims, 8,000.00 USD")
    answer = page.submit("/payment-runs", currency="USD", due_on="2026-05-04")
    assert answer.location == "/payment-runs/1"
    page = answer.follow()
    places(
        page, "RUN-00001", "8,000.00", "waits to be released", "4 May 2026", "You collected this run", GERMAN
    )
    assert not page.offers("/payment-runs/1/release")
    places(dan.open(f"/claims/{first}/pay"), "This claim is paid with others", "RUN-00001")

    page = fay.open("/payment-runs/1").submit("/payment-runs/1/release").follow()
    places(page, "released", "Fay", "Record that it was paid")
    assert "ISO 20022" not in page.text
    places(dan.open(f"/claims/{first}/pay"), "do not pay it a second time")

    page = dan.open("/payment-runs/1")
    fields = dict(page.form("/payment-runs/1/paid").fields)
    assert (fields[f"reference-{first}"], fields[f"reference-{second}"]) == ("2026H1-00001", "2026H1-00002")
    answer = page.submit("/payment-runs/1/paid", **{f"reference-{second}": "BANK-2"})
    places(answer.follow(), "2 payments are recorded.", "paid", "2026H1-00001", "BANK-2")
    assert world.claim(second).payment_reference == "BANK-2"
    places(dan.open("/payment-runs"), "Nothing to collect", "RUN-00001", "paid", "8,000.00", "Dan")


def test_each_payment_that_is_refused_says_why_beside_it_and_the_others_are_recorded(
    world: World, sign_in: SignIn
) -> None:
    first = payable(world)
    second = payable(world)
    released(world)
    dan = sign_in(world.people["dan"])
    answer = dan.open("/payment-runs/1").submit(
        "/payment-runs/1/paid", **{f"reference-{first}": "ONE", f"reference-{second}": "one"}
    )
    assert answer.status == 409
    places(
        answer, "2 payments are recorded.", f'id="reference-{second}-error"', "Another payment already bears"
    )
    assert dict(answer.form("/payment-runs/1/paid").fields)[f"reference-{second}"] == "one"
    assert [world.claim(one).state for one in (first, second)] == [State.reimbursed, State.accepted]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"paid_on": "soon"}, "Enter a day such as"),
        ({"reference-1": "x" * 141}, "Use at most 140 characters."),
        ({"paid_on": ""}, "Enter the day of payment."),
        ({"paid_on": "2026-05-02"}, "is still to come"),
        ({"reference-1": " "}, "Enter the payment reference."),
    ],
)
def test_what_is_wrong_with_a_record_is_told_and_what_was_typed_stays(
    world: World, sign_in: SignIn, typed: dict[str, str], told: str
) -> None:
    released(world)
    page = sign_in(world.people["dan"]).open("/payment-runs/1").submit("/payment-runs/1/paid", **typed)
    assert page.status in (409, 422)
    places(page, told)
    fields = dict(page.form("/payment-runs/1/paid").fields)
    assert {name: fields[name] for name in typed} == {name: text.strip() for name, text in typed.items()}
    assert world.claim(1).state is State.accepted


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"due_on": ""}, "due_on", "Enter the day."),
        ({"due_on": "2026-04-30"}, "due_on", "is past"),
        ({"currency": "EUR"}, "currency", "can be collected for accounts in EUR"),
        ({"due_until": "2026-04-30"}, "currency", "No accepted claim can be collected"),
    ],
)
def test_what_is_wrong_with_collecting_stands_at_its_field(
    world: World, sign_in: SignIn, typed: dict[str, str], field: str, told: str
) -> None:
    payable(world)
    page = (
        sign_in(world.people["dan"])
        .open("/payment-runs")
        .submit("/payment-runs", **{"currency": "USD", **typed})
    )
    assert page.status == 422
    places(page, f'id="{field}-error"', told)


def test_a_claim_is_taken_out_and_the_run_cancelled_with_a_reason(world: World, sign_in: SignIn) -> None:
    run_id = collected(world)
    assert run_id == 1
    dan = sign_in(world.people["dan"])
    page = dan.open("/payment-runs/1").submit("/payment-runs/1/claims/1/take-out").follow()
    places(page, "Taken out of the run.", "Took 2026H1-00001 out of RUN-00001: 4,000.00 USD.")
    wrong = page.submit("/payment-runs/1/cancel")
    assert wrong.status == 422
    places(wrong, 'id="reason-error"', "Say why you cancel the run.")
    page = wrong.submit("/payment-runs/1/cancel", reason="Everything was paid by hand.").follow()
    places(page, "cancelled", "Everything was paid by hand.")
    assert not page.offers("/payment-runs/1/cancel")


def test_a_double_click_collects_and_releases_once(world: World, sign_in: SignIn) -> None:
    payable(world)
    world.person("fay", Role.finance)
    page = sign_in(world.people["dan"]).open("/payment-runs")
    assert page.submit("/payment-runs", currency="USD").status == 302
    assert "You had done this already" in page.submit("/payment-runs", currency="USD").follow().text
    page = sign_in(world.people["fay"]).open("/payment-runs/1")
    assert page.submit("/payment-runs/1/release").status == 302
    assert "You had done this already" in page.submit("/payment-runs/1/release").follow().text


def test_who_accepted_a_claim_is_told_that_somebody_else_releases_its_run(
    world: World, sign_in: SignIn
) -> None:
    collected(world)
    world.person("fay", Role.finance)
    fay = sign_in(world.people["fay"])
    page = fay.open("/payment-runs/1")
    with world.database.session() as session:
        session.get_one(Claim, 1).accepted_by_id = world.people["fay"].user_id
    late = page.submit("/payment-runs/1/release")
    assert late.status == 409
    places(
        late, "You accepted 2026H1-00001, or somebody did on your behalf", "You accepted claims of this run"
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_released_run_is_exported_as_a_table(world: World, sign_in: SignIn, kind: str) -> None:
    released(world)
    dan = sign_in(world.people["dan"])
    answer = dan.open("/payment-runs/1").submit("/payment-runs/1/export", kind=kind).answer
    assert answer.headers["Content-Disposition"] == f"attachment; filename=RUN-00001.{kind}"
    if kind == "csv":
        assert "DE89370400440532013000" in answer.get_data(as_text=True)
    else:
        assert load_workbook(BytesIO(answer.data)).sheetnames == ["RUN-00001"]
    places(dan.open("/payment-runs/1"), f"Exported RUN-00001 as {kind}: 4,000.00 USD, claims: 1.")


def test_with_the_payers_account_a_run_is_exported_for_the_bank(world: World, other_app: OtherApp) -> None:
    released(world)
    app = other_app(payer_account="GB82WEST12345698765432", payer_bic="WESTGB2L")
    dan = signed_in_at(app, world, "dan")
    page = dan.open("/payment-runs/1")
    places(page, "ISO 20022 for the bank")
    text = page.submit("/payment-runs/1/export", kind="xml").answer.get_data(as_text=True)
    assert "pain.001.001.09" in text
    assert "<MsgId>RUN-00001</MsgId>" in text
    assert "<EndToEndId>2026H1-00001</EndToEndId>" in text
    assert "<Nm>Northwind</Nm>" in text


def signed_in_at(app: Flask, world: World, name: str) -> Browser:
    browser = Browser(app.test_client())
    email = address_with_password(world.database, world.people[name].user_id)
    browser.open("/sign-in").submit("/sign-in", email=email, password=PASSWORD)
    return browser


@pytest.mark.parametrize("kind", ["xml", "exe", ""])
def test_a_kind_of_file_that_is_not_offered_is_not_made(world: World, sign_in: SignIn, kind: str) -> None:
    released(world)
    page = sign_in(world.people["dan"]).open("/payment-runs/1")
    assert page.submit("/payment-runs/1/export", kind=kind).status == 400


def test_an_account_that_was_changed_since_is_marked_and_gives_no_file(world: World, sign_in: SignIn) -> None:
    released(world)
    world.account("anna", iban="GB82WEST12345698765432")
    dan = sign_in(world.people["dan"])
    page = dan.open("/payment-runs/1")
    places(page, "Accounts marked below were changed", "account changed")
    refused = page.submit("/payment-runs/1/export", kind="csv")
    assert refused.status == 409
    places(refused, "The bank account of 2026H1-00001 was changed")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_left_of_a_partly_paid_claim_is_listed_and_recorded_with_its_run(
    world: World, sign_in: SignIn
) -> None:
    claim_id = partly_paid(world)
    world.confirm(world.account("anna", bic="COBADEFF"), "mia")
    world.person("fay", Role.finance)
    dan = sign_in(world.people["dan"])
    dan.open("/payment-runs").submit("/payment-runs", currency="USD", due_on="2026-05-04")
    fay = sign_in(world.people["fay"])
    places(fay.open("/payment-runs"), "3,000.00", "waits to be released")
    fay.open("/payment-runs/1").submit("/payment-runs/1/release")
    runs = fay.open("/payment-runs")
    assert "4,000.00" not in runs.text
    assert "1 of 1" not in runs.text
    page = dan.open("/payment-runs/1")
    assert f"reference-{claim_id}" in dict(page.form("/payment-runs/1/paid").fields)
    page.submit("/payment-runs/1/paid")
    assert world.claim(claim_id).state is State.reimbursed


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_longest_key_that_a_form_may_send_records_a_run_once(world: World, sign_in: SignIn) -> None:
    released(world)
    page = sign_in(world.people["dan"]).open("/payment-runs/1")
    for _click in range(2):
        assert page.submit("/payment-runs/1/paid", key="k" * 64).location == "/payment-runs/1"
    assert world.claim(1).state is State.reimbursed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_run_in_another_currency_names_both_sums_wherever_it_names_one(
    world: World, sign_in: SignIn
) -> None:
    payable(world)
    world.confirm(world.account("anna", bic="COBADEFF", currency="EUR"), "mia")
    world.rate("EUR", "1.25")
    world.person("fay", Role.finance)
    dan, fay = sign_in(world.people["dan"]), sign_in(world.people["fay"])
    dan.open("/payment-runs").submit("/payment-runs", currency="EUR", due_on="2026-05-04")
    page = fay.open("/payment-runs/1").submit("/payment-runs/1/release").follow()
    places(page, "to be paid on 4 May 2026: 4,000.00 USD (3,200.00 EUR), claims: 1.")
    places(page, "1.25 USD = 1 EUR, <time")
    table = page.submit("/payment-runs/1/export", kind="csv").text
    assert ",3200.00,EUR,4000.00,1.25 USD = 1 EUR,2026-" in table


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_recorded_a_rate_by_hand_does_not_release_the_run_that_it_converts(
    world: World, sign_in: SignIn
) -> None:
    payable(world)
    world.confirm(world.account("anna", bic="COBADEFF", currency="EUR"), "mia")
    world.person("fay", Role.finance)
    dan, fay = sign_in(world.people["dan"]), sign_in(world.people["fay"])
    typed = {"currency": "EUR", "usd": "1.25", "local": "1", "day": world.clock.now().date().isoformat()}
    fay.open("/exchange-rates").submit("/exchange-rates", **typed, source="A newspaper")
    dan.open("/payment-runs").submit("/payment-runs", currency="EUR", due_on="2026-05-04")
    page = fay.open("/payment-runs/1")
    places(page, "1.25 USD = 1 EUR", "A newspaper", "recorded by hand by Fay")
    places(page, "You recorded by hand the rate that 2026H1-00001 is paid by")
    assert not page.offers("/payment-runs/1/release")
    world.person("gus", Role.finance)
    gus = sign_in(world.people["gus"]).open("/payment-runs/1")
    places(gus.submit("/payment-runs/1/release").follow(), "released", "recorded by hand by Fay")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_emptied_draft_speaks_of_no_rate_and_offers_no_release(world: World, sign_in: SignIn) -> None:
    payable(world)
    world.confirm(world.account("anna", bic="COBADEFF", currency="EUR"), "mia")
    world.person("fay", Role.finance)
    dan, fay = sign_in(world.people["dan"]), sign_in(world.people["fay"])
    dan.open("/payment-runs").submit("/payment-runs", currency="EUR", due_on="2026-05-04")
    places(fay.open("/payment-runs/1"), "No exchange rate of EUR is young enough.")
    page = fay.open("/payment-runs/1").submit("/payment-runs/1/claims/1/take-out").follow()
    places(page, "Everything was taken out of this run. Cancel it.")
    assert "young enough" not in page.text
    assert not page.offers("/payment-runs/1/release")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_left_the_run_or_was_paid_since_the_look_is_named_with_why_it_was_not_recorded(
    world: World, sign_in: SignIn
) -> None:
    first, second, third = payable(world), payable(world), payable(world)
    released(world)
    dan = sign_in(world.people["dan"])
    page = dan.open("/payment-runs/1")
    path = f"/payment-runs/1/claims/{first}/rejected"
    dan.open(path).submit(path, reason="AC04 Account closed.")
    world.move(second, "reimburse", "dan", payment_reference="BY HAND", paid_on=world.clock.now().date())
    late = page.submit("/payment-runs/1/paid")
    assert late.status == 409
    places(
        late,
        "2026H1-00001 was not recorded. Its rejection by the bank was recorded meanwhile",
        "2026H1-00002 was not recorded.",
        "2 payments are recorded.",
    )
    assert world.claim(third).state is State.reimbursed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_payments_that_are_sent_twice_are_said_to_have_been_recorded_already(
    world: World, sign_in: SignIn
) -> None:
    released(world)
    page = sign_in(world.people["dan"]).open("/payment-runs/1")
    places(page.submit("/payment-runs/1/paid").follow(), "One payment is recorded.")
    again = page.submit("/payment-runs/1/paid").follow()
    places(again, "One payment had been recorded already.")
    assert "One payment is recorded." not in again.text
