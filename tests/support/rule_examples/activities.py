"""What activity types demand."""

from tests.support.check_documents import LEFT_OUT
from tests.support.rule_examples.example import A, C, Example, S, activity, bill, edge, fails, line, passes

ITEMS = activity("promotional_items", "gift", law_declared=True)
DEMO = activity("demo_products", "demo_product")
SHOWCASE = activity("customer_experience", showcase_owner="partner")


EXAMPLES: tuple[Example, ...] = (
    edge("activity-details", "a venue needs no description", S, {"claim.lines[0].description": None}),
    edge(
        "activity-details",
        "other costs that are described are fine",
        S,
        {"claim.lines[1]": line("other", "1.00")},
    ),
    passes("organiser", "a seminar is held by the partner", S),
    fails(
        "organiser",
        "an exhibition is not",
        A,
        {**activity("exhibition", "booth"), "claim.organiser.kind": "partner"},
    ),
    fails(
        "organiser",
        "a seminar is not held by a third party",
        S,
        {"claim.organiser": {"kind": "third_party", "name": "T"}},
    ),
    edge("organiser", "a named third party may hold an exhibition", S, activity("exhibition", "booth")),
    edge(
        "organiser",
        "one named with blanks may not",
        S,
        {**activity("exhibition", "booth"), "claim.organiser.name": "  "},
        False,
    ),
    passes("activity-details", "a seminar for forty is complete", S),
    passes("activity-details", "promotional items within the law are", S, ITEMS),
    passes(
        "activity-details",
        "the owner's showcase needs no approval",
        S,
        activity("customer_experience", showcase_owner="programme_owner"),
    ),
    fails(
        "activity-details",
        "a webcast without an address is not",
        S,
        activity("webcast", "script", address=" "),
    ),
    fails("activity-details", "an own showcase needs its approval", A, SHOWCASE),
    fails(
        "activity-details",
        "an unknown medium is no choice",
        S,
        activity("advertising", medium="blimp", co_brand_shown=True),
    ),
    fails(
        "activity-details", "a count that is text is left out", S, {"claim.details.invited_customers": "40"}
    ),
    fails(
        "activity-details", "a count with a point is left out", S, {"claim.details.invited_customers": 40.0}
    ),
    fails("activity-details", "true is no count", S, {"claim.details.invited_customers": True}),
    fails(
        "activity-details",
        "a flag that is text is left out",
        S,
        activity("sponsorship", is_exhibition="false"),
    ),
    fails(
        "activity-details", "exhibitions are not sponsored", S, activity("sponsorship", is_exhibition=True)
    ),
    fails(
        "activity-details", "the law must be declared", S, activity("promotional_items", law_declared=False)
    ),
    fails("activity-details", "the country must be on file", S, {**ITEMS, "partner.country": LEFT_OUT}),
    fails("activity-details", "the country must have a limit", S, {**ITEMS, "partner.country": "FR"}),
    fails(
        "activity-details", "each demo product has a model", S, {**DEMO, "claim.lines[0].product_model": " "}
    ),
    fails(
        "activity-details", "each demo product has a quantity", S, {**DEMO, "claim.lines[0].quantity": None}
    ),
    fails(
        "activity-details",
        "other costs are described",
        S,
        {"claim.lines[1]": line("other", "1.00", description=None)},
    ),
    fails(
        "activity-details",
        "other costs on the bill are described, admitted or not",
        C,
        {"claim.actual_lines[1]": bill("webcast_related", "1.00", description="")},
    ),
    edge(
        "activity-details", "a seminar has two customers at least", S, {"claim.details.invited_customers": 2}
    ),
    edge("activity-details", "one customer is no seminar", S, {"claim.details.invited_customers": 1}, False),
    edge("activity-details", "a quantity of 1 is enough", S, {**DEMO, "claim.lines[0].quantity": 1}),
    edge("activity-details", "a quantity of 0 is none", S, {**DEMO, "claim.lines[0].quantity": 0}, False),
    edge(
        "activity-details",
        "an item may be worth the country's limit",
        S,
        {**ITEMS, "claim.lines[0].unit_value": "35.00"},
    ),
    edge(
        "activity-details",
        "a cent more is too much",
        S,
        {**ITEMS, "claim.lines[0].unit_value": "35.01"},
        False,
    ),
    edge(
        "activity-details",
        "a cent more on the bill is too much",
        C,
        {**ITEMS, "claim.actual_lines": [bill("gift", "35.01", "35.01")]},
        False,
    ),
)
