"""What each move demands besides its rules, by trigger; a file for each side that moves a claim."""

from collections.abc import Callable, Iterable

from models.vocabulary import Trigger
from workflow.attempt import Attempt
from workflow.completeness import plan_problems
from workflow.demands import claiming, granting, paying, refusing, timing
from workflow.refusals import Problem

Demand = Callable[[Attempt], Iterable[Problem]]

DEMANDS: dict[Trigger, Demand] = {
    Trigger.submit: claiming.submit,
    Trigger.endorse: granting.endorse,
    Trigger.approve: granting.approve,
    Trigger.report: claiming.report,
    Trigger.rework: granting.refusals_explained,
    Trigger.accept: granting.costs_settled,
    Trigger.reimburse: paying.reimburse,
    Trigger.pay_part: paying.pay_part,
    Trigger.reopen: paying.reopen,
    Trigger.payment_failed: paying.payment_failed,
    Trigger.claw_back: paying.claw_back,
    Trigger.expire: timing.expire,
    Trigger.reinstate: timing.reinstate,
    Trigger.dispute: claiming.dispute,
    Trigger.raise_: granting.raise_,
    Trigger.amend: lambda attempt: plan_problems(attempt.dossier),
}
"""What a trigger demands besides the rules. What is wrong is told together with the rules that are broken."""

AFTER_THE_RULES: dict[Trigger, Demand] = {
    Trigger.endorse: granting.approve_less,
    Trigger.approve: granting.approve_less,
    Trigger.accept: granting.accept,
    Trigger.reject: refusing.reject,
}
"""What a trigger demands once its rules hold."""
