"""The demo programme: loads on every day of the year, and is what people could have made."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, true

from models.banking import BankAccount
from models.claims import Claim, Evidence
from models.database import Database
from models.file_store.local import LocalFiles
from models.funds import Fund, LedgerEntry
from models.history import Act, Move
from models.messages import Message
from models.payment_runs import PaymentRun, RunClaim
from models.people import Partner, User
from models.programme import Period, Programme
from models.tasks import Task
from models.threads import Post
from models.vocabulary import Bucket, Delivery, Role, RunState, State, TaskKind
from tests.support.databases import Sqlite
from tests.support.factories import PASSWORD
from web.demo.cast import MEMBERS
from web.demo.loading import NotEmpty, load_demo
from web.demo.sign_ins import SIGN_INS
from workflow.clock import programme_day
from workflow.duplicates.finding import Likeness, matches_of
from workflow.file_types import examine
from workflow.what_if.chosen import histories, last_move
from workflow.what_if.judging import judge_again
from workflow.what_if.running import policies

AUTUMN = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
ODD_DAYS = (
    "2027-01-01T00:05:00+01:00",
    "2028-02-29T12:00:00+01:00",
    "2027-06-30T23:55:00+02:00",
    "2027-07-01T00:01:00+02:00",
    "2026-12-31T12:00:00+01:00",
    "2027-03-28T02:30:00+01:00",
    "2027-01-17T09:00:00+01:00",
    "2027-04-15T09:00:00+02:00",
    "2027-09-30T09:00:00+02:00",
)


Load = Callable[[datetime], Database]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo that most tests look at keeps its files."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(sqlite: Sqlite, folder: Path) -> Database:
    """The demo as of AUTUMN, for tests that only look."""
    with sqlite.copy(folder) as url:
        database = Database(url)
    load_demo(database, LocalFiles(folder / "files"), AUTUMN, "a hash")
    return database


@pytest.fixture
def load(sqlite: Sqlite, tmp_path: Path) -> Load:
    """Loads the demo as of a moment into a fresh SQLite file."""

    def _load(now: datetime) -> Database:
        with sqlite.copy(tmp_path) as url:
            database = Database(url)
        load_demo(database, LocalFiles(tmp_path / "files"), now, "a hash")
        return database

    return _load


def counted(database: Database, column: Any) -> dict[Any, int]:
    """Return how often each value of a column stands."""
    with database.read() as connection:
        return dict(connection.execute(select(column, func.count()).group_by(column)).all())


@pytest.mark.parametrize("moment", [AUTUMN.isoformat(), *ODD_DAYS])
def test_it_loads_on_every_kind_of_day_with_every_state_over_two_periods(load: Load, moment: str) -> None:
    now = datetime.fromisoformat(moment)
    database = load(now)
    states = counted(database, Claim.state)
    assert set(states) == set(State)
    assert sum(states.values()) >= 40
    with database.read() as connection:
        periods = connection.execute(
            select(Period.first_day, Period.last_day).order_by(Period.first_day)
        ).all()
        used = connection.scalars(select(Claim.period_id).distinct()).all()
        latest = connection.scalar(select(func.max(Move.at)))
    assert len(periods) == len(used) == 2
    assert periods[1].first_day <= programme_day(now, "Europe/Berlin") <= periods[1].last_day
    assert latest is not None
    assert latest <= now
    assert_balances(database)


def assert_balances(database: Database) -> None:
    """Fail unless each fund's balances are those of its entries, and its reserve that of its claims."""
    with database.read() as connection:
        entries = connection.execute(select(LedgerEntry.__table__)).all()
        funds = connection.execute(select(Fund.__table__)).all()
        reserved = connection.execute(
            select(
                Claim.partner_id, Claim.period_id, func.sum(Claim.reserved), func.sum(Claim.paid)
            ).group_by(Claim.partner_id, Claim.period_id)
        ).all()
    of_claims = {(row[0], row[1]): (row[2], row[3]) for row in reserved}
    for fund in funds:
        balance: Counter[Bucket] = Counter()
        for entry in entries:
            if entry.fund_id == fund.id:
                balance[entry.target] += entry.amount
                balance[entry.source] -= entry.amount
        assert (balance[Bucket.available], balance[Bucket.reserved], balance[Bucket.paid]) == (
            fund.available,
            fund.reserved,
            fund.paid,
        )
        assert of_claims.get((fund.partner_id, fund.period_id), (0, 0)) == (fund.reserved, fund.paid)


