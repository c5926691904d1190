"""The parts of a draft as pages show them: what each is called, and the form that it is edited with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.policy.entries import LIST_LABELS
from web.policy.forms import activity_form, figures_form, limits_form, said_of, words_form
from web.policy.members import PartForm
from workflow.catalogue import Catalogue
from workflow.policies import PolicyError, read_policy
from workflow.policy_parts import ACTIVITY, PARTS, Document, Part, activity_part

NEW = "new-activity"
"""The name in an address of an activity type that is not there yet."""

USED_AS = {
    "partner_types": "open_to",
    "categories": "categories",
    "evidence_kinds": "evidence",
    "checklist_items": "checklist",
}
"""The member of an activity type that names words of a list."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a draft: its name in an address, what it is called, what is said of it, and its form.

    `at` is where it stands in a document, as problems name it. `grows` says that rows are added to it.
    """

    name: str
    title: str
    lead: str
    part: Part
    at: str
    make: Callable[[Document, Catalogue], PartForm]
    grows: bool = True


LEADS: Mapping[str, Any] = {
    "partner_types": _l("What kinds of partners are on file. Who of them is eligible is a parameter."),
    "organisers": _l("Who can organise an activity, in the words of the form."),
    "categories": _l("Kinds of cost. A new one is admitted by no activity type until you tick it there."),
    "evidence_kinds": _l(
        "What files can show. A new one is needed by no activity type until you tick it there."
    ),
    "checklist_items": _l("What the approver of a report ticks, where the activity type says so."),
}


def section_named(name: str, document: Document, like: str = "") -> Section | None:
    """Return a section of a document by its name in an address; None where it has none of that name.

    A new activity type begins `like` another one, if there is one of that code.
    """
    if name in LIST_LABELS:
        return _of_words(name)
    if name == NEW:
        return _of_activity("", document, like)
    kind, point, code = name.partition(".")
    if kind == ACTIVITY and point and activity_part(code).of(document) is not None:
        return _of_activity(code, document)
    return _ALWAYS.get(name)


def sections() -> list[Section]:
    """Return the sections that every document has, in the order in which they are shown."""
    return [*_ALWAYS.values(), *(_of_words(name) for name in LIST_LABELS)]


_ALWAYS = {
    "figures": Section(
        "figures",
        _l("Parameters"),
        _l("Limits, deadlines, and who is eligible."),
        PARTS["figures"],
        "",
        lambda document, catalogue: figures_form(document, catalogue),
        grows=False,
    ),
    "limits": Section(
        "limits",
        _l("Limits by country"),
        _l("What a promotional item may be worth. In a country without a limit none can be claimed."),
        PARTS["limits"],
        "",
        lambda document, catalogue: limits_form(document, catalogue),
    ),
}


def _of_words(name: str) -> Section:
    part = PARTS[name]
    return Section(
        name,
        LIST_LABELS[name],
        LEADS[name],
        part,
        f"catalogue.{name}",
        lambda document, catalogue: words_form(name, part.of(document), catalogue),
        grows=name != "organisers",
    )


def _of_activity(code: str, document: Document, like: str = "") -> Section:
    part, types = activity_part(code), document["catalogue"]["activity_types"]
    place = next((index for index, one in enumerate(types) if one["code"] == code), len(types))
    found = part.of(document) or {**(activity_part(like).of(document) or {}), "code": "", "title": ""}
    return Section(
        f"{ACTIVITY}.{code}" if code else NEW,
        found["title"] or _("New activity type"),
        _("What it admits and demands, and what partners read of it."),
        part,
        f"catalogue.activity_types[{place}]",
        lambda _document, catalogue: activity_form(found, catalogue),
    )


def problems_of(section: Section, form: PartForm, document: Document) -> list[str] | None:
    """Put what is wrong with a document at the form's fields; return what has none, or None if it is right.

    `document` is the draft with what the form holds.
    """
    try:
        read_policy(document)
    except PolicyError as error:
        path = error.path.removeprefix(section.at).removeprefix(".")
        inside = error.path.startswith(section.at) and form.place(path, said_of(error))
        return [] if inside else [f"{error.path}: {said_of(error)}"]
    return None


def still_used(section: Section, document: Document, value: Any) -> list[str] | None:
    """Return which activity types still name each word that is taken out of a list; None where none does."""
    member = USED_AS.get(section.name)
    if member is None:
        return None
    kept, found = {word["code"] for word in value}, []
    for word in section.part.of(document):
        users = [
            one["title"]
            for one in document["catalogue"]["activity_types"]
            if word["code"] not in kept and word["code"] in (one.get(member) or ())
        ]
        if users:
            by = ", ".join(users)
            found.append(
                _("“%(word)s” is still named by: %(by)s. Take it out there first.", word=word["label"], by=by)
            )
    return found or None
