"""The parts of a draft as pages show them: what each is called, and the form that it is edited with."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.policy.entries import LIST_LABELS
from web.policy.forms import activity_form, figures_form, limits_form, said_of, words_form
from web.policy.members import PartForm
from web.policy.route_form import route_form
from workflow.catalogue import Catalogue
from workflow.policies import PolicyError, read_policy
from workflow.policy_parts import ACTIVITY, PARTS, ROUTE, Document, Part, activity_part, route_part
from workflow.routing_rules import ANYBODY

NEW_ACTIVITY, NEW_ROUTE = "new-activity", "new-route"
"""The names in an address of an activity type, and of a routing rule, that are not there yet."""

USED_AS = {
    "partner_types": "open_to",
    "categories": "categories",
    "evidence_kinds": "evidence",
    "checklist_items": "checklist",
}
"""The member of an activity type that names words of a list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What is said on the page of a thing in a list: of its rows, and of taking it out of the draft."""

    rows: Any
    rows_lead: Any
    add: Any
    out: Any
    out_lead: Any


AN_ACTIVITY = Listed(
    _l("Details it demands"),
    _l("Facts about the activity that the partner enters, and that the rules check."),
    _l("Add a detail"),
    _l("Take this activity type out"),
    _l("Claims that were submitted keep it. No new ones can be made once the draft is in force."),
)
A_ROUTE = Listed(
    _l("Who decides, one after the other"),
    _l("All but the last endorse; the last one approves. Who belongs to a group is changed at once."),
    _l("Add a tier"),
    _l("Take this rule out"),
    _l("Claims that were submitted keep the way that it gave them."),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a draft: its name in an address, what it is called, what is said of it, and its form.

    `at` is where it stands in a document, as problems name it. `grows` says that rows are added to it. Of a
    thing in a list, `listed` says more; one `is_new` that is not there yet.
    """

    name: str
    title: str
    lead: str
    part: Part
    at: str
    make: Callable[[Document, Catalogue], PartForm]
    grows: bool = True
    listed: Listed | None = None
    is_new: bool = False


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
    if name == NEW_ACTIVITY:
        return _of_activity("", document, like)
    if name == NEW_ROUTE:
        return _of_route("", document)
    kind, _point, code = name.partition(".")
    if kind == ACTIVITY and code and activity_part(code).of(document) is not None:
        return _of_activity(code, document)
    if kind == ROUTE and code and route_part(code).of(document) is not None:
        return _of_route(code, document)
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
        f"{ACTIVITY}.{code}" if code else NEW_ACTIVITY,
        found["title"] or _("New activity type"),
        _("What it admits and demands, and what partners read of it."),
        part,
        f"catalogue.activity_types[{place}]",
        lambda _document, catalogue: activity_form(found, catalogue),
        listed=AN_ACTIVITY,
        is_new=not code,
    )


def _of_route(code: str, document: Document) -> Section:
    part = route_part(code)
    new: Any = {"code": "", "label": "", "tiers": [ANYBODY]}
    found = part.of(document) or new
    return Section(
        f"{ROUTE}.{code}" if code else NEW_ROUTE,
        found["label"] or _("New routing rule"),
        _("Leads claims that meet every condition to those who decide. Of several rules the first applies."),
        part,
        "routing",
        lambda document, catalogue: route_form(found, document, catalogue),
        listed=A_ROUTE,
        is_new=not code,
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
    """Return what still names each thing that a new value leaves out of a draft; None where nothing does."""
    found = [
        _("“%(word)s” is still named by: %(by)s. Take it out there first.", word=word, by=", ".join(users))
        for word, users in _left_out(section, document, value)
        if users
    ]
    return found or None


def _left_out(section: Section, document: Document, value: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield what is left out, by its label, with the labels of whatever names it."""
    kind, _point, code = section.name.partition(".")
    if kind == ACTIVITY and value is None:
        yield section.title, [one["label"] for one in document["routing"] if one.get("activity_type") == code]
    member = USED_AS.get(section.name)
    for word in section.part.of(document) if member else ():
        if word["code"] not in {one["code"] for one in value}:
            types = document["catalogue"]["activity_types"]
            yield word["label"], [one["title"] for one in types if word["code"] in (one.get(member) or ())]
