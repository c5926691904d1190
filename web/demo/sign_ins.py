"""Who can sign in to the demo, and with what. They exist nowhere else."""

from dataclasses import dataclass

from models.vocabulary import Role

DEMO_PASSWORD = "welcome to the demo"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person of the demo. `partner` is their partner's key (cast.py), empty for the vendor's people."""

    email: str
    name: str
    role: Role
    what: str
    """What there is to see with this sign-in, in a few words."""
    partner: str = ""


SIGN_INS: tuple[SignIn, ...] = (
    SignIn(
        "jonas@elbe.example",
        "Jonas Petersen",
        Role.partner,
        "a distributor with claims all along the way",
        "elbe",
    ),
    SignIn(
        "grace@maple.example", "Grace Whitfield", Role.partner, "a certificate that ends in 10 days", "maple"
    ),
    SignIn(
        "urs@kaskade.example", "Urs Zbinden", Role.partner, "a lapsed certificate, expired claims", "kaskade"
    ),
    SignIn("anna@northlight.example", "Anna Brandt", Role.approver, "an inbox of claims to decide on"),
    SignIn("bruno@northlight.example", "Bruno Keller", Role.approver, "the other half of the inbox"),
    SignIn("clara@northlight.example", "Clara Voss", Role.finance, "accepted claims, a run to release"),
    SignIn("timo@northlight.example", "Timo Falk", Role.finance, "a run to record, an account to confirm"),
    SignIn(
        "david@northlight.example", "David Lindqvist", Role.auditor, "every decision and what it stood on"
    ),
    SignIn("eva@northlight.example", "Eva Moreno", Role.manager, "partners, funds, users, policy"),
    SignIn("frida@northlight.example", "Frida Olsen", Role.manager, "the second for a new policy"),
)
"""The sign-ins that the demo's door shows. All have DEMO_PASSWORD."""
