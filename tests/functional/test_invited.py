"""Somebody who was invited cannot sign in yet: no task is theirs before they have chosen a password."""

import pytest
from sqlalchemy import select

from models.messages import Message
from models.tasks import Task
from models.vocabulary import MessageKind, Role
from tests.functional.conftest import SignIn
from tests.functional.test_users_on_file import NEW, link_on
from tests.support.looking import places
from tests.support.pages import Browser, Page
from tests.support.stages import executed, submitted
from tests.support.world import World
from workflow.acts.tasks import reassign
from workflow.acts.users import change_user, deactivate
from workflow.refusals import Refused


def invite(mia: Browser, role: Role) -> Page:
    """Invite Nora; return the page with her link."""
    return mia.open(NEW).submit(NEW, name="Nora", email="nora@vendor.example", roles=[role.value])


def id_of_nora(world: World) -> int:
    return max(person.user_id or 0 for person in world.people.values()) + 1


def choose_password(stranger: Browser, page: Page) -> None:
    path = link_on(page)
    answer = stranger.open(path).submit(path, new="four words in a row", again="four words in a row")
    assert answer.status == 302


def leaves(world: World, name: str) -> None:
    user_id = world.people[name].user_id
    assert user_id is not None
    with world.database.write() as connection:
        deactivate(connection, world.people["mia"], world.clock.now(), user_id)


def task_of(world: World, claim_id: int) -> tuple[int | None, str | None]:
    """Return who holds the claim's open task, and why nobody does."""
    with world.database.read() as connection:
        holder, why = connection.execute(
            select(Task.assignee_id, Task.unassigned_why).where(
                Task.claim_id == claim_id, Task.closed_at.is_(None)
            )
        ).one()
        return holder, why


def told(world: World, user_id: int) -> list[str]:
    """Return the tasks that somebody was told are theirs now."""
    with world.database.read() as connection:
        turns = select(Message).where(Message.kind == MessageKind.turn, Message.user_id == user_id)
        return [row.figures["task"] for row in connection.execute(turns)]


def test_a_stranger_who_types_the_address_ends_no_invitation(
    mia: Browser, world: World, stranger: Browser
) -> None:
    page = invite(mia, Role.approver)
    stranger.open("/forgotten").submit("/forgotten", email="nora@vendor.example")
    assert stranger.open(link_on(page)).status == 200


def test_who_lost_the_invitation_asks_for_another_and_either_works_until_one_was_used(
    mia: Browser, world: World, stranger: Browser
) -> None:
    page = invite(mia, Role.approver)
    stranger.open("/forgotten").submit("/forgotten", email="nora@vendor.example")
    with world.database.read() as connection:
        sent = select(Message.figures).where(Message.kind == MessageKind.invitation).order_by(Message.id)
        first, second = (figures["path"] for figures in connection.scalars(sent))
    assert stranger.open(second).status == 200
    choose_password(stranger, page)
    assert [stranger.open(path).status for path in (first, second)] == [410, 410]


def test_the_overview_names_who_waits_for_a_link_once(mia: Browser, world: World, stranger: Browser) -> None:
    invite(mia, Role.approver)
    stranger.open("/forgotten").submit("/forgotten", email="nora@vendor.example")
    shown = mia.open("/programme").text
    assert shown.count("nora@vendor.example") == 1
    assert "was invited" in shown


def test_a_task_goes_to_who_can_do_it_however_many_are_theirs(mia: Browser, world: World) -> None:
    submitted(world)
    invite(mia, Role.approver)
    assert task_of(world, submitted(world)) == (world.people["bob"].user_id, None)


def test_no_task_is_reassigned_to_somebody_who_was_just_invited(mia: Browser, world: World) -> None:
    claim_id = submitted(world)
    invite(mia, Role.approver)
    path = f"/programme/claims/{claim_id}/reassign"
    places(mia.open(path), "There is nobody else who may do it", "who has chosen a password")
    with world.database.write() as connection, pytest.raises(Refused, match="not_entitled"):
        reassign(connection, world.people["mia"], world.clock.now(), claim_id, id_of_nora(world))


def test_what_waits_goes_to_the_invited_as_soon_as_they_have_a_password(
    mia: Browser, world: World, stranger: Browser
) -> None:
    leaves(world, "bob")
    claim_id = submitted(world)
    page = invite(mia, Role.approver)
    places(mia.open("/programme/waiting"), "Nobody may decide it", "who can sign in")
    assert task_of(world, claim_id) == (None, "no_approver")
    assert told(world, id_of_nora(world)) == []

    choose_password(stranger, page)
    assert task_of(world, claim_id) == (id_of_nora(world), None)
    assert told(world, id_of_nora(world)) == ["decide"]


def test_a_payment_waits_for_the_first_in_finance_who_can_sign_in(
    world: World, sign_in: SignIn, stranger: Browser
) -> None:
    claim_id = executed(world)
    leaves(world, "dan")
    page = invite(sign_in(world.people["mia"]), Role.finance)
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    assert task_of(world, claim_id) == (None, "no_finance")

    choose_password(stranger, page)
    assert task_of(world, claim_id) == (None, None)
    assert told(world, id_of_nora(world)) == ["pay"]


def test_another_role_brings_no_task_to_who_cannot_sign_in(mia: Browser, world: World) -> None:
    invite(mia, Role.auditor)
    leaves(world, "bob")
    claim_id = submitted(world)
    with world.database.write() as connection:
        change_user(
            connection,
            world.people["mia"],
            world.clock.now(),
            id_of_nora(world),
            roles={Role.approver},
            is_contact=False,
        )
    assert task_of(world, claim_id) == (None, "no_approver")
