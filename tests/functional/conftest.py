"""What every functional test may ask for: the app over HTTP, and users who are signed in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from models.database import Database
from models.people import User
from tests.support.apps import app_with, new_app
from tests.support.factories import PASSWORD, Factory, address_with_password
from tests.support.object_store import ObjectStore
from tests.support.pages import Browser
from tests.support.policies import second_manager
from tests.support.world import World
from web.services import Services
from workflow.actors import Actor
from workflow.clock import SettableClock

OtherApp = Callable[..., Flask]
SignIn = Callable[[User | Actor], Browser]


@pytest.fixture
def make(database: Database, clock: SettableClock) -> Factory:
    """Makes rows; the programme is there already. A test with a whole `World` asks for that instead."""
    factory = Factory(database, clock.now())
    factory.programme()
    return factory


IN_EITHER_STORE = pytest.mark.parametrize("file_store", ["folder", "bucket"], indirect=True)
"""A test that is to hold for files in a folder and in an S3 store alike."""


@pytest.fixture
def file_store(request: pytest.FixtureRequest) -> str:
    """Where the product keeps its files: a `folder`, or a `bucket` where a test asks for one."""
    return str(getattr(request, "param", "folder"))


@pytest.fixture
def settings(settings: Settings, file_store: str, request: pytest.FixtureRequest) -> Settings:
    """Settings of an installation that keeps its files where the test says."""
    if file_store == "folder":
        return settings
    store: ObjectStore = request.getfixturevalue("object_store")
    return store.kept_by(settings)


@pytest.fixture
def app(settings: Settings, clock: SettableClock) -> Iterator[Flask]:
    """The product on the test's database and clock. A test that adds routes takes one of `other_app`."""
    app = app_with(settings, clock)
    shared: Services = app.extensions["cofund"]
    yield app
    shared.database.dispose()


@pytest.fixture
def other_app(settings: Settings, clock: SettableClock) -> Iterator[OtherApp]:
    """Makes the product with some settings that differ."""
    made: list[Flask] = []

    def _make(**different: Any) -> Flask:
        made.append(new_app(settings.model_copy(update=different), clock))
        return made[-1]

    yield _make
    for app in made:
        shared: Services = app.extensions["cofund"]
        shared.database.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody is signed in with."""
    return app.test_client()


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """A browser that fills in forms as a person would, tokens included; nobody is signed in."""
    return Browser(app.test_client())


@pytest.fixture
def sign_in(app: Flask, database: Database) -> SignIn:
    """Signs a user (or a `World`'s person) in, each in a browser of their own."""

    def _sign_in(user: User | Actor) -> Browser:
        browser = Browser(app.test_client())
        email = address_with_password(database, user.id if isinstance(user, User) else user.user_id)
        answer = browser.open("/sign-in").submit("/sign-in", email=email, password=PASSWORD)
        assert answer.status == 302, answer.text
        return browser

    return _sign_in


@pytest.fixture
def mia(world: World, sign_in: SignIn) -> Browser:
    """The programme manager's browser."""
    return sign_in(world.people["mia"])


@pytest.fixture
def ines(world: World, sign_in: SignIn) -> Browser:
    """The browser of a second programme manager."""
    second_manager(world)
    return sign_in(world.people["ines"])
