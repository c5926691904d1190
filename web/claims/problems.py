"""What a partner reads where something was not saved, or still stands against it."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from flask_babel import gettext as _

from models.claims import Claim
from web.happened import last_happened
from web.labels import state_label
from web.moving import words_of
from workflow.refusals import Problem

_LINE_FIELD = re.compile(r"(?:actual_)?lines\[([0-9]+)\]\.(\w+)")

STATUS: dict[str, int] = {
    "stale": 409,
    "wrong_state": 409,
    "not_yours": 403,
    "own_organisation": 403,
    "not_assigned": 403,
    "accepted_it": 403,
}
"""The HTTP status of a refusal by its first problem; any other is 422."""


class Notice(NamedTuple):
    """Why nothing was saved: a headline, and what happened meanwhile."""

    title: str
    text: str


def stopped(why: str, claim: Claim) -> Notice:
    """Return what to say where a save came too late: the claim has changed, or moved on."""
    happened = last_happened(claim.id)
    if why == "stale":
        meanwhile = _("Somebody of your organisation saved it meanwhile, or you did in another window.")
        kept = _("What you typed is still here. Saving again replaces what is there now.")
        title = _("Nothing was saved: the claim has changed since you opened it")
        return Notice(title, f"{meanwhile} {kept}")
    return Notice(
        _("Nothing was saved: this claim is now %(state)s", state=state_label(claim.state).lower()),
        f"{happened or ''} {_('What you typed is still here, to copy.')}".strip(),
    )


def show_problems(form: Any, problems: Iterable[Problem]) -> None:
    """Put what contradicts itself at its field. What is only still empty is no error while one types."""
    for problem in problems:
        field = field_of(form, problem.field)
        if field is not None and problem.code not in ("field_missing", "no_lines"):
            field.errors = [*field.errors, words_of(problem)]


def field_of(form: Any, path: str) -> Any:
    """Return the field of a form that a problem's path names, or None."""
    found = _LINE_FIELD.fullmatch(path)
    if found is None:
        return form._fields.get(path)
    entries = form.lines.entries
    return entries[int(found[1])].form[found[2]] if int(found[1]) < len(entries) else None


def label_of(form: Any, path: str) -> str:
    """Return what a form calls the field that a problem's path names."""
    field = field_of(form, path)
    if field is None:
        return str(_("Costs"))
    found = _LINE_FIELD.fullmatch(path)
    line = _("Line %(number)s: ", number=int(found[1]) + 1) if found else ""
    return f"{line}{field.label.text}"
