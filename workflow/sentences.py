"""The sentences on verdicts, as tables: a rule's id and a code, then what is said of the figures."""

from typing import NamedTuple

from workflow.marking import N_


class Words(NamedTuple):
    """What is wrong, and what would put it right."""

    message: str
    remedy: str


HOLDS: dict[str, dict[str, str]] = {
    "partner-type": {"eligible": N_("{partner_type} is an eligible partner type.")},
    "activity-type": {
        "open-to-all": N_("{activity_type} is in the catalogue and open to every eligible partner."),
        "open": N_("{activity_type} is in the catalogue and open to partners of the type {open_to}."),
    },
    "funding-share": {
        "asked-within": N_("The {amount} asked for is within {share} of {total}."),
        "granted-within": N_("The {amount} granted is within {share} of {total}."),
    },
    "activity-cap": {
        "asked-within": N_("The {amount} asked for is within {limit}, the most for one activity."),
        "granted-within": N_("The {amount} granted is within {limit}, the most for one activity."),
    },
    "available-amount": {"granted-within": N_("The {amount} granted is within the {limit} available.")},
    "period": {
        "inside": N_("{starts_on} to {ends_on} lies in the JMF period from {first_day} to {last_day}.")
    },
    "certification": {
        "covered": N_("The partner is certified on every day from {needed_from} to {needed_until}.")
    },
    "performance": {"met": N_("The {achieved} achieved in {period} meets the {required} required.")},
    "execution": {
        "done": N_("The activity ended on {ends_on}, and every cost has a supplier and an invoice number.")
    },
    "acceptance": {
        "complete": N_(
            "Every required kind of evidence is there and meets the standard, and the checklist is complete."
        )
    },
    "large-gifts": {
        "none": N_("There are no gifts among the costs."),
        "within": N_("No gift is worth more than {threshold}; the dearest is worth {unit_value}."),
    },
    "reward-share": {
        "none": N_("There are no rewards among the costs."),
        "within": N_("The rewards of {rewards} are within {share} of {total}."),
    },
    "entertainment": {"none": N_("Nothing prohibited is among the costs.")},
    "expenses": {"admitted": N_("{activity_type} admits every category among the costs.")},
    "organiser": {"right": N_("The organiser is the one that this activity type demands: {demanded}.")},
    "activity-details": {"complete": N_("Everything that {activity_type} demands is there.")},
}
"""How a rule holds."""

