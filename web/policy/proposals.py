"""What waits for a second programme manager: a draft to be published, a version to be withdrawn."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from models.history import Act, Reason
from models.people import User
from models.policies import PolicyDraft, PolicyProposal
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.formats import day
from web.moving import put_at_fields, words_of
from web.policies import policy_of
from web.policy.room import room
from web.policy.route_concerns import concerns_of
from web.policy.routes import routes_in_words
from web.policy.succession import after, before, end_of, with_end
from web.policy.versions import VERSION, ReasonForm, version_or_404, version_page
from web.policy.words import differences, parameters
from web.services import now, reading, today
from workflow.acts import policy_publishing as publishing
from workflow.assignment import holders
from workflow.policies import read_policy
from workflow.refusals import Problem, Refused

PROPOSAL = "/programme/policy/proposals/<int:proposal_id>"


@room.post(f"{VERSION}/withdraw")
@allow(Role.manager)
def propose_withdrawal(version_id: int) -> ResponseReturnValue:
    """Propose to withdraw a version before its first day."""
    found, form = version_or_404(version_id), ReasonForm()
    if not form.validate():
        return version_page(found, form=form), 422
    answer = act_once(
        lambda connection, key: publishing.propose_withdrawal(
            connection, actor(), now(), version_id, reason=form.reason.data or "", today=today(), key=key
        ),
        _("Proposed. Another programme manager has to withdraw it."),
    )
    if isinstance(answer, Refused):
        return version_page(found, form=form, problems=put_at_fields(form, answer)), 409
    return redirect(url_for("policy.version", version_id=version_id))


@room.get(PROPOSAL)
@allow(Role.manager)
def proposal(proposal_id: int) -> ResponseReturnValue:
    """Show a proposal, with what it would change, to decide on it."""
    return _proposal_page(_open(proposal_id), ReasonForm(formdata=None))


@room.post(f"{PROPOSAL}/publish")
@allow(Role.manager)
def publish(proposal_id: int) -> ResponseReturnValue:
    """Publish the draft of a proposal."""
    found = _open(proposal_id)
    said = _("Published. It is in force from %(first)s.", first=day(found.first_day))
    answer = act_once(
        lambda connection, key: publishing.publish(
            connection, actor(), now(), proposal_id, today=today(), key=key
        ),
        with_end(said, found.first_day) if found.first_day else said,
    )
    return _decided(found, answer)


@room.post(f"{PROPOSAL}/withdraw")
@allow(Role.manager)
def withdraw(proposal_id: int) -> ResponseReturnValue:
    """Withdraw the version of a proposal."""
    found = _open(proposal_id)
    answer = act_once(
        lambda connection, key: publishing.withdraw(
            connection, actor(), now(), proposal_id, today=today(), key=key
        ),
        _("Withdrawn. It never comes into force."),
    )
    return _decided(found, answer)


@room.post(f"{PROPOSAL}/turn-down")
@allow(Role.manager)
def turn_down(proposal_id: int) -> ResponseReturnValue:
    """Turn a proposal down, or take one's own back."""
    found, form = _open(proposal_id), ReasonForm()
    if not form.validate():
        return _proposal_page(found, form), 422
    answer = act_once(
        lambda connection, key: publishing.turn_down(
            connection, actor(), now(), proposal_id, reason=form.reason.data or "", key=key
        ),
        _("Turned down. Nothing was changed."),
    )
    return _decided(found, answer, form)


def _decided(found: PolicyProposal, answer: object, form: ReasonForm | None = None) -> ResponseReturnValue:
    if not isinstance(answer, Refused):
        return redirect(url_for("policy.versions"))
    form = form or ReasonForm(formdata=None)
    return _proposal_page(found, form, put_at_fields(form, answer)), 409


def _proposal_page(found: PolicyProposal, form: ReasonForm, problems: Any = ()) -> str:
    draft = reading().get(PolicyDraft, found.draft_id) if found.draft_id else None
    version = version_or_404(found.version_id) if found.version_id else None
    shown: Any = draft or version
    first_day = found.first_day or shown.first_day
    policy = read_policy(draft.document) if draft else policy_of(found.version_id)
    earlier, later = before(first_day), after(first_day)
    return render_template(
        "policy/proposal.html",
        proposal=found,
        form=form,
        problems=problems,
        draft=draft,
        version=version,
        first_day=first_day,
        earlier=earlier,
        later=later.version if later else None,
        end=end_of(later),
        changed_then=differences(later.version.policy, policy) if later else [],
        policy=policy,
        parameters=parameters(policy, earlier.policy if earlier else None),
        differences=differences(policy, earlier.policy) if earlier else [],
        routes=routes_in_words(policy.routing or (), policy.catalogue),
        concerns=concerns_of(policy.routing or ()) if draft else [],
        by=reading().scalar(select(User.name).where(User.id == found.proposed_by_id)),
        reason=_reason(found.act_id),
        is_own=found.proposed_by_id == actor().user_id,
        why_not=why_not(found, draft),
    )


def why_not(found: PolicyProposal, draft: PolicyDraft | None) -> str:
    """Return why the visitor may not do what is proposed; empty where they may."""
    connection, changed_by = reading().connection(), draft.changed_by_id if draft else None
    if set(holders(connection, Role.manager)) == {actor().user_id} == {found.proposed_by_id}:
        return str(_("You proposed this, and are the only programme manager: invite a second one."))
    problem = publishing.why_not_decided(connection, actor(), now(), found, changed_by)
    return words_of(problem) if problem else ""


def _reason(act_id: int) -> str | None:
    """Return why something was proposed."""
    return reading().scalar(
        select(Reason.text).join(Act, Act.reason_hash == Reason.hash).where(Act.id == act_id)
    )


def _open(proposal_id: int) -> PolicyProposal:
    """Return an open proposal; lead to the versions where somebody has decided on it."""
    found = reading().get(PolicyProposal, proposal_id)
    if found is None:
        flash(words_of(Problem("proposal_gone")), "info")
        abort(redirect(url_for("policy.versions")))
    return found
