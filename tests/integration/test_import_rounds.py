"""One preview names all that is wrong with a row: a wrong cell holds back only what needs that very cell."""

from pathlib import Path

import pytest

from models.file_store.local import LocalFiles
from tests.support.imports import Importer
from tests.support.world import World

LONG = "9" * 201

HEADINGS = {
    "partners": "partner_number,name,type,country",
    "certificates": "partner_number,partner,valid_from,valid_until,revoked_on",
    "performance": "partner_number,partner,period,required,achieved",
    "allocations": "partner_number,partner,period,allocated",
    "users": "email,name,roles,partner_number,partner,contact,amount_limit",
}
ALL_WRONG = {
    "partners": f"{LONG},,spaceship,Germany",
    "certificates": "N-0,Nobody,soon,1/2/2026,later",
    "performance": "N-0,Nobody,2099H1,1.005,much",
    "allocations": "N-0,Nobody,2099H1,much",
    "users": ",,boss,N-0,Nobody,perhaps,much",
}

ONE_WRONG = [
    ("partners", f"{LONG},Elbe Systems,spaceship,Germany", ["partner_number", "type", "country"]),
    ("certificates", "N-0,,2026-12-31,2026-01-01,", ["partner_number", "valid_until"]),
    (
        "certificates",
        "N-0,Elbe Systems,2026-12-31,2026-01-01,soon",
        ["partner_number", "valid_until", "revoked_on"],
    ),
    ("performance", ",Nobody,2099H1,1,much", ["partner", "period", "achieved"]),
    ("performance", ",Elbe Systems,2099H1,1.005,2", ["period", "required"]),
    ("allocations", ",Elbe Systems,2099H1,much", ["period", "allocated"]),
    ("allocations", f"{LONG},Nobody,2026H1,1", ["partner_number", "partner"]),
    ("users", ",Nele,finance,,Elbe Systems,,9", ["email", "roles", "amount_limit"]),
    ("users", "nobody,Nele,boss,,,yes,0", ["email", "roles", "contact", "amount_limit"]),
    (
        "users",
        "mia@people.example,,auditor,,Elbe Systems,,much",
        ["name", "roles", "partner", "amount_limit"],
    ),
]

REPEATS = [
    ("partners", ",Elbe Systems,vap,Germany", ",ELBE SYSTEMS,vap,DE"),
    ("certificates", ",Elbe Systems,2027-01-01,soon,", ",elbe systems,2027-01-01,2027-12-31,"),
    ("performance", ",Elbe Systems,2026H1,much,1", ",elbe systems,2026H1,1,1"),
    ("allocations", ",Elbe Systems,2026H1,much", ",elbe systems,2026H1,1"),
    ("users", "nele@people.example,Nele,boss,,,,", "Nele@people.example,Nele,finance,,,,"),
]


@pytest.fixture
def importer(world: World, tmp_path: Path) -> Importer:
    """Return Mia, who imports into the world."""
    return Importer(world, LocalFiles(tmp_path / "files"))


def read(importer: Importer, kind: str, *lines: str) -> list[tuple[int, str, str]]:
    """Return line, column and code of each problem of a file."""
    return importer.problems(importer.read(kind, "\n".join([HEADINGS[kind], *lines, ""])))


@pytest.mark.parametrize("kind", HEADINGS)
def test_a_row_in_which_everything_is_wrong_names_every_cell_at_once(importer: Importer, kind: str) -> None:
    assert [column for _line, column, _code in read(importer, kind, ALL_WRONG[kind])] == HEADINGS[kind].split(
        ","
    )


@pytest.mark.parametrize(("kind", "line", "columns"), ONE_WRONG)
def test_a_wrong_cell_holds_back_only_what_needs_it(
    importer: Importer, kind: str, line: str, columns: list[str]
) -> None:
    found = [column for _line, column, _code in read(importer, kind, line)]
    assert list(dict.fromkeys(found)) == columns


@pytest.mark.parametrize(("kind", "wrong", "right"), REPEATS)
def test_rows_about_the_same_are_told_though_one_cannot_be_read_whole(
    importer: Importer, kind: str, wrong: str, right: str
) -> None:
    found = read(importer, kind, wrong, right)
    assert [line for line, _column, code in found if code == "row_repeats"] == [2, 3]
    assert len(found) == 3, found
