"""What is said where a move, or what is written before one, is refused."""

from workflow.refusal_sentences.sentence import Sentence

OF_MOVES: dict[str, Sentence] = {
    "rules": Sentence("The programme's rules do not allow this yet.", "Put right what is listed below."),
    "wrong_state": Sentence(
        "This claim is {state}, so this cannot be done now.", "Open the claim to see where it stands now."
    ),
    "stale": Sentence(
        "This claim has changed since you opened the page.", "Look at it as it stands now, then decide again."
    ),
    "not_yours": Sentence("This move is not yours to make.", "The claim's page says whose turn it is."),
    "not_assigned": Sentence(
        "This task is assigned to somebody else.", "A programme manager can reassign it."
    ),
    "frozen": Sentence(
        "This file was part of what was submitted, so it stays.", "Add a better one beside it."
    ),
    "own_organisation": Sentence(
        "This claim belongs to your own organisation.", "Somebody else has to take it over."
    ),
    "accepted_it": Sentence(
        "You accepted this claim, so somebody else has to pay it.", "Ask a colleague in finance."
    ),
    "accepted_for_you": Sentence(
        "This claim was accepted on your behalf, so somebody else has to pay it.",
        "Ask a colleague in finance.",
    ),
    "account_pending": Sentence(
        "The partner's bank account was changed and waits to be confirmed, so its payments are held.",
        "A second person in finance or a programme manager confirms or refuses it.",
    ),
    "in_draft_run": Sentence(
        "This claim is in the payment run {run}, which was not released yet.",
        "Take it out of the run first, or have the run released.",
    ),
    "in_released_run": Sentence(
        "All that is left of this claim is paid with the run {run}.",
        "Record it with the run, or cancel the run first.",
    ),
    "run_pays_another_amount": Sentence(
        "The run {run} pays {amount} for this claim, of which {left} is left to pay now.",
        "Cancel the run; then record what left the bank as a part.",
    ),
    "absence_over": Sentence(
        "You no longer stand in for whom this task belongs to.", "It goes back to them by itself."
    ),
    "above_limit": Sentence(
        "{amount} is more than the {limit} that you may decide on.",
        "Decide on at most {limit}, or give the task back: it then goes to somebody who may.",
    ),
    "line_why_missing": Sentence("Say why this cost is refused.", "The partner reads it."),
    "line_code_missing": Sentence("Choose why this cost is refused.", "The sums of the claim name it."),
    "line_open": Sentence("Cost line {number} is still open.", "Accept it, or refuse it with a reason."),
    "line_unproven": Sentence(
        "No invoice that meets the standard proves this cost.",
        "Choose the one that does, or refuse the cost.",
    ),
    "no_such_invoice": Sentence("This is no invoice of this claim.", "Choose one that is attached to it."),
    "reason_missing": Sentence("Say why.", "Write the reason; the partner will read it."),
    "field_missing": Sentence("This is still empty.", "Fill it in."),
    "ends_before_start": Sentence("The last day is before the first.", "Put the days in order."),
    "no_lines": Sentence("There is no line yet.", "Enter at least one cost line."),
    "line_sum": Sentence(
        "{amount} is not {quantity} × {unit_value}.", "Enter {product}, or correct quantity or unit value."
    ),
    "period_closed": Sentence(
        "The JMF period {period} is closed.", "Choose an open period, or ask the programme managers."
    ),
    "no_open_period": Sentence(
        "No JMF period is open for {day}.",
        "It is the programme owner's turn, the partner is not at fault: a programme manager has to open one.",
    ),
    "resubmit_late": Sentence(
        "The time to submit this claim again ended on {deadline}.", "Copy it into a new draft."
    ),
    "report_late": Sentence(
        "The report was due on {deadline}.",
        "The claim expires; a programme manager can reinstate it with a new day to report by.",
    ),
    "shared_other_currency": Sentence(
        "{document} is shared in {currency}, and this claim is in {other}.",
        "Take its cost line out, and enter the part in a claim in {currency}.",
    ),
    "shared_overdrawn": Sentence(
        "{document} is shared: of {total} other claims have taken {taken}, so {remains} remains, and this one"
        " takes {part}.",
        "Enter at most {remains} for it.",
    ),
    "shared_overaccepted": Sentence(
        "{document} is shared: of {total} other claims have taken {taken}, so {remains} remains, and this one"
        " takes {part}.",
        "Refuse the cost line, or ask for rework so that it takes at most {remains}.",
    ),
    "no_day_rate": Sentence(
        "The account is in {currency}, and no exchange rate of {paid_on}, or at most {most} days older, is on"
        " file.",
        "Record one first: it tells what the payment cost.",
    ),
    "no_rate": Sentence(
        "No exchange rate from {currency} to US dollars is on file.",
        "It is the programme owner's turn, not yours: a programme manager or somebody in finance has to"
        " record one that is at most {most} days old.",
    ),
    "rate_old": Sentence(
        "The latest exchange rate from {currency} to US dollars is of {day}: more than {most} days ago.",
        "It is the programme owner's turn, not yours: a programme manager or somebody in finance has to"
        " record a new one.",
    ),
    "no_policy": Sentence("No policy is in force on {day}.", "The programme managers have to load one."),
    "no_fund": Sentence(
        "The partner has no fund for the JMF period {period} yet.",
        "It is the programme owner's turn, the partner is not at fault: a programme manager has to allocate"
        " one.",
    ),
    "amount_missing": Sentence("Enter the amount to grant.", "Granting nothing is a rejection."),
    "above_requested": Sentence(
        "{approved} is more than the {requested} that was asked for.", "Grant at most {requested}."
    ),
    "above_endorsed": Sentence(
        "{approved} is more than the {endorsed} that was endorsed before.", "Grant at most {endorsed}."
    ),
    "last_tier": Sentence(
        "Yours is the last tier: nobody decides after you.", "Approve the claim, return it or reject it."
    ),
    "more_tiers": Sentence("Somebody else decides after you.", "Endorse the claim, return it or reject it."),
    "less_needs_reason": Sentence(
        "{approved} is less than the {offered} that could be granted.", "Say why, or grant {offered}."
    ),
    "nothing_to_reimburse": Sentence(
        "Nothing would be reimbursed.", "Accept at least one cost line, ask for rework, or reject the claim."
    ),
    "reference_missing": Sentence("Enter the payment reference.", "Every payment has one of its own."),
    "reference_used": Sentence(
        "Another payment already bears the reference {reference}.",
        "Enter this payment's own reference; capitals and blanks make no difference.",
    ),
    "part_missing": Sentence("Enter the amount that was paid.", "It is more than 0.00 USD."),
    "part_too_large": Sentence(
        "{amount} is not less than the {left} that is left to pay.",
        "Enter less, or record the payment of all that is left.",
    ),
    "paid_already": Sentence(
        "Something was paid for this claim already.", "Reopen a claim before anything is paid for it."
    ),
    "nothing_paid": Sentence("Nothing is paid for this claim.", "The claim's page shows its payments."),
    "no_such_payment": Sentence(
        "This claim has no payment with the reference {reference}.", "Choose one from the list."
    ),
    "failed_already": Sentence(
        "The payment {reference} failed already.", "Choose another one; a payment fails only once."
    ),
    "more_than_paid": Sentence("{amount} is more than the {paid} that is paid now.", "Enter at most {paid}."),
    "no_claw_back": Sentence(
        "Nobody proposes to claw anything back.", "Propose it; a colleague releases it."
    ),
    "proposed_it": Sentence(
        "You proposed this claw-back, so somebody else has to decide on it.", "Ask a colleague in finance."
    ),
    "paid_on_missing": Sentence("Enter the day of payment.", "Use the day the money left."),
    "paid_on_future": Sentence("{paid_on} is still to come.", "Record the payment once it was made."),
    "paid_on_early": Sentence(
        "{paid_on} is before the claim was accepted on {accepted_on}.", "Check the day of payment."
    ),
    "still_certified": Sentence("Nothing makes this claim expire today.", "Nothing needs to be done."),
    "gap_open": Sentence(
        "Certification still misses {first} to {last}.",
        "Record the certificate that covers these days first.",
    ),
    "deadline_needed": Sentence(
        "The report was due on {deadline}.", "Set a new day to report by: today or later."
    ),
    "deadline_past": Sentence("{deadline} is past.", "Set a day to report by that is today or later."),
    "disputed_already": Sentence(
        "A decision on this claim was disputed already, on {disputed_on}.",
        "That is done once. Copy the claim into a new draft if you want to apply again.",
    ),
    "raise_not_more": Sentence(
        "{approved} is granted already.", "Enter more than that, or let the amount stand."
    ),
    "dispute_late": Sentence(
        "The time to dispute this decision ended on {deadline}.", "Copy the claim into a new draft."
    ),
    "dispute_unfunded": Sentence(
        "{needed} would have to be reserved again, but only {available} is available.",
        "Ask the programme managers to allocate more to your fund first.",
    ),
    "fund_too_small": Sentence(
        "{needed} would have to be reserved again, but only {available} is available.",
        "Allocate more to the fund first, or leave the claim expired.",
    ),
}
