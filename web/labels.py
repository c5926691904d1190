"""The words that pages use for the vocabulary, and the tone that goes with a state."""

from flask_babel import lazy_gettext as _l

from models.vocabulary import MailPreference, Role, State

STATES: dict[State, str] = {
    State.draft: _l("Draft"),
    State.submitted: _l("Submitted"),
    State.approved: _l("Approved"),
    State.executed: _l("Reported"),
    State.accepted: _l("Accepted"),
    State.reimbursed: _l("Reimbursed"),
    State.withdrawn: _l("Withdrawn"),
    State.rejected: _l("Rejected"),
    State.expired: _l("Expired"),
}
TONES: dict[State, str] = {
    State.draft: "quiet",
    State.submitted: "waiting",
    State.approved: "active",
    State.executed: "waiting",
    State.accepted: "active",
    State.reimbursed: "done",
    State.withdrawn: "quiet",
    State.rejected: "stopped",
    State.expired: "stopped",
}
"""How a state looks: quiet, waiting (for the vendor), active, done or stopped."""

PATH = (
    State.draft,
    State.submitted,
    State.approved,
    State.executed,
    State.accepted,
    State.reimbursed,
)
"""The straight way through a claim's life, as the progress line shows it."""

ROLES: dict[Role, str] = {
    Role.partner: _l("Partner"),
    Role.approver: _l("Approver"),
    Role.finance: _l("Finance"),
    Role.auditor: _l("Auditor"),
    Role.manager: _l("Programme manager"),
    Role.scheduler: _l("Scheduler"),
}
MAIL_PREFERENCES: dict[MailPreference, str] = {
    MailPreference.at_once: _l("At once"),
    MailPreference.daily: _l("Once a day, all in one mail"),
    MailPreference.in_app: _l("Never, I read them here"),
}


def state_label(state: State) -> str:
    """Return what people call a state."""
    return str(STATES[state])


def role_label(role: Role) -> str:
    """Return what people call a role."""
    return str(ROLES[role])
