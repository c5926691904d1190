"""Several tasks of the inbox at once: what was ticked is shown once more, then done one by one as a job."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.claims import Claim
from models.money import Cents, parse_amount, plain
from models.tasks import Task
from models.vocabulary import JobKind, Role, TaskKind, Trigger
from web.access import allow
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.decisions.deciding import LONGEST_REASON, Outlook, outlook_of
from web.decisions.room import room
from web.desk import Desk
from web.forms import PageForm, sent_number
from web.jobs import start_job, ticked
from web.moving import words_of
from web.policies import policy_of
from web.services import reading
from web.verdicts import VerdictItem
from workflow.gathering import gather
from workflow.jobs import Item
from workflow.refusals import Refused
from workflow.routing import stage_of

MOST = 100
"""Tasks that are dealt with at once."""


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that can be done with several tasks. `kinds` are the tasks that it can be done with."""

    kind: JobKind
    title: str
    button: str
    kinds: frozenset[TaskKind]
    needs_reason: bool
    item: Callable[[Desk], dict[str, object]]


def _grant(desk: Desk) -> dict[str, object]:
    trigger = Trigger.approve if stage_of(desk.claim, {}).is_last else Trigger.endorse
    return {"trigger": trigger.value}


def _return(_desk: Desk) -> dict[str, object]:
    return {"trigger": Trigger.return_.value}


def _nothing_more(_desk: Desk) -> dict[str, object]:
    return {}


WAYS: dict[str, Way] = {
    "approve": Way(
        JobKind.decide,
        _l("Approve several claims"),
        _l("Approve"),
        frozenset({TaskKind.decide}),
        needs_reason=False,
        item=_grant,
    ),
    "return": Way(
        JobKind.decide,
        _l("Return several claims"),
        _l("Return"),
        frozenset({TaskKind.decide}),
        needs_reason=True,
        item=_return,
    ),
    "give-back": Way(
        JobKind.give_back,
        _l("Give several tasks back"),
        _l("Give back"),
        frozenset({TaskKind.decide, TaskKind.accept}),
        needs_reason=True,
        item=_nothing_more,
    ),
}
"""What can be done with several tasks of the inbox."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """A task that was ticked. `trouble` says why this cannot be done with it, empty where it can.

    `grant` is the amount that would be granted, in cents; `rules` are those that stand against it.
    """

    desk: Desk
    trouble: str
    grant: Cents | None = None
    rules: Sequence[VerdictItem] = ()


class SeveralForm(PageForm):
    """The reason that all of them get."""

    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("All of them get it; their partners read it."))


@room.get("/inbox/several/<way>")
@allow(Role.approver)
def several(way: str) -> ResponseReturnValue:
    """Show once more what was ticked, and what would be done with each."""
    return _page(_way_or_404(way), way, SeveralForm())


@room.post("/inbox/several/<way>")
@allow(Role.approver)
def do_several(way: str) -> ResponseReturnValue:
    """Have it done, one claim after the other, with what was ticked and can be done as it was shown."""
    chosen, form = _way_or_404(way), SeveralForm()
    if not form.validate():
        return _page(chosen, way, form), 422
    if chosen.needs_reason and not form.reason.data:
        form.reason.errors = [_("Say why.")]
        return _page(chosen, way, form), 422
    items = [
        Item({**chosen.item(one.desk), **_as_shown(one)}, one.desk.claim.id)
        for one in _tasks(chosen)
        if not one.trouble
    ]
    if not items:
        return _page(chosen, way, form), 422
    begun = start_job(chosen.kind, {"reason": form.reason.data or ""}, items)
    if isinstance(begun, Refused):
        return _page(chosen, way, form, words_of(begun.problems[0])), 422
    return redirect(begun)


def _as_shown(one: Ticked) -> dict[str, object]:
    """Return what the page showed of a claim: its version, and the amount that was to be granted."""
    seen = request.form.get(f"seen-{one.desk.claim.id}", "")
    before, _dash, amount = seen.partition("-")
    version = sent_number(before, digits=9)
    if version is None:
        abort(400)
    if one.grant is None:
        return {"version": version}
    try:
        return {"version": version, "approved": plain(parse_amount(amount))}
    except ValueError:
        abort(400)


def _way_or_404(way: str) -> Way:
    return WAYS.get(way) or abort(404)


def _tasks(way: Way) -> list[Ticked]:
    """Return the visitor's own tasks among what was ticked, oldest first."""
    found = (
        reading()
        .execute(
            select(Task, Claim)
            .join(Claim, Claim.id == Task.claim_id)
            .where(
                Task.claim_id.in_(ticked(MOST)),
                Task.assignee_id == actor().user_id,
                Task.closed_at.is_(None),
                Task.kind.in_([TaskKind.decide, TaskKind.accept]),
            )
            .order_by(Task.opened_at, Task.id)
        )
        .all()
    )
    dossiers = gather(reading().connection(), [claim.id for _task, claim in found], lock=False)
    return [
        _looked_at(Desk(claim, task, dossiers[claim.id], policy_of(claim.policy_version_id)), way)
        for task, claim in found
    ]


def _looked_at(desk: Desk, way: Way) -> Ticked:
    if desk.task is None or desk.task.kind not in way.kinds:
        return Ticked(desk, _("Its report has to be checked on its own page."))
    if way is not WAYS["approve"]:
        return Ticked(desk, "")
    outlook = outlook_of(desk, None)
    return Ticked(desk, _trouble(outlook), outlook.offer.amount, _broken(outlook))


def _trouble(outlook: Outlook) -> str:
    if outlook.offer.amount <= 0:
        return str(_("No money is available."))
    return str(_("Rules stand against it.")) if outlook.blocked else ""


def _broken(outlook: Outlook) -> list[VerdictItem]:
    return [one for one in outlook.verdicts if one.outcome == "broken"]


def _page(way: Way, name: str, form: SeveralForm, problem: str = "") -> str:
    tasks = _tasks(way)
    able = [one for one in tasks if not one.trouble]
    return render_template(
        "decisions/several.html",
        way=way,
        name=name,
        form=form,
        problem=problem,
        able=able,
        unable=[one for one in tasks if one.trouble],
        gone=len(ticked(MOST)) - len(tasks),
        total=sum(one.grant or 0 for one in able),
    )
