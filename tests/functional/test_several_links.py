"""Several reset links at once: whoever asks for another may be a stranger, so none ends one that is open."""

from datetime import timedelta

import pytest
from flask import Flask

from models.messages import Message
from models.people import User
from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.functional.test_links import ask, change, choose, link_of
from tests.support.factories import PASSWORD, Factory
from tests.support.pages import Browser, Page
from workflow.clock import SettableClock


@pytest.fixture
def ann(make: Factory) -> User:
    """A partner's user."""
    return make.user("Ann", Role.partner, partner=make.partner())


@pytest.fixture
def links(app: Flask, ann: User, make: Factory) -> list[str]:
    """The paths of three reset links of Ann's, asked for one after another, the oldest first."""
    paths = []
    for _ in range(3):
        ask(Browser(app.test_client()), ann.email)
        paths.append(link_of(make))
    return paths


def is_spent(page: Page) -> bool:
    return page.status == 410 and "This link no longer works" in page.text


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_reset_link_works_however_often_another_is_asked_for_and_using_it_spends_them_all(
    stranger: Browser, links: list[str], which: int
) -> None:
    assert [stranger.open(path).status for path in links] == [200, 200, 200]
    assert choose(stranger, links[which]).status == 302
    assert all(is_spent(stranger.open(path)) for path in links)


def test_a_form_behind_one_link_that_was_open_when_another_was_used_sets_no_password(
    app: Flask, stranger: Browser, ann: User, links: list[str]
) -> None:
    form, third = Browser(app.test_client()).open(links[0]), "a third long password"
    choose(stranger, links[1])
    assert is_spent(form.submit(links[0], new=third, again=third))
    assert stranger.open("/sign-in").submit("/sign-in", email=ann.email, password=third).status == 422


def test_each_link_ends_at_its_own_time(
    stranger: Browser, ann: User, make: Factory, clock: SettableClock
) -> None:
    ask(stranger, ann.email)
    older = link_of(make)
    clock.advance(timedelta(hours=71))
    ask(stranger, ann.email)
    clock.advance(timedelta(hours=1))
    assert is_spent(stranger.open(older))
    assert stranger.open(link_of(make)).status == 200


def test_links_of_somebody_else_go_on_working(stranger: Browser, links: list[str], make: Factory) -> None:
    ben = make.user("Ben", Role.approver)
    ask(stranger, ben.email)
    choose(stranger, links[0])
    assert stranger.open(link_of(make)).status == 200


def test_a_password_that_is_changed_on_the_account_page_spends_every_link(
    sign_in: SignIn, stranger: Browser, ann: User, links: list[str]
) -> None:
    browser = sign_in(ann)
    assert change(browser, "wrong").status == 422
    assert [stranger.open(path).status for path in links] == [200, 200, 200]
    assert change(browser, PASSWORD).status == 302
    assert all(is_spent(stranger.open(path)) for path in links)


def test_no_link_is_made_beyond_the_three_an_hour(
    stranger: Browser, ann: User, links: list[str], make: Factory
) -> None:
    ask(stranger, ann.email)
    assert len(make.rows(Message)) == 3
    assert [stranger.open(path).status for path in links] == [200, 200, 200]
