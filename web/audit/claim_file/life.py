"""What a claim's file says of its life: every move with its verdicts, acts, tasks, and what was refused."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.history import Act, Move, Reason, RefusedAttempt
from models.people import User
from models.programme import PolicyVersion
from models.tasks import Task
from models.vocabulary import Role
from web.acting import told_acts
from web.audit.refused import broken_rules, why_words
from web.claims.move_facts import told_figures
from web.erased import reason_told
from web.formats import BLANK, day, moment, money
from web.happened import ABSENT, did
from web.labels import OUTCOMES, SUMS, asked_label, role_label, state_label, task_label, trigger_label
from web.policies import policy_of
from web.programme.tasks import WHY
from web.services import reading
from web.verdicts import verdict_items
from workflow.dossier import Query
from workflow.erasure.noted import ERASING, NOTED
from workflow.searches.acts import EVERY_ACT
from workflow.typesetting import Section, Table
from workflow.verdicts import Outcome, verdict_from_row

MOVES: Query = (
    select(
        Move,
        User.name.label("actor"),
        ABSENT.name.label("absent"),
        Reason.text.label("reason"),
        *NOTED,
        PolicyVersion.first_day,
    )
    .outerjoin(User, User.id == Move.actor_id)
    .outerjoin(ABSENT, ABSENT.id == Move.on_behalf_of_id)
    .outerjoin(Reason, Reason.hash == Move.reason_hash)
    .outerjoin(ERASING, ERASING.id == Reason.erased_by)
    .outerjoin(PolicyVersion, PolicyVersion.id == Move.policy_version_id)
)


def life_of(claim: Claim) -> Iterator[Section]:
    """Yield the sections on what happened to a claim, in the order in which it did."""
    rows = reading().execute(MOVES.where(Move.claim_id == claim.id).order_by(Move.number)).all()
    yield Section(_("History"), paragraphs=[] if rows else [_("It was never moved.")])
    for row in rows:
        yield _move(row)
    for section in (_acts(claim), _tasks(claim), _refused(claim)):
        if section.tables[0].rows:
            yield section


def _move(row: Any) -> Section:
    """Return a move: who made it for whom, from where to where, its money, its reason, what rules said."""
    move: Move = row.Move
    who = None if move.role is Role.scheduler else row.actor
    way = f"{state_label(move.source)} → {state_label(move.target)}"
    sums = ((label, getattr(move, name)) for name, label in SUMS.items())
    return Section(
        f"{move.number}. {trigger_label(move.trigger)}",
        level=2,
        paragraphs=[did(move.trigger, who, row.absent)],
        facts=[
            (_("When"), _("%(moment)s, programme day %(day)s", moment=moment(move.at), day=day(move.day))),
            (_("In the role of"), role_label(move.role)),
            (_("From and to"), way),
            (
                _("Policy version"),
                _("in force from %(day)s", day=day(row.first_day)) if row.first_day else BLANK,
            ),
            *((str(label), money(cents)) for label, cents in sums if cents),
            *told_figures(move.figures),
            *([(_("Reason"), reason_told(row) or _("The reason was erased."))] if move.reason_hash else []),
        ],
        tables=[_verdicts(move)] if move.verdicts else [],
    )


def _verdicts(move: Move) -> Table:
    items = verdict_items(map(verdict_from_row, move.verdicts), policy_of(move.policy_version_id))
    return Table(
        [(_("Rule"), 3), (_("Came out"), 2), (_("Why"), 6), (_("Clause"), 5)],
        [(one.title, str(OUTCOMES[Outcome(one.outcome)]), one.message, one.clause) for one in items],
    )


def _acts(claim: Claim) -> Section:
    # The partner leads to its acts by an index; there is none on subjects.
    mine = (Act.partner_id == claim.partner_id, Act.subject == f"claim:{claim.id}")
    acts = reading().execute(EVERY_ACT.where(*mine).order_by(Act.id)).all()
    rows = [
        (moment(act.at), "\n".join(filter(None, (sentence, reason_told(act)))), act.actor or _("The product"))
        for act, _name, sentence in told_acts(acts)
    ]
    return Section(
        _("Acts about it"), tables=[Table([(_("When"), 3), (_("What was done"), 8), (_("Who"), 3)], rows)]
    )


def _tasks(claim: Claim) -> Section:
    holder: Any = aliased(User)
    rows = reading().execute(
        select(Task, holder.name.label("holder"), ABSENT.name.label("absent"))
        .outerjoin(holder, holder.id == Task.assignee_id)
        .outerjoin(ABSENT, ABSENT.id == Task.on_behalf_of_id)
        .where(Task.claim_id == claim.id)
        .order_by(Task.id)
    )
    told = [
        (
            task_label(task.kind),
            _holder(task, name, absent),
            moment(task.opened_at),
            day(task.due_on),
            moment(task.closed_at) if task.closed_at else _("open"),
        )
        for task, name, absent in rows
    ]
    columns = [(_("Task"), 3), (_("Last with"), 3), (_("Opened"), 3), (_("Due"), 2), (_("Closed"), 3)]
    return Section(_("Tasks"), tables=[Table(columns, told)])


def _holder(task: Task, name: str | None, absent: str | None) -> str:
    if name is None:
        return str(WHY.get(task.unassigned_why or "", _("all of its role")))
    return f"{name}, {_('for %(absent)s', absent=absent)}" if absent else name


def _refused(claim: Claim) -> Section:
    rows = reading().execute(
        select(RefusedAttempt.__table__, User.name.label("actor"))
        .outerjoin(User, User.id == RefusedAttempt.actor_id)
        .where(RefusedAttempt.claim_id == claim.id)
        .order_by(RefusedAttempt.id)
    )
    told = [
        (
            moment(row.at),
            row.actor or _("The product"),
            asked_label(row.trigger),
            "\n".join([why_words(row.why), *(f"{one.title}: {one.message}" for one in broken_rules(row))]),
        )
        for row in rows
    ]
    columns = [(_("When"), 3), (_("Who"), 2), (_("Asked for"), 2), (_("Why not"), 7)]
    note = _("Refused attempts change nothing and are kept for a while only.")
    return Section(_("Refused attempts"), paragraphs=[note], tables=[Table(columns, told)])
