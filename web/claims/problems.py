"""What a partner reads where something was not saved, or still stands against it."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from flask_babel import gettext as _

from models.claims import Claim
from web.field_names import FIELDS, LINE_FIELDS
from web.happened import last_happened
from web.labels import state_words
from web.moving import words_of
from web.notices import Notice
from workflow.refusals import Problem
from workflow.wording import in_sentence

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


class Told(NamedTuple):
    """A problem in words, with what its field is called: empty where it is about no field."""

    label: str
    words: str


def stopped(why: str, claim: Claim) -> Notice:
    """Return what to say where a save came too late: the claim has changed, or moved on."""
    happened = last_happened(claim.id)
    if why == "stale":
        meanwhile = _("Somebody of your organisation saved it meanwhile, or you did in another window.")
        kept = _("What you typed is still here. Saving again replaces what is there now.")
        title = _("Nothing was saved: the claim has changed since you opened it")
        return Notice(title, f"{meanwhile} {kept}")
    return Notice(
        _("Nothing was saved: this claim is now %(state)s", state=state_words(claim.state)),
        f"{happened or ''} {_('What you typed is still here, to copy.')}".strip(),
    )


def told(problem: Problem) -> Told:
    """Return a problem in words, naming its line and its field."""
    return Told(label_of(problem.field), words_of(problem))


def told_so_far(form: Any, problems: Iterable[Problem]) -> list[Told]:
    """Return the problems of what is being typed, short where a field is only empty.

    Of a field that cannot be read, that is what is said.
    """
    return [Told(label_of(one.field), _words_so_far(field_of(form, one.field), one)) for one in problems]


def _words_so_far(field: Any, problem: Problem) -> str:
    if field is not None and field.errors:
        return str(field.errors[0])
    return problem.message(_) if problem.code == "field_missing" else words_of(problem)


def label_of(path: str) -> str:
    """Return what people call the field at a problem's path; empty where it is about no field."""
    found = _LINE_FIELD.fullmatch(path)
    if found is None:
        return str(FIELDS.get(path, ""))
    field = in_sentence(str(LINE_FIELDS[found[2]]))
    return str(_("Line %(number)s, %(field)s", number=int(found[1]) + 1, field=field))


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
    lines = form.lines.filled
    return lines[int(found[1])][found[2]] if int(found[1]) < len(lines) else None
