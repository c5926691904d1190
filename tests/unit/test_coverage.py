"""Which invoice proves which cost: suggested where one alone can be meant, and never otherwise."""

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workflow.coverage import good_invoices, suggested, unproven


def cost(number: str = "K-100", proof: int | None = None, accepted: bool | None = None) -> Any:
    return SimpleNamespace(
        invoice_number=number, invoice_key=number or None, proof_id=proof, accepted=accepted
    )


def file(key: int, name: str = "scan.pdf", kind: str = "invoice", meets: bool | None = None) -> Any:
    return SimpleNamespace(id=key, name=name, kind=kind, meets_standard=meets)


def test_the_only_invoice_proves_the_only_bill_on_however_many_lines() -> None:
    assert suggested([cost(), cost()], [file(7), file(8, kind="photos")]) == {0: 7, 1: 7}


def test_one_file_is_not_taken_for_two_bills() -> None:
    assert suggested([cost("K-100"), cost("L-200")], [file(7)]) == {}


def test_what_is_left_over_belongs_together() -> None:
    lines = [cost("K-100", proof=7), cost("L-200")]
    assert suggested(lines, [file(7), file(8)]) == {1: 8}


def test_lines_of_one_bill_point_to_one_file() -> None:
    lines = [cost("K-100", proof=7), cost("K-100"), cost("L-200"), cost("M-300")]
    assert suggested(lines, [file(7), file(8)]) == {1: 7}


def test_a_file_is_known_by_the_number_in_its_name_and_not_by_a_longer_one() -> None:
    files = [file(7, "Rechnung K_100.pdf"), file(8, "Rechnung K_1001.pdf"), file(9, "hall.pdf")]
    assert suggested([cost("K-100"), cost("K-1001"), cost("M-300"), cost("N-400")], files) == {0: 7, 1: 8}


def test_a_number_too_short_to_tell_is_not_looked_for() -> None:
    assert suggested([cost("7"), cost("8")], [file(1, "7.pdf"), file(2, "8.pdf")]) == {}


def test_a_refused_invoice_is_replaced_by_the_one_that_came_instead() -> None:
    lines = [cost(proof=7)]
    assert suggested(lines, [file(7, meets=False), file(8)]) == {0: 8}
    assert suggested(lines, [file(7, meets=False)]) == {}


def test_a_line_without_supplier_or_number_is_nobodys() -> None:
    assert suggested([cost("")], [file(7)]) == {}


def test_lines_lack_proof_without_a_good_invoice_and_a_refused_line_needs_none() -> None:
    files = [file(7), file(8, meets=False), file(9, kind="photos")]
    lines = [cost(proof=each) for each in (7, 8, 9, 10, None)] + [cost(accepted=False)]
    assert list(unproven(lines, files)) == [2, 3, 4, 5]


LINES = st.lists(
    st.builds(cost, st.sampled_from(["", "K-100", "L-200", "M-300"]), st.sampled_from([None, 1, 2, 9])),
    max_size=6,
)
FILES = st.lists(
    st.builds(
        file,
        st.integers(1, 5),
        st.sampled_from(["scan.pdf", "K-100.pdf", "l200.pdf"]),
        st.sampled_from(["invoice", "photos"]),
        st.sampled_from([None, True, False]),
    ),
    max_size=5,
    unique_by=lambda one: one.id,
)


@given(LINES, FILES)
def test_only_good_invoices_are_suggested_and_no_good_choice_is_replaced(
    lines: list[Any], files: list[Any]
) -> None:
    meant = suggested(lines, files)
    assert set(meant.values()) <= good_invoices(files).keys()
    assert all(lines[place].proof_id not in good_invoices(files) for place in meant)
    keys: dict[str, int] = {}
    for place, one in meant.items():
        assert keys.setdefault(lines[place].invoice_key, one) == one, "one bill is one file"
    for place, one in meant.items():
        lines[place].proof_id = one
    assert suggested(lines, files).keys().isdisjoint(meant), "what was taken is not asked again"
