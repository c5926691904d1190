"""Who would get a claim that is submitted now, tier by tier, and why nobody else would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.money import Cents
from models.people import Partner
from models.policies import PolicyDraft
from models.vocabulary import Role, TaskKind
from web.formats import day, money
from web.policies import policy_of
from web.programme.routing_forms import PreviewForm, Tried
from web.programme.tasks import WHY
from web.services import reading, today
from web.tiers import decider_names
from workflow.assignment import Colleague, Needs, assign, colleagues, why_not
from workflow.policies import read_policy
from workflow.policy_shelf import policies_to_come
from workflow.routing import Route, groups_of, members, route_of

REASONS: Mapping[str, str] = {
    "own_organisation": _l("of the claim's own organisation"),
    "not_named": _l("not named by the rule"),
    "absent": _l("out of office"),
    "above_limit": _l("may decide on %(limit)s at most"),
}
"""Why somebody would not get a claim in their own right."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One tier: who decides, who would get it (or why nobody), and what keeps each of the others from it."""

    decider: str
    gets: str
    why: str
    others: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Preview:
    """The label of the rule that fits (None for none), and what each tier comes to."""

    rule: str | None
    seats: Sequence[Seat]


def policies_to_try() -> dict[str, Tried]:
    """Return the policies that rules can be tried of: in force, to come, and drafts; by a word for each."""
    connection = reading().connection()
    drafts = reading().execute(select(PolicyDraft.id, PolicyDraft.name, PolicyDraft.document)).all()
    return {
        "": Tried(str(_("Those in force")), policy_of(None)),
        **{
            f"version:{one.version.id}": Tried(
                str(_("From %(day)s on", day=day(one.version.first_day))), one.version.policy
            )
            for one in policies_to_come(connection, today())
        },
        **{f"draft:{one.id}": Tried(one.name, read_policy(one.document)) for one in drafts},
    }


def previewed(form: PreviewForm, tried: Mapping[str, Tried]) -> Preview:
    """Return who would get the claim that a valid form describes."""
    partner = reading().get_one(Partner, int(form.partner.data))
    rules = tried[form.rules.data].policy.routing or ()
    route = route_of(
        rules,
        country=partner.country,
        activity_type=form.activity.data,
        partner_id=partner.id,
        requested=form.amount.data or 0,
    )
    label = next((rule.label for rule in rules if rule.code == route.rule), None)
    return Preview(label, _seats(route, partner.id, form.amount.data or 0))


def _seats(route: Route, partner_id: int, amount: Cents) -> list[Seat]:
    connection = reading().connection()
    groups, everyone = groups_of(connection), colleagues(connection, Role.approver, today())
    seats, names = list[Seat](), decider_names(route.tiers)
    taken = frozenset[int]()
    for at, tier in enumerate(route.tiers):
        asked = amount if at == len(route.tiers) - 1 else None
        needs = Needs(TaskKind.decide, partner_id, asked, taken, members(tier, groups))
        assignment = assign(everyone, needs)
        seats.append(_seat(names[at], everyone, needs, assignment.assignee_id, assignment.why))
        taken |= {assignment.assignee_id} if assignment.assignee_id else frozenset()
    return seats


def _seat(
    decider: str, everyone: Sequence[Colleague], needs: Needs, assignee_id: int | None, why: str | None
) -> Seat:
    gets = next((one.name for one in everyone if one.user_id == assignee_id), "")
    others = [(one.name, _reason(one, needs)) for one in everyone if one.user_id != assignee_id]
    return Seat(decider, gets, str(WHY.get(why or "", "")), others)


def _reason(one: Colleague, needs: Needs) -> str:
    code = why_not(one, needs)
    if code is None:
        return str(_("could too, open tasks: %(count)s", count=one.open_tasks))
    if code == "barred":
        return str(_("decides in an earlier tier"))
    return str(REASONS[code]) % {"limit": money(one.amount_limit or 0)}
