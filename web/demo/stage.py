"""Plays the demo's steps: each as the person would whose move it is, at the moment when it would be made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from sqlalchemy import select

from models.claims import Claim, ClaimLine
from models.database import Database
from models.file_store import FileStore
from models.money import Cents
from models.tasks import Task
from models.vocabulary import LineKind, Trigger
from web.demo.cast import dollars, half_year
from web.demo.founding import MANAGER, morning
from web.demo.outcomes import tell
from web.demo.papers import DemoFile, evidence, page
from web.demo.stories import Step, Story, stories
from workflow import attaching, drafts, reviewing
from workflow.actors import Actor
from workflow.attempt import Command
from workflow.catalogue import ActivityType, Catalogue
from workflow.clock import SettableClock
from workflow.coverage import INVOICE
from workflow.deductions import Deduction
from workflow.duplicates.pictures import fingerprint
from workflow.expiry import sweep
from workflow.moves import perform
from workflow.refusals import Refused
from workflow.refused_attempts import remember
from workflow.table import moves_from

HOURS = {"draft": 9, "submit": 11, "approve": 14, "return": 15, "reject": 16, "report": 10, "reimburse": 13}
"""The hour of the day at which people do what, where it is not NOON."""
NOON = 12
FINANCE = "clara@northlight.example"
SPENT = 0.97
"""What an activity cost in the end, as a share of its plan."""


@dataclass
class Stage:
    """Where the demo is played. `people` are the actors by address, `voices` who speaks for each partner."""

    database: Database
    clock: SettableClock
    files: FileStore
    catalogue: Catalogue
    people: Mapping[str, Actor]
    voices: Mapping[str, Actor]
    periods: Mapping[str, int]
    claims: dict[int, int] = field(default_factory=dict)
    payments: int = 0

    def play(self, step: Step) -> None:
        """Do one step, where the claim still stands where the plot has it."""
        self.clock.set(moment_of(step))
        if step.verb == "draft":
            self.claims[step.number] = self._draft(step)
            return
        claim = self._claim(step)
        if step.verb == "tell":
            tell(self.database, self.voices[step.story.by], self.clock.now(), claim, step.number)
        if any(row.trigger == step.verb for row in moves_from(claim.state)):
            _BEATS.get(step.verb, Stage._move)(self, step, claim)

    def sweep(self, moment: datetime) -> None:
        """Expire every claim whose certification has lapsed, as the scheduler does."""
        self.clock.set(moment)
        sweep(self.database, moment)

    def _draft(self, step: Step) -> int:
        story, actor = step.story, self.voices[step.story.by]
        claim_id = drafts.create_draft(self.database, actor, story.type, self.clock.now())
        requested = None if story.requested is None else dollars(story.requested)
        plan = {
            **{name: getattr(story, name) for name in ("title", "place", "audience", "objective", "details")},
            "activity_type": story.type,
            "contact": f"{story.by}@{story.by}.example",
            "period_id": self.periods[half_year(step.starts).code],
            "starts_on": step.starts,
            "ends_on": step.ends,
            "organiser_kind": self._type(story).organiser,
            "organiser_name": story.organiser,
            "expected_attendees": story.attendees,
            "currency": story.currency,
            "requested": requested,
        }
        version = drafts.save_plan(
            self.database, actor, claim_id, 1, plan, [_line(line) for line in story.lines]
        )
        if step.number % 3 == 0:
            offer = page("Offer", [story.title, "", *_bill_text(story)])
            self._attach(
                claim_id, version, actor, "attachment", DemoFile("offer.pdf", "application/pdf", offer)
            )
        return claim_id

    def _move(self, step: Step, claim: Claim) -> None:
        trigger = Trigger(step.verb)
        role_is_partners = trigger in (Trigger.submit, Trigger.withdraw, Trigger.report)
        actor = self.voices[step.story.by] if role_is_partners else self._assignee(claim)
        reason = "" if role_is_partners else step.story.why
        self._perform(claim.id, trigger, actor, reason=reason, reason_code=Deduction(step.story.code))

    def _submit(self, step: Step, claim: Claim) -> None:
        command = self._command(claim.id, Trigger.submit, self.voices[step.story.by])
        try:
            perform(self.database, command, self.clock.now())
        except Refused as refused:
            if step.story.plot != "refused":
                raise
            remember(self.database, command, refused, self.clock.now())

    def _approve(self, step: Step, claim: Claim) -> None:
        grant: Cents | None = claim.requested if step.story.grant is None else dollars(step.story.grant)
        reason = "" if step.story.grant is None else step.story.why
        self._perform(claim.id, Trigger.approve, self._assignee(claim), approved=grant, reason=reason)

    def _report(self, step: Step, claim: Claim) -> None:
        story, actor = step.story, self.voices[step.story.by]
        costs = [
            _cost(line, f"{story.by[:2].upper()}-{2100 + step.number * 7 + at}")
            for at, line in enumerate(story.lines)
        ]
        good, version = self._good_evidence(claim), claim.version
        for at, kind in enumerate(self._type(story).evidence):
            if kind in good:
                continue
            label = self.catalogue.label("evidence_kind", kind)
            shown = _story_titled(story.papers_of) if story.papers_of and not at else story
            lines = [*_bill_text(shown), *(["", "Second version"] if good else [])]
            version = self._attach(claim.id, version, actor, kind, evidence(kind, label, shown.title, lines))
        proof = self._invoice(claim)
        costs = [{**cost, "proof_id": proof} for cost in costs]
        drafts.save_report(self.database, actor, claim.id, version, costs)
        self._perform(claim.id, Trigger.report, actor)

    def _invoice(self, claim: Claim) -> int:
        """Return the id of the latest file that holds the invoices of a claim."""
        with self.database.reading_session() as session:
            found = session.get_one(Claim, claim.id)
            return max(item.id for item in found.evidence if item.kind == INVOICE)

    def _good_evidence(self, claim: Claim) -> set[str]:
        """Return the kinds of evidence that met the standard before the report came back."""
        with self.database.reading_session() as session:
            found = session.get_one(Claim, claim.id)
            return {item.kind for item in found.evidence if item.meets_standard}

    def _rework(self, step: Step, claim: Claim) -> None:
        self._review(step.story, claim, meets=lambda index: index != 1, comment=step.story.why)
        self._perform(claim.id, Trigger.rework, self._assignee(claim), reason=step.story.why)

    def _accept(self, step: Step, claim: Claim) -> None:
        self._review(step.story, claim, meets=lambda _: True)
        self._perform(claim.id, Trigger.accept, self._assignee(claim))

    def _reimburse(self, step: Step, claim: Claim) -> None:
        self.payments += 1
        reference = f"NL-{step.day.year}-{3000 + self.payments}"
        actor = self.people[FINANCE]
        self._perform(claim.id, Trigger.reimburse, actor, payment_reference=reference, paid_on=step.day)

    def _dispute(self, step: Step, claim: Claim) -> None:
        self._perform(claim.id, Trigger.dispute, self.voices[step.story.by], reason=step.story.objection)

    def _reinstate(self, step: Step, claim: Claim) -> None:
        actor = self.people[MANAGER]
        self._perform(claim.id, Trigger.reinstate, actor, reason=step.story.why)

    def _review(self, story: Story, claim: Claim, *, meets: Callable[[int], bool], comment: str = "") -> None:
        with self.database.reading_session() as session:
            found = session.get_one(Claim, claim.id)
            actual = [line for line in found.lines if line.kind is LineKind.actual]
            lines = {line.id: _verdict(line, line.position != story.refused_line) for line in actual}
            evidence_ids = [item.id for item in found.evidence if item.kind != "attachment"]
        all_meet = all(map(meets, range(len(evidence_ids))))
        reviewing.save_review(
            self.database,
            self._assignee(claim),
            claim.id,
            claim.version,
            lines=lines,
            evidence={one: (meets(at), "" if meets(at) else comment) for at, one in enumerate(evidence_ids)},
            checklist=dict.fromkeys(self._type(story).checklist, all_meet),
        )

    def _attach(self, claim_id: int, version: int, actor: Actor, kind: str, file: DemoFile) -> int:
        size = len(file.content)
        with self.files.receive(BytesIO(file.content), size) as arrived:
            self.files.keep(arrived)
        stored = {
            "kind": kind,
            "name": file.name,
            "content_type": file.content_type,
            "size": size,
            "digest": arrived.digest,
        }
        look = fingerprint(BytesIO(file.content)) if file.content_type == "image/png" else None
        return attaching.attach(self.database, actor, claim_id, version, stored, self.clock.now(), look)

    def _perform(self, claim_id: int, trigger: Trigger, actor: Actor, **more: Any) -> None:
        perform(self.database, self._command(claim_id, trigger, actor, **more), self.clock.now())

    def _command(self, claim_id: int, trigger: Trigger, actor: Actor, **more: Any) -> Command:
        key = f"demo:{claim_id}:{trigger.value}:{self.clock.now():%Y%m%d}"
        return Command(claim_id, trigger, actor, key, **more)

    def _claim(self, step: Step) -> Claim:
        with self.database.reading_session() as session:
            return session.get_one(Claim, self.claims[step.number])

    def _assignee(self, claim: Claim) -> Actor:
        with self.database.read() as connection:
            user_id = connection.scalar(
                select(Task.assignee_id).where(Task.claim_id == claim.id, Task.closed_at.is_(None))
            )
        return next(actor for actor in self.people.values() if actor.user_id == user_id)

    def _type(self, story: Story) -> ActivityType:
        return self.catalogue.types[story.type]


_BEATS: Mapping[str, Callable[[Stage, Step, Claim], None]] = {
    "submit": Stage._submit,
    "approve": Stage._approve,
    "report": Stage._report,
    "rework": Stage._rework,
    "accept": Stage._accept,
    "reimburse": Stage._reimburse,
    "reinstate": Stage._reinstate,
    "dispute": Stage._dispute,
}
"""Moves that need more than a reason."""


def moment_of(step: Step) -> datetime:
    """Return when a step is made: in office hours of the programme's zone, no two of a day at once."""
    return morning(step.day, HOURS.get(step.verb, NOON), step.number % 60)


