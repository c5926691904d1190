"""Dashboards by role: each figure is that of the claims behind it, counted anew here, row by row."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

import pytest

from models.claims import Claim, ClaimLine
from models.exchange import ExchangeRate
from models.history import Move
from models.outcomes import Outcome
from models.payments import Payment, PaymentFailure
from models.people import Partner
from models.tasks import Task
from models.vocabulary import Role, State, Trigger
from tests.functional.conftest import SignIn
from tests.support.looking import as_read
from tests.support.many_claims import two_partners_with_many_claims
from tests.support.pages import Browser, Page
from tests.support.stages import submitted
from tests.support.world import Beginning, World
from web.labels import STATES, TASKS, TRIGGERS
from web.verdicts import TITLES
from workflow.demands import AFTER_THE_RULES

OF_CLAIMS = ("/dashboard", "/dashboard/times", "/dashboard/reasons", "/dashboard/returns")
PAGES: dict[str, Sequence[str]] = {
    "anna": OF_CLAIMS,
    "eve": OF_CLAIMS,
    "mia": OF_CLAIMS,
    "bob": ("/dashboard/decisions",),
    "dan": ("/dashboard/payments",),
}
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Row:
    """A row of a dashboard: the section it stands in, its cells as read, and the claims it leads to."""

    section: str
    cells: list[str]
    amounts: list[int]
    address: str

    @property
    def count(self) -> int:
        return int(re.sub("[^0-9]", "", self.cells[1].split()[0]))


def rows(page: Page) -> Iterator[Row]:
    """Yield the rows of a page that lead to claims."""
    for section in re.findall(r'<section class="panel" id="([^"]+)">(.*?)</section>', page.text, re.S):
        for row in re.findall(r"<tr>(.*?)</tr>", section[1], re.S):
            cells = [
                " ".join(re.sub("<[^>]*>", " ", cell).split())
                for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
            ]
            found = re.search(r'href="(/dashboard/claims[^"]*)"', row)
            assert not cells or found, f"{cells} lead nowhere"
            if found:
                amounts = [int(cents) for cents in re.findall(r'class="money" value="(-?\d+)"', row)]
                yield Row(section[0], cells, amounts, found.group(1).replace("&amp;", "&"))


def claims_behind(browser: Browser, address: str) -> list[int]:
    """Return the ids of the claims of a list, page by page; its own sums are those of its rows."""
    ids: list[int] = []
    sums, told = Counter[int](), list[int]()
    following: str | None = address
    while following:
        page = browser.open(following)
        assert page.status == 200, page.text
        head, _, body = page.text.partition("<tbody>")
        ids += [int(one) for one in re.findall(r'href="/claims/(\d+)"', body)]
        told = [int(cents) for cents in re.findall(r'class="money" value="(-?\d+)"', head)]
        for number, cents in enumerate(re.findall(r'class="money" value="(-?\d+)"', body)):
            sums[number % 4] += int(cents)
        after = re.search(r'rel="next" href="([^"]+)"', page.text)
        following = after.group(1).replace("&amp;", "&") if after else None
    assert not ids or told == [sums[0], sums[1], sums[2], sums[3]]
    assert len(ids) == len(set(ids))
    return ids


@dataclass
class Told:
    """What is stored, to count figures by in another way than the product does."""

    world: World

    @cached_property
    def claims(self) -> dict[int, Any]:
        return {row.id: row for row in self.world.rows(Claim)}

    @cached_property
    def moves(self) -> list[Any]:
        return sorted(self.world.rows(Move), key=lambda move: (move.claim_id, move.number))

    @cached_property
    def payments(self) -> list[Any]:
        failed = {row.payment_id for row in self.world.rows(PaymentFailure)}
        return [row for row in self.world.rows(Payment) if row.id not in failed]

    @cached_property
    def outcomes(self) -> dict[int, Any]:
        return {row.claim_id: row for row in self.world.rows(Outcome)}

    def money(self, ids: Sequence[int]) -> list[int]:
        claims = [self.claims[one] for one in ids]
        over = (State.withdrawn, State.rejected, State.expired)
        granted = [claim.approved or 0 for claim in claims if claim.state not in over]
        return [
            sum(claim.requested or 0 for claim in claims),
            sum(granted),
            sum(claim.reserved for claim in claims),
            sum(claim.paid for claim in claims),
        ]

    def stays(self, state: State) -> dict[int, list[int]]:
        """Return the tenths of a day of the stays in a state that ended, by claim."""
        found: dict[int, list[int]] = {}
        came: datetime | None = None
        for move in self.moves:
            came = self.claims[move.claim_id].created_at if move.number == 1 else came
            if move.source is not move.target:
                if move.source is state:
                    assert came is not None
                    found.setdefault(move.claim_id, []).append(tenths(came, move.at))
                came = move.at
        return found

    def cost(self, ids: Sequence[int]) -> int:
        rates = {row.id: row for row in self.world.rows(ExchangeRate)}
        total = Fraction()
        for row in self.world.rows(ClaimLine):
            if row.claim_id in ids and row.kind == "actual":
                rate = rates.get(self.claims[row.claim_id].pinned_rate_id)
                total += Fraction(row.amount) * (Fraction(rate.usd) / Fraction(rate.local) if rate else 1)
        return -(-total.numerator // total.denominator)


def tenths(first: datetime, last: datetime) -> int:
    return int((last - first).total_seconds() // 8640)


def of_spans(counted: Sequence[int]) -> list[str]:
    ranked = sorted(counted)
    picked = [ranked[-(-len(ranked) * percent // 100) - 1] for percent in (50, 90)]
    return [str(len(ranked)), *(f"{one // 10}.{one % 10} days" for one in picked)]


@pytest.fixture
def beginning() -> Beginning:
    """Two partners have many claims."""
    return two_partners_with_many_claims


@pytest.fixture
def told(world: World) -> Told:
    """All that is stored of them."""
    return Told(world)


@pytest.mark.parametrize("name", list(PAGES))
def test_every_row_leads_to_as_many_claims_as_it_counts(told: Told, sign_in: SignIn, name: str) -> None:
    browser = sign_in(told.world.people[name])
    for path in PAGES[name]:
        found = list(rows(browser.open(path)))
        assert found, f"{path} has no figures for {name}"
        for row in found:
            assert len(claims_behind(browser, row.address)) == row.count, f"{path}: {row.cells}"


@pytest.mark.parametrize("query", ["", "activity=seminar", "country=FR&activity=exhibition"])
def test_money_is_that_of_the_claims_behind_it(told: Told, sign_in: SignIn, query: str) -> None:
    browser = sign_in(told.world.people["mia"])
    seen = Counter[str]()
    for row in rows(browser.open(f"/dashboard?{query}")):
        ids = claims_behind(browser, row.address)
        assert row.amounts == told.money(ids), row.cells
        seen[row.section] += len(ids)
    everything = len(claims_behind(browser, f"/dashboard/claims?{query}"))
    assert seen == dict.fromkeys(("by-state", "by-period", "by-country", "by-activity"), everything)


@ON_ONE
def test_bars_draw_what_is_reserved_and_not_what_went_back(told: Told, sign_in: SignIn) -> None:
    """Of an accepted claim less can be due than was granted: the rest is no stripe of money to be paid."""
    page = sign_in(told.world.people["mia"]).open("/dashboard")
    drawn = page.text.partition('id="by-state"')[2].partition("</svg>")[0]
    of_states = {row.cells[0]: row.amounts for row in rows(page) if row.section == "by-state"}
    longest = max(max(asked, reserved + paid) for asked, _, reserved, paid in of_states.values())
    for name, (_, _, reserved, _) in of_states.items():
        bar = drawn.partition(f">{name}<")[2].partition("chart__name")[0]
        width = re.search(r'part--hatched"[^>]* width="([\d.]+)%"', bar)
        assert (float(width[1]) if width else 0) == round(100 * reserved / longest, 2), name
    _, granted, reserved, paid = of_states["Accepted"]
    assert reserved < granted - paid


@pytest.mark.parametrize("name", ["anna", "mia"])
def test_times_are_those_of_the_claims_behind_them(told: Told, sign_in: SignIn, name: str) -> None:
    browser, now = sign_in(told.world.people[name]), told.world.clock.now()
    states = {str(words): state for state, words in STATES.items()}
    seen = set()
    for row in rows(browser.open("/dashboard/times")):
        ids, state = claims_behind(browser, row.address), states[row.cells[0]]
        if row.section == "ended":
            counted = [took for one in ids for took in told.stays(state)[one]]
        else:
            counted = [tenths(told.claims[one].state_since, now) for one in ids]
        assert row.cells[2:] == of_spans(counted), row.cells
        seen.add((row.section, state))
    assert {("ended", State.draft), ("ended", State.reimbursed), ("going-on", State.approved)} <= seen
    assert ("going-on", State.reimbursed) not in seen


def test_reasons_are_those_of_the_claims_behind_them(told: Told, sign_in: SignIn) -> None:
    browser = sign_in(told.world.people["eve"])
    seen = Counter[str]()
    for row in rows(browser.open("/dashboard/reasons")):
        ids = claims_behind(browser, row.address)
        counted = [each for move in told.moves if move.claim_id in ids for each in amounts(row, move)]
        assert (row.cells[2], row.amounts) == (str(len(counted)), [sum(counted)]), row.cells
        seen[row.section] += 1
    assert set(seen) == {"sent-back", "why", "rules", "less"}
    assert seen["sent-back"] == 4


def test_a_rejection_from_before_there_were_codes_counts_as_one_without(
    told: Told, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim_id = submitted(told.world)
    monkeypatch.delitem(AFTER_THE_RULES, Trigger.reject)
    told.world.move(claim_id, "reject", "bob", reason="No.")
    browser = sign_in(told.world.people["eve"])
    (row,) = (row for row in rows(browser.open("/dashboard/reasons")) if row.address.endswith("why=none"))
    assert row.cells == ["No code on record", *row.cells[1:]]
    assert claims_behind(browser, row.address) == [claim_id]


def amounts(row: Row, move: Any) -> list[int]:
    """Return what a move adds to a row of reasons: one amount for each decision that counts there."""
    value = row.address.rpartition("=")[2]
    asked, figures = [move.requested or 0], move.figures
    if row.section == "sent-back":
        return asked if f"{move.trigger}-{move.source}" == value else []
    if row.section == "less":
        less = figures.get("disallowed", {}) if move.trigger in (Trigger.approve, Trigger.accept) else {}
        return [int(less[value].replace(".", ""))] if value in less else []
    if move.trigger is not Trigger.reject:
        return []
    if row.section == "why":
        return asked if figures["why"] == value else []
    return asked if value in figures["broken"] else []


@pytest.mark.parametrize("name", ["anna", "mia"])
def test_returns_are_those_of_the_claims_behind_them(told: Told, sign_in: SignIn, name: str) -> None:
    browser = sign_in(told.world.people[name])
    sections = Counter[str]()
    for row in rows(browser.open("/dashboard/returns")):
        ids = claims_behind(browser, row.address)
        outcomes = [told.outcomes[one] for one in ids]
        paid = sum(told.claims[one].paid for one in ids)
        leads, meetings = sum(one.leads for one in outcomes), sum(one.meetings for one in outcomes)
        revenue = sum(one.revenue for one in outcomes)
        assert [cell.split()[0] for cell in row.cells[4:6]] == [f"{leads:,}", f"{meetings:,}"]
        each = [-(-paid // number) for number in (leads, meetings)]
        assert row.amounts == [paid, told.cost(ids), *each, revenue, revenue * 100 // paid], row.cells
        sections[row.section] += len(ids)
    counted = [one for one in told.outcomes if told.claims[one].state is State.reimbursed]
    if name == "mia":
        assert sections == dict.fromkeys(("by-activity", "by-country", "by-partner_id"), len(counted))
    else:
        assert set(sections) == {"by-activity"}


def test_it_is_said_how_many_claims_are_left_out_of_the_returns(told: Told, sign_in: SignIn) -> None:
    browser = sign_in(told.world.people["mia"])
    page = browser.open("/dashboard/returns")
    paid = {one for one, claim in told.claims.items() if claim.state is State.reimbursed}
    with_outcomes = set(told.outcomes)
    expected = {
        "counted": paid & with_outcomes,
        "missing": paid - with_outcomes,
        "unpaid": with_outcomes - paid,
    }
    for name, ids in expected.items():
        assert set(claims_behind(browser, f"/dashboard/claims?returns={name}")) == ids
        figure = page.text.split(f"returns={name}")[1].split("figure__value")[1]
        assert figure.startswith(f'">{len(ids)}<')
    assert expected["missing"]


def test_an_approver_sees_their_own_decisions_times_and_tasks(told: Told, sign_in: SignIn) -> None:
    browser, bob = sign_in(told.world.people["bob"]), told.world.people["bob"].user_id
    now, tasks = told.world.clock.now(), told.world.rows(Task)
    triggers = {str(words): trigger for trigger, words in TRIGGERS.items()}
    kinds = {str(words): kind for kind, words in TASKS.items()}
    sections = set()
    for row in rows(browser.open("/dashboard/decisions")):
        if row.section == "made":
            made = [m for m in told.moves if m.actor_id == bob and m.trigger is triggers[row.cells[0]]]
            assert row.cells[2] == str(len(made))
        else:
            mine = [task for task in tasks if task.assignee_id == bob and task.kind is kinds[row.cells[0]]]
            over = [task for task in mine if (task.closed_at is None) is (row.section == "open")]
            took = [tenths(task.held_since or task.opened_at, task.closed_at or now) for task in over]
            assert row.cells[2:] == of_spans(took)
        sections.add(row.section)
    assert sections == {"open", "made", "closed"}


def test_finance_sees_what_is_to_be_paid_and_what_was(told: Told, sign_in: SignIn) -> None:
    browser = sign_in(told.world.people["dan"])
    page = browser.open("/dashboard/payments")
    accepted = [claim for claim in told.claims.values() if claim.state is State.accepted]
    left = sum(claim.reserved for claim in accepted)
    assert f'value="{left}"' in page.text
    ids = claims_behind(browser, "/dashboard/claims?state=accepted")
    assert set(ids) == {claim.id for claim in accepted}
    sections = Counter[str]()
    for row in rows(page):
        key = row.cells[0]
        paid = [one for one in told.payments if key in (one.currency, f"{one.paid_on:%Y-%m}")]
        assert set(claims_behind(browser, row.address)) == {one.claim_id for one in paid}
        assert (row.cells[2], row.amounts[0]) == (str(len(paid)), sum(one.amount for one in paid))
        if key == "EUR":
            assert row.amounts[1] == sum(one.instructed for one in paid)
        sections[row.section] += 1
    assert sections["months"] > 1
    assert sections["currencies"] == 2


@ON_ONE
def test_no_facet_leads_a_partner_to_anothers_claims(told: Told, sign_in: SignIn) -> None:
    anna, mia = (sign_in(told.world.people[name]) for name in ("anna", "mia"))
    own = {one for one, claim in told.claims.items() if claim.partner_id == told.world.partner_id}
    isar = next(row.id for row in told.world.rows(Partner) if row.name == "Isar Networks")
    for path in OF_CLAIMS:
        for row in rows(mia.open(path)):
            assert set(claims_behind(anna, row.address)) <= own, row.address
    assert claims_behind(anna, f"/dashboard/claims?partner_id={isar}") == []
    assert "Isar" not in anna.open("/dashboard/claims?country=FR&partner=Isar").text.split("<main")[1]


@ON_ONE
@pytest.mark.parametrize(("name", "others"), [("bob", "cora"), ("dan", "fay")])
def test_approvers_and_finance_are_led_to_claims_of_their_own_work_alone(
    told: Told, sign_in: SignIn, name: str, others: str
) -> None:
    untouched = submitted(told.world)
    role = Role.approver if name == "bob" else Role.finance
    told.world.person(others, role)
    ids = claims_behind(sign_in(told.world.people[others]), "/dashboard/claims")
    assert untouched not in ids
    if role is Role.approver:
        assert ids == []
    else:
        paid = {row.claim_id for row in told.world.rows(Payment)}
        accepted = {one for one, claim in told.claims.items() if claim.state is State.accepted}
        assert set(ids) == paid | accepted


@ON_ONE
@pytest.mark.parametrize("name", list(PAGES))
def test_each_chart_has_a_name_and_says_what_its_table_says(told: Told, sign_in: SignIn, name: str) -> None:
    browser = sign_in(told.world.people[name])
    for path in PAGES[name]:
        page = browser.open(path)
        charts = re.findall(r'<svg class="chart__bars".*?</svg>', page.text, re.S)
        sections = {row.section for row in rows(page)}
        assert len(charts) == len(sections)
        for drawn in charts:
            assert 'role="img"' in drawn
            assert re.search(r'aria-labelledby="([^"]+)">\s*<title id="\1">[^<]+</title>', drawn)
            assert " style=" not in drawn
    names = [row.cells[0] for row in rows(page)]
    assert all(any(f">{name}</text>" in drawn for drawn in charts) for name in names if "(" not in name)


@ON_ONE
def test_the_rules_of_a_rejection_stand_with_their_clauses(told: Told, sign_in: SignIn) -> None:
    page = as_read(sign_in(told.world.people["eve"]).open("/dashboard/reasons"))
    assert f"{TITLES['partner-type']} Only partners of an eligible type may draw on the fund" in page
