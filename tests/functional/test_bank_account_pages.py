"""A partner enters its bank account, and a second person of the vendor confirms or refuses it on the page."""

from datetime import timedelta

import pytest

from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.looking import places
from tests.support.stages import accepted
from tests.support.world import World

GERMAN, BRITISH = "DE89 3704 0044 0532 0130 00", "GB82 WEST 1234 5698 7654 32"
ACCOUNT = {"holder": "Elbe Systems GmbH", "iban": BRITISH, "bic": "", "currency": "GBP"}


def test_the_walk_of_an_account_from_the_form_to_the_payment(world: World, sign_in: SignIn) -> None:
    claim_id = accepted(world)
    world.confirm(world.account("anna"), "mia")
    world.rate("GBP", "1.3")
    anna, dan = sign_in(world.people["anna"]), sign_in(world.people["dan"])

    answer = anna.open("/bank-account").submit("/bank-account", **ACCOUNT)
    places(answer.follow(), "Waits to be confirmed", BRITISH, "In force until then", GERMAN)

    pay = dan.open(f"/claims/{claim_id}/pay")
    places(pay, GERMAN, "This payment is held", "Anna entered a new account")
    assert not pay.offers(f"/claims/{claim_id}/pay")
    places(dan.open("/payments"), "held")

    waiting = dan.open("/bank-accounts")
    places(waiting, "Elbe Systems", "In force now", GERMAN, "Waits to be confirmed", BRITISH, "Anna")
    assert waiting.submit("/bank-accounts/2/confirm").location == "/bank-accounts"
    places(dan.open("/bank-accounts"), "No account waits")

    pay = dan.open(f"/claims/{claim_id}/pay")
    places(pay, "Elbe Systems GmbH", BRITISH)
    assert GERMAN not in pay.text
    assert pay.offers(f"/claims/{claim_id}/pay")
    places(anna.open("/bank-account"), "In force", BRITISH, "Confirmed", "Dan")
    places(
        sign_in(world.people["mia"]).open("/programme/partners/1"), "in force", BRITISH, GERMAN, "replaced"
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_account_whose_currency_has_no_young_rate_is_told_wherever_it_stands_in_the_way(
    world: World, sign_in: SignIn
) -> None:
    claim_id = accepted(world)
    pay, missing = f"/claims/{claim_id}/pay", "No exchange rate of GBP of the last seven days is on file."
    anna, dan = sign_in(world.people["anna"]), sign_in(world.people["dan"])
    entered = anna.open("/bank-account").submit("/bank-account", **ACCOUNT).follow()
    places(entered, f"{missing} Until one is, nothing can be paid to an account in this currency.")
    assert not entered.offers("/exchange-rates")
    waiting = dan.open("/bank-accounts")
    places(waiting, f"{missing} Until one is, nothing can be paid to this account.", "/exchange-rates")
    waiting.submit("/bank-accounts/1/confirm")
    page = dan.open(pay)
    places(page, f"{missing} The account is in this currency")
    assert not page.offers(pay)
    assert dan.open(f"{pay}/part").location == pay
    places(dan.open("/payment-runs"), f"{missing} A run can be collected, but not released until one is.")

    world.rate("GBP", "1.3")
    assert dan.open(pay).offers(pay)
    for path in ("/payment-runs", pay):
        assert missing not in dan.open(path).text
    assert missing not in anna.open("/bank-account").text
    world.clock.advance(timedelta(days=8))
    late = sign_in(world.people["dan"]).open(pay)
    places(late, f"{missing} A payment of an earlier day can be recorded, where there was one.")
    assert late.offers(pay)


def test_without_an_account_on_file_the_page_says_so_and_payment_goes_on(
    world: World, sign_in: SignIn
) -> None:
    claim_id = accepted(world)
    path = f"/claims/{claim_id}/pay"
    page = sign_in(world.people["dan"]).open(path)
    places(page, "No account of this partner is on file")
    assert page.submit(path, payment_reference="P").location == "/payments"
    places(sign_in(world.people["anna"]).open("/bank-account"), "No account is on file yet")


def test_a_payment_that_is_sent_after_another_account_was_entered_is_refused_with_its_remedy(
    world: World, sign_in: SignIn
) -> None:
    claim_id = accepted(world)
    path = f"/claims/{claim_id}/pay"
    page = sign_in(world.people["dan"]).open(path)
    world.account("anna")
    late = page.submit(path, payment_reference="P")
    assert late.status == 409
    places(late, "its payments are held", "A second person in finance or a programme manager")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"iban": "GB82 WEST 1234 5698 7654 33"}, "iban", "The check digits of this IBAN do not fit"),
        ({"iban": ""}, "iban", "Enter where to pay."),
        ({"holder": " "}, "holder", "This is still empty."),
        ({"holder": "x" * 141}, "holder", "at most 140 characters"),
        ({"bic": "WESTGB"}, "bic", "This is no BIC."),
        ({"currency": ""}, "currency", "Choose the currency."),
        ({"currency": "DEM"}, "currency", "Not a valid choice"),
        ({"account_number": "12345678"}, "account_number", "An IBAN holds account number and bank code"),
        (
            {"iban": "", "account_number": "123456", "bic": "CHASUS33"},
            "bank_code",
            "needs the code of its bank",
        ),
    ],
)
def test_what_is_wrong_with_an_account_stands_at_its_field_and_what_was_typed_stays(
    world: World, sign_in: SignIn, typed: dict[str, str], field: str, told: str
) -> None:
    page = sign_in(world.people["anna"]).open("/bank-account")
    refused = page.submit("/bank-account", **{**ACCOUNT, **typed})
    assert refused.status == 422
    places(refused, f'id="{field}-error"', told)
    fields = dict(refused.form("/bank-account").fields)
    kept = {name: text.strip() for name, text in {**ACCOUNT, **typed}.items() if name != "currency"}
    assert {name: fields[name] for name in kept} == kept
    assert "Waits to be confirmed" not in refused.text


