"""Pages say beforehand who is no second person yet, and offer them nothing that would be refused."""

from datetime import timedelta

import pytest

from models.vocabulary import Personal, Role
from tests.functional.conftest import SignIn
from tests.support.letting_in import changed, invited
from tests.support.pages import Browser
from tests.support.personal import hold
from tests.support.policies import POLICY, drafted, proposed
from tests.support.runs import collect_by
from tests.support.stages import payable, rejected
from tests.support.world import World
from workflow.acts.erasure import propose_erasure

BOTH = (Role.manager, Role.finance)
TOLD = "Mia and you do not count as two people yet: Mia let Otto in, or gave them a role, on"


@pytest.fixture
def otto(world: World, sign_in: SignIn) -> Browser:
    """Whom Mia let in today, after she began all that takes two."""
    payable(world)
    world.person("ines", *BOTH)
    changed(world, "ines", "mia", *BOTH)
    proposed(world, drafted(world))
    collect_by(world, "mia")
    world.account("mia", partner_id=world.partner_id, iban="GB82WEST12345698765432", bic="COBADEFF")
    claim_id, now = rejected(world), world.clock.now()
    with world.database.write() as connection:
        asked = {"reference": "DSR-7", "reason": "By letter."}
        propose_erasure(connection, world.people["mia"], now, claim_id, [Personal.reasons], **asked)
    hold(world, "mia", partner_id=world.partner_id)
    world.clock.advance(timedelta(minutes=1))
    invited(world, "mia", "otto", *BOTH)
    return sign_in(world.people["otto"])


@pytest.mark.parametrize(
    ("path", "deed"),
    [
        (f"{POLICY}/proposals/1", f"{POLICY}/proposals/1/publish"),
        ("/bank-accounts", "/bank-accounts/2/confirm"),
        ("/payment-runs/1", "/payment-runs/1/release"),
        ("/personal-data/claims/2", "/personal-data/requests/1/confirm"),
        ("/personal-data", "/personal-data/holds/1/lift"),
    ],
)
def test_a_page_says_who_let_whom_in_and_offers_nothing(
    world: World, otto: Browser, sign_in: SignIn, path: str, deed: str
) -> None:
    shown = otto.open(path)
    assert TOLD in shown.text
    assert not shown.offers(deed)
    assert TOLD not in sign_in(world.people["ines"]).open(path).text


def test_an_account_that_cannot_be_confirmed_yet_can_be_refused(otto: Browser) -> None:
    page = otto.open("/bank-accounts")
    assert page.submit("/bank-accounts/2/refuse", **{"account-2-reason": "Not theirs."}).status == 302
