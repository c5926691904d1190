"""Drafts of policies: made of a version or a file, shown with what they change, renamed, thrown away."""

from datetime import timedelta
from functools import partial
from itertools import chain, count

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, select
from wtforms.validators import InputRequired

from models.policies import PolicyDraft, PolicyProposal
from models.vocabulary import Role
from web.access import allow
from web.acting import act, act_once
from web.auth.visitor import actor
from web.claims.fields import text_field
from web.formats import day
from web.forms import DayField, PageForm
from web.moving import put_at_fields, sent_key, sent_version
from web.policy.files import NewForm, is_demo, policy_file, sent_document
from web.policy.parts import sections
from web.policy.room import room
from web.policy.route_concerns import concerns_of
from web.policy.routes import routes_in_words
from web.policy.succession import in_force, with_end
from web.policy.versions import versions_page
from web.policy.words import differences
from web.services import now, read_afresh, reading, today
from workflow.acts import policy_drafts as drafts
from workflow.acts.policy_publishing import propose_draft
from workflow.policies import read_policy
from workflow.policy_shelf import policies_to_come
from workflow.refusals import Refused

DRAFT = "/programme/policy/drafts/<int:draft_id>"


class NameForm(PageForm):
    """Another name of a draft."""

    name = text_field(_l("Name"), drafts.LONGEST_NAME)


class ProposeForm(PageForm):
    """The day from which a draft is to be in force."""

    first_day = DayField(
        _l("In force from"),
        [InputRequired(_l("Enter the first day."))],
        description=_l("After today. Claims submitted before keep the version they were submitted under."),
    )


@room.post("/programme/policy/drafts")
@allow(Role.manager)
def start_draft() -> ResponseReturnValue:
    """Make a draft of a file, or of the version that the form names."""
    form = NewForm()
    if not form.validate():
        return versions_page(form), 422
    try:
        document = sent_document()
    except ValueError as error:
        form.file.errors = [str(error)]
        return versions_page(form), 422
    name, key = form.name.data or _unnamed(), sent_key()
    answer = act(
        partial(drafts.make_draft, actor=actor(), now=now(), name=name, document=document, key=key),
        _("The draft is made. Change what is to be changed, then propose it."),
    )
    if isinstance(answer, Refused):
        form.file.errors = [*form.file.errors, *put_at_fields(form, answer)]
        return versions_page(form), 422
    return redirect(url_for("policy.draft", draft_id=answer))


@room.get(DRAFT)
@allow(Role.manager)
def draft(draft_id: int) -> ResponseReturnValue:
    """Show a draft: its parts, and what it changes of the version in force."""
    return draft_page(draft_or_404(draft_id))


@room.post(f"{DRAFT}/rename")
@allow(Role.manager)
def rename(draft_id: int) -> ResponseReturnValue:
    """Give a draft another name."""
    found, form = draft_or_404(draft_id), NameForm()
    if not form.validate():
        return draft_page(found, name=form), 422
    name = form.name.data or ""
    answer = act(
        lambda connection: drafts.rename_draft(connection, actor(), now(), draft_id, name), _("Renamed.")
    )
    if isinstance(answer, Refused):
        return draft_page(found, name=form, refused=answer), 422
    return redirect(url_for("policy.draft", draft_id=draft_id))


@room.post(f"{DRAFT}/drop")
@allow(Role.manager)
def drop(draft_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    found, version = draft_or_404(draft_id), sent_version()
    answer = act(
        lambda connection: drafts.drop_draft(connection, actor(), draft_id, version),
        _("The draft is thrown away."),
    )
    if isinstance(answer, Refused):
        return draft_page(found, refused=answer), 409
    return redirect(url_for("policy.versions"))


@room.get(f"{DRAFT}/download")
@allow(Role.manager)
def download_draft(draft_id: int) -> ResponseReturnValue:
    """Give a draft as a file."""
    return policy_file(draft_or_404(draft_id).document, f"policy-draft-{draft_id}.json")


@room.post(f"{DRAFT}/propose")
@allow(Role.manager)
def propose(draft_id: int) -> ResponseReturnValue:
    """Propose to publish a draft, as it was seen, from a day on."""
    found, form, version = draft_or_404(draft_id), ProposeForm(), sent_version()
    if not form.validate():
        return draft_page(found, proposing=form), 422

    def work(connection: Connection, key: str) -> int:
        first_day = form.first_day.data
        return propose_draft(
            connection, actor(), now(), draft_id, version, first_day=first_day, today=today(), key=key
        )

    said = _("Proposed. Another programme manager has to publish it.")
    answer = act_once(work, with_end(said, form.first_day.data))
    if isinstance(answer, Refused):
        return draft_page(found, proposing=form, refused=answer), 409
    return redirect(url_for("policy.draft", draft_id=draft_id))


def draft_page(
    found: PolicyDraft,
    *,
    name: NameForm | None = None,
    proposing: ProposeForm | None = None,
    refused: Refused | None = None,
) -> str:
    """Return the page of a draft, with what was refused."""
    proposing = proposing or ProposeForm(formdata=None, first_day=today() + timedelta(days=1))
    problems = put_at_fields(proposing, refused) if refused else []
    policy = read_policy(found.document)
    standing = in_force()
    read_afresh()
    return render_template(
        "policy/draft.html",
        draft=found,
        policy=policy,
        name=name or NameForm(formdata=None, name=found.name),
        proposing=proposing,
        problems=problems,
        sections=sections(),
        routes=routes_in_words(policy.routing or (), policy.catalogue),
        concerns=concerns_of(policy.routing or ()),
        in_force=standing,
        differences=differences(policy, standing.policy) if standing else [],
        to_come=policies_to_come(reading().connection(), today()),
        proposal=proposal_of(found.id),
        is_demo=is_demo(),
    )


def _unnamed() -> str:
    """Return what a draft is called that is given no name: its day, and a number where that is taken."""
    name = str(_("Draft of %(day)s", day=day(today())))
    taken = set(reading().scalars(select(PolicyDraft.name)))
    names = chain([name], (f"{name} ({number})" for number in count(2)))
    return next(one for one in names if one not in taken)


def proposal_of(draft_id: int) -> int | None:
    """Return the id of the proposal to publish a draft, if there is one."""
    return reading().scalar(select(PolicyProposal.id).where(PolicyProposal.draft_id == draft_id))


def draft_or_404(draft_id: int) -> PolicyDraft:
    """Return a draft by its id."""
    return reading().get(PolicyDraft, draft_id) or abort(404)
