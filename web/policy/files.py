"""Policy documents as files: what is sent to be made a draft of, and what is given to be edited."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField

from models.programme import PolicyVersion
from web.claims.fields import text_field
from web.forms import PageForm, sent_number
from web.services import programme, reading
from workflow.acts.policy_drafts import LONGEST_NAME
from workflow.policies import PolicyError, read_policy

LARGEST = 500_000
"""Bytes that a policy file may have."""


class NewForm(PageForm):
    """What a new draft is called, and the file that it is made of; without one, the version that is named."""

    name = text_field(_l("Name"), LONGEST_NAME, _l("For colleagues, such as: Rules of 2027."))
    file = FileField(
        _l("Policy file"), description=_l("A JSON document, such as one downloaded here and edited.")
    )
    version_id = HiddenField()


def is_demo() -> bool:
    """Return whether this is a demo, which may be run with example limits."""
    running = programme()
    return bool(running and running.is_demo)


def policy_file(document: Mapping[str, Any], name: str) -> Response:
    """Return a policy document as a file that can be edited and made a draft of."""
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="application/json", headers=headers)


def sent_document() -> Any:
    """Return the document of the version that the form names, or of the file that was sent.

    ValueError says what is wrong with the file.
    """
    version_id = sent_number(request.form.get("version_id", ""))
    if version_id is not None:
        found = reading().get(PolicyVersion, version_id) or abort(404)
        return found.document
    return file_document(_("Choose a policy file."))


def file_document(missing: str) -> Any:
    """Return the policy document that was sent as a file. ValueError says what is wrong or `missing`."""
    sent = request.files.get("file")
    content = sent.read(LARGEST + 1) if sent else b""
    if not content:
        raise ValueError(missing)
    if len(content) > LARGEST:
        raise ValueError(_("This file is too large for a policy."))
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError(_("This is no JSON text. Download a version, edit it, and try again.")) from None
    try:
        read_policy(document)
    except PolicyError as error:
        raise ValueError(_("The policy is not right: %(error)s.", error=str(error))) from None
    return document
