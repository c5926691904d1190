"""Policy versions: read, compared, loaded from a file, downloaded."""

import json
from datetime import date, timedelta
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, func, select
from wtforms import FileField, HiddenField
from wtforms.validators import InputRequired

from models.claims import Claim
from models.history import Act
from models.people import User
from models.programme import PolicyVersion
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.formats import day
from web.forms import DayField, PageForm
from web.moving import put_at_fields, words_of
from web.programme.policy_words import catalogue_changes, demands, is_same, parameters
from web.programme.room import room
from web.services import now, programme, reading, today
from workflow.acts.policy import load_policy
from workflow.policies import Policy, PolicyError, read_policy
from workflow.policy_shelf import policy_in_force
from workflow.refusals import Problem, Refused

LARGEST = 500_000
"""Bytes that a policy file may have."""


class FileForm(PageForm):
    """A policy file, and the first day on which it is in force."""

    file = FileField(
        _l("Policy file"), description=_l("A JSON document, such as one downloaded here and edited.")
    )
    first_day = DayField(
        _l("In force from"),
        [InputRequired(_l("Enter the first day."))],
        description=_l("After today. Claims submitted before keep the version they were submitted under."),
    )


class ConfirmForm(PageForm):
    """A policy that was looked at, and is to be loaded."""

    document = HiddenField()
    first_day = DayField(_l("In force from"), [InputRequired(_l("Enter the first day."))])


@room.get("/policy")
@allow(Role.manager)
def policy_versions() -> ResponseReturnValue:
    """Show all policy versions, the latest first."""
    return _versions_page(FileForm(first_day=today() + timedelta(days=1)))


@room.get("/policy/<int:version_id>")
@allow(Role.manager)
def policy_version(version_id: int) -> ResponseReturnValue:
    """Show a policy version, beside the one before it."""
    version = _version_or_404(version_id)
    policy = read_policy(version.document)
    earlier = _before(version.first_day)
    before = read_policy(earlier.document) if earlier else None
    return render_template(
        "programme/policy_version.html",
        version=version,
        policy=policy,
        earlier=earlier,
        parameters=parameters(policy, before),
        demands=demands,
        changes=list(catalogue_changes(policy, before)) if before else [],
        today=today(),
    )


@room.get("/policy/<int:version_id>/download")
@allow(Role.manager)
def download_policy(version_id: int) -> ResponseReturnValue:
    """Give a policy version as a file that can be edited and loaded."""
    version = _version_or_404(version_id)
    text = json.dumps(version.document, indent=2, ensure_ascii=False) + "\n"
    name = f"policy-{version.first_day.isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="application/json", headers=headers)


@room.post("/policy/compare")
@allow(Role.manager)
def compare_policy() -> ResponseReturnValue:
    """Show what a policy file would change, before it is loaded."""
    form = FileForm()
    document, policy = None, None
    try:
        document, policy = _read_file()
    except ValueError as error:
        form.validate()
        form.file.errors = [str(error)]
        return _versions_page(form), 422
    if not form.validate():
        return _versions_page(form), 422
    confirm = ConfirmForm(formdata=None, document=json.dumps(document), first_day=form.first_day.data)
    return _comparison_page(confirm, policy)


@room.post("/policy")
@allow(Role.manager)
def load_new_policy() -> ResponseReturnValue:
    """Load a policy that was compared as a new version."""
    form = ConfirmForm()
    try:
        document = json.loads(form.document.data or "")
        policy = read_policy(document)
    except (ValueError, RecursionError):
        abort(400)
    if not form.validate():
        return _comparison_page(form, policy), 422

    def work(connection: Connection, key: str) -> int:
        first_day: date = form.first_day.data
        return load_policy(
            connection, actor(), now(), document=document, first_day=first_day, today=today(), key=key
        )

    answer = act_once(work, _("Loaded. It is in force from %(first)s.", first=day(form.first_day.data)))
    if isinstance(answer, Refused):
        put_at_fields(form, answer)
        return _comparison_page(form, policy), 422
    return redirect(url_for("programme.policy_versions"))


def _read_file() -> tuple[Any, Policy]:
    """Return the document of the file that was sent, and its policy. ValueError says what is wrong."""
    sent = request.files.get("file")
    content = sent.read(LARGEST + 1) if sent else b""
    if not content:
        raise ValueError(_("Choose a policy file."))
    if len(content) > LARGEST:
        raise ValueError(_("This file is too large for a policy."))
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError(_("This is no JSON text. Download a version, edit it, and try again.")) from None
    try:
        policy = read_policy(document)
    except PolicyError as error:
        raise ValueError(_("The policy is not right: %(error)s.", error=str(error))) from None
    running = programme()
    if policy.holds_examples and not (running and running.is_demo):
        raise ValueError(words_of(Problem("example_limits")))
    return document, policy


def _versions_page(form: FileForm) -> str:
    judged = select(func.count()).where(Claim.policy_version_id == PolicyVersion.id).scalar_subquery()
    rows = reading().execute(
        select(
            PolicyVersion.id,
            PolicyVersion.first_day,
            PolicyVersion.recorded_at,
            judged.label("claims"),
            User.name.label("by"),
        )
        .join(Act, Act.id == PolicyVersion.act_id)
        .outerjoin(User, User.id == Act.actor_id)
        .order_by(PolicyVersion.first_day.desc())
    )
    in_force = policy_in_force(reading().connection(), today())
    return render_template(
        "programme/policy.html",
        form=form,
        rows=rows.all(),
        in_force=in_force.id if in_force else None,
        today=today(),
    )


def _comparison_page(form: ConfirmForm, policy: Policy) -> str:
    first_day = form.first_day.data or today()
    earlier = _before(first_day)
    before = read_policy(earlier.document) if earlier else None
    return render_template(
        "programme/policy_compare.html",
        form=form,
        policy=policy,
        earlier=earlier,
        parameters=parameters(policy, before),
        changes=list(catalogue_changes(policy, before)) if before else [],
        is_same=before is not None and is_same(policy, before),
    )


def _before(first_day: date) -> PolicyVersion | None:
    """Return the version that is in force until a new one starts on a day."""
    return reading().scalar(
        select(PolicyVersion)
        .where(PolicyVersion.first_day < first_day)
        .order_by(PolicyVersion.first_day.desc())
        .limit(1)
    )


def _version_or_404(version_id: int) -> PolicyVersion:
    return reading().get(PolicyVersion, version_id) or abort(404)
