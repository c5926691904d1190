"""Who is sent a single-use link is told why, and until when it works."""

import pytest

from models.vocabulary import MessageKind, Role
from notifications.links import AS
from notifications.wording import tell
from tests.support.every_message import LINK, ZONE, told


def test_an_invitation_says_who_invites_to_what_for_whom_and_as_what() -> None:
    telling = told(MessageKind.invitation, LINK)
    assert telling.headline == "You are invited."
    assert telling.next_step == (
        "Example Systems invites you to Joint Marketing Fund, to take part for Nordlicht GmbH as a partner. "
        "Choose your password to begin. The link works once, until 5 Mar 2026, 13:00 CET."
    )


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (["auditor"], "an auditor"),
        (["approver", "manager"], "an approver and a programme manager"),
        (["approver", "finance", "manager"], "an approver, a member of finance and a programme manager"),
    ],
)
def test_the_owners_people_take_part_for_the_owner_in_all_their_roles(roles: list[str], said: str) -> None:
    invitation = told(MessageKind.invitation, LINK | {"partner": None, "roles": roles})
    assert f"to take part for Example Systems as {said}. Choose" in invitation.next_step


def test_every_role_of_a_person_has_words() -> None:
    assert set(AS) == set(Role) - {Role.scheduler}


def test_a_password_reset_names_the_programme_and_invites_nobody() -> None:
    telling = told(MessageKind.password_reset, LINK)
    assert telling.next_step == (
        "This is about your account in Joint Marketing Fund of Example Systems. "
        "The link works once, until 5 Mar 2026, 13:00 CET. "
        "If you did not ask for it, you can ignore this mail."
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (MessageKind.invitation, "Choose your password to begin. The link works once, until 5 Mar 2026"),
        (MessageKind.password_reset, "The link works once, until 5 Mar 2026"),
    ],
)
def test_a_link_written_before_messages_said_why_is_still_told(kind: MessageKind, said: str) -> None:
    old = {name: LINK[name] for name in ("path", "ends_at")}
    assert told(kind, old).next_step.startswith(said)


def test_an_invitation_is_translated_with_its_roles() -> None:
    german = {
        "{owner} invites you to {programme}, to take part for {organisation} as {roles}.": "Als {roles}.",
        "an approver": "Prüfer",
        "an auditor": "Revisor",
        "{most} and {last}": "{most} und {last}",
    }
    figures = LINK | {"roles": ["approver", "auditor"]}
    telling = tell(MessageKind.invitation, None, figures, ZONE, lambda text: german.get(text, text))
    assert telling.next_step.startswith("Als Prüfer und Revisor.")


def test_a_link_ends_in_the_programme_zone_by_name() -> None:
    assert "5 Mar 2026, 13:00 CET" in told(MessageKind.invitation, LINK).next_step


def test_a_link_that_is_forgotten_leads_nowhere() -> None:
    assert told(MessageKind.invitation, LINK | {"path": None}).path is None
