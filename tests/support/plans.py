"""A plan of each activity type that breaks no rule, as a partner types it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TypedPlan:
    """What is typed for one activity type, and the `evidence` that its report needs."""

    activity_type: str
    category: str
    evidence: tuple[str, ...]
    details: dict[str, str] = field(default_factory=dict)
    third_party: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """Return the whole form as it is typed: one line of 8,000.00, of which 4,000.00 is asked for."""
        return {
            "title": f"Spring {self.activity_type.replace('_', ' ')}",
            "starts_on": "2026-04-10",
            "ends_on": "2026-04-11",
            "place": "Hamburg",
            "expected_attendees": "80",
            "organiser_kind": "third_party" if self.third_party else "partner",
            "organiser_name": self.third_party,
            "lines-0-category": self.category,
            "lines-0-description": "All of it",
            "lines-0-product_model": "X-1" if self.category == "demo_product" else "",
            "lines-0-quantity": "400" if self.category == "gift" else "2",
            "lines-0-unit_value": "20" if self.category == "gift" else "4,000.00",
            "lines-0-amount": "",
            "requested": "4,000.00",
            **{f"detail_{name}": value for name, value in self.details.items()},
        }


PLANS: tuple[TypedPlan, ...] = (
    TypedPlan("demo_products", "demo_product", ("invoice", "proof_of_delivery", "installation_photo")),
    TypedPlan(
        "partner_recruiting", "recruitment", ("invoice", "partner_list", "agenda"), {"partners_aimed_at": "6"}
    ),
    TypedPlan(
        "advertising",
        "ad_space",
        ("invoice", "advertisement_copy", "media_report"),
        {"medium": "print", "co_brand_shown": "yes"},
    ),
    TypedPlan(
        "customer_experience",
        "transport",
        ("invoice", "visitor_list", "photos"),
        {"showcase_owner": "partner", "showcase_approval": "SC-7"},
    ),
    TypedPlan("collateral", "design", ("invoice", "material_copy"), {"kind": "brochure"}),
    TypedPlan(
        "sponsorship",
        "sponsorship_fee",
        ("invoice", "sponsorship_contract", "photos"),
        {"is_exhibition": "no"},
        "Hamburg Events",
    ),
    TypedPlan(
        "direct_mail",
        "mailing_list",
        ("invoice", "mailing_copy", "delivery_report"),
        {"channel": "email", "recipients": "2,000"},
    ),
    TypedPlan("telemarketing", "call_centre", ("invoice", "script", "call_report"), {"contacts": "300"}),
    TypedPlan(
        "promotional_items", "gift", ("invoice", "photos", "distribution_list"), {"law_declared": "yes"}
    ),
    TypedPlan(
        "seminar", "venue", ("invoice", "attendee_list", "agenda", "photos"), {"invited_customers": "40"}
    ),
    TypedPlan("exhibition", "booth", ("invoice", "organiser_contract", "photos"), {}, "Messe Hamburg"),
    TypedPlan(
        "webcast",
        "content",
        ("invoice", "recording", "attendee_report"),
        {"address": "https://events.example/launch"},
    ),
)
