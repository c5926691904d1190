"""The approver's inbox: what waits for them and for nobody else, oldest first, however much it is."""

from datetime import timedelta

from flask import Flask

from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.looking import link, places
from tests.support.stages import executed, new_policy, submitted
from tests.support.statements import statements
from tests.support.world import World
from web.services import Services


def test_tasks_stand_oldest_first_with_all_that_helps_to_choose(world: World, sign_in: SignIn) -> None:
    submitted(world, title="Older")
    world.clock.advance(timedelta(hours=1))
    submitted(world, title="Younger")
    page = sign_in(world.people["bob"]).open("/inbox")
    older, younger = places(page, "Older", "Younger")
    assert older < younger
    places(page, "2026H1-00001", "Elbe Systems", "Seminar", "4,000.00", "2 Mar 2026, 13:00 CET", "Decide")


def test_a_report_to_check_stands_with_the_granted_amount(world: World, sign_in: SignIn) -> None:
    executed(world)
    places(sign_in(world.people["bob"]).open("/inbox"), "Check the report", "4,000.00")


def test_the_deadline_of_the_claims_own_policy_is_shown_and_called_late_once_it_passed(
    world: World, sign_in: SignIn
) -> None:
    new_policy(world, decide_within_days=3)
    submitted(world)
    browser = sign_in(world.people["bob"])
    page = browser.open("/inbox")
    places(page, "6 Mar 2026")
    assert ">late<" not in page.text
    world.clock.advance(timedelta(days=4))
    places(sign_in(world.people["bob"]).open("/inbox"), ">late<")


def test_nobody_sees_the_tasks_of_a_colleague(world: World, sign_in: SignIn) -> None:
    submitted(world, title="For Bob")
    carl = world.person("carl", Role.approver)
    page = sign_in(carl).open("/inbox")
    assert "For Bob" not in page.text
    places(page, "Nothing waits for you")


def test_a_long_inbox_is_read_page_by_page_and_every_task_stands_on_one(
    world: World, sign_in: SignIn
) -> None:
    for number in range(53):
        submitted(world, title=f"Task <{number:02}>")
    browser = sign_in(world.people["bob"])
    first = browser.open("/inbox")
    second = browser.open(link(first, "next"))
    both = first.text + second.text
    assert all(both.count(f"Task &lt;{number:02}&gt;") == 1 for number in range(53))
    assert "Task &lt;00&gt;" in browser.open(link(second, "prev")).text


def test_the_inbox_takes_as_many_statements_for_many_tasks_as_for_one(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    shared: Services = app.extensions["cofund"]
    browser = sign_in(world.people["bob"])
    submitted(world)
    browser.open("/inbox")
    with statements(shared.database) as for_one:
        browser.open("/inbox")
    for _ in range(12):
        submitted(world)
    with statements(shared.database) as for_many:
        browser.open("/inbox")
    assert len(for_many) == len(for_one)
