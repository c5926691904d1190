"""What every kind of administrative act is called, and the sentence that tells one."""

from typing import NamedTuple

from flask_babel import lazy_gettext as _l


class ActWords(NamedTuple):
    """What a kind of act is called, and the sentence that tells one. It takes the act's figures as words."""

    name: str
    sentence: str


ACTS: dict[str, ActWords] = {
    "programme_set_up": ActWords(
        _l("Programme set up"), _l("Set up {name} of {owner}, in the time zone {time_zone}.")
    ),
    "partner_added": ActWords(
        _l("Partner added"), _l("Put {partner} on file: {partner_type}, country {country}.")
    ),
    "partner_changed": ActWords(
        _l("Partner changed"), _l("Changed what is on file of {partner}: {changes}.")
    ),
    "period_opened": ActWords(
        _l("Period opened"), _l("Opened the JMF period {code}, {first_day} to {last_day}.")
    ),
    "period_corrected": ActWords(_l("Period corrected"), _l("Corrected the JMF period {period}: {changes}.")),
    "period_closed": ActWords(_l("Period closed"), _l("Closed the JMF period {code}.")),
    "period_reopened": ActWords(_l("Period reopened"), _l("Opened the JMF period {code} again.")),
    "fund_allocated": ActWords(
        _l("Money allocated"),
        _l("Allocated {amount} USD to {partner} for {period}: {available_after} USD available from then on."),
    ),
    "fund_reduced": ActWords(
        _l("Money taken back"),
        _l("Took {amount} USD back from {partner} for {period}: {available_after} USD left available."),
    ),
    "certificate_recorded": ActWords(
        _l("Certificate recorded"), _l("Recorded a certificate of {partner}, {valid_from} to {valid_until}.")
    ),
    "certificate_corrected": ActWords(
        _l("Certificate corrected"),
        _l("Corrected a certificate of {partner}: {valid_from} to {valid_until}, revoked on: {revoked_on}."),
    ),
    "performance_recorded": ActWords(
        _l("Performance recorded"),
        _l("Recorded the performance of {partner} in {period}: {achieved} USD of {required} USD."),
    ),
    "performance_corrected": ActWords(
        _l("Performance corrected"),
        _l("Corrected the performance of {partner} in {period}: {achieved} USD of {required} USD."),
    ),
    "policy_loaded": ActWords(
        _l("Policy loaded"), _l("Loaded the policy version in force from {first_day}.")
    ),
    "policy_proposed": ActWords(
        _l("Policy proposed"), _l("Proposed to publish the policy “{name}” from {first_day} on.")
    ),
    "policy_published": ActWords(
        _l("Policy published"),
        _l("Published the policy “{name}”, in force from {first_day}. Proposed by {proposed_by}."),
    ),
    "policy_turned_down": ActWords(
        _l("Policy turned down"), _l("Turned down to publish a policy from {first_day} on.")
    ),
    "policy_withdrawal_proposed": ActWords(
        _l("Withdrawal of a policy proposed"),
        _l("Proposed to withdraw the policy version in force from {first_day}."),
    ),
    "policy_withdrawn": ActWords(
        _l("Policy withdrawn"),
        _l("Withdrew the policy version in force from {first_day}. Proposed by {proposed_by}."),
    ),
    "policy_withdrawal_turned_down": ActWords(
        _l("Withdrawal of a policy turned down"),
        _l("Turned down to withdraw the policy version in force from {first_day}."),
    ),
    "user_invited": ActWords(_l("User invited"), _l("Put {user} on file as {roles}.")),
    "link_issued": ActWords(_l("Link issued"), _l("Issued a link for {user} to set a password.")),
    "user_changed": ActWords(_l("User changed"), _l("Changed {user}: {changes}.")),
    "user_deactivated": ActWords(_l("User deactivated"), _l("Deactivated {user}.")),
    "user_reactivated": ActWords(_l("User reactivated"), _l("Let {user} in again.")),
    "user_unlocked": ActWords(_l("User unlocked"), _l("Unlocked the sign-in of {user}.")),
    "task_reassigned": ActWords(
        _l("Task reassigned"), _l("Gave a task on {claim} ({task}) from {before} to {after}.")
    ),
    "task_taken": ActWords(
        _l("Task taken over"), _l("{after} took a task on {claim} ({task}) over from {before}.")
    ),
    "task_given_back": ActWords(_l("Task given back"), _l("{before} gave a task on {claim} ({task}) back.")),
    "task_moved_on": ActWords(
        _l("Task moved on"),
        _l("A task on {claim} ({task}) went from {before} to {after}, because of who is out of office."),
    ),
    "claw_back_proposed": ActWords(
        _l("Claw-back proposed"), _l("Proposed to claw back {amount} USD{taken_in} from {number}.")
    ),
    "claw_back_turned_down": ActWords(
        _l("Claw-back turned down"), _l("Turned down to claw back {amount} USD{taken_in} from {number}.")
    ),
    "group_saved": ActWords(
        _l("Group of approvers saved"), _l("Saved the group of approvers {group}: {changes}.")
    ),
    "route_saved": ActWords(_l("Routing rule saved"), _l("Saved a routing rule: {changes}.")),
    "route_removed": ActWords(_l("Routing rule removed"), _l("Removed a routing rule: {rule}.")),
    "plan_corrected": ActWords(
        _l("Plan corrected"), _l("Corrected what no rule reads of the plan of {claim}: {fields}. {changes}")
    ),
    "amount_disputed": ActWords(
        _l("Amount disputed"), _l("Disputed that {approved} USD of {requested} USD was granted for {claim}.")
    ),
    "amount_upheld": ActWords(
        _l("Amount upheld"), _l("Let the {approved} USD stand that was granted for {claim}.")
    ),
    "outcomes_reported": ActWords(
        _l("Outcomes reported"),
        _l(
            "Reported what came of {claim}: leads: {leads}, meetings: {meetings},"
            " revenue: {revenue} {currency}{worth}."
        ),
    ),
    "document_shared": ActWords(
        _l("Shared invoice declared"),
        _l("Declared the invoice {invoice_number} of {supplier} as shared: {total} {currency} in all."),
    ),
    "document_unshared": ActWords(
        _l("Shared invoice taken back"),
        _l("Took back that the invoice {invoice_number} of {supplier} is shared: {total} {currency} in all."),
    ),
    "account_entered": ActWords(
        _l("Bank account entered"),
        _l(
            "Entered the bank account {account} of {partner}, in {currency}, BIC: {bic}."
            " In force until then: {replaces}.{withdrawn}"
        ),
    ),
    "account_confirmed": ActWords(
        _l("Bank account confirmed"), _l("Confirmed the bank account {account} of {partner}, in {currency}.")
    ),
    "account_refused": ActWords(
        _l("Bank account refused"), _l("Refused the bank account {account} of {partner}, in {currency}.")
    ),
    "run_collected": ActWords(
        _l("Payment run collected"),
        _l(
            "Collected {run}, to be paid on {due_on} to accounts in {currency}:"
            " {amount} USD, claims: {number}."
        ),
    ),
    "run_claim_taken_out": ActWords(
        _l("Claim taken out of a run"), _l("Took {claim} out of {run}: {amount} USD{ordered}.")
    ),
    "run_released": ActWords(
        _l("Payment run released"),
        _l("Released {run}, to be paid on {due_on}: {amount} USD{ordered}, claims: {number}."),
    ),
    "run_payment_rejected": ActWords(
        _l("Payment rejected by the bank"),
        _l("Took {claim} out of {run}, because the bank rejected its payment: {amount} USD{ordered}."),
    ),
    "bank_file_read": ActWords(
        _l("Bank’s answers read"), _l("Read the bank’s answers on {run} in {file}, payments: {number}.")
    ),
    "bank_file_recorded": ActWords(
        _l("Bank’s answers recorded"),
        _l(
            "Recorded from the bank’s file {file} on {run}: {paid} paid, {rejected} rejected,"
            " {failed} came back, {left} could not be recorded."
        ),
    ),
    "run_cancelled": ActWords(
        _l("Payment run cancelled"),
        _l("Cancelled {run}. Not paid with it: {amount} USD{ordered}, claims: {number}."),
    ),
    "run_exported": ActWords(
        _l("Payment run exported"), _l("Exported {run} as {file}: {amount} USD{ordered}, claims: {number}.")
    ),
    "rate_recorded": ActWords(
        _l("Exchange rate recorded"),
        _l(
            "Recorded that {usd} USD and {local} {currency} were worth the same on {day}."
            " Source: {source}.{off}"
        ),
    ),
    "rates_loaded": ActWords(
        _l("Exchange rates loaded"),
        _l("Loaded exchange rates of {first_day} to {last_day}: {number}. Source: {source}."),
    ),
    "import_applied": ActWords(
        _l("File imported"),
        _l("Imported {import_kind} from {file}: {new} new, {changed} changed, {same} as they were."),
    ),
    "package_asked": ActWords(
        _l("Audit package asked for"), _l("Asked for an audit package: all of history in one file.")
    ),
    "sample_asked": ActWords(
        _l("Sample asked for"),
        _l("Asked for a sample ({method}): {size} claims, seed “{seed_text}”. Drawn from: {chosen}."),
    ),
    "sample_drawn": ActWords(
        _l("Sample drawn"),
        _l("Drew sample {sample} by checkpoint {checkpoint}: {taken} of {claims} claims."),
    ),
    "deadlines_set": ActWords(_l("Deadlines set"), _l("Set the deadlines of tasks: {changes}.")),
    "absence_recorded": ActWords(
        _l("Absence recorded"),
        _l("{user} is out of office {first_day} to {last_day}. Substitute: {substitute}, up to: {limit}."),
    ),
    "erased": ActWords(_l("Personal data erased"), _l("Erased from {claim}: {erased}. {because}")),
    "retention_set": ActWords(_l("Retention set"), _l("Set how long personal data is kept: {changes}.")),
    "erasure_proposed": ActWords(
        _l("Erasure proposed"), _l("Proposed to erase from {claim}, on request {reference}: {kinds}.")
    ),
    "erasure_turned_down": ActWords(
        _l("Erasure turned down"), _l("Turned down to erase from {claim} on request {reference}.")
    ),
    "user_erasure_proposed": ActWords(
        _l("Erasure of a user proposed"),
        _l("Proposed to erase who {user} was, on request {reference}."),
    ),
    "user_erasure_turned_down": ActWords(
        _l("Erasure of a user turned down"),
        _l("Turned down to erase who {user} was, on request {reference}."),
    ),
    "user_erased": ActWords(_l("User erased"), _l("Erased who {user} was. {because}")),
    "hold_set": ActWords(_l("Legal hold set"), _l("Set a legal hold on {held}: nothing of it is erased.")),
    "hold_lifted": ActWords(_l("Legal hold lifted"), _l("Lifted the legal hold on {held} of {set_on}.")),
    "absence_called_off": ActWords(
        _l("Absence called off"), _l("Called off the absence of {user}, {first_day} to {last_day}.")
    ),
}
"""Every kind of administrative act."""
