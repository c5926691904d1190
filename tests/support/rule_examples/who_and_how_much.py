"""Who may draw on the fund, and how much."""

from tests.support.rule_examples.example import (
    A,
    Example,
    S,
    activity,
    edge,
    fails,
    line,
    passes,
    performance,
)

EXAMPLES: tuple[Example, ...] = (
    passes("partner-type", "a distributor is eligible", S),
    passes("partner-type", "a value-added partner is eligible", A, {"partner.partner_type": "vap"}),
    fails("partner-type", "a reseller is not eligible", S, {"partner.partner_type": "reseller"}),
    fails(
        "partner-type", "nobody is where the policy names none", A, {"policy": {"eligible_partner_types": []}}
    ),
    edge("partner-type", "types are compared to the letter", S, {"partner.partner_type": "VAP"}, False),
    passes("activity-type", "a seminar is open to all", S, {"partner.partner_type": "vap"}),
    fails("activity-type", "a golf day is in no catalogue", A, {"claim.activity_type": "golf_day"}),
    fails(
        "activity-type",
        "recruiting is closed to value-added partners",
        S,
        {**activity("partner_recruiting", partners_aimed_at=1), "partner.partner_type": "vap"},
    ),
    edge("activity-type", "recruiting is open to distributors", S, activity("partner_recruiting")),
    passes("funding-share", "less than half may be asked for", S, {"claim.requested": "1.00"}),
    fails("funding-share", "more than half may not", S, {"claim.requested": "4500.00"}),
    fails("funding-share", "more than half is not granted", A, {"claim.approved": "4500.00"}),
    fails("funding-share", "nothing can be asked of no costs", S, {"claim.lines": []}),
    fails(
        "funding-share",
        "nothing can be granted of costs of nothing",
        A,
        {"claim.lines": [line("venue", "0.00")]},
    ),
    fails("funding-share", "a share of 0 bears nothing", S, {"policy": {"max_funding_share": "0"}}),
    fails("funding-share", "a share of 0 grants nothing", A, {"policy": {"max_funding_share": "0"}}),
    edge("funding-share", "exactly half may be asked for", S, {"claim.requested": "4000.00"}),
    edge(
        "funding-share",
        "half a cent is rounded down",
        S,
        {"claim.lines": [line("venue", "8000.01")], "claim.requested": "4000.01"},
        False,
    ),
    edge("funding-share", "exactly half may be granted", A, {"claim.approved": "4000.00"}),
    edge(
        "funding-share",
        "a share above 1 is a limit like any other",
        S,
        {"policy": {"max_funding_share": "1.5"}, "claim.requested": "12000.00"},
    ),
    passes("activity-cap", "less than the cap may be asked for", S),
    fails("activity-cap", "more than the cap may not", S, {"claim.requested": "10000.01"}),
    fails("activity-cap", "more than the cap is not granted", A, {"claim.approved": "12000.00"}),
    fails(
        "activity-cap",
        "a cap of nothing lets nothing be asked",
        S,
        {"policy": {"max_amount_per_activity": "0.00"}},
    ),
    fails(
        "activity-cap",
        "a cap of nothing lets nothing be granted",
        A,
        {"policy": {"max_amount_per_activity": "0.00"}},
    ),
    edge("activity-cap", "exactly the cap may be asked for", S, {"claim.requested": "10000.00"}),
    edge("activity-cap", "exactly the cap may be granted", A, {"claim.approved": "10000.00"}),
    passes("available-amount", "a full fund grants it", A),
    fails("available-amount", "a fund of nothing grants nothing", A, {"fund.available": "0.00"}),
    fails("available-amount", "a fund that is a cent short does not", A, {"fund.available": "3999.99"}),
    edge("available-amount", "all that is available may be granted", A, {"fund.available": "4000.00"}),
    passes("performance", "more than required is enough", S),
    fails("performance", "without a record it is not met", S, {"partner.performance": []}),
    fails("performance", "a record of another period does not count", A, {"period.code": "2026H2"}),
    fails(
        "performance", "every record of the period must be met", S, performance("100.00", "99.00", "98.00")
    ),
    edge("performance", "exactly what is required is enough", S, performance("100.00")),
    edge("performance", "a cent less is not", S, performance("99.99"), False),
)
