"""What every message says: a table per kind, whose sentences take the message's figures as text."""

from collections.abc import Mapping
from typing import NamedTuple

from models.vocabulary import MessageKind, State, TaskKind, Trigger


class Sentences(NamedTuple):
    """What happened, and what comes next. Both take the message's figures as text."""

    headline: str
    next_step: str


DECISIONS: Mapping[Trigger, Sentences] = {
    Trigger.approve: Sentences(
        "{claim} is approved for {approved}.",
        "Carry it out as planned. Then report the actual costs and add the evidence.",
    ),
    Trigger.return_: Sentences(
        "{claim} came back to you.", "Put right what the reason asks for, then submit it again."
    ),
    Trigger.reject: Sentences(
        "{claim} was rejected.", "It goes no further. You can copy it into a new draft at any time."
    ),
    Trigger.rework: Sentences(
        "The report of {claim} is not complete yet.", "Add what is missing, then send the report again."
    ),
    Trigger.raise_: Sentences(
        "{claim} is now approved for {approved}.", "You have nothing to do for it. Go on as planned."
    ),
    Trigger.accept: Sentences(
        "{claim} is accepted: {reimbursable} will be reimbursed.",
        "You have nothing to do. Finance pays it next.",
    ),
    Trigger.reimburse: Sentences(
        "{claim} is paid: {reimbursable} on {paid_on}.",
        "You have nothing to do. The payment bears the reference {payment_reference}.",
    ),
    Trigger.pay_part: Sentences(
        "A part of {claim} is paid: {amount} on {paid_on}.",
        "You have nothing to do. The payment bears the reference {payment_reference}. The rest comes later.",
    ),
    Trigger.payment_failed: Sentences(
        "A payment of {claim} did not arrive: {amount}.",
        "It is still owed and will be paid again. The reason says whether you have to do anything.",
    ),
    Trigger.claw_back: Sentences(
        "{amount} of what was paid for {claim} is clawed back.",
        "The reason says why, and what you have to do.",
    ),
    Trigger.reopen: Sentences(
        "{claim} is reopened: its report is checked once more.",
        "You have nothing to do yet. The reason says what is looked at.",
    ),
}
"""Decisions that read the same in every case. The two below depend on a figure."""

LAST_PART = Sentences(
    "The rest of {claim} is paid: {amount} on {paid_on}.", DECISIONS[Trigger.reimburse].next_step
)
"""What is told of a reimbursement where a part was paid before."""

EXPIRIES: Mapping[str, Sentences] = {
    "certification": Sentences(
        "{claim} expired, because certification lapsed.",
        "If you were certified all along, ask the programme managers to record the certificate. "
        "They can reinstate the claim then.",
    ),
    "report_within_days": Sentences(
        "{claim} expired, because its report is overdue.",
        "If you still want to report it, ask the programme managers to reinstate it.",
    ),
}

REINSTATEMENTS: Mapping[State, Sentences] = {
    State.submitted: Sentences("{claim} is reinstated.", "You have nothing to do. It waits for a decision."),
    State.approved: Sentences(
        "{claim} is reinstated.",
        "Go on with it: carry it out as planned, then report the actual costs and add the evidence.",
    ),
    State.executed: Sentences(
        "{claim} is reinstated.", "You have nothing to do. Its report waits to be accepted."
    ),
}

TURNS: Mapping[TaskKind, Sentences] = {
    TaskKind.decide: Sentences(
        "Please decide {claim} of {partner}: {amount} is asked for.", "Approve it, return it or reject it."
    ),
    TaskKind.accept: Sentences(
        "Please check the report of {claim} of {partner}: {amount} was granted.",
        "Look at its costs and evidence, then accept it, ask for rework or reject it.",
    ),
    TaskKind.reconsider: Sentences(
        "Please look again at what was granted for {claim} of {partner}: {amount} is asked for.",
        "Raise it, or let it stand with a reason.",
    ),
    TaskKind.pay: Sentences(
        "Please pay {claim} of {partner}: {amount}.",
        "Record the day of payment and its reference once it is paid.",
    ),
}

