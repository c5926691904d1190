"""Policies are data: the default one is the rulebook's, and what lacks its form is refused by its path."""

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import State
from tests.support.check_documents import LEFT_OUT, put
from tests.unit.test_document_form import JSON
from workflow.policies import (
    PARAMETERS,
    PolicyError,
    default_document,
    default_policy,
    override,
    plain_share,
    policy_document,
    read_policy,
    without_examples,
)

COMMON = (
    "venue catering speaker media production print translation postage agency staff_travel equipment_rental"
    " door_gift lottery_prize other"
)
CATALOGUE = {
    "demo_products": ("partner", "", "demo_product", "", "proof_of_delivery installation_photo"),
    "partner_recruiting": ("partner", COMMON, "recruitment", "partners_aimed_at", "partner_list agenda"),
    "advertising": (
        "partner", COMMON, "ad_space", "medium co_brand_shown", "advertisement_copy media_report"),
    "customer_experience": (
        "partner", COMMON, "transport", "showcase_owner showcase_approval", "visitor_list photos"),
    "collateral": ("partner", COMMON, "design", "kind", "material_copy"),
    "sponsorship": ("third_party", COMMON, "sponsorship_fee", "is_exhibition", "sponsorship_contract photos"),
    "direct_mail": ("partner", COMMON, "mailing_list", "channel recipients", "mailing_copy delivery_report"),
    "telemarketing": ("partner", COMMON, "call_centre mailing_list", "contacts", "script call_report"),
    "promotional_items": ("partner", COMMON, "gift", "law_declared", "photos distribution_list"),
    "seminar": ("partner", COMMON, "", "invited_customers", "attendee_list agenda photos"),
    "exhibition": ("third_party", COMMON, "booth", "", "organiser_contract photos"),
    "webcast": (
        "partner", "", "script content contact_list invitations webcast_related", "address",
        "recording attendee_report"),
}  # fmt: skip
"""The rulebook's catalogue: organiser, common categories, others, details, evidence besides the invoice."""


def test_the_catalogue_is_the_rulebooks() -> None:
    types = default_policy().catalogue.types
    assert list(types) == list(CATALOGUE)
    for code, (organiser, common, besides, details, evidence) in CATALOGUE.items():
        activity = types[code]
        assert activity.organiser == organiser, code
        assert activity.categories == (*common.split(), *besides.split()), code
        assert [detail.name for detail in activity.details] == details.split(), code
        assert activity.evidence == ("invoice", *evidence.split()), code
        assert activity.checklist == ("executed_as_approved", "co_brand_correct", "costs_match_invoices"), (
            code
        )
        assert activity.open_to == (("distributor",) if code == "partner_recruiting" else None), code
    assert default_policy().catalogue.described == {"other", "webcast_related"}


def test_the_choices_and_limits_of_details_are_the_rulebooks() -> None:
    details = {
        f"{activity.code}.{detail.name}": (
            " ".join(choice.code for choice in detail.choices),
            detail.minimum,
            detail.must_be,
        )
        for activity in default_policy().catalogue.activity_types
        for detail in activity.details
    }
    media = "print outdoor tv radio web_banner click_through pop_up search_keyword search_ranking"
    assert details == {
        "partner_recruiting.partners_aimed_at": ("", 1, None),
        "advertising.medium": (media, 0, None),
        "advertising.co_brand_shown": ("", 0, True),
        "customer_experience.showcase_owner": ("programme_owner partner", 0, None),
        "customer_experience.showcase_approval": ("", 0, None),
        "collateral.kind": ("brochure manual article rolling_banner demo_video translation tool", 0, None),
        "sponsorship.is_exhibition": ("", 0, False),
        "direct_mail.channel": ("mail email", 0, None),
        "direct_mail.recipients": ("", 1, None),
        "telemarketing.contacts": ("", 1, None),
        "promotional_items.law_declared": ("", 0, True),
        "seminar.invited_customers": ("", 2, None),
        "webcast.address": ("", 0, None),
    }


def test_the_parameters_of_the_default_policy_are_the_rulebooks() -> None:
    policy = default_policy()
    assert policy.eligible_partner_types == ("distributor", "vap")
    assert (policy.max_funding_share, policy.max_reward_share) == (Fraction(1, 2), Fraction(15, 100))
    assert (policy.max_amount_per_activity, policy.large_gift_unit_value) == (1_000_000, 10_000)
    assert policy.large_activity_attendees == 50
    assert policy.prohibited_categories == ("entertainment",)
    assert policy.promotional_item_limits == {"DE": 3500, "CN": 3000, "US": 2500, "BR": 2000}
    assert policy.expirable_states == (State.submitted, State.approved, State.executed)
    assert not {name: days for name, days in vars(policy).items() if name.endswith("_within_days") and days}


