"""Two spellings of one invoice are one invoice; two invoices are two."""

import pytest

from workflow.duplicates.invoices import invoice_key


@pytest.mark.parametrize(
    ("supplier", "number"),
    [
        ("KONGRESSHALLE HAMBURG GMBH", "RE-2026-117"),
        ("Kongresshalle Hamburg", "RE-2026-117"),
        (" Kongress-Halle  Hamburg G.m.b.H. ", "re 2026 117"),
        ("Kongresshalle Hamburg GmbH & Co. KG", "RE2026117"),
        ("Köngresshalle Hamburg, GmbH", "RE/2026/117"),
        ("Ｋongresshalle Hamburg, Ltd.", "RE_2026_117"),
        ("Kongresshalle Hamburg S.p.A.", "RE-02026.117"),
        ("Kongresshalle Hamburg Sp. z o.o.", "RE–2026–117"),
    ],
)
def test_spellings_of_one_invoice_share_a_key(supplier: str, number: str) -> None:
    assert invoice_key(supplier, number) == invoice_key("Kongresshalle Hamburg GmbH", "RE-2026-117")


@pytest.mark.parametrize(
    ("supplier", "number"),
    [
        ("Kongresshalle Bremen GmbH", "RE-2026-117"),
        ("Kongresshalle Hamburg GmbH", "RE-2026-118"),
        ("Kongresshalle Hamburg GmbH", "RE-2026-1170"),
        ("Kongresshalle", "Hamburg RE-2026-117"),
    ],
)
def test_another_supplier_or_number_is_another_invoice(supplier: str, number: str) -> None:
    assert invoice_key(supplier, number) != invoice_key("Kongresshalle Hamburg GmbH", "RE-2026-117")


def test_leading_zeros_make_no_difference_and_others_do() -> None:
    assert invoice_key("Elbe", "000117") == invoice_key("Elbe", "117")
    assert invoice_key("Elbe", "A-000117") == invoice_key("Elbe", "A117")
    assert invoice_key("Elbe", "1170") != invoice_key("Elbe", "117")
    assert invoice_key("Elbe", "0") == invoice_key("Elbe", "000")
    assert invoice_key("Elbe", "0") != invoice_key("Elbe", "1")


@pytest.mark.parametrize(("supplier", "number"), [("", "1"), ("Elbe", ""), (" . ", "1"), ("Elbe", "--")])
def test_an_invoice_without_supplier_or_number_has_no_key(supplier: str, number: str) -> None:
    assert invoice_key(supplier, number) is None


def test_a_name_that_is_nothing_but_a_company_form_stays_a_name() -> None:
    assert invoice_key("AG", "1") is not None
    assert invoice_key("AG", "1") != invoice_key("SA", "1")


def test_names_in_other_scripts_are_told_apart() -> None:
    assert invoice_key("北京会议中心", "1") != invoice_key("上海会议中心", "1")


def test_a_key_is_as_long_whatever_was_typed() -> None:
    assert {len(key) for text in ("a", "\ufdfa" * 200) if (key := invoice_key(text, text))} == {64}
