"""The forms of routing: a rule, a group, and a claim to try the rules on."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from models.people import Partner, User, UserRole
from models.routing import ApproverGroup
from models.vocabulary import Role
from web.claims.fields import text_field
from web.forms import MoneyField, PageForm, TicksField, choices
from web.policies import policy_of
from web.searching import SearchForm
from web.services import reading
from workflow.acts.routing import Rule
from workflow.routing import MOST_TIERS, Decider

TIERS = tuple(f"tier_{number}" for number in range(1, MOST_TIERS + 1))

ANY = "any"
"""The choice of any approver."""


def _tier_field(label: Any, hint: Any = "") -> Any:
    return SelectField(label, default="", description=hint)


class RuleForm(PageForm):
    """Which claims, and who decides on them."""

    place = IntegerField(
        _l("Place"),
        [InputRequired(_l("Enter a place.")), NumberRange(1, 10_000, _l("Enter a number from 1."))],
        description=_l("Rules are tried from place 1 on; the first that fits applies."),
    )
    country = text_field(_l("Country"), 2, _l("Two capital letters, such as DE. Empty: every country."))
    activity_type = SelectField(_l("Activity"), default="")
    partner_id = SelectField(_l("Partner"), default="")
    above = MoneyField(_l("Asks for more than"), description=_l("In USD. Empty: every amount."))
    tier_1 = _tier_field(_l("Who decides first"))
    tier_2 = _tier_field(_l("Then"), _l("With a second tier, the first endorses and the last approves."))
    tier_3 = _tier_field(_l("Then, third"))
    tier_4 = _tier_field(_l("Then, fourth"))

    def __init__(self, *, stands: Rule | None = None, next_place: int | None = None) -> None:
        data = {"place": next_place, "tier_1": ANY} if stands is None else _as_data(stands)
        super().__init__(formdata=request.form if request.method == "POST" else None, data=data)
        self.activity_type.choices = choices(
            policy_of(None).catalogue.labels["activity_type"], blank=_l("Every activity")
        )
        self.partner_id.choices = choices(_partners(), blank=_l("Every partner"))
        deciders = choices(_deciders())
        self.tier_1.choices = deciders
        for name in TIERS[1:]:
            self[name].choices = choices(_deciders(), blank=_l("Nobody"))

    @property
    def rule(self) -> Rule:
        """Return the rule of a valid form. Tiers that are left out leave no gap."""
        return Rule(
            place=self.place.data or 0,
            country=(self.country.data or "").upper() or None,
            activity_type=self.activity_type.data or None,
            partner_id=int(self.partner_id.data) if self.partner_id.data else None,
            above=self.above.data or 0,
            tiers=[_decider(self[name].data) for name in TIERS if self[name].data],
        )


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


class PreviewForm(SearchForm):
    """A claim to try the rules on."""

    partner = SelectField(_l("Partner"), [InputRequired(_l("Choose a partner."))], default="")
    activity = SelectField(_l("Activity"), [InputRequired(_l("Choose an activity."))], default="")
    amount = MoneyField(_l("Amount asked for"), [InputRequired(_l("Enter the amount."))])

    def __init__(self) -> None:
        super().__init__()
        self.partner.choices = choices(_partners(), blank=_l("Choose"))
        self.activity.choices = choices(policy_of(None).catalogue.labels["activity_type"], blank=_l("Choose"))


def _as_data(rule: Rule) -> dict[str, Any]:
    tiers = {name: _word(tier) for name, tier in zip(TIERS, rule.tiers, strict=False)}
    return {**rule._asdict(), "above": rule.above or None, **tiers}


def _word(tier: Decider) -> str:
    """Return who decides as a choice names it: `user:3`, `group:2`, or ANY."""
    return next((f"{kind}:{found}" for kind, found in tier.items()), ANY)


def _decider(word: str) -> Decider:
    kind, colon, found = word.partition(":")
    return {kind: int(found)} if colon else {}


def _deciders() -> dict[str, Any]:
    groups = reading().execute(select(ApproverGroup.id, ApproverGroup.name).order_by(ApproverGroup.name))
    return {
        ANY: _l("Any approver"),
        **{f"group:{row.id}": _l("Group %(name)s", name=row.name) for row in groups},
        **{f"user:{user_id}": name for user_id, name in _approvers().items()},
    }


def _approvers() -> dict[int, str]:
    rows = reading().execute(
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.approver, User.deactivated_at.is_(None))
        .order_by(User.name, User.id)
    )
    return {row.id: row.name for row in rows}


def _partners() -> dict[int, str]:
    rows = reading().execute(select(Partner.id, Partner.name).order_by(Partner.name))
    return {row.id: row.name for row in rows}
