"""`flask --app wsgi setup` makes an empty database a real installation; `link` lets somebody in again."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from models.database import Database
from models.history import Act
from models.people import User
from models.programme import Period, PolicyVersion, Programme
from models.vocabulary import Role
from tests.support.factories import Factory
from tests.support.pages import Browser
from workflow.clock import SettableClock
from workflow.policies import default_document, without_examples

ANSWERS = {
    "owner": "Northwind",
    "name": "Partner Fund",
    "time-zone": "Europe/Berlin",
    "policy": "default",
    "period-code": "2026H1",
    "period-first": "2026-01-01",
    "period-last": "2026-06-30",
    "manager-name": "Mia Manager",
    "manager-email": "Mia@Northwind.example",
}


@pytest.fixture
def run(app: Flask) -> Any:
    """Runs a command of the product, with what is typed."""

    def _run(*words: str, typed: str = "") -> Result:
        return app.test_cli_runner().invoke(args=list(words), input=typed)

    return _run


def options(**other: str | None) -> list[str]:
    """Return the options that answer everything; None leaves one out."""
    answers = {**ANSWERS, **{name.replace("_", "-"): value for name, value in other.items()}}
    return [f"--{name}={value}" for name, value in answers.items() if value is not None]


def only(database: Database, kind: type[Any]) -> Any:
    with database.reading_session() as session:
        return session.scalars(select(kind)).one()


def link_in(output: str) -> str:
    """Return the path of the link that was printed."""
    return "/set-password/" + output.strip().rpartition("/set-password/")[2]


def test_options_set_everything_up_and_print_the_managers_link(
    run: Any, database: Database, stranger: Browser
) -> None:
    done = run("setup", *options())
    assert done.exit_code == 0, done.output
    programme = only(database, Programme)
    assert (programme.owner, programme.name, programme.time_zone) == (
        "Northwind",
        "Partner Fund",
        "Europe/Berlin",
    )
    assert not programme.is_demo
    assert only(database, Period).code == "2026H1"
    manager = only(database, User)
    assert manager.email == "mia@northwind.example"
    page = stranger.open(link_in(done.output))
    assert "Mia Manager" in page.text
    assert page.submit(page.path, new="four words in a row", again="four words in a row").status == 302
    entered = stranger.open("/sign-in").submit(
        "/sign-in", email=manager.email, password="four words in a row"
    )
    assert stranger.open(entered.follow().location).path == "/programme"


def test_every_act_of_the_installation_has_its_row(run: Any, database: Database) -> None:
    run("setup", *options())
    with database.reading_session() as session:
        acts = session.scalars(select(Act).order_by(Act.id)).all()
    assert [act.kind for act in acts] == [
        "programme_set_up",
        "policy_loaded",
        "period_opened",
        "user_invited",
        "link_issued",
    ]
    assert {act.actor_id for act in acts} == {None}


def test_the_default_policy_comes_without_example_figures(run: Any, database: Database) -> None:
    run("setup", *options())
    document = only(database, PolicyVersion).document
    assert document["promotional_item_limits"] == {}
    assert not document["limits_are_examples"]


def test_a_policy_file_with_example_figures_is_refused_in_one_line(
    run: Any, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(default_document()))
    done = run("setup", *options(policy=str(file)))
    assert done.exit_code == 2
    assert "--policy: Its limits of promotional items are marked as examples." in done.output
    assert done.output.count("\n") == 1
    with database.reading_session() as session:
        assert session.get(Programme, 1) is None


@pytest.mark.parametrize("named", [{"tiers": [{}, {"group": 1}]}, {"tiers": [{}], "partner_id": 1}])
def test_a_policy_file_that_names_who_is_not_on_file_yet_is_refused_in_one_line(
    run: Any, tmp_path: Path, named: dict[str, Any]
) -> None:
    file, rule = tmp_path / "policy.json", {"code": "large", "label": "Large", **named}
    file.write_text(json.dumps({**without_examples(default_document()), "routing": [rule]}))
    done = run("setup", *options(policy=str(file)))
    assert done.exit_code == 2
    assert "--policy: The routing rule “Large” names a group or a partner that is not on file." in done.output
    assert done.output.count("\n") == 1


def test_the_policy_covers_the_whole_first_period(run: Any, database: Database) -> None:
    run("setup", *options())
    assert only(database, PolicyVersion).first_day == only(database, Period).first_day


def test_what_no_option_says_is_asked(run: Any, database: Database) -> None:
    typed = "\n".join(["Northwind", "", "Europe/Berlin", "", "2026H1", "2026-01-01", "2026-06-30", "Mia"])
    done = run("setup", "--manager-email=mia@northwind.example", typed=typed + "\n")
    assert done.exit_code == 0, done.output
    assert only(database, Programme).name == "Joint Marketing Fund"


def test_a_wrong_answer_is_asked_again(run: Any, database: Database) -> None:
    typed = "Berlin/Europe\nEurope/Berlin\n"
    done = run("setup", *options(time_zone=None), typed=typed)
    assert done.exit_code == 0, done.output
    assert "This is no time zone. Write it as Europe/Berlin" in done.output
    assert only(database, Programme).time_zone == "Europe/Berlin"


def test_two_days_in_the_wrong_order_are_both_asked_again(run: Any, database: Database) -> None:
    typed = "2026-06-30\n2026-01-01\n2026-01-01\n2026-06-30\n"
    done = run("setup", *options(period_first=None, period_last=None), typed=typed)
    assert done.exit_code == 0, done.output
    assert done.output.count("The last day is before the first.") == 1
    period = only(database, Period)
    assert (str(period.first_day), str(period.last_day)) == ("2026-01-01", "2026-06-30")


def test_a_first_day_that_an_option_says_is_not_asked_again(run: Any, database: Database) -> None:
    done = run("setup", *options(period_last=None), typed="2025-06-30\n2026-06-30\n")
    assert done.exit_code == 0, done.output
    assert str(only(database, Period).last_day) == "2026-06-30"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("owner", " ", "--owner: This is still empty."),
        ("name", "x" * 201, "--name: This is too long."),
        ("time_zone", "../etc/passwd", "--time-zone: This is no time zone."),
        ("policy", "no-such-file.json", "--policy: no-such-file.json cannot be read: No such file"),
        ("period_code", "first half", "--period-code: This is no period code."),
        ("period_first", "1.1.2026", "--period-first: This is no day."),
        ("period_last", "2025-12-31", "--period-last: The last day is before the first."),
        ("manager_name", "", "--manager-name: This is still empty."),
        ("manager_email", "mia", "--manager-email: This is no e-mail address."),
    ],
)
def test_a_wrong_option_is_one_line_and_changes_nothing(
    run: Any, database: Database, name: str, value: str, said: str
) -> None:
    done = run("setup", *options(**{name: value}))
    assert done.exit_code == 2
    assert said in done.output
    assert done.output.count("\n") == 1
    with database.reading_session() as session:
        assert session.get(Programme, 1) is None


def test_an_answer_that_nobody_gives_is_one_line(run: Any) -> None:
    done = run("setup", *options(owner=None))
    assert done.exit_code == 2
    assert done.stderr.endswith("Error: --owner is missing.\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "it is no JSON text"), ("[]", "policy"), ('{"max_funding_share": 1}', "eligible_partner_types")],
)
def test_a_policy_file_that_is_not_right_is_told(run: Any, tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "policy.json"
    file.write_text(content)
    done = run("setup", *options(policy=str(file)))
    assert done.exit_code == 2
    assert said in done.output


def test_the_default_policy_is_written_to_be_edited(run: Any, tmp_path: Path, database: Database) -> None:
    file = tmp_path / "policy.json"
    assert run("setup", "--default", str(file)).exit_code == 0
    document = json.loads(file.read_text())
    assert document["promotional_item_limits"] == {}
    document["max_amount_per_activity"] = "7500.00"
    file.write_text(json.dumps(document))
    assert run("setup", *options(policy=str(file))).exit_code == 0
    assert only(database, PolicyVersion).document["max_amount_per_activity"] == "7500.00"


def test_a_file_that_is_there_is_not_written_over(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text("mine")
    done = run("setup", "--default", str(file))
    assert (done.exit_code, file.read_text()) == (2, "mine")


def test_a_database_that_holds_a_demo_is_refused(run: Any, database: Database, clock: SettableClock) -> None:
    Factory(database, clock.now()).programme(is_demo=True)
    done = run("setup", *options())
    assert done.exit_code == 2
    assert "holds a demo" in done.output


def test_a_second_set_up_is_refused(run: Any) -> None:
    assert run("setup", *options()).exit_code == 0
    done = run("setup", *options(owner="Somebody else"))
    assert done.exit_code == 2
    assert "set up already" in done.output


def test_link_lets_the_only_manager_in_again(run: Any, make: Factory, stranger: Browser) -> None:
    make.user("Mia", Role.manager)
    first = run("link", "Mia@Vendor.example")
    second = run("link", "mia@vendor.example")
    assert stranger.open(link_in(first.output)).status == 410
    assert stranger.open(link_in(second.output)).status == 200


@pytest.mark.parametrize("email", ["nobody@vendor.example", "left@vendor.example"])
def test_link_refuses_whom_it_cannot_let_in(run: Any, make: Factory, email: str) -> None:
    make.user("Left", Role.manager, deactivated_at=make.now)
    done = run("link", email)
    assert done.exit_code == 1
    assert email in done.output
