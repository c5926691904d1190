"""The partner's own moves: submit, report and withdraw, each asked once more before it is made."""

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.claims import Claim
from models.vocabulary import Role, State, Trigger
from web.access import allow, claim_or_404
from web.claims.alike import alike_of
from web.claims.judging import Judged, dossier_of, judged, policy_for, shares_in
from web.claims.problems import STATUS, told
from web.claims.proofs import Coverage, coverage_of
from web.claims.room import room
from web.claims.split import splits_in
from web.erased import file_name
from web.happened import last_happened
from web.moving import command_for, move
from web.services import read_afresh, today
from web.verdicts import troubles_first, verdict_items
from workflow.completeness import report_problems
from workflow.demands.claiming import to_submit
from workflow.dossier import Dossier
from workflow.refusals import Problem, Refused


@dataclass(frozen=True, slots=True)
class Asking:
    """How the page asks for a move: its headline, what the move does, its button, and the way back.

    `refused` is what it says where the move was not made.
    """

    title: str
    lead: str
    button: str
    back: str
    refused: str
    danger: bool = False


ASKING: dict[Trigger, Asking] = {
    Trigger.submit: Asking(
        _l("Submit this claim?"),
        _l("The programme owner decides on it next. The plan and its files then stay as they are."),
        _l("Submit the claim"),
        "claims.plan",
        _l("The claim was not submitted"),
    ),
    Trigger.report: Asking(
        _l("Send this report?"),
        _l("An approver checks costs and evidence next. Both then stay as they are."),
        _l("Send the report"),
        "claims.report",
        _l("The report was not sent"),
    ),
    Trigger.withdraw: Asking(
        _l("Withdraw this claim?"),
        _l(
            "This cannot be undone. What was reserved for it goes back to your fund. "
            "You can copy the claim later."
        ),
        _l("Withdraw the claim"),
        "claims.show",
        _l("The claim was not withdrawn"),
        danger=True,
    ),
}

TOO_LATE: dict[str, str] = {
    "stale": _l("The claim has changed meanwhile"),
    "wrong_state": _l("The claim has moved on meanwhile"),
}
"""What it says instead where the claim is no longer what the page showed."""

SOURCES: dict[Trigger, frozenset[State]] = {
    Trigger.submit: frozenset({State.draft}),
    Trigger.report: frozenset({State.approved}),
    Trigger.withdraw: frozenset({State.draft, State.submitted, State.approved}),
}


@room.get("/<int:claim_id>/<any(submit, withdraw, report):trigger>/confirm")
@allow(Role.partner)
def confirm(claim_id: int, trigger: str) -> ResponseReturnValue:
    """Ask once more before a move, and show what stands against it."""
    claim, asked = claim_or_404(claim_id), Trigger(trigger)
    if claim.state not in SOURCES[asked]:
        return redirect(url_for("claims.show", claim_id=claim_id))
    return _page(claim, asked)


@room.post("/<int:claim_id>/<any(submit, withdraw, report):trigger>/confirm")
@allow(Role.partner, moves=ASKING)
def send(claim_id: int, trigger: str) -> ResponseReturnValue:
    """Make the move, or show every reason why not."""
    claim = claim_or_404(claim_id)
    done = move(command_for(claim, Trigger(trigger)))
    if not isinstance(done, Refused):
        return redirect(url_for("claims.show", claim_id=claim_id))
    read_afresh()
    return _page(claim_or_404(claim_id), Trigger(trigger), done), STATUS.get(done.why, 422)


def _page(claim: Claim, trigger: Trigger, refused: Refused | None = None) -> str:
    dossier, policy = dossier_of(claim.id), policy_for(claim)
    outlook = judged(dossier, policy) if trigger is not Trigger.withdraw else None
    items = verdict_items(refused.verdicts, policy) if refused else []
    if outlook and not items:
        items = outlook.items
    problems = _problems(trigger, dossier) if refused is None else refused.problems
    return render_template(
        "claims/confirm.html",
        claim=claim,
        dossier=dossier,
        costs=_costs(trigger, dossier),
        catalogue=policy.catalogue,
        file_names={file.id: file_name(file) for file in dossier.evidence},
        trigger=trigger,
        asking=ASKING[trigger],
        possible=claim.state in SOURCES[trigger],
        refused=refused,
        refusal=TOO_LATE.get(refused.why, ASKING[trigger].refused) if refused else "",
        happened=last_happened(claim.id),
        problems=[told(one) for one in problems if one.code != "rules"],
        items=troubles_first(items),
        coverage=coverage_of(dossier, policy) if trigger is Trigger.report else Coverage(),
        ready=_is_ready(outlook) and not problems,
        alike=[] if trigger is Trigger.withdraw else alike_of(claim),
        splits=[] if trigger is Trigger.withdraw else splits_in(dossier, policy),
        shares=shares_in(dossier) if trigger is Trigger.report else [],
    )


def _costs(trigger: Trigger, dossier: Dossier) -> tuple[str, int] | None:
    """Return what the costs are called at this step, and their sum in their currency."""
    if trigger is Trigger.withdraw:
        return None
    label, lines = {
        Trigger.submit: (_("Planned costs"), dossier.planned),
        Trigger.report: (_("Actual costs"), dossier.actual),
    }[trigger]
    return label, sum(line.amount or 0 for line in lines)


def _problems(trigger: Trigger, dossier: Dossier) -> list[Problem]:
    if trigger is Trigger.submit:
        return list(to_submit(dossier, today()))
    return report_problems(dossier) if trigger is Trigger.report else []


def _is_ready(outlook: Judged | None) -> bool:
    return outlook is None or outlook.count("holds") == len(outlook.items)