def test_an_account_that_is_there_already_is_told_in_words(world: World, sign_in: SignIn) -> None:
    world.account("anna")
    page = sign_in(world.people["anna"]).open("/bank-account")
    typed = {"holder": "Elbe Systems", "iban": GERMAN, "currency": "USD"}
    places(page.submit("/bank-account", **typed), "This account is on file already.")


def test_a_manager_enters_an_account_which_somebody_else_decides_on(world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    path = f"/programme/partners/{world.partner_id}/bank-account"
    answer = mia.open(path).submit(path, **ACCOUNT)
    assert answer.location == f"/programme/partners/{world.partner_id}#accounts"
    page = mia.open("/bank-accounts")
    places(page, "You entered this account, so somebody else has to decide on it.")
    assert not page.offers("/bank-accounts/1/confirm")
    dan = sign_in(world.people["dan"])
    forged = dict(dan.open("/bank-accounts").form("/bank-accounts/1/confirm").fields)
    forged["csrf_token"] = dict(mia.open(path).form(path).fields)["csrf_token"]
    answer = mia.post("/bank-accounts/1/confirm", dict(forged))
    assert answer.status == 409
    places(answer, "You entered this account, so somebody else has to decide on it.")


def test_a_refusal_says_why_and_keeps_what_was_typed_until_it_does(world: World, sign_in: SignIn) -> None:
    world.account("anna")
    dan = sign_in(world.people["dan"])
    page = dan.open("/bank-accounts").submit("/bank-accounts/1/refuse")
    assert page.status == 422
    places(page, 'id="account-1-reason-error"', "Say why.")
    long = page.submit("/bank-accounts/1/refuse", **{"account-1-reason": "x" * 4001})
    assert long.status == 422
    assert "x" * 4001 in long.text
    done = long.submit("/bank-accounts/1/refuse", **{"account-1-reason": "The voice was not Anna's."})
    assert done.location == "/bank-accounts"
    places(sign_in(world.people["anna"]).open("/bank-account"), "was refused", "No account is on file")
    eve = sign_in(world.people["eve"])
    places(eve.open("/audit/acts?kind=account_refused"), "DE89…3000", "The voice was not Anna")


def test_what_a_colleague_decided_meanwhile_is_not_decided_again(world: World, sign_in: SignIn) -> None:
    account_id = world.account("anna")
    page = sign_in(world.people["dan"]).open("/bank-accounts")
    world.confirm(account_id, "mia")
    late = page.submit("/bank-accounts/1/confirm")
    assert late.status == 409
    places(late, "This account does not wait any more")


def test_a_double_click_decides_once_and_says_so(world: World, sign_in: SignIn) -> None:
    world.account("anna")
    page = sign_in(world.people["dan"]).open("/bank-accounts")
    assert page.submit("/bank-accounts/1/confirm").status == 302
    assert "You had done this already" in page.submit("/bank-accounts/1/confirm").follow().text


def test_nobody_but_finance_managers_and_the_partner_sees_a_whole_number(
    world: World, sign_in: SignIn
) -> None:
    world.account("anna")
    world.person("carl", Role.partner, partner_id=world.partner_id)
    for name, path in (("dan", "/bank-accounts"), ("mia", "/bank-accounts"), ("carl", "/bank-account")):
        assert GERMAN in sign_in(world.people[name]).open(path).text
    for name in ("bob", "eve"):
        assert sign_in(world.people[name]).open("/bank-accounts").status == 403
    eve = sign_in(world.people["eve"])
    text = eve.open("/audit/acts").text
    assert "DE89…3000" in text
    assert "3704" not in text
