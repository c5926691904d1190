"""The forms of users: who they are, and what they may do."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField
from wtforms.validators import Length

from models.people import User
from models.vocabulary import Role
from web.auth.visitor import VENDOR_ROLES
from web.claims.fields import text_field
from web.forms import MoneyField, PageForm, TicksField, choices, trimmed
from web.labels import ROLES
from web.programme.calendars import CalendarForm

IN_ORDER = tuple(role for role in ROLES if role in VENDOR_ROLES)


class _EntitlingForm(PageForm):
    """What a user may do. A partner's people have the partner's role alone, and may be its contacts."""

    roles = TicksField(_l("Roles"), choices=choices({role: ROLES[role] for role in IN_ORDER}))
    is_contact = BooleanField(
        _l("Contact of the partner"), description=_l("Is told of every decision on the partner's claims.")
    )

    def _fit(self, partner_id: int | None) -> None:
        """Leave only the fields that the user's side has."""
        if partner_id is None:
            del self.is_contact
        else:
            del self.roles

    @property
    def chosen_roles(self) -> frozenset[Role]:
        """Return what was ticked; a partner's people always have the partner's role."""
        if "roles" not in self:
            return frozenset({Role.partner})
        return frozenset(Role(word) for word in self.roles.data or ())

    @property
    def entitled(self) -> dict[str, Any]:
        """Return roles and contact flag, as the acts take them."""
        return {"roles": self.chosen_roles, "is_contact": "is_contact" in self and bool(self.is_contact.data)}


class InvitationForm(_EntitlingForm):
    """Somebody new."""

    name = text_field(_l("Name"), 200)
    email = EmailField(
        _l("E-mail address"), [Length(max=200, message=_l("This address is too long."))], [trimmed]
    )

    def __init__(self, partner_id: int | None) -> None:
        super().__init__()
        self._partner_id = partner_id
        self._fit(partner_id)

    @property
    def values(self) -> dict[str, Any]:
        """Return what was typed, as the act takes it."""
        return {
            **self.entitled,
            "name": self.name.data or "",
            "email": self.email.data or "",
            "partner_id": self._partner_id,
        }


class RolesForm(_EntitlingForm, CalendarForm):
    """What a user may do from now on, and whose holidays count: as it was sent, or else as it stands."""

    amount_limit = MoneyField(
        _l("Decides on at most"),
        description=_l("In USD, as an approver. Claims above it go to colleagues. Empty: no limit."),
    )

    def __init__(self, user: User, *, sent: bool = False) -> None:
        stands = {
            "roles": [role.value for role in user.roles],
            "is_contact": user.is_contact,
            "amount_limit": user.amount_limit,
            "country": user.holiday_country,
            "region": user.holiday_region,
        }
        super().__init__(formdata=request.form if sent else None, data=stands)
        self._fit(user.partner_id)
        if user.partner_id is None:
            self.offer_countries(blank=_("As the programme"))
        else:
            del self.amount_limit, self.country, self.region

    @property
    def values(self) -> dict[str, Any]:
        """Return what was chosen, as the act takes it."""
        if "amount_limit" not in self:
            return self.entitled
        return {**self.entitled, "amount_limit": self.amount_limit.data, "calendar": self.calendar}