def test_every_word_of_the_catalogue_has_a_label() -> None:
    for kind, labels in default_policy().catalogue.labels.items():
        assert all(label and label != code for code, label in labels.items()), kind


def test_no_product_name_stands_in_the_default_policy() -> None:
    assert "huawei" not in str(default_document()).lower()


def test_a_policy_is_written_as_the_document_it_was_read_from() -> None:
    assert policy_document(default_policy()) == default_document()
    changed = override(default_policy(), {"max_funding_share": "0.125", "report_within_days": 30})
    assert read_policy(policy_document(changed)) == changed


def test_a_real_installation_starts_without_the_example_table() -> None:
    assert default_policy().limits_are_examples
    policy = read_policy(without_examples(default_document()))
    assert policy.promotional_item_limits == {}
    assert not policy.limits_are_examples


def test_a_table_that_is_no_example_is_kept() -> None:
    own = {**default_document(), "limits_are_examples": False}
    assert without_examples(own) == own


BAD = [
    ("max_funding_share", 0.5, "max_funding_share"),
    ("max_funding_share", LEFT_OUT, "max_funding_share"),
    ("colour", "red", "colour"),
    ("expirable_states", ["draft"], "expirable_states[0]"),
    ("report_within_days", -1, "report_within_days"),
    ("report_within_days", 3661, "report_within_days"),
    ("pay_within_days", 3661, "pay_within_days"),
    ("promotional_item_limits.DE", "35", "promotional_item_limits.DE"),
    ("catalogue", None, "catalogue"),
    ("catalogue.colour", "red", "catalogue.colour"),
    ("catalogue.categories[0].label", " ", "catalogue.categories[0].label"),
    ("catalogue.categories[1].code", "venue", "catalogue.categories[1].code"),
    ("catalogue.activity_types[0].organiser", "nobody", "catalogue.activity_types[0].organiser"),
    ("catalogue.activity_types[0].categories[0]", "yacht", "catalogue.activity_types[0].categories[0]"),
    ("catalogue.activity_types[0].evidence[0]", "yacht", "catalogue.activity_types[0].evidence[0]"),
    ("catalogue.activity_types[1].open_to[0]", "yacht", "catalogue.activity_types[1].open_to[0]"),
    ("catalogue.activity_types[1].details[0].type", "date", "catalogue.activity_types[1].details[0].type"),
    ("catalogue.activity_types[2].details[0].choices", [], "catalogue.activity_types[2].details[0].choices"),
    ("catalogue.activity_types[3].details[1].needed_if.detail", "x",
     "catalogue.activity_types[3].details[1].needed_if.detail"),
    ("catalogue.activity_types[8].country_limited[0]", "venue",
     "catalogue.activity_types[8].country_limited[0]"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "named"), BAD)
def test_a_policy_without_its_form_is_refused_by_its_path(path: str, value: Any, named: str) -> None:
    wrong = copy.deepcopy(default_document())
    put(wrong, path, value)
    with pytest.raises(PolicyError) as refused:
        read_policy(wrong)
    assert refused.value.path == named


@given(JSON)
def test_any_json_is_refused_as_a_policy(value: Any) -> None:
    with pytest.raises(PolicyError) as refused:
        read_policy(value)
    assert refused.value.path


NAMES = sorted({*default_document(), "x"})


@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=3))
def test_any_override_is_taken_or_refused_with_a_path(overrides: dict[str, Any]) -> None:
    unknown = {name for name, value in overrides.items() if value is not None} - {
        one.name for one in PARAMETERS
    }
    try:
        override(default_policy(), overrides)
    except PolicyError as error:
        assert error.path.startswith("policy.")  # noqa: PT017 - either outcome is right
    else:
        assert not unknown


@pytest.mark.parametrize(
    ("share", "text"),
    [(Fraction(0), "0.00"), (Fraction(1, 2), "0.50"), (Fraction(1, 8), "0.125"), (Fraction(3, 2), "1.50")],
)
def test_a_share_is_written_exactly(share: Fraction, text: str) -> None:
    assert plain_share(share) == text
