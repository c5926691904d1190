"""What a claim's file says of the plan, the report and the evidence."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from models.claims import Claim
from models.people import User
from models.vocabulary import Personal
from web.claims.report_form import refusal_words
from web.erased import erased_note, file_name
from web.formats import BLANK, cost, day, file_kind, file_size, moment
from web.labels import state_label
from web.names import names_of
from workflow.catalogue import Detail
from workflow.dossier import AnyRow, Dossier
from workflow.policies import Policy
from workflow.typesetting import Section, Table


def plan_of(claim: Claim, dossier: Dossier, policy: Policy) -> Iterator[Section]:
    """Yield the sections on where a claim stands, its plan, its report and its evidence."""
    yield Section(_("The claim"), facts=_standing(claim))
    yield Section(_("The plan"), facts=_plan(claim, policy), tables=[_planned(dossier, policy)])
    if dossier.actual:
        yield Section(_("The report"), facts=_checklist(claim, policy), tables=[_costs(dossier, policy)])
    if dossier.evidence:
        yield Section(_("Files and evidence"), tables=[_evidence(dossier, policy)])


def _standing(claim: Claim) -> list[tuple[str, str]]:
    version = claim.policy_version
    return [
        (_("Number"), claim.number or BLANK),
        (_("Partner"), claim.partner.name),
        (_("State"), state_label(claim.state)),
        (_("Since"), moment(claim.state_since)),
        (_("JMF period"), claim.period.code if claim.period else BLANK),
        (_("Begun"), f"{moment(claim.created_at)}, {claim.author.name}"),
        (_("Submitted on"), day(claim.submitted_on)),
        (_("Policy version"), _("in force from %(day)s", day=day(version.first_day)) if version else BLANK),
    ]


def _plan(claim: Claim, policy: Policy) -> list[tuple[str, str]]:
    catalogue = policy.catalogue
    activity = catalogue.types.get(claim.activity_type)
    organiser = catalogue.label("organiser", claim.organiser_kind or "") or BLANK
    attendees = claim.expected_attendees
    erased = erased_note(claim.texts_erased_by, Personal.texts)
    return [
        (_("Activity"), activity.title if activity else claim.activity_type),
        (_("Title"), claim.title or BLANK),
        (_("Days"), _days(claim)),
        (_("Place"), claim.place or BLANK),
        (_("Audience"), claim.audience or erased or BLANK),
        (_("Objective"), claim.objective or erased or BLANK),
        (_("Organiser"), ": ".join(filter(None, (organiser, claim.organiser_name)))),
        (_("Expected attendees"), BLANK if attendees is None else str(attendees)),
        *(
            (detail.label, _detail(claim, detail, policy))
            for detail in (activity.details if activity else ())
        ),
    ]


def _detail(claim: Claim, detail: Detail, policy: Policy) -> str:
    """Return the value of a detail that the activity type demands, in words."""
    value = claim.details.get(detail.name)
    if value is None or value == "":
        return BLANK
    if detail.type == "flag":
        return str(_("Yes") if value else _("No"))
    if detail.type == "choice":
        return policy.catalogue.label("choice", f"{claim.activity_type}.{detail.name}.{value}")
    return f"{value} {detail.unit}".strip()


def _planned(dossier: Dossier, policy: Policy) -> Table:
    lines = dossier.planned
    total = sum(line.amount or 0 for line in lines)
    return Table(
        [(_("Planned costs"), 5), (_("Quantity"), 1), (_("Value of one"), 2), (_("Amount"), 3)],
        [
            *(
                (
                    _named(line, policy),
                    BLANK if line.quantity is None else str(line.quantity),
                    cost(line.unit_value, dossier.claim),
                    cost(line.amount, dossier.claim),
                )
                for line in lines
            ),
            (_("Total"), "", "", cost(total, dossier.claim)),
        ],
        {1, 2, 3},
    )


def _costs(dossier: Dossier, policy: Policy) -> Table:
    files: Mapping[int | None, str] = {file.id: file_name(file) for file in dossier.evidence}
    total = sum(line.amount or 0 for line in dossier.actual)
    return Table(
        [(_("Actual costs"), 4), (_("Invoice"), 4), (_("Amount"), 3), (_("Found"), 3)],
        [
            *(
                (
                    _named(line, policy),
                    "\n".join(filter(None, (line.supplier, line.invoice_number, files.get(line.proof_id)))),
                    cost(line.amount, dossier.claim),
                    _found(line),
                )
                for line in dossier.actual
            ),
            (_("Total"), "", cost(total, dossier.claim), ""),
        ],
        {2},
    )


def _found(line: AnyRow) -> str:
    """Return what the approver found of a cost line."""
    if line.accepted is None:
        return str(_("open"))
    said = line.comment if line.accepted else refusal_words(line)
    word = _("accepted") if line.accepted else _("not accepted")
    return "\n".join(filter(None, (word, said)))


def _named(line: Any, policy: Policy) -> str:
    label = policy.catalogue.label("category", line.category or "") or BLANK
    return "\n".join(filter(None, (label, line.description, line.product_model)))


def _checklist(claim: Claim, policy: Policy) -> list[tuple[str, str]]:
    ticked = claim.checklist or {}
    return [
        (policy.catalogue.label("checklist_item", item), str(_("ticked") if is_ticked else _("not ticked")))
        for item, is_ticked in ticked.items()
    ]


def _evidence(dossier: Dossier, policy: Policy) -> Table:
    people = names_of(User, (file.uploaded_by for file in dossier.evidence))
    met = {None: "", True: _("meets the standard"), False: _("does not meet the standard")}
    return Table(
        [(_("File"), 4), (_("SHA-256"), 5), (_("Uploaded"), 3), (_("Found"), 3)],
        [
            (
                f"{file_name(file)}\n{file_kind(file.kind, policy)}, {file_size(file.size)}",
                file.digest or _("erased"),
                f"{moment(file.uploaded_at)}\n{people.get(file.uploaded_by, BLANK)}",
                "\n".join(filter(None, (met[file.meets_standard], file.comment))) or BLANK,
            )
            for file in dossier.evidence
        ],
    )


def _days(claim: Claim) -> str:
    """Return the days of an activity; one of a single day is named once."""
    first, last = day(claim.starts_on), day(claim.ends_on)
    return first if first == last else f"{first} – {last}"
