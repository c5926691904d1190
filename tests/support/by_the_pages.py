"""The acts of the pages that do what the files in tests/integration/test_imports.py ask for."""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from models.vocabulary import Role
from tests.support.imports import LIFE
from tests.support.world import World
from workflow.acts.funds import allocate
from workflow.acts.partners import add_partner, change_partner
from workflow.acts.standing import record_certificate, record_performance
from workflow.acts.users import add_user, change_user, invite


def by_the_pages(world: World, kind: str, connection: Connection) -> None:
    """Do by the acts of the pages what the file of a kind asks for."""
    mia, now, partner_id = world.people["mia"], world.clock.now(), world.partner_id
    by: dict[str, Any] = {"connection": connection, "actor": mia, "now": now}
    match kind:
        case "partners":
            elbe: dict[str, Any] = {"name": "Elbe Systems", "partner_type": "distributor", "country": "DE"}
            change_partner(**by, partner_id=partner_id, **elbe, number="N-1")
            add_partner(**by, name="Weser Networks", partner_type="vap", country="NL", number="N-2")
            add_partner(**by, name="Alster AG", partner_type="distributor", country="AT")
        case "certificates":
            first, last = date(2025, 1, 1), date(2027, 3, 31)
            of_elbe: dict[str, Any] = {**by, "partner_id": partner_id}
            record_certificate(**of_elbe, valid_from=first, valid_until=last, replaces_id=1)
            days: dict[str, Any] = {"valid_from": date(2027, 4, 1), "valid_until": date(2027, 12, 31)}
            record_certificate(**of_elbe, **days, revoked_on=date(2027, 5, 1))
        case "performance":
            amounts: dict[str, Any] = {"required": 25_000_000, "achieved": 27_000_050}
            period: dict[str, Any] = {"period_id": world.period_id, "replaces_id": 1}
            record_performance(**by, partner_id=partner_id, **period, **amounts)
        case "allocations":
            allocate(**by, partner_id=partner_id, period_id=world.period_id, amount=1_000_000)
        case "users":
            nele: dict[str, Any] = {
                "email": "nele@people.example",
                "name": "Nele",
                "roles": [Role.approver, Role.finance],
            }
            nele_id = add_user(**by, **nele)
            invite(**by, user_id=nele_id, life=LIFE)
            of_nele: dict[str, Any] = {"roles": nele["roles"], "is_contact": False, "amount_limit": 500_000}
            change_user(**by, user_id=nele_id, **of_nele)
            pia: dict[str, Any] = {"email": "pia@elbe.example", "name": "Pia", "roles": [Role.partner]}
            pia_id = add_user(**by, **pia, partner_id=partner_id, is_contact=True)
            invite(**by, user_id=pia_id, life=LIFE)
            bob = world.people["bob"].user_id or 0
            change_user(**by, user_id=bob, roles=[Role.approver], is_contact=False, amount_limit=400_000)
