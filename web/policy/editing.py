"""The pages on which a part of a draft is changed."""

import json
from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.base import canonical
from models.people import User
from models.policies import PolicyDraft
from models.vocabulary import Role
from web.access import allow
from web.acting import act, sent_seen
from web.auth.visitor import actor
from web.moving import words_of
from web.names import names_of
from web.policy.drafts import DRAFT, draft_or_404, proposal_of
from web.policy.members import PartForm
from web.policy.parts import Section, problems_of, section_named, still_used
from web.policy.room import room
from web.policy.words import differences
from web.services import now, read_afresh
from workflow.acts.policy_drafts import save_part
from workflow.policies import read_policy
from workflow.refusals import Refused

PART = f"{DRAFT}/parts/<part>"


@room.get(PART)
@allow(Role.manager)
def part(draft_id: int, part: str) -> ResponseReturnValue:
    """Show a part of a draft to change it. A new activity type may begin like another one."""
    draft = draft_or_404(draft_id)
    section = _section_or_404(draft, part, request.args.get("like", ""))
    return _part_page(draft, section, _form(draft, section), canonical(section.part.of(draft.document)))


@room.post(PART)
@allow(Role.manager)
def change_part(draft_id: int, part: str) -> ResponseReturnValue:
    """Change a part of a draft, or add a row to its form, or take one away."""
    draft = draft_or_404(draft_id)
    section = _section_or_404(draft, part)
    form = _form(draft, section)
    if form.change(request.form.get("do", "")):
        return _part_page(draft, section, form, sent_seen())
    if not form.validate():
        return _part_page(draft, section, form, sent_seen()), 422
    value = form.value
    problems = still_used(section, draft.document, value) or problems_of(
        section, form, section.part.into(draft.document, value)
    )
    if problems is not None:
        return _part_page(draft, section, form, sent_seen(), problems), 422
    return _save(draft, section, form, value)


@room.post(f"{PART}/remove")
@allow(Role.manager)
def remove_part(draft_id: int, part: str) -> ResponseReturnValue:
    """Take an activity type, or a routing rule, out of a draft."""
    draft = draft_or_404(draft_id)
    section = _section_or_404(draft, part)
    if section.listed is None or section.is_new:
        abort(404)
    form = _form(draft, section)
    problems = still_used(section, draft.document, None)
    if problems is not None:
        return _part_page(draft, section, form, sent_seen(), problems), 422
    return _save(draft, section, form, None)


def _save(draft: PolicyDraft, section: Section, form: PartForm, value: Any) -> ResponseReturnValue:
    seen = sent_seen()
    answer = act(
        lambda connection: save_part(connection, actor(), now(), draft.id, section.part, value, seen),
        _("Saved in the draft."),
    )
    if not isinstance(answer, Refused):
        return redirect(url_for("policy.draft", draft_id=draft.id))
    if answer.why != "changed_meanwhile":
        read_afresh()
        return _part_page(draft, section, form, seen, [words_of(one) for one in answer.problems]), 409
    read_afresh()
    present = draft_or_404(draft.id)
    return _part_page(
        present,
        section,
        form,
        canonical(section.part.of(present.document)),
        overtaken=_what_changed(present, section, seen),
    ), 409


def _what_changed(present: PolicyDraft, section: Section, seen: str) -> list[str]:
    """Return what somebody else changed in a part since the page showed it; none where nobody can tell."""
    try:
        before = read_policy(section.part.into(present.document, json.loads(seen)))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return []
    return differences(read_policy(present.document), before)


def _part_page(
    draft: PolicyDraft,
    section: Section,
    form: PartForm,
    seen: str,
    problems: Sequence[str] = (),
    overtaken: Sequence[str] | None = None,
) -> str:
    return render_template(
        "policy/part.html",
        draft=draft,
        section=section,
        form=form,
        seen=seen,
        problems=problems,
        overtaken=overtaken,
        changed_by=names_of(User, [draft.changed_by_id])[draft.changed_by_id],
        proposal=proposal_of(draft.id),
    )


def _form(draft: PolicyDraft, section: Section) -> PartForm:
    return section.make(draft.document, read_policy(draft.document).catalogue)


def _section_or_404(draft: PolicyDraft, part: str, like: str = "") -> Section:
    return section_named(part, draft.document, like) or abort(404)
