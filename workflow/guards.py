"""What must hold before a move: who asks, what is plain sense, and the rules of the checkpoint.

Each trigger's own demands stand in one table (workflow/demands). A guard reads the attempt, and raises
Refused with everything that stands in the way.
"""

from collections.abc import Iterable, Iterator

from models.vocabulary import Role, Trigger
from workflow.attempt import Attempt
from workflow.demands import AFTER_THE_RULES, DEMANDS
from workflow.documents import read_document
from workflow.judgement import judge, judge_partial
from workflow.reading import FormError
from workflow.record import document_of, judged_on
from workflow.refusals import Problem, Refused
from workflow.table import MoveRow


def check(attempt: Attempt, row: MoveRow) -> None:
    """Put document and verdicts on the attempt; raise Refused where the move may not be made."""
    _refuse_any(who_problems(attempt, row))
    if row.needs_reason and not attempt.command.reason.strip():
        raise Refused(Problem("reason_missing", "reason"))
    problems = tuple(DEMANDS.get(row.trigger, _nothing)(attempt))
    if attempt.document is None:
        day = judged_on(attempt.dossier.claim, attempt.today) if row.checkpoint else attempt.today
        attempt.document = document_of(
            attempt.dossier,
            day,
            approved=attempt.command.approved,
            number=attempt.number,
            held=attempt.dossier.claim.reserved if row.trigger is Trigger.raise_ else 0,
        )
    if row.checkpoint is not None and _breaks_rules(attempt, row.checkpoint, incomplete=bool(problems)):
        problems += (Problem("rules"),)
    if problems:
        raise Refused(*problems, verdicts=attempt.verdicts)
    _refuse_any(AFTER_THE_RULES.get(row.trigger, _nothing)(attempt))


def who_problems(attempt: Attempt, row: MoveRow) -> Iterator[Problem]:
    """Yield why this actor may not make this move, whatever the claim holds."""
    actor, claim = attempt.command.actor, attempt.dossier.claim
    if row.role not in actor.roles:
        yield Problem("not_yours")
    elif row.role is Role.partner:
        if actor.partner_id is None or actor.partner_id != claim.partner_id:
            yield Problem("not_yours")
    elif actor.partner_id is not None and actor.partner_id == claim.partner_id:
        yield Problem("own_organisation")
    elif row.by_assignee and claim.assignee_id != actor.user_id:
        yield Problem("not_assigned")
    elif row.by_assignee and attempt.authority.ended:
        yield Problem("absence_over")
    elif row.trigger in OF_TIERS and attempt.stage.is_last is not OF_TIERS[row.trigger]:
        yield Problem("more_tiers" if OF_TIERS[row.trigger] else "last_tier")
    elif row.trigger in PAYS and claim.accepted_by_id == actor.user_id:
        yield Problem("accepted_it")
    elif row.trigger in PAYS and claim.accepted_for_id == actor.user_id:
        yield Problem("accepted_for_you")
    elif row.trigger in OF_PAID and bool(claim.paid) is not OF_PAID[row.trigger]:
        yield Problem("nothing_paid" if OF_PAID[row.trigger] else "paid_already")


OF_TIERS = {Trigger.endorse: False, Trigger.approve: True}
"""Moves that belong to a tier, and whether to the last."""

PAYS = frozenset({Trigger.reimburse, Trigger.pay_part})
"""Moves that whoever accepted the claim leaves to somebody else."""

OF_PAID = {Trigger.reopen: False, Trigger.payment_failed: True, Trigger.claw_back: True}
"""Moves for which it counts whether anything was paid, and whether it has to be."""


def _breaks_rules(attempt: Attempt, checkpoint: Trigger, *, incomplete: bool) -> bool:
    """Put the verdicts on the attempt, and return whether a rule is broken.

    What is `incomplete` may have no form to be judged; then its rules are judged by what is there.
    """
    if attempt.policy is None:
        return False
    document = attempt.document or {}
    try:
        facts = read_document(document, checkpoint, attempt.policy)
    except FormError:
        if not incomplete:
            raise
        attempt.verdicts = judge_partial(document, attempt.policy, checkpoint)
    else:
        attempt.verdicts = judge(facts, attempt.policy, checkpoint)
    return any(verdict.broken for verdict in attempt.verdicts)


def _nothing(_: Attempt) -> Iterable[Problem]:
    return ()


def _refuse_any(problems: Iterable[Problem]) -> None:
    found = tuple(problems)
    if found:
        raise Refused(*found)
