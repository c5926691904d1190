"""The forms of routing: a group, and a claim to try the rules on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import SelectField
from wtforms.validators import InputRequired

from models.people import Partner, User, UserRole
from models.vocabulary import Role
from web.claims.fields import text_field
from web.forms import MoneyField, PageForm, TicksField, choices
from web.names import all_names
from web.searching import SearchForm
from web.services import reading
from workflow.policies import Policy


class GroupForm(PageForm):
    """A group's name and its members."""

    name = text_field(_l("Name"), 100)
    members = TicksField(_l("Members"))

    def __init__(self, *, stands: dict[str, Any] | None = None) -> None:
        data = stands and {**stands, "members": [str(one) for one in stands["members"]]}
        super().__init__(formdata=request.form if request.method == "POST" else None, data=data)
        self.members.choices = choices(_approvers())

    @property
    def member_ids(self) -> frozenset[int]:
        """Return the ids of those who are ticked."""
        return frozenset(int(one) for one in self.members.data or ())


@dataclass(frozen=True, slots=True)
class Tried:
    """A policy whose routing rules can be tried: what it is called, and the policy itself."""

    name: str
    policy: Policy

    @property
    def titles(self) -> Mapping[str, str]:
        """Return the titles of its activity types by their codes."""
        return self.policy.catalogue.labels["activity_type"]


class PreviewForm(SearchForm):
    """A claim to try routing rules on: those in force, or those of the policy that is chosen."""

    rules = SelectField(_l("Rules"), default="")
    partner = SelectField(_l("Partner"), [InputRequired(_l("Choose a partner."))], default="")
    activity = SelectField(_l("Activity"), [InputRequired(_l("Choose an activity."))], default="")
    amount = MoneyField(_l("Amount asked for"), [InputRequired(_l("Enter the amount."))])

    def __init__(self, tried: Mapping[str, Tried]) -> None:
        super().__init__()
        titles = {code: title for one in tried.values() for code, title in one.titles.items()}
        self.rules.choices = choices({word: one.name for word, one in tried.items()})
        self.partner.choices = choices(all_names(Partner), blank=_l("Choose"))
        self.activity.choices = choices(titles, blank=_l("Choose"))

    @property
    def is_asked(self) -> bool:
        """Return whether a claim is described, and not only the rules are chosen."""
        return any(request.args.get(name) for name in ("partner", "activity", "amount"))


def _approvers() -> dict[int, str]:
    rows = reading().execute(
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.approver, User.deactivated_at.is_(None))
        .order_by(User.name, User.id)
    )
    return {row.id: row.name for row in rows}
