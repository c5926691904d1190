"""Examples of every rule, as tables: what passes, what fails, and what stands exactly on the boundary."""

from tests.support.rule_examples.activities import EXAMPLES as ACTIVITIES
from tests.support.rule_examples.example import Example
from tests.support.rule_examples.gifts_and_costs import EXAMPLES as GIFTS_AND_COSTS
from tests.support.rule_examples.when_and_done import EXAMPLES as WHEN_AND_DONE
from tests.support.rule_examples.who_and_how_much import EXAMPLES as WHO_AND_HOW_MUCH

EXAMPLES: tuple[Example, ...] = (*WHO_AND_HOW_MUCH, *WHEN_AND_DONE, *GIFTS_AND_COSTS, *ACTIVITIES)

__all__ = ["EXAMPLES", "Example"]