def test_every_claim_has_the_history_of_its_own_moves(demo: Database) -> None:
    with demo.read() as connection:
        claims = connection.execute(select(Claim.id, Claim.state, Claim.moves)).all()
        moves = connection.execute(select(Move.__table__).order_by(Move.claim_id, Move.number)).all()
    for claim in claims:
        own = [move for move in moves if move.claim_id == claim.id]
        assert [move.number for move in own] == list(range(1, claim.moves + 1))
        states = [State.draft, *(move.target for move in own)]
        assert [move.source for move in own] == states[:-1]
        assert claim.state == states[-1]
        assert [move.at for move in own] == sorted(move.at for move in own)
    judged = [move for move in moves if move.trigger in ("submit", "approve", "report", "accept")]
    assert judged
    assert all(move.document and move.verdicts for move in judged)


def test_every_move_of_the_table_is_there_to_see(demo: Database) -> None:
    found = counted(demo, Move.trigger)
    assert {trigger.value for trigger in found} == {
        *("submit", "withdraw", "return", "reject", "approve", "report", "rework", "accept", "reimburse"),
        *("expire", "reinstate", "dispute"),
    }


def test_the_cast_has_every_standing(demo: Database) -> None:
    today = AUTUMN.date()
    with demo.read() as connection:
        partners = dict(connection.execute(select(Partner.name, Partner.id)).all())
        without_fund = set(partners.values()) - set(connection.scalars(select(Fund.partner_id)))
    assert len(partners) >= 8
    assert len({member.country for member in MEMBERS}) >= 5
    assert {member.partner_type for member in MEMBERS} == {"distributor", "vap", "reseller"}
    assert partners["Savanna Cloud Solutions Ltd"] in without_fund
    last_days = {today + timedelta(days=paper.last) for member in MEMBERS for paper in member.papers}
    assert today + timedelta(days=10) in last_days
    assert any(max(paper.last for paper in member.papers) < 0 for member in MEMBERS), (
        "nobody's certificate has lapsed"
    )
    assert any(member.present.achieved < member.present.required for member in MEMBERS)


def test_claims_wait_for_both_approvers_and_for_finance(demo: Database) -> None:
    with demo.read() as connection:
        waiting = connection.execute(
            select(Task.kind, Task.assignee_id).where(Task.closed_at.is_(None))
        ).all()
    assert len({row.assignee_id for row in waiting if row.assignee_id}) == 2
    assert {row.kind for row in waiting} == set(TaskKind) - {TaskKind.reconsider}


def test_everybody_at_the_door_has_their_role_and_an_example_address(demo: Database) -> None:
    with demo.reading_session() as session:
        users = {user.email: user for user in session.scalars(select(User))}
        for person in SIGN_INS:
            assert users[person.email].roles == {person.role}
            assert (users[person.email].partner_id is not None) == (person.role is Role.partner)
    assert all(email.endswith(".example") for email in users)


def test_no_mail_waits_and_old_notifications_are_read(demo: Database) -> None:
    assert set(counted(demo, Message.delivery)) == {Delivery.off}
    with demo.read() as connection:
        unread = connection.scalars(select(Message.created_at).where(Message.read_at.is_(None))).all()
        assert unread
        assert min(unread) > AUTUMN - timedelta(days=5)
        assert connection.scalar(select(func.count()).where(Message.read_at.is_not(None)))


