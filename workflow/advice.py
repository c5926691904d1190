"""What partners read of a finding whose remedy is a step of an approver: a rule's id and a code, as in FOUND.

The remedies in workflow/sentences.py speak to whoever takes the step.
"""

from workflow.marking import N_

_GRANTED_ABOVE = N_("The approver can grant at most {limit}.")
_GRANTED_NOTHING = N_("The approver can grant nothing under this policy.")
_NOT_ACCEPTED = N_("The approver cannot accept {lines}.")

TO_PARTNER: dict[str, dict[str, str]] = {
    "funding-share": {
        "granted-above": _GRANTED_ABOVE,
        "granted-costs-needed": N_(
            "The approver can return the claim, so that you plan costs of at least {needed} in all."
        ),
        "granted-nothing": _GRANTED_NOTHING,
    },
    "activity-cap": {"granted-above": _GRANTED_ABOVE, "granted-nothing": _GRANTED_NOTHING},
    "available-amount": {
        "granted-above": N_("The approver can grant at most {limit}, unless your fund is given more."),
        "granted-nothing": N_(
            "The approver can wait until your fund is given more, or return or reject the claim."
        ),
    },
    "execution": {"none-accepted": N_("The approver looks at each cost line, and may ask you for rework.")},
    "acceptance": {
        "evidence-absent": N_("The approver may ask you for rework; then add: {kinds}."),
        "evidence-undecided": N_("The approver judges these next, and you need do nothing: {kinds}."),
        "evidence-below": N_("The approver may ask you for rework; then add better evidence: {kinds}."),
        "checklist-open": N_("The approver goes through the checklist next, and you need do nothing."),
    },
    "large-gifts": {"accepted-above": _NOT_ACCEPTED},
    "reward-share": {"accepted-small": _NOT_ACCEPTED, "accepted-above": _NOT_ACCEPTED},
    "entertainment": {"accepted-prohibited": _NOT_ACCEPTED},
    "expenses": {"accepted-not-admitted": _NOT_ACCEPTED},
    "activity-details": {"accepted-above-country-limit": _NOT_ACCEPTED},
}
"""What an approver does about it, as its partner reads it."""
