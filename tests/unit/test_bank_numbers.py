"""What is plain sense about the numbers of a bank account."""

import pytest

from workflow.bank_numbers import Entered, currencies, in_fours, masked, problems_of, tidy

GERMAN = Entered("DE", "Elbe Systems", "DE89370400440532013000", "", "", "", "EUR")
AMERICAN = Entered("US", "Hudson Inc.", "", "000123456789", "021000021", "CHASUS33", "USD")


def wrong(entered: Entered, **changed: str) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in problems_of(entered._replace(**changed))]


@pytest.mark.parametrize("entered", [GERMAN, AMERICAN, AMERICAN._replace(bic="")])
def test_an_account_that_is_whole_has_nothing_wrong(entered: Entered) -> None:
    assert wrong(entered) == []


@pytest.mark.parametrize(
    ("iban", "code"),
    [
        ("DE89370400440532013001", "iban_check"),
        ("DE98370400440532013000", "iban_check"),
        ("DE8937040044053201300", "iban_check"),
        ("US64SVBKUS6S3300958879", "iban_form"),
        ("DE5137040044053201300", "iban_form"),
        ("DE89370400440532013000Ü", "iban_form"),
    ],
)
def test_an_iban_with_a_wrong_sign_a_wrong_length_or_of_no_country_is_told_from_a_right_one(
    iban: str, code: str
) -> None:
    assert wrong(GERMAN, iban=iban) == [(code, "iban")]


@pytest.mark.parametrize(
    ("entered", "changed", "told"),
    [
        (GERMAN, {"holder": ""}, ("field_missing", "holder")),
        (GERMAN, {"currency": "DEM"}, ("currency_code", "currency")),
        (GERMAN, {"currency": "EURO"}, ("currency_code", "currency")),
        (GERMAN, {"bic": "DEUTDE"}, ("bic_form", "bic")),
        (GERMAN, {"account_number": "0532013000"}, ("iban_and_number", "account_number")),
        (GERMAN, {"iban": ""}, ("account_missing", "iban")),
        (AMERICAN, {"bic": "", "country": "DE"}, ("iban_needed", "iban")),
        (AMERICAN, {"bic": "DEUTDEFF"}, ("iban_needed", "iban")),
        (AMERICAN, {"bank_code": ""}, ("bank_code_missing", "bank_code")),
        (AMERICAN, {"bank_code": "12/3"}, ("bank_code_form", "bank_code")),
        (AMERICAN, {"bank_code": tidy("ß" * 18)}, ("bank_code_form", "bank_code")),
        (AMERICAN, {"account_number": "123"}, ("account_number_form", "account_number")),
        (AMERICAN, {"account_number": "1" * 35}, ("account_number_form", "account_number")),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    entered: Entered, changed: dict[str, str], told: tuple[str, str]
) -> None:
    assert wrong(entered, **changed) == [told]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert len(wrong(GERMAN, holder="", iban="DE", bic="X", currency="")) == 4


def test_an_account_abroad_may_do_without_an_iban_where_its_bank_is() -> None:
    assert wrong(AMERICAN, country="DE") == []


def test_numbers_are_kept_as_one_word_and_shown_in_fours() -> None:
    assert tidy(" de89 3704-0044\u00a00532 0130 00") == "DE89370400440532013000"
    assert in_fours("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"


@pytest.mark.parametrize(
    "typed",
    [
        "DE89.3704.0044.0532.0130.00",
        "DE89\u20133704\u20130044\u20130532\u20130130\u201300",
        "DE893704004405320130\uff10\uff10",
        "\uff24\uff25\uff18\uff1970400440532013000",
        "de89 3704\u00b70044 0532 0130 00",
    ],
)
def test_an_iban_that_is_taken_is_kept_as_a_bank_takes_it(typed: str) -> None:
    number = tidy(typed)
    assert wrong(GERMAN, iban=number) != [] or number == "DE89370400440532013000"


def test_a_bic_that_is_taken_is_kept_as_a_bank_takes_it() -> None:
    assert tidy("coba\u2010de\u2010ff") == "COBADEFF"


@pytest.mark.parametrize(
    ("number", "shown"),
    [("DE89370400440532013000", "DE89…3000"), ("123456789", "123…789"), ("1234", "1…4")],
)
def test_a_masked_number_never_gives_all_of_itself_away(number: str, shown: str) -> None:
    assert masked(number) == shown


def test_currencies_are_those_of_today() -> None:
    assert {"USD", "EUR", "CNY", "BRL", "CHF"} <= currencies()
    assert not {"DEM", "ITL", "XXX"} & currencies()
