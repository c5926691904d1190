"""The manager's pages of users: invited, given roles, unlocked, shut out and let in."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models.people import User, UserSession
from models.vocabulary import Role
from tests.functional.conftest import OtherApp, SignIn
from tests.support.factories import PASSWORD, address_with_password
from tests.support.pages import Browser, Page
from tests.support.world import World
from workflow.accounts import is_address
from workflow.clock import SettableClock

NEW = "/programme/users/new"


def users(world: World) -> dict[str, Any]:
    with world.database.reading_session() as session:
        found = session.scalars(select(User)).all()
        return {user.name: (user, user.roles) for user in found}


def link_on(page: Page) -> str:
    """Return the path of the single-use link that a page shows."""
    return "/set-password/" + page.text.partition("/set-password/")[2].partition("<")[0]


def id_of(world: World, name: str) -> int:
    user_id = world.people[name].user_id
    assert user_id is not None
    return user_id


def test_a_colleague_is_invited_by_a_link_that_works_once(
    mia: Browser, world: World, stranger: Browser
) -> None:
    page = mia.open(NEW).submit(NEW, name="Nora", email="Nora@Vendor.example", roles=["approver", "finance"])
    assert users(world)["Nora"][1] == {Role.approver, Role.finance}
    chosen = stranger.open(link_on(page))
    chosen.submit(chosen.path, new="four words in a row", again="four words in a row")
    assert stranger.open(link_on(page)).status == 410
    entered = stranger.open("/sign-in").submit(
        "/sign-in", email="nora@vendor.example", password="four words in a row"
    )
    assert entered.status == 302


def test_somebody_of_a_partner_gets_the_partners_role_alone(mia: Browser, world: World) -> None:
    path = f"/programme/partners/{world.partner_id}/users/new"
    mia.open(path).submit(path, name="Nora", email="nora@elbe.example", is_contact="y", roles=["manager"])
    nora, roles = users(world)["Nora"]
    assert (nora.partner_id, nora.is_contact, roles) == (world.partner_id, True, {Role.partner})


def test_a_partners_first_person_is_its_contact_unless_it_is_unticked(mia: Browser, world: World) -> None:
    fresh = world.partner("Weser Networks")
    path = f"/programme/partners/{fresh}/users/new"
    assert ("is_contact", "y") in mia.open(path).form(path).fields
    mia.open(path).submit(path, name="Nora", email="nora@weser.example")
    assert users(world)["Nora"][0].is_contact
    assert "is_contact" not in dict(mia.open(path).form(path).fields)


def test_with_mail_on_the_link_is_the_users_alone(
    world: World, other_app: OtherApp, sign_in: SignIn, stranger: Browser
) -> None:
    sign_in(world.people["mia"])
    app = other_app(smtp_host="mail.example", mail_from="fund@vendor.example")
    mia = Browser(app.test_client())
    mia.open("/sign-in").submit("/sign-in", email="mia@people.example", password=PASSWORD)
    page = mia.open(NEW).submit(NEW, name="Nora", email="nora@vendor.example", roles=["finance"])
    assert "on its way to nora@vendor.example" in page.text
    assert "/set-password/" not in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "nora"}, "This is no e-mail address."),
        ({"email": "BOB@people.example"}, "Somebody has this address already."),
        ({"name": ""}, "This is still empty."),
        ({"roles": []}, "A user needs at least one role."),
        ({"roles": ["scheduler"]}, "a valid choice"),
        ({"roles": ["partner"]}, "a valid choice"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_at_the_field(
    mia: Browser, world: World, typed: dict[str, Any], said: str
) -> None:
    whole = {"name": "Nora", "email": "nora@vendor.example", "roles": ["finance"], **typed}
    before = len(users(world))
    page = mia.open(NEW).submit(NEW, **whole)
    assert page.status == 422
    assert said in page.text
    assert dict(page.form(NEW).fields)["email"] == whole["email"]
    assert len(users(world)) == before


def test_an_invitation_sent_twice_makes_one_user(mia: Browser, world: World) -> None:
    page, typed = mia.open(NEW), {"name": "Nora", "email": "nora@vendor.example", "roles": ["finance"]}
    page.submit(NEW, **typed)
    again = page.submit(NEW, **typed)
    assert "You had done this already" in again.follow().text


def test_a_new_link_ends_the_one_before(mia: Browser, world: World, stranger: Browser) -> None:
    path = f"/programme/users/{id_of(world, 'bob')}"
    first = mia.open(path).submit(f"{path}/link")
    second = mia.open(path).submit(f"{path}/link")
    assert stranger.open(link_on(first)).status == 410
    assert stranger.open(link_on(second)).status == 200


def test_roles_and_contact_are_changed_and_told(mia: Browser, world: World) -> None:
    path = f"/programme/users/{id_of(world, 'bob')}"
    page = mia.open(path)
    shown = page.submit(f"{path}/roles", roles=["auditor"]).follow().text
    assert users(world)["Bob"][1] == {Role.auditor}
    assert "Changed Bob" in shown
    anna = f"/programme/users/{id_of(world, 'anna')}"
    mia.open(anna).submit(f"{anna}/roles", is_contact=[])
    assert not users(world)["Anna"][0].is_contact


def test_a_colleague_may_have_the_holidays_of_another_country(mia: Browser, world: World) -> None:
    path = f"/programme/users/{id_of(world, 'bob')}"
    page = mia.open(path).submit(f"{path}/roles", country="DE", region="by").follow()
    bob = users(world)["Bob"][0]
    assert (bob.holiday_country, bob.holiday_region) == ("DE", "BY")
    assert "Changed Bob: country – → DE, region – → BY." in page.text
    page.submit(f"{path}/roles", country="FR", region="zone a")
    assert users(world)["Bob"][0].holiday_region == "Zone A"
    wrong = mia.open(path).submit(f"{path}/roles", country="FR", region="BY")
    assert wrong.status == 422
    assert "BY" in wrong.text.partition('id="region-error"')[2][:300]
    assert dict(wrong.form(f"{path}/roles").fields)["country"] == "FR"
    wrong.submit(f"{path}/roles", country="", region="")
    assert users(world)["Bob"][0].holiday_country is None


def test_a_partners_people_have_no_holidays_that_count(mia: Browser, world: World) -> None:
    path = f"/programme/users/{id_of(world, 'anna')}"
    page = mia.open(path)
    assert "country" not in dict(page.form(f"{path}/roles").fields)
    page.submit(f"{path}/roles", country="DE")
    assert users(world)["Anna"][0].holiday_country is None


def test_two_managers_at_one_user_do_not_undo_each_other(mia: Browser, world: World, sign_in: SignIn) -> None:
    path, max_ = f"/programme/users/{id_of(world, 'dan')}", sign_in(world.person("max", Role.manager))
    stale = mia.open(path)
    max_.open(path).submit(f"{path}/roles", roles=["finance", "auditor"])
    late = stale.submit(f"{path}/roles", roles=["finance", "approver"])
    assert late.status == 409
    assert "Nothing was saved: this has changed since you opened the page" in late.text
    assert "Max, 2 Mar 2026, 13:00 CET: Changed Dan: roles Finance → Auditor, Finance." in late.text
    assert users(world)["Dan"][1] == {Role.finance, Role.auditor}
    kept = late.form(f"{path}/roles").fields
    assert [value for name, value in kept if name == "roles"] == ["approver", "finance"]
    assert late.submit(f"{path}/roles").status == 302
    assert users(world)["Dan"][1] == {Role.approver, Role.finance}


def test_what_was_wrong_with_a_stale_form_does_not_make_it_a_new_one(
    mia: Browser, world: World, sign_in: SignIn
) -> None:
    path, max_ = f"/programme/users/{id_of(world, 'dan')}", sign_in(world.person("max", Role.manager))
    stale = mia.open(path)
    max_.open(path).submit(f"{path}/roles", roles=["auditor"])
    wrong = stale.submit(f"{path}/roles", roles=[])
    assert wrong.status == 422
    assert wrong.submit(f"{path}/roles", roles=["approver"]).status == 409
    assert users(world)["Dan"][1] == {Role.auditor}


def test_the_same_roles_saved_twice_are_no_conflict(mia: Browser, world: World) -> None:
    path = f"/programme/users/{id_of(world, 'dan')}"
    page = mia.open(path)
    assert [page.submit(f"{path}/roles", roles=["auditor"]).status for _ in range(2)] == [302, 302]


def test_a_form_that_does_not_say_what_its_page_showed_changes_nothing(mia: Browser, world: World) -> None:
    path = f"/programme/users/{id_of(world, 'dan')}"
    token = dict(mia.open(path).form(f"{path}/roles").fields)["csrf_token"]
    assert mia.post(f"{path}/roles", {"csrf_token": token, "roles": ["auditor"]}).status == 409
    assert users(world)["Dan"][1] == {Role.finance}


def test_a_refusal_of_something_else_leaves_the_roles_as_they_stand(mia: Browser, world: World) -> None:
    path = f"/programme/users/{id_of(world, 'anna')}"
    before = mia.open(path)
    before.submit(f"{path}/deactivate")
    refused = before.submit(f"{path}/link")
    assert refused.status == 409
    assert dict(refused.form(f"{path}/roles").fields)["is_contact"] == "y"


def test_nobody_changes_their_own_roles_or_shuts_themselves_out(mia: Browser, world: World) -> None:
    path = f"/programme/users/{id_of(world, 'mia')}"
    page = mia.open(path)
    assert not page.offers(f"{path}/roles")
    assert not page.offers(f"{path}/deactivate")
    token = dict(page.form(f"{path}/link").fields)["csrf_token"]
    forged = mia.post(f"{path}/roles", {"csrf_token": token, "roles": ["auditor"]})
    assert forged.status == 422
    assert "Nobody changes their own roles" in forged.text
    assert mia.post(f"{path}/deactivate", {"csrf_token": token}).status == 409
    assert users(world)["Mia"][1] == {Role.manager}


def test_a_deactivated_user_is_out_at_once_and_can_be_let_in_again(
    mia: Browser, world: World, sign_in: SignIn
) -> None:
    bob = sign_in(world.people["bob"])
    path = f"/programme/users/{id_of(world, 'bob')}"
    shown = mia.open(path).submit(f"{path}/deactivate").follow()
    assert bob.open("/account").location.startswith("/sign-in")
    assert not shown.offers(f"{path}/link")
    shown.submit(f"{path}/reactivate")
    assert users(world)["Bob"][0].deactivated_at is None


def test_whoever_is_let_in_again_has_to_sign_in_again(mia: Browser, world: World, sign_in: SignIn) -> None:
    bob, elsewhere = sign_in(world.people["bob"]), sign_in(world.people["bob"])
    path = f"/programme/users/{id_of(world, 'bob')}"
    shown = mia.open(path).submit(f"{path}/deactivate").follow()
    with world.database.read() as connection:
        assert set(connection.scalars(select(UserSession.user_id))) == {id_of(world, "mia")}
    shown.submit(f"{path}/reactivate")
    for browser in (bob, elsewhere):
        assert browser.open("/account").location.startswith("/sign-in")
    assert sign_in(world.people["bob"]).open("/account").status == 200


def test_somebody_who_is_locked_out_is_unlocked(
    mia: Browser, world: World, app: Flask, clock: SettableClock
) -> None:
    path = f"/programme/users/{id_of(world, 'bob')}"
    assert not mia.open(path).offers(f"{path}/unlock")
    guess = Browser(app.test_client())
    for _ in range(6):
        guess.open("/sign-in").submit("/sign-in", email="bob@people.example", password="wrong")
    clock.advance(timedelta(minutes=1))
    locked = mia.open(path)
    assert "Locked out until" in locked.text
    assert not locked.submit(f"{path}/unlock").follow().offers(f"{path}/unlock")


def test_users_are_found_by_name_partner_and_role(mia: Browser, world: World) -> None:
    assert "bob@people.example" in mia.open("/programme/users?words=BOB").text
    found = mia.open("/programme/users?partner=elbe").text
    assert "anna@people.example" in found
    assert "bob@people.example" not in found
    assert "eve@people.example" in mia.open("/programme/users?role=auditor").text


def test_only_managers_reach_these_pages(world: World, sign_in: SignIn) -> None:
    for name in ("anna", "bob", "dan", "eve"):
        browser = sign_in(world.people[name])
        for path in ("/programme", "/programme/users/1", "/programme/partners/1", "/programme/funds/1"):
            assert browser.open(path).status == 403


def test_the_overview_shows_who_forgot_their_password_where_mail_is_off(
    mia: Browser, world: World, stranger: Browser
) -> None:
    assert "People who wait for a link" not in mia.open("/programme").text
    address_with_password(world.database, id_of(world, "bob"))
    stranger.open("/forgotten").submit("/forgotten", email="bob@people.example")
    page = mia.open("/programme")
    assert "asked for a new password" in page.text
    assert page.offers(f"/programme/users/{id_of(world, 'bob')}")


@pytest.mark.parametrize(
    "address",
    [
        "jonas@elbe.example\u200b",
        "jo\u00adnas@elbe.example",
        "n9\x01@x.example",
        "n14@x..example",
        "(c)n@x.example",
    ],
)
def test_an_address_that_no_mail_reaches_or_that_hides_a_sign_is_refused(address: str) -> None:
    assert not is_address(address)
    assert is_address("n.o-reply+42@sub.x-1.example")
