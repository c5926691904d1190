"""The words that are stored: states, triggers, roles, buckets.

Every name equals its value; `return_` and `raise_` alone differ, because these are keywords.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a claim stands (rulebook, States and transitions)."""

    draft = "draft"
    submitted = "submitted"
    approved = "approved"
    executed = "executed"
    accepted = "accepted"
    reimbursed = "reimbursed"
    withdrawn = "withdrawn"
    rejected = "rejected"
    expired = "expired"


class Trigger(StrEnum):
    """What moves a claim from one state to another."""

    submit = "submit"
    withdraw = "withdraw"
    return_ = "return"
    reject = "reject"
    endorse = "endorse"
    approve = "approve"
    report = "report"
    rework = "rework"
    accept = "accept"
    reimburse = "reimburse"
    expire = "expire"
    reinstate = "reinstate"
    dispute = "dispute"
    amend = "amend"
    raise_ = "raise"
    reopen = "reopen"
    pay_part = "pay_part"
    payment_failed = "payment_failed"
    claw_back = "claw_back"


class Role(StrEnum):
    """What a person (or the scheduler) is entitled to do."""

    partner = "partner"
    approver = "approver"
    finance = "finance"
    auditor = "auditor"
    manager = "manager"
    scheduler = "scheduler"


class Bucket(StrEnum):
    """Where a fund's money is. Entries move it from one bucket to another."""

    unallocated = "unallocated"
    available = "available"
    reserved = "reserved"
    paid = "paid"


class EntryKind(StrEnum):
    """Why money moved between two buckets."""

    allocate = "allocate"
    reduce = "reduce"
    reserve = "reserve"
    shrink = "shrink"
    release = "release"
    pay = "pay"
    unpay = "unpay"
    claw_back = "claw_back"


class LineKind(StrEnum):
    """Whether a line was planned or billed."""

    planned = "planned"
    actual = "actual"


class TaskKind(StrEnum):
    """What somebody of the vendor has to do with a claim."""

    decide = "decide"
    accept = "accept"
    reconsider = "reconsider"
    pay = "pay"


class JobKind(StrEnum):
    """What is done to each item of a job."""

    decide = "decide"
    give_back = "give_back"
    reassign = "reassign"
    record_answers = "record_answers"
    read_import = "read_import"
    apply_import = "apply_import"
    what_if = "what_if"
    count_rules = "count_rules"
    make_package = "make_package"
    verify_history = "verify_history"
    draw_sample = "draw_sample"
    export = "export"


class ImportKind(StrEnum):
    """What the rows of a file that is imported, or exported, are about."""

    partners = "partners"
    users = "users"
    certificates = "certificates"
    performance = "performance"
    allocations = "allocations"


class RowVerdict(StrEnum):
    """What becomes of a row that is imported."""

    wrong = "wrong"
    changed = "changed"
    new = "new"
    same = "same"


class FindingVerdict(StrEnum):
    """What an auditor found of a claim of a sample."""

    in_order = "in_order"
    exception = "exception"


class SearchKind(StrEnum):
    """What an auditor searches, keeps searches of, and exports."""

    claims = "claims"
    moves = "moves"
    refused = "refused"
    acts = "acts"
    ledger = "ledger"


class ExportForm(StrEnum):
    """The kinds of file that an export is made as, by the end of their names."""

    csv = "csv"
    xlsx = "xlsx"
    jsonl = "jsonl"


class FlipKind(StrEnum):
    """How a rule comes out by another policy than a claim's own.

    It `breaks`; it `lowers` the amount and then holds; a fact that it asks for `lacks`; it `holds` now.
    """

    breaks = "breaks"
    lowers = "lowers"
    lacks = "lacks"
    holds = "holds"


class Effect(StrEnum):
    """What another policy makes of a claim: `same` where rules come out otherwise, and the claim does not."""

    refused = "refused"
    admitted = "admitted"
    less = "less"
    more = "more"
    lacking = "lacking"
    same = "same"


class RunState(StrEnum):
    """Where a payment run stands."""

    draft = "draft"
    released = "released"
    cancelled = "cancelled"


class LeftRun(StrEnum):
    """Why a claim is in a payment run no more."""

    by_hand = "by_hand"
    rejected = "rejected"
    failed = "failed"


class Personal(StrEnum):
    """Kinds of what a claim holds of persons, each kept and erased by itself (workflow/erasure/kinds.py)."""

    people_files = "people_files"
    receipts = "receipts"
    other_files = "other_files"
    texts = "texts"
    reasons = "reasons"
    thread = "thread"


class MessageKind(StrEnum):
    """What a message tells. What its figures hold stands in `models.messages.FIGURES`."""

    turn = "turn"
    decision = "decision"
    unassigned = "unassigned"
    vendor_fact_missing = "vendor_fact_missing"
    certificate_warning = "certificate_warning"
    reminder = "reminder"
    escalation = "escalation"
    amount_upheld = "amount_upheld"
    account_entered = "account_entered"
    account_waiting = "account_waiting"
    account_decided = "account_decided"
    claw_back_waiting = "claw_back_waiting"
    run_waiting = "run_waiting"
    policy_waiting = "policy_waiting"
    erasure_waiting = "erasure_waiting"
    retention_set = "retention_set"
    hold_lifted = "hold_lifted"
    appointed = "appointed"
    policy_decided = "policy_decided"
    post = "post"
    history_alarm = "history_alarm"
    checkpoint = "checkpoint"
    import_done = "import_done"
    invitation = "invitation"
    password_reset = "password_reset"


class MailPreference(StrEnum):
    """How a user wants to be told."""

    at_once = "at_once"
    daily = "daily"
    in_app = "in_app"


class Delivery(StrEnum):
    """What became of a message's e-mail.

    `in_app` messages never had one to send; `off` ones had, but mail is off or their reader was deactivated.
    """

    in_app = "in_app"
    waiting = "waiting"
    sent = "sent"
    failed = "failed"
    off = "off"
