"""The words that pages use for the vocabulary, and the tone that goes with a state."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models.vocabulary import (
    Bucket,
    EntryKind,
    ImportKind,
    MailPreference,
    Personal,
    Role,
    State,
    TaskKind,
    Trigger,
)
from workflow.deductions import Deduction
from workflow.refusals import STATES as IN_SENTENCE
from workflow.verdicts import Outcome

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
TRIGGERS: dict[Trigger, str] = {
    Trigger.submit: _l("Submitted"),
    Trigger.withdraw: _l("Withdrawn"),
    Trigger.return_: _l("Returned"),
    Trigger.reject: _l("Rejected"),
    Trigger.endorse: _l("Endorsed"),
    Trigger.approve: _l("Approved"),
    Trigger.report: _l("Reported"),
    Trigger.rework: _l("Sent back for rework"),
    Trigger.accept: _l("Accepted"),
    Trigger.reimburse: _l("Paid"),
    Trigger.expire: _l("Expired"),
    Trigger.reinstate: _l("Reinstated"),
    Trigger.dispute: _l("Disputed"),
    Trigger.amend: _l("Amended"),
    Trigger.raise_: _l("Raised"),
    Trigger.reopen: _l("Reopened"),
    Trigger.pay_part: _l("Partly paid"),
    Trigger.payment_failed: _l("Payment failed"),
    Trigger.claw_back: _l("Clawed back"),
}
"""What people call a move that was made."""

ASKED: dict[Trigger, str] = {
    Trigger.submit: _l("Submit"),
    Trigger.withdraw: _l("Withdraw"),
    Trigger.return_: _l("Return"),
    Trigger.reject: _l("Reject"),
    Trigger.endorse: _l("Endorse"),
    Trigger.approve: _l("Approve"),
    Trigger.report: _l("Report"),
    Trigger.rework: _l("Ask for rework"),
    Trigger.accept: _l("Accept"),
    Trigger.reimburse: _l("Pay"),
    Trigger.expire: _l("Expire"),
    Trigger.reinstate: _l("Reinstate"),
    Trigger.dispute: _l("Dispute"),
    Trigger.amend: _l("Amend"),
    Trigger.raise_: _l("Raise"),
    Trigger.reopen: _l("Reopen"),
    Trigger.pay_part: _l("Pay a part"),
    Trigger.payment_failed: _l("Record a failed payment"),
    Trigger.claw_back: _l("Claw back"),
}
"""What people call a move that is asked for."""

SUMS: dict[str, str] = {
    "requested": _l("Asked for"),
    "approved": _l("Granted"),
    "reimbursable": _l("To be reimbursed"),
    "reserved": _l("Reserved"),
    "paid": _l("Paid"),
}
"""What people call the sums of a claim, by the columns that hold them."""

OUTCOMES: dict[Outcome, str] = {
    Outcome.broken: _l("Broken"),
    Outcome.unknown: _l("Not yet known"),
    Outcome.holds: _l("Held"),
}
"""How rules came out."""

TASKS: dict[TaskKind, str] = {
    TaskKind.decide: _l("Decide"),
    TaskKind.accept: _l("Check the report"),
    TaskKind.reconsider: _l("Look at the amount again"),
    TaskKind.pay: _l("Pay"),
}
DEDUCTIONS: dict[Deduction, str] = {
    Deduction.share: _l("Above the share of the costs"),
    Deduction.cap: _l("Above the most for one activity"),
    Deduction.available: _l("More than is available"),
    Deduction.price: _l("Price too high"),
    Deduction.scope: _l("More than the activity needs"),
    Deduction.not_eligible: _l("Cost not eligible"),
    Deduction.budget: _l("Budget of the programme"),
    Deduction.other: _l("Another reason, as written"),
}
"""What people call the reasons why less is granted, or paid."""

ENTRIES: dict[EntryKind, str] = {
    EntryKind.allocate: _l("Allocated"),
    EntryKind.reduce: _l("Taken back"),
    EntryKind.reserve: _l("Reserved"),
    EntryKind.shrink: _l("Reserve shrunk"),
    EntryKind.release: _l("Reserve released"),
    EntryKind.pay: _l("Paid"),
    EntryKind.unpay: _l("Payment failed"),
    EntryKind.claw_back: _l("Clawed back"),
}
BUCKETS: dict[Bucket, str] = {
    Bucket.unallocated: _l("unallocated"),
    Bucket.available: _l("available"),
    Bucket.reserved: _l("reserved"),
    Bucket.paid: _l("paid"),
}
IMPORT_KINDS: dict[ImportKind, str] = {
    ImportKind.partners: _l("Partners"),
    ImportKind.users: _l("Users"),
    ImportKind.certificates: _l("Certificates"),
    ImportKind.performance: _l("Performance"),
    ImportKind.allocations: _l("Allocations"),
}
PERSONAL: dict[Personal, str] = {
    Personal.people_files: _l("Files that name or show people"),
    Personal.receipts: _l("Invoices and contracts"),
    Personal.other_files: _l("Other files"),
    Personal.texts: _l("Audience, objective and contact"),
    Personal.reasons: _l("Reasons and comments"),
    Personal.thread: _l("Messages and their files"),
}
"""What is of persons in a claim, by the kinds that are kept and erased by themselves."""

MAIL_PREFERENCES: dict[MailPreference, str] = {
    MailPreference.at_once: _l("At once"),
    MailPreference.daily: _l("Once a day, all in one mail"),
    MailPreference.in_app: _l("Never, I read them here"),
}


def state_label(state: State) -> str:
    """Return what people call a state."""
    return str(STATES[state])


def state_words(state: State) -> str:
    """Return what is said of a claim in a state, within a sentence: `a draft`, `reported`."""
    return str(gettext(IN_SENTENCE[state]))


def role_label(role: Role) -> str:
    """Return what people call a role."""
    return str(ROLES[role])


def trigger_label(trigger: Trigger) -> str:
    """Return what people call a move that was made."""
    return str(TRIGGERS[trigger])


def asked_label(trigger: Trigger) -> str:
    """Return what people call a move that is asked for."""
    return str(ASKED[trigger])


def task_label(kind: TaskKind) -> str:
    """Return what people call a task."""
    return str(TASKS[kind])


def entry_label(kind: EntryKind) -> str:
    """Return what people call a movement of money."""
    return str(ENTRIES[kind])


def bucket_label(bucket: Bucket) -> str:
    """Return what people call where money is."""
    return str(BUCKETS[bucket])
