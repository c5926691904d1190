"""Where the world moved on while somebody typed and the form is gone, what was typed stands there to copy."""

from collections.abc import Callable

import pytest

from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.stages import accepted, collected, propose_claw_back, reimbursed, rejected
from tests.support.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TYPED = "Typed with care, word for word."


def disputed_by_a_colleague(world: World) -> None:
    world.person("amy", Role.partner, partner_id=world.partner_id)
    world.move(1, "dispute", "amy", reason="It was sound.")


def reopened_by_a_colleague(world: World) -> None:
    world.person("fay", Role.finance)
    world.move(1, "reopen", "fay", reason="An invoice was wrong.")


def failed_already(world: World) -> None:
    world.person("fay", Role.finance)
    world.move(1, "payment_failed", "fay", payment_reference="PAY-1", reason="It came back.")


def account_entered(world: World) -> None:
    world.account("anna")


def proposed_by_a_colleague(world: World) -> None:
    world.person("fay", Role.finance)
    propose_claw_back(world, 1, "fay")


@pytest.mark.parametrize(
    ("stage", "who", "path", "meanwhile", "field"),
    [
        (rejected, "anna", "/claims/1/dispute", disputed_by_a_colleague, "reason"),
        (accepted, "dan", "/claims/1/reopen", reopened_by_a_colleague, "reason"),
        (reimbursed, "dan", "/claims/1/pay/failed", failed_already, "reason"),
        (accepted, "dan", "/claims/1/pay", account_entered, "payment_reference"),
        (reimbursed, "dan", "/claims/1/claw-back", proposed_by_a_colleague, "reason"),
        (reimbursed, "dan", "/claims/1/claw-back", failed_already, "reason"),
    ],
)
def test_what_was_typed_too_late_stands_there_to_copy(
    world: World,
    sign_in: SignIn,
    stage: Callable[[World], int],
    who: str,
    path: str,
    meanwhile: Callable[[World], None],
    field: str,
) -> None:
    stage(world)
    page = sign_in(world.people[who]).open(path)
    meanwhile(world)
    late = page.submit(path, **{field: TYPED})
    assert late.status == 409
    assert TYPED in late.text


def test_a_reference_typed_while_the_claim_was_collected_stands_there_to_copy(
    world: World, sign_in: SignIn
) -> None:
    accepted(world)
    page = sign_in(world.people["dan"]).open("/claims/1/pay")
    collected(world)
    late = page.submit("/claims/1/pay", payment_reference=TYPED)
    assert (late.status, TYPED in late.text) == (409, True)