CAUSES: Mapping[str, str] = {
    "reassign": "A programme manager gave this task to you.",
    Trigger.endorse: "It was endorsed before: yours is the next tier.",
    "moved_on": "Its holder cannot do it now, so it came to you.",
    Trigger.reinstate: "The claim had expired and was reinstated.",
    "dispute_amount": "The partner disputes the amount, so somebody else looks at it.",
    Trigger.amend: "It was approved before; its partner has changed the plan since.",
    Trigger.dispute: "The partner disputes how it was decided before, so somebody else decides now.",
    Trigger.payment_failed: "A payment failed: this is what is owed now.",
    Trigger.reopen: "Finance reopened the claim: the reason is on its page.",
}
"""How the task came, where that is not plain from the task itself."""

STANDS_IN = "You stand in for {on_behalf_of}, who is out of office."

UNASSIGNED: Mapping[TaskKind, str] = {
    TaskKind.decide: "{claim} of {partner} waits: nobody is entitled to decide it.",
    TaskKind.accept: "{claim} of {partner} waits: nobody is entitled to accept it.",
    TaskKind.reconsider: "{claim} of {partner} waits: nobody is entitled to look at its amount again.",
    TaskKind.pay: "{claim} of {partner} waits: nobody is entitled to pay it.",
}

UNASSIGNED_WHY: Mapping[str, str] = {
    "no_approver": "It needs an approver of another organisation than the partner's who can sign in. "
    "Invite one, or give somebody the role.",
    "no_finance": "It needs somebody in finance who can sign in, of another organisation than the "
    "partner's, who did not accept it. Invite one, or give somebody the role.",
    "above_limits": "Its amount is above the limit of every approver who may decide it. "
    "Raise somebody's limit, or invite somebody who may decide it.",
    "not_named": "Nobody whom the routing rules name for it may decide it. Change its route, or reassign it.",
    "all_absent": "Everybody who may do it is out of office, without a substitute who may. "
    "It goes to the first who is back.",
}

VENDOR_FACT = Sentences(
    "{partner} cannot go on with {claim}: a record of ours is missing.",
    "Record it, so that the partner can go on. The partner is not at fault.",
)

MISSING: Mapping[str, str] = {
    "fund": "A fund for the JMF period {period}",
    "performance": "The performance record for the JMF period {period}",
    "period": "An open JMF period that holds {day}",
    "certificate": "A certificate for the days of the claim",
    "country_limit": "A limit for promotional items in the partner's country, as a new policy version",
}

CERTIFICATE_WARNING = Sentences(
    "The certification of {partner} ends on {last_day}.",
    "Renew it in time: the claims listed here expire once it lapses. "
    "If it is renewed already, ask the programme managers to record the new certificate.",
)
CERTIFICATE_WARNING_WITHOUT_CLAIMS = Sentences(
    CERTIFICATE_WARNING.headline,
    "No claim of yours is at risk yet. "
    "If it is renewed already, ask the programme managers to record the new certificate.",
)

REMINDERS: Mapping[bool, Sentences] = {
    False: Sentences("{claim} of {partner} waits for you: {amount}, due by {due_on}.", "{to_do}"),
    True: Sentences("{claim} of {partner} waits for you: {amount}. It was due by {due_on}.", "{to_do}"),
}
"""What is told of a task that will be late, or is."""

TO_DO: Mapping[TaskKind, str] = {
    TaskKind.decide: "Please decide it, or give it back with the reason.",
    TaskKind.reconsider: "Please raise it or let it stand, or give it back with the reason.",
    TaskKind.accept: "Please check its report, or give it back with the reason.",
    TaskKind.pay: "Please record its payment once it is paid.",
}

ESCALATIONS: Mapping[TaskKind, str] = {
    TaskKind.decide: "{claim} of {partner} is late: its decision was due by {due_on}.",
    TaskKind.reconsider: "{claim} of {partner} is late: its amount was to be looked at by {due_on}.",
    TaskKind.accept: "{claim} of {partner} is late: its report was to be checked by {due_on}.",
    TaskKind.pay: "{claim} of {partner} is late: it was to be paid by {due_on}.",
}

ESCALATED = "{holder} holds the task and can still do it. Ask them, or have a programme manager reassign it."
ESCALATED_OF_ALL = "Everybody in finance can still do it. Ask who pays it."
ESCALATED_OF_NOBODY = "Nobody is entitled to it yet: a programme manager sees why."

