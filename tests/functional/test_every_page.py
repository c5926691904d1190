"""Every page that needs no identifier, seen by every role: it opens, and keeps the law of pages."""

import pytest
from flask import Flask

from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.factories import Factory
from web.access import access_of
from web.navigation import PLACES, places_of

PEOPLE = (Role.partner, Role.approver, Role.finance, Role.auditor, Role.manager)


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_opens_for_whom_it_is_meant_and_for_nobody_else(
    app: Flask, sign_in: SignIn, make: Factory, role: Role
) -> None:
    partner = make.partner() if role is Role.partner else None
    browser = sign_in(make.user("Somebody", role, partner=partner))
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        if access is None or rule.arguments or "GET" not in (rule.methods or ()):
            continue
        status = browser.open(rule.rule).status
        meant = access.everyone or not access.roles or role in access.roles
        assert status in ((200, 302) if meant else (403,)), f"{rule.rule} answers {role} with {status}"


@pytest.mark.parametrize("role", PEOPLE)
def test_the_navigation_offers_just_the_places_of_a_role(
    app: Flask, sign_in: SignIn, make: Factory, role: Role
) -> None:
    partner = make.partner() if role is Role.partner else None
    page = sign_in(make.user("Somebody", role, partner=partner)).open("/account")
    own = {place.endpoint for place in PLACES if place.role is role}
    with app.test_request_context():
        for place in PLACES:
            assert page.offers(app.url_for(place.endpoint)) is (place.endpoint in own), place.endpoint


def test_a_page_of_several_of_ones_roles_stands_once_in_the_navigation() -> None:
    groups = places_of({Role.approver, Role.finance, Role.manager})
    endpoints = [place.endpoint for _, places in groups for place in places]
    assert endpoints.count("absences.index") == 1
    assert len(endpoints) == len(set(endpoints))


def test_every_place_in_the_navigation_is_open_to_its_role(app: Flask) -> None:
    for place in PLACES:
        access = access_of(app, place.endpoint)
        assert access is not None
        assert not access.roles or place.role in access.roles, f"{place.endpoint} refuses {place.role}"