FOUND: dict[str, dict[str, Words]] = {
    "partner-type": {
        "not-eligible": Words(
            N_("Partners of the type {partner_type} are not eligible; eligible: {eligible}."),
            N_("If the type on file is wrong, ask the programme owner to correct it."),
        ),
    },
    "activity-type": {
        "not-in-catalogue": Words(
            N_("There is no activity type {activity_type} in the catalogue."),
            N_("Choose an activity type from the catalogue."),
        ),
        "not-open": Words(
            N_(
                "{activity_type} is open to partners of the type {open_to} only,"
                " not of the type {partner_type}."
            ),
            N_("Choose an activity type that is open to this partner."),
        ),
    },
    "funding-share": {
        "asked-above": Words(
            N_("The {amount} asked for is above {share} of {total}, which is {limit}."),
            N_("Lower the amount to {limit}."),
        ),
        "granted-above": Words(
            N_("The {amount} granted is above {share} of {total}, which is {limit}."),
            N_("Grant at most {limit}."),
        ),
        "asked-costs-needed": Words(
            N_("The {amount} asked for is above {share} of the planned costs of {total}."),
            N_("Plan costs of at least {needed} in all, or ask for less."),
        ),
        "granted-costs-needed": Words(
            N_("The {amount} granted is above {share} of the planned costs of {total}."),
            N_("Return the claim: costs of at least {needed} in all would have to be planned."),
        ),
        "asked-nothing": Words(
            N_("This policy bears no share of the costs, so nothing can be asked for."),
            N_("Withdraw the claim."),
        ),
        "granted-nothing": Words(
            N_("This policy bears no share of the costs, so nothing can be granted."),
            N_("Reject the claim."),
        ),
    },
    "activity-cap": {
        "asked-above": Words(
            N_("The {amount} asked for is above {limit}, the most for one activity."),
            N_("Lower the amount to {limit}."),
        ),
        "granted-above": Words(
            N_("The {amount} granted is above {limit}, the most for one activity."),
            N_("Grant at most {limit}."),
        ),
        "asked-nothing": Words(
            N_("This policy pays nothing for an activity, so nothing can be asked for."),
            N_("Withdraw the claim."),
        ),
        "granted-nothing": Words(
            N_("This policy pays nothing for an activity, so nothing can be granted."),
            N_("Reject the claim."),
        ),
    },
    "available-amount": {
        "granted-above": Words(
            N_("The {amount} granted is above the {limit} that the partner's fund has available."),
            N_("Grant at most {limit}, or have more allocated to the fund first."),
        ),
        "granted-nothing": Words(
            N_("The partner's fund has nothing available."),
            N_("Wait until more is allocated to the fund, or return or reject the claim."),
        ),
    },
    "period": {
        "outside": Words(
            N_("{starts_on} to {ends_on} does not lie in the JMF period from {first_day} to {last_day}."),
            N_("Move the activity to {move_from} until {move_until}, or choose the JMF period it lies in."),
        ),
        "too-long": Words(
            N_("{starts_on} to {ends_on} is longer than the JMF period from {first_day} to {last_day}."),
            N_("Keep the activity within {move_from} and {move_until}."),
        ),
        "outside-when-reported": Words(
            N_("{starts_on} to {ends_on} does not lie in the JMF period from {first_day} to {last_day}."),
            N_(
                "It is the programme owner's turn: for this activity the JMF period has to run from"
                " {widen_from} to {widen_until}."
            ),
        ),
    },
    "certification": {
        "none-on-file": Words(
            N_("No certificate of the partner is on file; {needed_from} to {needed_until} must be covered."),
            N_(
                "It is the programme owner's turn, the partner is not at fault: a programme manager has to"
                " record the certificate for {gaps}."
            ),
        ),
        "gap": Words(
            N_("No certificate covers {gaps}; {needed_from} to {needed_until} must be covered."),
            N_(
                "Renew the certification. Once it is renewed, a programme manager records the certificate"
                " that covers {gaps}."
            ),
        ),
    },
    "performance": {
        "none-on-file": Words(
            N_("No performance in {period} is on file."),
            N_(
                "It is the programme owner's turn, the partner is not at fault: a programme manager has to"
                " record the performance for {period}."
            ),
        ),
        "missed": Words(
            N_("The {achieved} achieved in {period} misses the {required} required by {shortfall}."),
            N_("Achieve {required}; what came in since is for the programme owner to record."),
        ),
    },
    "execution": {
        "not-over": Words(
            N_("The activity ends on {ends_on}; today is {today}."), N_("Come back on {ends_on} or later.")
        ),
        "no-costs": Words(
            N_("There is no actual cost line."), N_("Enter the actual costs with their invoices.")
        ),
        "none-accepted": Words(
            N_("No actual cost line is accepted."),
            N_("Accept the cost lines that meet the standard, or ask for rework, or reject the claim."),
        ),
        "no-supplier": Words(N_("There is no supplier in {lines}."), N_("Enter the supplier in {lines}.")),
        "no-invoice-number": Words(
            N_("There is no invoice number in {lines}."), N_("Enter the invoice number in {lines}.")
        ),
    },
    "acceptance": {
        "evidence-absent": Words(
            N_("Evidence is not there: {kinds}."), N_("Ask for rework, so that the partner adds: {kinds}.")
        ),
        "evidence-undecided": Words(
            N_("Nobody has judged yet whether this evidence meets the standard: {kinds}."),
            N_("Judge each of these: {kinds}."),
        ),
        "evidence-below": Words(
            N_("Evidence does not meet the standard: {kinds}."),
            N_("Ask for rework, so that the partner adds evidence that does: {kinds}."),
        ),
        "checklist-open": Words(
            N_("The checklist is open: {items}."),
            N_("Have it put right where it is not so, then tick: {items}."),
        ),
    },
    "large-gifts": {
        "planned-above": Words(
            N_("A gift is worth more than {threshold} in {lines}; the dearest is worth {unit_value}."),
            N_("Lower the unit value to {threshold}, or take out {lines}."),
        ),
        "accepted-above": Words(
            N_("A gift is worth more than {threshold} in {lines}; the dearest is worth {unit_value}."),
            N_("Do not accept {lines}."),
        ),
    },
    "reward-share": {
        "attendees-missing": Words(
            N_("There are rewards in {lines}, but the number of expected attendees is not stated."),
            N_("State the expected attendees, at least {least_attendees}, or take out {lines}."),
        ),
        "planned-small": Words(
            N_("Rewards are for activities of {least_attendees} attendees or more, not of {attendees}."),
            N_("Take out {lines}."),
        ),
        "accepted-small": Words(
            N_("Rewards are for activities of {least_attendees} attendees or more, not of {attendees}."),
            N_("Do not accept {lines}."),
        ),
        "planned-above": Words(
            N_("The rewards of {rewards} are above {share} of {total}, which is {limit}."),
            N_("Lower the rewards to {allowed} in all; the total shrinks with them. This concerns {lines}."),
        ),
        "planned-none-left": Words(
            N_("The rewards of {rewards} are above {share} of {total}, which is {limit}."),
            N_("Take out {lines}: beside these costs nothing is left for rewards."),
        ),
        "accepted-above": Words(
            N_("The rewards of {rewards} are above {share} of {total}, which is {limit}."),
            N_("Do not accept {lines}."),
        ),
    },
    "entertainment": {
        "planned-prohibited": Words(
            N_("The fund never pays for {categories}; see {lines}."), N_("Take out {lines}.")
        ),
        "accepted-prohibited": Words(
            N_("The fund never pays for {categories}; see {lines}."), N_("Do not accept {lines}.")
        ),
    },
    "expenses": {
        "planned-not-admitted": Words(
            N_("{activity_type} does not admit {categories}; see {lines}."), N_("Take out {lines}.")
        ),
        "accepted-not-admitted": Words(
            N_("{activity_type} does not admit {categories}; see {lines}."), N_("Do not accept {lines}.")
        ),
    },
    "organiser": {
        "wrong-kind": Words(
            N_("The organiser is {organiser}; this activity type demands: {demanded}."),
            N_("State as organiser: {demanded}; or choose another activity type."),
        ),
        "name-missing": Words(
            N_("The name of the organising third party is not stated."), N_("Enter the organiser's name.")
        ),
    },
    "activity-details": {
        "missing": Words(N_("“{detail}” is not stated."), N_("State “{detail}”.")),
        "below-minimum": Words(
            N_("“{detail}” is {given}; at least {minimum} is demanded."), N_("It takes at least {minimum}.")
        ),
        "not-a-choice": Words(
            N_("“{detail}” is none of the choices."), N_("Choose one of these for “{detail}”: {choices}.")
        ),
        "must-be-true": Words(
            N_("“{detail}” is answered with no."), N_("It has to be so, and to be answered with yes.")
        ),
        "must-be-false": Words(
            N_("“{detail}” is answered with yes."),
            N_("It may not be so; if it is, choose another activity type."),
        ),
        "model-missing": Words(
            N_("There is no product model in {lines}."), N_("Enter the product model in {lines}.")
        ),
        "quantity-missing": Words(
            N_("There is no quantity in {lines}."), N_("Enter the quantity in {lines}.")
        ),
        "quantity-nothing": Words(N_("The quantity is 0 in {lines}."), N_("Enter at least 1 in {lines}.")),
        "description-missing": Words(
            N_("There is no description in {lines}, whose category needs one."),
            N_("Describe the costs in {lines}."),
        ),
        "country-missing": Words(
            N_("The partner's country is not on file."),
            N_(
                "It is the programme owner's turn, the partner is not at fault: a programme manager has to"
                " record the country."
            ),
        ),
        "no-country-limit": Words(
            N_("The policy has no limit on promotional items for the country {country}."),
            N_("It is the programme owner's turn, the partner is not at fault: the policy needs one first."),
        ),
        "planned-above-country-limit": Words(
            N_("Promotional items in {country} may be worth {country_limit} at most; see {lines}."),
            N_("Lower the unit value to {country_limit} in {lines}."),
        ),
        "accepted-above-country-limit": Words(
            N_("Promotional items in {country} may be worth {country_limit} at most; see {lines}."),
            N_("Do not accept {lines}."),
        ),
    },
}
"""What is found where a rule does not hold."""

