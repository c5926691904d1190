"""The rule book: every rule of the programme, in the order of the rulebook's table, which results keep."""

from workflow.rules.activity import ACTIVITY_DETAILS, ORGANISER
from workflow.rules.amounts import ACTIVITY_CAP, AVAILABLE_AMOUNT, FUNDING_SHARE
from workflow.rules.costs import ENTERTAINMENT, EXPENSES
from workflow.rules.eligibility import ACTIVITY_TYPE, PARTNER_TYPE
from workflow.rules.execution import ACCEPTANCE, EXECUTION
from workflow.rules.gifts import LARGE_GIFTS, REWARD_SHARE
from workflow.rules.performance import PERFORMANCE
from workflow.rules.rule import Rule
from workflow.rules.timing import CERTIFICATION, PERIOD

RULES: tuple[Rule, ...] = (
    PARTNER_TYPE,
    ACTIVITY_TYPE,
    FUNDING_SHARE,
    ACTIVITY_CAP,
    AVAILABLE_AMOUNT,
    PERIOD,
    CERTIFICATION,
    PERFORMANCE,
    EXECUTION,
    ACCEPTANCE,
    LARGE_GIFTS,
    REWARD_SHARE,
    ENTERTAINMENT,
    EXPENSES,
    ORGANISER,
    ACTIVITY_DETAILS,
)

__all__ = ["RULES", "Rule"]
