"""Policy versions: all of them, each with what it changed, and what waits for a second person."""

from collections.abc import Sequence
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, func, select

from models.claims import Claim
from models.history import Act
from models.people import User
from models.policies import PolicyDraft, PolicyProposal, PolicyWithdrawal
from models.programme import PolicyVersion
from models.vocabulary import Role
from web.access import allow
from web.acting import told_acts
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.forms import PageForm
from web.policies import policy_of
from web.policy.files import NewForm, policy_file
from web.policy.room import room
from web.policy.routes import routes_in_words
from web.policy.succession import before, in_force
from web.policy.words import demands, differences, parameters
from web.services import reading, today
from workflow.searches.acts import EVERY_ACT

VERSION = "/programme/policy/<int:version_id>"


class ReasonForm(PageForm):
    """Why a version is to be withdrawn, or a proposal is turned down."""

    reason = long_text_field(_l("Why"), 2000, _l("Managers and auditors read it."))


@room.get("/programme/policy")
@allow(Role.manager, Role.auditor)
def versions() -> ResponseReturnValue:
    """Show all policy versions, the latest first; to managers the drafts too."""
    return versions_page(NewForm(formdata=None))


@room.get(VERSION)
@allow(Role.manager, Role.auditor)
def version(version_id: int) -> ResponseReturnValue:
    """Show a policy version, with what it changed of the one before it."""
    return version_page(version_or_404(version_id))


@room.get(f"{VERSION}/download")
@allow(Role.manager, Role.auditor)
def download(version_id: int) -> ResponseReturnValue:
    """Give a policy version as a file that can be edited and made a draft of."""
    found = version_or_404(version_id)
    return policy_file(found.document, f"policy-{found.first_day.isoformat()}.json")


def versions_page(form: NewForm) -> str:
    """Return the page of all versions, with the form of a new draft."""
    judged = select(func.count()).where(Claim.policy_version_id == PolicyVersion.id).scalar_subquery()
    rows = reading().execute(
        select(
            PolicyVersion.id,
            PolicyVersion.first_day,
            PolicyVersion.recorded_at,
            judged.label("claims"),
            User.name.label("by"),
            exists().where(PolicyWithdrawal.version_id == PolicyVersion.id).label("withdrawn"),
        )
        .join(Act, Act.id == PolicyVersion.act_id)
        .outerjoin(User, User.id == Act.actor_id)
        .order_by(PolicyVersion.first_day.desc(), PolicyVersion.attempt.desc())
    )
    standing, is_manager = in_force(), Role.manager in actor().roles
    return render_template(
        "policy/versions.html",
        form=form,
        rows=rows.all(),
        in_force=standing.id if standing else None,
        today=today(),
        drafts=_drafts() if is_manager else [],
        withdrawals=_withdrawals() if is_manager else {},
        is_manager=is_manager,
    )


def version_page(found: PolicyVersion, form: ReasonForm | None = None, problems: Sequence[str] = ()) -> str:
    """Return the page of a version, with the form to propose its withdrawal, and what was refused of it."""
    policy, earlier = policy_of(found.id), before(found.first_day)
    subject = f"policy:{found.first_day.isoformat()}"
    acts = reading().execute(EVERY_ACT.where(Act.subject == subject).order_by(Act.id)).all()
    withdrawn = exists().where(PolicyWithdrawal.version_id == found.id)
    return render_template(
        "policy/version.html",
        form=form or ReasonForm(formdata=None),
        problems=problems,
        version=found,
        policy=policy,
        earlier=earlier,
        parameters=parameters(policy, earlier.policy if earlier else None),
        differences=differences(policy, earlier.policy) if earlier else [],
        demands=demands,
        routes=routes_in_words(policy.routing or (), policy.catalogue),
        today=today(),
        is_withdrawn=reading().scalar(select(withdrawn)),
        proposal=_withdrawals().get(found.id),
        is_manager=Role.manager in actor().roles,
        told=told_acts(acts),
    )


def version_or_404(version_id: int) -> PolicyVersion:
    """Return a version by its id."""
    return reading().get(PolicyVersion, version_id) or abort(404)


def _drafts() -> Sequence[Any]:
    """Return each draft, with who changed it last and the proposal to publish it, if there is one."""
    return (
        reading()
        .execute(
            select(
                PolicyDraft.id,
                PolicyDraft.name,
                PolicyDraft.updated_at,
                User.name.label("by"),
                PolicyProposal.id.label("proposal"),
                PolicyProposal.first_day,
            )
            .join(User, User.id == PolicyDraft.changed_by_id)
            .outerjoin(PolicyProposal, PolicyProposal.draft_id == PolicyDraft.id)
            .order_by(PolicyDraft.updated_at.desc(), PolicyDraft.id.desc())
        )
        .all()
    )


def _withdrawals() -> dict[int, int]:
    """Return the proposals to withdraw, by the versions that they are about."""
    rows = reading().execute(
        select(PolicyProposal.version_id, PolicyProposal.id).where(PolicyProposal.version_id.is_not(None))
    )
    return {row.version_id: row.id for row in rows}
