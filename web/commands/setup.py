"""`flask --app wsgi setup`: makes an empty database a real installation, in one transaction."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from models.database import Database
from models.programme import Programme
from models.vocabulary import Role
from web.commands.link import show_link
from web.services import services
from workflow.accounts import is_address, normal
from workflow.actors import INSTALLER
from workflow.acts.periods import is_period_code, open_period
from workflow.acts.policy import load_policy
from workflow.acts.programme import is_zone, set_up_programme
from workflow.acts.users import add_user, invite
from workflow.clock import programme_day
from workflow.policies import PolicyError, default_document, read_policy, without_examples
from workflow.refusals import Problem, Refused

Answers = Mapping[str, Any]


class Unusable(click.ClickException):
    """An answer that cannot be used, or is missing. One line, exit status 2."""

    exit_code = 2


class Wrong(Exception):
    """An answer that cannot be used; the text says why and what to do."""

    @classmethod
    def because(cls, code: str, **figures: str) -> "Wrong":
        """Return the complaint with the sentences of a problem."""
        problem = Problem(code, figures=figures)
        return cls(f"{problem.message()} {problem.remedy()}")


class OutOfOrder(Wrong):
    """A last day before the first: either may be the wrong one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to know. `read` turns the answer into its value, given those before it, or raises Wrong."""

    name: str
    asks: str
    read: Callable[[str, Answers], Any]
    default: str | None = None

    @property
    def option(self) -> str:
        """Return the option that answers it."""
        return f"--{self.name.replace('_', '-')}"


def _words(answer: str, _: Answers) -> str:
    if not answer.strip():
        raise Wrong.because("field_missing")
    if len(answer.strip()) > 200:
        raise Wrong("This is too long. Use at most 200 characters.")
    return answer.strip()


def _zone(answer: str, _: Answers) -> str:
    if not is_zone(answer):
        raise Wrong.because("time_zone")
    return answer


def _policy(answer: str, _: Answers) -> Mapping[str, Any]:
    if answer == "default":
        return without_examples(default_document())
    try:
        document: Mapping[str, Any] = json.loads(Path(answer).read_text(encoding="utf-8"))
        policy = read_policy(document)
    except OSError as error:
        raise Wrong(f"{answer} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        reason = str(error) if isinstance(error, PolicyError) else "it is no JSON text"
        raise Wrong(f"{answer} is not right: {reason}. Correct it and try again.") from None
    if policy.holds_examples:
        raise Wrong.because("example_limits")
    for rule in policy.routing or ():
        if rule.groups or rule.partner_id is not None:  # neither is on file yet
            raise Wrong.because("route_unknown", rule=rule.label)
    return document


def _code(answer: str, _: Answers) -> str:
    if not is_period_code(answer):
        raise Wrong.because("period_code")
    return answer


def _day(answer: str, _: Answers) -> date:
    try:
        return date.fromisoformat(answer)
    except ValueError:
        raise Wrong("This is no day. Write it as 2026-01-01.") from None


def _last_day(answer: str, answers: Answers) -> date:
    day = _day(answer, answers)
    if day < answers["period_first"]:
        raise OutOfOrder.because("ends_before_start")
    return day


def _address(answer: str, _: Answers) -> str:
    if not is_address(normal(answer)):
        raise Wrong.because("email_form")
    return normal(answer)


FIRST_DAY = Question("period_first", "Its first day, such as 2026-01-01", _day)

QUESTIONS: tuple[Question, ...] = (
    Question("owner", "Programme owner (the vendor that runs the fund)", _words),
    Question("name", "Name of the programme", _words, "Joint Marketing Fund"),
    Question("time_zone", "Time zone of the programme, such as Europe/Berlin", _zone),
    Question("policy", "Policy file, or “default”", _policy, "default"),
    Question("period_code", "Code of the first JMF period, such as 2026H1", _code),
    FIRST_DAY,
    Question("period_last", "Its last day, such as 2026-06-30", _last_day),
    Question("manager_name", "Name of the first programme manager", _words),
    Question("manager_email", "Their e-mail address", _address),
)


def _with_questions(command: Callable[..., None]) -> Callable[..., None]:
    for question in reversed(QUESTIONS):
        command = click.option(question.option, question.name, help=f"{question.asks}.")(command)
    return command


@click.command("setup")
@click.option(
    "--default",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the default policy to this file, to be edited, and do nothing else.",
)
@_with_questions
@with_appcontext
def setup(file: Path | None, **given: str | None) -> None:
    """Set this installation up. Asks for whatever no option says."""
    if file is not None:
        _write_default(file)
        return
    database = services().database
    _refuse_what_is_in_use(database)
    answers: dict[str, Any] = {}
    for question in QUESTIONS:
        answers[question.name] = _answer(question, given, answers)
    try:
        token = _set_up(database, answers)
    except Refused as refused:
        raise Unusable(" ".join(f"{one.message()} {one.remedy()}" for one in refused.problems)) from None
    click.echo(f"{answers['name']} of {answers['owner']} is set up.")
    show_link(answers["manager_email"], token)


def _answer(question: Question, given: Mapping[str, str | None], answers: dict[str, Any]) -> Any:
    """Return the value of what an option says, or of what is typed: asked for until it can be used.

    Where two days that were typed are in the wrong order, both are asked for again.
    """
    option = given[question.name]
    if option is not None:
        try:
            return question.read(option, answers)
        except Wrong as wrong:
            raise Unusable(f"{question.option}: {wrong}") from None
    while True:
        try:
            typed = click.prompt(question.asks, default=question.default)
        except click.Abort:
            raise Unusable(f"{question.option} is missing.") from None
        try:
            return question.read(typed, answers)
        except Wrong as wrong:
            click.echo(str(wrong))
            if isinstance(wrong, OutOfOrder) and given[FIRST_DAY.name] is None:
                answers[FIRST_DAY.name] = _answer(FIRST_DAY, given, answers)


def _write_default(file: Path) -> None:
    document = without_examples(default_document())
    try:
        with file.open("x", encoding="utf-8") as target:
            json.dump(document, target, indent=2, ensure_ascii=False)
            target.write("\n")
    except FileExistsError:
        raise Unusable(f"{file} exists already and is left as it is.") from None
    except OSError as error:
        raise Unusable(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(f"The default policy is in {file}. Edit it, then: flask --app wsgi setup --policy {file}")


def _refuse_what_is_in_use(database: Database) -> None:
    with database.read() as connection:
        running = connection.execute(select(Programme.is_demo)).one_or_none()
    if running is not None:
        problem = Problem("holds_demo" if running.is_demo else "set_up_already")
        raise Unusable(f"{problem.message()} {problem.remedy()}")


def _set_up(database: Database, answers: Answers) -> str:
    """Set everything up in one transaction, and return the token of the manager's link."""
    now = services().clock.now()
    today = programme_day(now, answers["time_zone"])
    with database.write() as connection:
        set_up_programme(
            connection,
            INSTALLER,
            now,
            owner=answers["owner"],
            name=answers["name"],
            time_zone=answers["time_zone"],
        )
        load_policy(
            connection,
            INSTALLER,
            now,
            document=answers["policy"],
            first_day=min(today, answers["period_first"]),
            today=today,
        )
        open_period(
            connection,
            INSTALLER,
            now,
            code=answers["period_code"],
            first_day=answers["period_first"],
            last_day=answers["period_last"],
        )
        manager = add_user(
            connection,
            INSTALLER,
            now,
            email=answers["manager_email"],
            name=answers["manager_name"],
            roles=[Role.manager],
        )
        return invite(connection, INSTALLER, now, manager, services().door.link_life)