def test_its_files_are_what_they_say(demo: Database, folder: Path) -> None:
    store = LocalFiles(folder / "files")
    with demo.read() as connection:
        files = connection.execute(select(Evidence.__table__)).all()
    assert {file.content_type for file in files} == {"application/pdf", "image/png"}
    for file in files:
        with store.find(file.digest) as content:
            path = Path(content.name)
            assert len(content.read()) == file.size
        assert examine(path, file.size, file.name)[1].content_type == file.content_type


def test_there_is_something_of_everything_that_finance_does(demo: Database) -> None:
    with demo.read() as connection:
        runs = connection.execute(
            select(PaymentRun.state, func.count(RunClaim.id))
            .join(RunClaim, RunClaim.run_id == PaymentRun.id)
            .group_by(PaymentRun.id)
            .order_by(PaymentRun.id)
        ).all()
        confirmed = connection.scalar(select(func.count()).where(BankAccount.confirmed_at.is_not(None)))
        waiting = connection.scalar(
            select(func.count()).where(BankAccount.confirmed_at.is_(None), BankAccount.refused_at.is_(None))
        )
        disputed = connection.scalar(select(func.count()).where(Claim.disputed_on.is_not(None)))
        posts = connection.scalars(select(Post.internal)).all()
        due = connection.scalars(select(Task.due_on).where(Task.closed_at.is_(None))).all()
    assert [state for state, _claims in runs] == [RunState.released, RunState.draft]
    assert all(claims for _state, claims in runs)
    assert (confirmed, waiting, disputed) == (4, 1, 1)
    assert set(posts) == {True, False}
    assert any(due)


def test_acts_were_the_managers_after_the_installation(demo: Database) -> None:
    with demo.read() as connection:
        manager = connection.scalar(select(User.id).where(User.email == "eva@northlight.example"))
        actors = connection.execute(select(Act.kind, Act.actor_id)).all()
    assert {row.kind for row in actors if row.actor_id is None} == {
        "programme_set_up",
        "policy_loaded",
        "user_invited",
    }
    assert {row.kind for row in actors if row.actor_id not in (None, manager)} == {
        *("account_entered", "outcomes_reported", "policy_published", "run_collected", "run_released"),
    }


def test_it_is_marked_as_a_demo(demo: Database) -> None:
    with demo.reading_session() as session:
        assert session.get_one(Programme, 1).is_demo


def test_a_second_load_is_refused(load: Load, tmp_path: Path) -> None:
    database = load(AUTUMN)
    before = counted(database, Claim.state)
    with pytest.raises(NotEmpty):
        load_demo(database, LocalFiles(tmp_path), AUTUMN, PASSWORD)
    assert counted(database, Claim.state) == before


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_other_database_takes_a_demo(database: Database, tmp_path: Path) -> None:
    with pytest.raises(NotEmpty):
        load_demo(database, LocalFiles(tmp_path), AUTUMN, PASSWORD)


def test_one_document_is_on_file_twice_for_an_approver_to_find(demo: Database) -> None:
    with demo.read() as connection:
        claims = connection.execute(select(Claim.id, Claim.title, Claim.state)).all()
        found = {row.title: matches_of(connection, row.id, true()) for row in claims}
    alike = {title: [match.likeness for match in matches] for title, matches in found.items() if matches}
    assert alike == {
        "Planning day with resellers": [Likeness.file],
        "Reseller day north": [Likeness.file],
    }
    assert {row.title: row.state for row in claims}["Planning day with resellers"] is State.executed


def test_by_its_own_version_no_claim_of_it_comes_out_otherwise(demo: Database) -> None:
    with demo.read() as connection:
        policy_of, chunk, until = policies(connection), {"first": 1, "last": 10**6}, last_move(connection)
        for claim_id, moves in histories(connection, chunk, {}, until):
            found = judge_again(moves, policy_of(moves[-1].policy_version_id), policy_of)
            assert (found.effect, found.flips, found.unread) == (None, (), 0), claim_id
            assert found.before == found.after