UPHELD = Sentences(
    "What was granted for {claim} stands: {approved}.",
    "Somebody else has looked at it again. The reason is on the claim's page. Go on with it as planned.",
)

ACCOUNTS: Mapping[MessageKind, Sentences] = {
    MessageKind.account_entered: Sentences(
        "{entered_by} entered the bank account {account} for {partner}.",
        "Payments to you wait until somebody of the programme owner has confirmed it. "
        "If nobody of yours wanted this, call the programme managers at once.",
    ),
    MessageKind.account_waiting: Sentences(
        "The bank account {account} of {partner} waits to be confirmed.",
        "Ask the partner whether it is right, by a telephone number that you knew before; then confirm or "
        "refuse it. Payments to the partner are held until then.",
    ),
}

TO_RELEASE: Mapping[MessageKind, Sentences] = {
    MessageKind.claw_back_waiting: Sentences(
        "{proposed_by} proposes to claw back {amount} from {claim} of {partner}.",
        "Release it, or turn it down with a reason. Its reason is on the page.",
    ),
    MessageKind.run_waiting: Sentences(
        "{collected_by} collected the payment run {run}: {amount}, to be paid on {day}.",
        "Look at its claims and accounts, then release it. Nothing is paid until somebody does.",
    ),
}

POLICY_WAITING: Mapping[bool, Sentences] = {
    True: Sentences(
        "{proposed_by} proposes to publish the policy “{name}” from {day} on.",
        "Look at what it changes, then publish it, or turn it down with a reason.",
    ),
    False: Sentences(
        "{proposed_by} proposes to withdraw the policy version that starts on {day}.",
        "Withdraw it before that day, or turn it down with a reason.",
    ),
}
"""By whether a draft is to be published; else a version is to be withdrawn."""

ERASED = "This was erased."
"""What stands where a message quoted what was erased since."""

RETENTION_SET: Mapping[bool, Sentences] = {
    True: Sentences(
        "{set_by} changed how long personal data is kept: more is erased from {day} on.",
        "The page names what goes. Until then managers can change it, and a legal hold keeps what is needed.",
    ),
    False: Sentences(
        "{set_by} changed how long personal data is kept. Nothing is erased sooner.",
        "You have nothing to do.",
    ),
}
"""By whether anything is erased sooner than before."""

HOLD_LIFTED = Sentences(
    "{lifted_by} lifted the legal hold on {held} that you set on {set_on}.",
    "What is past its time is erased from now on. Set it again if it is needed still.",
)

APPOINTED: Mapping[bool, Sentences] = {
    True: Sentences("{user} is {gained} now.", "If you know of no reason for it, ask who did it."),
    False: Sentences(
        "An import gave {number} people a role as {gained}.",
        "If you know of no reason for it, ask who did it.",
    ),
}
"""By whether it is about one person."""

ERASURE_WAITING: Mapping[bool, Sentences] = {
    True: Sentences(
        "{proposed_by} proposes to erase personal data of {of_claim}, on request {reference}.",
        "Look at what it covers, then confirm it, or turn it down with a reason.",
    ),
    False: Sentences(
        "{proposed_by} proposes to erase who a former user was, on request {reference}.",
        "Confirm it, or turn it down with a reason.",
    ),
}
"""By whether it is of a claim; else it is of a user."""

A_CLAIM = "a claim"
"""What a claim without a number is called."""

POLICY_DECIDED: Mapping[str, Sentences] = {
    "policy_published": Sentences(
        "{decided_by} published the policy “{name}”.", "It is in force from {day} on. You have nothing to do."
    ),
    "policy_withdrawn": Sentences(
        "{decided_by} withdrew the policy version that was to start on {day}.",
        "The version before stays in force. You have nothing to do.",
    ),
    "policy_turned_down": Sentences(
        "{decided_by} did not publish the policy “{name}”.",
        "It is a draft again. Change what the reason asks for, then propose it again.",
    ),
    "policy_withdrawal_turned_down": Sentences(
        "{decided_by} did not withdraw the policy version that starts on {day}.",
        "It comes into force on that day. The reason says why.",
    ),
}
"""What became of a proposal, by the kind of the act."""

