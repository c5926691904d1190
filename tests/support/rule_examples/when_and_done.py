"""When an activity lies, and whether it was carried out."""

from tests.support.check_documents import LEFT_OUT
from tests.support.rule_examples.example import A, C, Example, S, X, bill, certificates, edge, fails, passes

EXAMPLES: tuple[Example, ...] = (
    passes("period", "an activity in spring lies in the first half year", S),
    fails(
        "period",
        "an activity that ends after the period does not lie in it",
        A,
        {"claim.ends_on": "2026-07-01"},
    ),
    fails("period", "an activity that starts before it does not", S, {"claim.starts_on": "2025-12-31"}),
    fails(
        "period",
        "an activity longer than the period cannot",
        S,
        {"claim.starts_on": "2025-12-31", "claim.ends_on": "2026-07-01"},
    ),
    fails(
        "period",
        "a period that was shortened since is noticed with the report",
        X,
        {"period.last_day": "2026-04-10"},
    ),
    edge(
        "period",
        "an activity may fill the period",
        S,
        {"claim.starts_on": "2026-01-01", "claim.ends_on": "2026-06-30"},
    ),
    passes("certification", "a certificate over all days holds", S),
    fails("certification", "without a certificate nobody is certified", A, certificates()),
    fails(
        "certification",
        "a day between two certificates is a gap",
        S,
        certificates(("2025-04-01", "2026-03-30"), ("2026-04-01", "2027-03-31")),
    ),
    fails(
        "certification",
        "a lapse since the activity is found at acceptance",
        C,
        certificates(("2025-01-01", "2026-05-03")),
    ),
    fails(
        "certification",
        "a certificate revoked before it began certifies nothing",
        S,
        certificates(("2026-01-01", "2026-12-31", "2025-06-01")),
    ),
    edge(
        "certification",
        "a renewal from the next day on leaves no gap",
        S,
        certificates(("2026-04-01", "2027-03-31"), ("2025-04-01", "2026-03-31")),
    ),
    edge(
        "certification",
        "a certificate may end with the activity",
        S,
        certificates(("2026-03-02", "2026-04-11")),
    ),
    edge(
        "certification",
        "the day of revocation is no longer certified",
        S,
        certificates(("2025-01-01", "2026-12-31", "2026-04-11")),
        False,
    ),
    edge(
        "certification",
        "revocation after the last day changes nothing",
        X,
        certificates(("2025-01-01", "2026-04-20", "2027-01-01")),
    ),
    edge(
        "certification",
        "the day of submission must be certified at acceptance",
        C,
        certificates(("2026-03-03", "2026-12-31")),
        False,
    ),
    edge(
        "certification",
        "an activity before the submission must be certified too",
        S,
        {**certificates(("2026-02-02", "2026-12-31")), "claim.starts_on": "2026-02-01"},
        False,
    ),
    passes("execution", "what is over and billed was executed", X),
    fails("execution", "without a cost line it was not", X, {"claim.actual_lines": []}),
    fails("execution", "a cost without a supplier is none", X, {"claim.actual_lines[0].supplier": LEFT_OUT}),
    fails(
        "execution",
        "an invoice number of blanks is missing",
        X,
        {"claim.actual_lines[0].invoice_number": " \u00a0\t"},
    ),
    fails(
        "execution",
        "at acceptance a cost line must be accepted",
        C,
        {"claim.actual_lines[0].accepted": False},
    ),
    edge("execution", "it can be reported on its last day", X, {"today": "2026-04-11"}),
    edge("execution", "it cannot be reported the day before", X, {"today": "2026-04-10"}, False),
    edge(
        "execution",
        "a line that is not accepted needs no invoice",
        C,
        {"claim.actual_lines[1]": bill("venue", "1.00", accepted=False, supplier=None)},
    ),
    passes("acceptance", "good evidence and a full checklist are accepted", C),
    fails(
        "acceptance",
        "evidence that is absent is missed",
        C,
        {"claim.evidence[3]": {"kind": "holiday_photos"}},
    ),
    fails(
        "acceptance", "evidence below the standard is missed", C, {"claim.evidence[1].meets_standard": False}
    ),
    fails(
        "acceptance", "evidence that nobody judged is missed", C, {"claim.evidence[1].meets_standard": None}
    ),
    fails("acceptance", "an open checklist is not accepted", C, {"claim.checklist.co_brand_correct": False}),
    edge(
        "acceptance",
        "one good item of a kind is enough",
        C,
        {"claim.evidence[4]": {"kind": "invoice", "meets_standard": False}},
    ),
    edge(
        "acceptance",
        "an item of the checklist that is left out is open",
        C,
        {"claim.checklist.co_brand_correct": LEFT_OUT},
        False,
    ),
)
