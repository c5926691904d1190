"""Check documents by chance: whole, with small ranges of values, so that rules break and hold often."""

from datetime import date, timedelta

from hypothesis import strategies as st

from models.money import plain
from models.vocabulary import Trigger
from tests.support.check_documents import TRIGGERS, Document
from workflow.policies import default_policy

_CATALOGUE = default_policy().catalogue
FIRST = date(2026, 1, 1)

amounts = st.one_of(st.sampled_from([0, 1, 2, 99, 100]), st.integers(0, 10**7)).map(plain)
asked = st.one_of(st.sampled_from([1, 2, 99, 100]), st.integers(1, 10**7)).map(plain)
shares = st.sampled_from(["0", "0.00", "0.15", "0.333", "0.50", "0.999", "1", "1.5"])
blank_or_text = st.sampled_from([None, "", " ", "text"])
counts = st.one_of(st.none(), st.sampled_from([0, 1, 2, 49, 50, 51]))
categories = st.sampled_from(
    ["venue", "door_gift", "lottery_prize", "gift", "other", "entertainment", "demo_product", "yacht"]
)
activity_types = st.sampled_from([*_CATALOGUE.types, "golf_day"])
details = st.fixed_dictionaries(
    {},
    optional={
        detail.name: st.sampled_from(
            [None, 0, 1, 2, -1, 2.0, True, False, " ", "x", "partner", "print", "email"]
        )
        for activity in _CATALOGUE.activity_types
        for detail in activity.details
    },
)


def days(span: int = 120) -> st.SearchStrategy[date]:
    """Return days within a span from the first of January 2026."""
    return st.integers(0, span).map(lambda days: FIRST + timedelta(days))


@st.composite
def ranges(draw: st.DrawFn, first: str, last: str) -> Document:
    """Return a first and a last day, in order, under the given names."""
    start, end = sorted((draw(days()), draw(days())))
    return {first: start.isoformat(), last: end.isoformat()}


@st.composite
def certificates(draw: st.DrawFn) -> Document:
    """Return a certificate, sometimes revoked."""
    revoked_on = draw(st.one_of(st.none(), days().map(date.isoformat)))
    return {**draw(ranges("valid_from", "valid_until")), "revoked_on": revoked_on}


lines = st.fixed_dictionaries(
    {
        "category": categories,
        "description": blank_or_text,
        "quantity": st.sampled_from([None, 0, 1, 5]),
        "unit_value": st.sampled_from(["0.00", "20.00", "35.01", "100.00", "100.01"]),
        "amount": amounts,
        "product_model": blank_or_text,
        "supplier": blank_or_text,
        "invoice_number": blank_or_text,
        "accepted": st.sampled_from([None, True, True, False]),
    }
)
evidence = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([word.code for word in _CATALOGUE.evidence_kinds]),
        "meets_standard": st.sampled_from([None, True, False]),
    }
)
exchanges = st.fixed_dictionaries(
    {
        "currency": st.sampled_from(["EUR", "CHF", "JPY"]),
        "usd": st.sampled_from(["1.0856", "1", "0.5", "3"]),
        "local": st.sampled_from(["1", "0.8435", "162.77", "7"]),
        "day": days().map(date.isoformat),
        "source": st.just("a source"),
    }
)
policies = st.fixed_dictionaries(
    {},
    optional={
        "max_funding_share": shares,
        "max_reward_share": shares,
        "max_amount_per_activity": amounts,
        "large_gift_unit_value": st.sampled_from(["0.00", "35.00", "100.00"]),
        "large_activity_attendees": st.sampled_from([0, 1, 50]),
        "prohibited_categories": st.lists(categories, max_size=2),
        "promotional_item_limits": st.sampled_from([{}, {"DE": "20.00"}, {"DE": "0.00"}]),
    },
)
performances = st.fixed_dictionaries(
    {"period": st.sampled_from(["2026H1", "2026H2"]), "required": amounts, "achieved": amounts}
)


@st.composite
def documents(draw: st.DrawFn, trigger: st.SearchStrategy[Trigger] | None = None) -> Document:
    """Return a check document that has its form, at any checkpoint."""
    claim: Document = {
        "activity_type": draw(activity_types),
        **draw(ranges("starts_on", "ends_on")),
        "submitted_on": draw(days()).isoformat(),
        "organiser": {
            "kind": draw(st.sampled_from(["partner", "third_party", "x"])),
            "name": draw(blank_or_text),
        },
        "expected_attendees": draw(counts),
        "requested": draw(asked),
        "approved": draw(asked),
        "details": draw(details),
        "lines": draw(st.lists(lines, max_size=5)),
        "actual_lines": draw(st.lists(lines, max_size=5)),
        "evidence": draw(st.lists(evidence, max_size=6)),
        "checklist": draw(
            st.dictionaries(st.sampled_from([*_CATALOGUE.ticks]), st.sampled_from([None, True, False]))
        ),
        "exchange": draw(st.one_of(st.none(), exchanges)),
    }
    return {
        "trigger": draw(trigger or st.sampled_from(TRIGGERS)).value,
        "today": draw(days()).isoformat(),
        "partner": {
            "partner_type": draw(st.sampled_from(["distributor", "vap", "reseller"])),
            "country": draw(st.sampled_from([None, "DE", "FR"])),
            "certificates": draw(st.lists(certificates(), max_size=4)),
            "performance": draw(st.lists(performances, max_size=3)),
        },
        "period": {"code": "2026H1", **draw(ranges("first_day", "last_day"))},
        "fund": {"available": draw(amounts)},
        "claim": claim,
        "policy": draw(policies),
    }