ACCOUNT_DECIDED: Mapping[bool, Sentences] = {
    True: Sentences(
        "The bank account {account} of {partner} is confirmed.", "Payments go there from now on."
    ),
    False: Sentences(
        "The bank account {account} of {partner} was refused.",
        "Nothing is paid there. Enter another one if the account on file is not right.",
    ),
}

POSTS: Mapping[bool, Sentences] = {
    False: Sentences(
        "{author} wrote to you about {claim} of {partner}.", "Read it, and answer, on the claim's page."
    ),
    True: Sentences(
        "{author} left you an internal note on {claim} of {partner}.",
        "Read it, and answer, on the claim's page. {partner} does not see it.",
    ),
}
"""What is told of a post, by whether it is internal."""

PROOF: Mapping[MessageKind, Sentences] = {
    MessageKind.history_alarm: Sentences(
        "The history of claims does not verify: {first}.",
        "Things that do not agree: {found}. Keep a copy of database and backups as they are, and find out "
        "who could write to the database. Checkpoints that were kept elsewhere tell what is genuine.",
    ),
    MessageKind.checkpoint: Sentences(
        "History is sealed up to {made_at} by checkpoint {checkpoint}.",
        "Keep this message where nobody of the programme owner can change it. With it, anybody can prove "
        "that nothing up to then was changed or taken away since.",
    ),
}

IMPORTS: Mapping[str, Sentences] = {
    "done": Sentences("{file} from the import folder is imported.", "Open it to see every row."),
    "same": Sentences("{file} from the import folder brought nothing new.", "Nothing needs to be done."),
    "wrong": Sentences(
        "{file} from the import folder is not imported: rows are wrong.",
        "Nothing of it was written. Open it to see every line, then put a corrected file there.",
    ),
    "unreadable": Sentences(
        "{file} from the import folder cannot be read.",
        "Nothing of it was written. Open it to see why, then put a corrected file there.",
    ),
}
"""What is told of a file of the import folder, by its outcome."""

LINKS: Mapping[MessageKind, Sentences] = {
    MessageKind.invitation: Sentences(
        "You are invited.", "Choose your password to begin. The link works once, until {ends_at}."
    ),
    MessageKind.password_reset: Sentences(
        "You can choose a new password.",
        "The link works once, until {ends_at}. If you did not ask for it, you can ignore this mail.",
    ),
}

FACT_LABELS: Mapping[str, str] = {
    "partner": "Partner",
    "requested": "Asked for",
    "approved": "Granted",
    "reimbursable": "To be reimbursed",
    "amount": "Amount",
    "paid_in": "Paid in your account's currency",
    "paid_on": "Paid on",
    "payment_reference": "Payment reference",
    "report_by": "Report by",
    "resubmit_by": "Submit again by",
    "days": "Days left",
    "account": "Bank account",
    "currency": "Currency",
    "replaces": "In force until then",
    "withdrawn": "Waited until now, and is withdrawn",
    "entered_by": "Entered by",
    "by": "By",
    "payments": "Payments",
    "signed": "What was signed",
    "signature": "Its signature",
    "text": "Message",
    "new": "New rows",
    "changed": "Changed rows",
    "wrong": "Wrong rows",
}

_PAID = ("amount", "paid_in", "paid_on", "payment_reference")

FACTS_OF_DECISION: Mapping[Trigger, tuple[str, ...]] = {
    Trigger.approve: ("requested", "approved", "report_by"),
    Trigger.return_: ("requested", "resubmit_by"),
    Trigger.reject: ("requested",),
    Trigger.raise_: ("requested", "approved"),
    Trigger.rework: ("approved", "report_by"),
    Trigger.accept: ("requested", "approved", "reimbursable"),
    Trigger.reimburse: ("requested", "approved", "reimbursable", *_PAID),
    Trigger.claw_back: ("reimbursable", "amount"),
    Trigger.payment_failed: ("reimbursable", "amount", "paid_in", "payment_reference"),
    Trigger.pay_part: ("reimbursable", *_PAID),
    Trigger.expire: ("requested", "approved"),
    Trigger.reinstate: ("approved", "report_by"),
    Trigger.reopen: ("approved",),
}