UNREAD: dict[str, Words] = {
    "partner": Words(N_("{field} {problem}."), N_("Fill in {field}.")),
    "vendor": Words(
        N_("{field} {problem}."),
        N_(
            "It is the programme owner's turn, the partner is not at fault. A programme manager or approver"
            " records: {field}."
        ),
    ),
}
"""What is said of a part that cannot be read yet, by whose it is to fill in."""

UNREAD_RATE = Words(
    N_("{field} {problem}."),
    N_("It is the programme owner's turn: a programme manager or somebody in finance records {field}."),
)
"""What is said of an exchange rate, which no approver records."""

PARTS: dict[str, str] = {
    "claim": N_("The claim"),
    "claim.activity_type": N_("The activity type"),
    "claim.actual_lines.accepted": N_("The approver's decision"),
    "claim.actual_lines.amount": N_("The amount"),
    "claim.actual_lines.category": N_("The category"),
    "claim.actual_lines.quantity": N_("The quantity"),
    "claim.actual_lines.unit_value": N_("The unit value"),
    "claim.approved": N_("The amount to be granted"),
    "claim.ends_on": N_("The last day"),
    "claim.evidence.kind": N_("The kind of evidence"),
    "claim.evidence.meets_standard": N_("The approver's decision on evidence"),
    "claim.exchange": N_("The exchange rate"),
    "claim.exchange.local": N_("The exchange rate"),
    "claim.exchange.usd": N_("The exchange rate"),
    "claim.expected_attendees": N_("The number of expected attendees"),
    "claim.lines": N_("The list of planned costs"),
    "claim.lines.amount": N_("The amount"),
    "claim.lines.category": N_("The category"),
    "claim.lines.quantity": N_("The quantity"),
    "claim.lines.unit_value": N_("The unit value"),
    "claim.organiser": N_("The organiser"),
    "claim.organiser.kind": N_("The kind of organiser"),
    "claim.requested": N_("The amount asked for"),
    "claim.starts_on": N_("The first day"),
    "claim.submitted_on": N_("The day of submission"),
    "fund": N_("The partner's fund for this JMF period"),
    "fund.available": N_("The available amount of the fund"),
    "partner": N_("The partner's file"),
    "partner.partner_type": N_("The partner's type"),
    "period": N_("The JMF period"),
    "period.code": N_("The code of the JMF period"),
    "period.first_day": N_("The first day of the JMF period"),
    "period.last_day": N_("The last day of the JMF period"),
    "today": N_("The day"),
}
"""What parts of a check document are called; others go by their path."""

IN_LINE = N_("{field} in {line}")
NOT_YET_KNOWN = N_("Not yet known: {reasons}")
SILENT = N_("Not judged: the activity type is not in the catalogue.")
LINE = N_("line {number}")
DAY = N_("{day} {month} {year}")
"""A day as people read it."""

MONTHS = (
    *(N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun")),
    *(N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")),
)
"""The months, short, from January on."""

RANGE = N_("{first} to {last}")
NONE = N_("none")
