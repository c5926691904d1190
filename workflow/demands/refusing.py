"""What an approver's no puts on record beside its reason: the code chosen, and the rules broken."""

from collections.abc import Iterable

from workflow.attempt import Attempt
from workflow.judgement import judge_partial
from workflow.refusals import Problem
from workflow.table import REFUSED_AT


def reject(attempt: Attempt) -> Iterable[Problem]:
    """Put on the figures why a claim is rejected. It stands against nothing: whoever decides gave a reason.

    Rules are judged at the checkpoint that the claim does not pass, by what is there.
    """
    checkpoint, document, policy = REFUSED_AT[attempt.state], attempt.document or {}, attempt.policy
    verdicts = judge_partial(document, policy, checkpoint) if policy else ()
    broken = [verdict.rule for verdict in verdicts if verdict.broken]
    attempt.figures = {"why": attempt.command.reason_code.value, "broken": broken}
    return ()
