"""Gifts, rewards and other costs."""

from tests.support.rule_examples.example import (
    GIFTS_600,
    A,
    C,
    Example,
    S,
    activity,
    bill,
    edge,
    fails,
    line,
    passes,
)

EXAMPLES: tuple[Example, ...] = (
    passes(
        "large-gifts", "a small gift is no large one", S, {"claim.lines[1]": line("gift", "5.00", "5.00")}
    ),
    fails("large-gifts", "a gift of great value is", A, {"claim.lines[1]": line("gift", "500.00", "500.00")}),
    fails(
        "large-gifts",
        "a large prize on the bill is",
        C,
        {"claim.actual_lines[1]": bill("lottery_prize", "500.00", "500.00")},
    ),
    edge("large-gifts", "the threshold itself is no large gift", S, {"claim.lines": GIFTS_600}),
    edge(
        "large-gifts", "a cent more is", S, {"claim.lines[1]": line("door_gift", "600.00", "100.01")}, False
    ),
    edge("large-gifts", "no other category is looked at", S, {"claim.lines[0].unit_value": "100.01"}),
    passes("reward-share", "a few rewards at a large activity are fine", S, {"claim.lines": GIFTS_600}),
    fails(
        "reward-share",
        "rewards at a small activity are not",
        S,
        {"claim.lines": GIFTS_600, "claim.expected_attendees": 49},
    ),
    fails(
        "reward-share",
        "rewards of nothing at a small activity are not",
        S,
        {"claim.lines[1]": line("door_gift", "0.00"), "claim.expected_attendees": 49},
    ),
    fails(
        "reward-share",
        "attendees not stated count as none",
        A,
        {"claim.lines": GIFTS_600, "claim.expected_attendees": None},
    ),
    fails(
        "reward-share",
        "too many rewards at a large activity are not",
        S,
        {"claim.lines[1]": line("door_gift", "5000.00")},
    ),
    fails("reward-share", "rewards alone are not", S, {"claim.lines": [line("door_gift", "5000.00")]}),
    fails(
        "reward-share",
        "the accepted actual total counts at acceptance",
        C,
        {"claim.actual_lines[1]": bill("lottery_prize", "1500.00")},
    ),
    fails(
        "reward-share",
        "a small activity has no rewards on the bill",
        C,
        {"claim.actual_lines[1]": bill("lottery_prize", "1.00"), "claim.expected_attendees": 2},
    ),
    edge(
        "reward-share",
        "exactly the share is fine",
        S,
        {"claim.lines": [line("venue", "6800.00"), line("door_gift", "1200.00")]},
    ),
    edge(
        "reward-share",
        "the share is compared unrounded",
        S,
        {"claim.lines": [line("venue", "6799.99"), line("door_gift", "1200.01")]},
        False,
    ),
    edge(
        "reward-share",
        "the threshold itself is a large activity",
        S,
        {"claim.lines": GIFTS_600, "claim.expected_attendees": 50},
    ),
    edge(
        "reward-share",
        "rewards of nothing at a large activity are fine",
        S,
        {"claim.lines": [line("door_gift", "0.00")]},
    ),
    passes("entertainment", "a venue is not entertainment", S),
    fails("entertainment", "a show is", A, {"claim.lines[1]": line("entertainment", "1.00")}),
    fails(
        "entertainment", "a show on the bill is", C, {"claim.actual_lines[1]": bill("entertainment", "1.00")}
    ),
    edge(
        "entertainment",
        "a show of nothing is still one",
        S,
        {"claim.lines[1]": line("entertainment", "0.00")},
        False,
    ),
    edge(
        "entertainment",
        "a show that was not accepted is not looked at",
        C,
        {"claim.actual_lines[1]": bill("entertainment", "1.00", accepted=False)},
    ),
    passes("expenses", "a seminar admits a venue", S),
    fails("expenses", "a webcast admits no catering", S, activity("webcast", "catering", address="a")),
    fails(
        "expenses",
        "an unknown category is admitted nowhere",
        C,
        {"claim.actual_lines[1]": bill("yacht", "1.00")},
    ),
    edge(
        "expenses",
        "a prohibited category is another rule's",
        A,
        {"claim.lines[1]": line("entertainment", "1.00")},
    ),
    edge(
        "expenses",
        "no category is prohibited by nature",
        S,
        {"claim.lines[1]": line("entertainment", "1.00"), "policy": {"prohibited_categories": []}},
        False,
    ),
    edge("expenses", "no lines are admitted", S, {"claim.lines": []}),
)
