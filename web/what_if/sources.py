"""Which policy a what-if asks: a version or a draft on file, or a file that is sent."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from sqlalchemy import select

from models.policies import PolicyDraft
from models.programme import PolicyVersion
from web.formats import day
from web.forms import sent_number
from web.policy.files import file_document
from web.services import reading
from workflow.policies import PolicyError, read_policy
from workflow.policy_shelf import stands
from workflow.readable import one_line

LONGEST_NAME = 200

_VERSIONS = select(PolicyVersion.id, PolicyVersion.first_day, stands().label("stands"))

Asked = tuple[Any, Mapping[str, Any]]
"""A policy document and where it is from, which is kept to be told by `source_words`."""


def sent_policy(chosen: str) -> Asked:
    """Return the policy that a form chooses (`version:3`), or that of the file it sent where it chooses none.

    ValueError says what is wrong with the file; 404 for what is not on file.
    """
    if not chosen:
        return _of_file()
    kind, _colon, number = chosen.partition(":")
    one_id = sent_number(number)
    if kind not in ON_FILE or one_id is None:
        abort(404)
    return ON_FILE[kind](one_id)


def policies_on_file() -> dict[str, str]:
    """Return every policy that can be chosen, with what people call it, the latest first."""
    rows = reading().execute(_VERSIONS.order_by(PolicyVersion.first_day.desc(), PolicyVersion.id.desc()))
    drafts = reading().execute(select(PolicyDraft.id, PolicyDraft.name).order_by(PolicyDraft.id.desc()))
    return {
        **{f"draft:{row.id}": _draft_words(row.name) for row in drafts},
        **{f"version:{row.id}": _when(row) for row in rows},
    }


def _when(version: Any) -> str:
    if version.stands:
        return str(_("In force from %(first)s", first=day(version.first_day)))
    return str(_("Withdrawn, was to be in force from %(first)s", first=day(version.first_day)))


def source_words(source: Mapping[str, Any]) -> str:
    """Return where a policy is from, in words."""
    return words_of_sources([source])[0]


def words_of_sources(sources: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return where some policies are from, in words, in their order."""
    ids = {source["version"] for source in sources if "version" in source}
    versions = {row.id: row for row in reading().execute(_VERSIONS.where(PolicyVersion.id.in_(ids)))}
    return [_words(source, versions) for source in sources]


def _words(source: Mapping[str, Any], versions: Mapping[int, Any]) -> str:
    if "version" in source:
        return str(_("Policy version: %(when)s", when=_when(versions[source["version"]])))
    if "draft" in source:
        return _draft_words(source["draft"])
    return str(_("Policy file %(name)s", name=source["file"]))


def _draft_words(name: str) -> str:
    """Return a draft's name as that of a draft: one that was given no other says so itself."""
    return name if name.startswith(_("Draft")) else str(_("Draft %(name)s", name=name))


def _version(version_id: int) -> Asked:
    version = reading().get(PolicyVersion, version_id) or abort(404)
    return version.document, {"version": version.id}


def _draft(draft_id: int) -> Asked:
    draft = reading().get(PolicyDraft, draft_id) or abort(404)
    try:
        read_policy(draft.document)
    except PolicyError as error:
        raise ValueError(_("The draft is not whole yet: %(error)s.", error=str(error))) from None
    return draft.document, {"draft": draft.name}


ON_FILE: Mapping[str, Callable[[int], Asked]] = {"version": _version, "draft": _draft}
"""How a policy that is on file is found, by the word before its id."""


def _of_file() -> Asked:
    document = file_document(_("Choose a policy, or a policy file."))
    sent = request.files["file"]
    return document, {"file": one_line(sent.filename or "")[:LONGEST_NAME]}
