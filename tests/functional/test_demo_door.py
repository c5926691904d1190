"""The demo's sign-in page."""

from models.programme import Programme
from tests.support.factories import Factory
from tests.support.pages import Browser
from web.demo.sign_ins import DEMO_PASSWORD, SIGN_INS


def test_the_demo_offers_its_sign_ins_and_nothing_else_does(stranger: Browser, make: Factory) -> None:
    assert DEMO_PASSWORD not in stranger.open("/sign-in").text
    with make.database.session() as session:
        session.get_one(Programme, 1).is_demo = True
    page = stranger.open("/sign-in").text
    assert DEMO_PASSWORD in page
    assert all(person.email in page for person in SIGN_INS)
