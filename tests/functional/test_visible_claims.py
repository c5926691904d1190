"""Whose claims a person may see: a partner's own, and for the vendor's people what was ever submitted."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask, session
from werkzeug.exceptions import NotFound

from models.claims import Claim
from models.database import Database
from models.people import User
from models.vocabulary import Role
from tests.support.factories import Factory
from web.access import claim_or_404
from web.services import services
from workflow.sessions import open_session

Sees = Callable[[User, int], bool]


@pytest.fixture
def sees(app: Flask, database: Database) -> Sees:
    """Tells whether a user finds a claim."""

    def _sees(user: User, claim_id: int) -> bool:
        with app.test_request_context():
            with database.write() as connection:
                shared = services()
                session["_user_id"] = open_session(connection, user.id, shared.clock.now(), shared.door.idle)
            try:
                return claim_or_404(claim_id).id == claim_id
            except NotFound:
                return False

    return _sees


def a_claim(make: Factory, author: User, moves: int, number: str | None = None) -> int:
    with make.database.session() as session:
        claim = Claim(
            partner_id=author.partner_id,
            author_id=author.id,
            created_at=make.now,
            state_since=make.now,
            activity_type="seminar",
            starts_on=date(2026, 4, 1),
            moves=moves,
            number=number,
        )
        session.add(claim)
        session.flush()
        return claim.id


def test_a_partners_people_see_their_partners_claims_and_no_others(make: Factory, sees: Sees) -> None:
    ours, theirs = make.partner("Ours"), make.partner("Theirs")
    ann, ben = make.user("Ann", Role.partner, partner=ours), make.user("Ben", Role.partner, partner=ours)
    eve = make.user("Eve", Role.partner, Role.manager, partner=theirs)
    claim = a_claim(make, ann, moves=1)
    assert sees(ann, claim)
    assert sees(ben, claim)
    assert not sees(eve, claim)


@pytest.mark.parametrize("role", [Role.approver, Role.finance, Role.auditor])
def test_the_vendors_people_see_a_claim_once_it_was_submitted(make: Factory, sees: Sees, role: Role) -> None:
    ann = make.user("Ann", Role.partner, partner=make.partner())
    vera = make.user("Vera", role)
    assert sees(vera, a_claim(make, ann, moves=1, number="2026H1-00001"))
    assert not sees(vera, a_claim(make, ann, moves=0))


@pytest.mark.parametrize(
    ("role", "may"), [(Role.approver, False), (Role.finance, False), (Role.auditor, True)]
)
def test_of_a_draft_that_was_withdrawn_the_auditor_alone_sees_the_history(
    make: Factory, sees: Sees, role: Role, may: bool
) -> None:
    ann = make.user("Ann", Role.partner, partner=make.partner())
    assert sees(make.user("Vera", role), a_claim(make, ann, moves=1)) is may


def test_a_programme_manager_sees_a_draft_too_and_can_record_what_it_waits_for(
    make: Factory, sees: Sees
) -> None:
    ann = make.user("Ann", Role.partner, partner=make.partner())
    assert sees(make.user("Vera", Role.manager), a_claim(make, ann, moves=0))


def test_nobody_sees_what_is_not_there(make: Factory, sees: Sees) -> None:
    assert not sees(make.user("Vera", Role.manager), 4711)


def test_who_has_no_role_sees_nothing(make: Factory, sees: Sees) -> None:
    ann = make.user("Ann", Role.partner, partner=make.partner())
    assert not sees(make.user("Nobody"), a_claim(make, ann, moves=1))