def _line(line: tuple[Any, ...]) -> dict[str, Any]:
    category, description, quantity, unit = line[:4]
    return {
        "category": category,
        "description": description,
        "product_model": line[5] if len(line) > 5 else "",
        "quantity": quantity,
        "unit_value": dollars(unit),
        "amount": dollars(unit) * quantity,
    }


def _cost(line: tuple[Any, ...], invoice: str) -> dict[str, Any]:
    planned = _line(line)
    unit = round(planned["unit_value"] * SPENT)
    amount = unit * planned["quantity"]
    return {**planned, "unit_value": unit, "amount": amount, "supplier": line[4], "invoice_number": invoice}


def _story_titled(title: str) -> Story:
    return next(story for story in stories() if story.title == title)


def _bill_text(story: Story) -> list[str]:
    return [
        f"{line[4] or 'Offer'}: {line[1]}, {line[2]} x {line[3]:.2f} {story.currency}" for line in story.lines
    ]


def _verdict(line: ClaimLine, accepted: bool) -> reviewing.LineFinding:
    """Return what an approver says of a cost line."""
    if accepted:
        return reviewing.LineFinding(True, proof_id=line.proof_id)
    said = "This was not part of the approved plan."
    return reviewing.LineFinding(False, said, Deduction.not_eligible, line.proof_id)
