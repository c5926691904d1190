"""What is said where an administrative act is refused."""

from workflow.refusal_sentences.sentence import Sentence

OF_ACTS: dict[str, Sentence] = {
    "no_signing_key": Sentence(
        "The worker finds no key to sign with.",
        "Ask whoever runs the product to look at SIGNING_KEY_FILE on its machine.",
    ),
    "no_checkpoint_folder": Sentence(
        "The checkpoint cannot be written outside the database.",
        "Ask whoever runs the product to look at CHECKPOINT_DIR on the worker’s machine.",
    ),
    "history_broken": Sentence(
        "History does not agree with an earlier checkpoint, so nothing was signed.",
        "Have everything verified: that names what does not agree.",
    ),
    "nothing_to_sample": Sentence(
        "There is no claim to draw from.", "Ask for more: leave a choice open, or take another method."
    ),
    "not_sampled": Sentence("This claim is not in the sample.", "Choose one from its list."),
    "finding_above": Sentence("The claim held {held}.", "Enter an amount from 0 to that."),
    "finding_amount": Sentence("An exception needs the amount that is wrong.", "Enter it, or 0."),
    "finding_in_order": Sentence("Of what is in order no money is wrong.", "Leave this empty."),
    "finding_why": Sentence("An exception needs a note.", "Say what is wrong."),
    "absence_not_yours": Sentence(
        "Another person’s absence is theirs to record and to call off, or a programme manager’s.",
        "Ask them, or a programme manager.",
    ),
    "rate_currency": Sentence(
        "No claim can be in this currency.", "Choose one from the list: US dollars need no rate."
    ),
    "rate_day_future": Sentence("{day} is still to come.", "Enter the day for which the source states it."),
    "rate_figure": Sentence(
        "This is no figure of a rate.", "Enter a number above 0 with at most ten decimals, such as 1.0856."
    ),
    "rate_far_above": Sentence(
        "It is {percent} % more than the rate of {day}, the latest on file.",
        "Look at both amounts once more. Where they are right, say so below.",
    ),
    "rate_far_below": Sentence(
        "It is {percent} % less than the rate of {day}, the latest on file.",
        "Look at both amounts once more. Where they are right, say so below.",
    ),
    "rate_source": Sentence(
        "Say where the rate comes from.", "Enter a source that an auditor can look up, such as a bank."
    ),
    "shared_taken_otherwise": Sentence(
        "Claims in another currency than {currency} have taken parts of it already.",
        "Choose the currency of these claims.",
    ),
    "rates_known": Sentence("All these rates are on file already.", "Nothing needs to be done."),
    "no_such_run": Sentence("There is no such payment run.", "Choose one from the list."),
    "run_is_draft": Sentence("This run was not released yet.", "Somebody else in finance has to release it."),
    "run_is_released": Sentence("This run was released already.", "Cancel it if it must not be paid."),
    "run_is_cancelled": Sentence("This run was cancelled.", "Collect its claims into a new one."),
    "run_no_rate": Sentence(
        "The accounts are in {currency}, and no exchange rate of the last {most} days is on file.",
        "Record one first: it says how much the bank is to pay.",
    ),
    "run_empty": Sentence("Nothing is in this run.", "Cancel it, and collect a new one."),
    "run_claim_gone": Sentence("{claims} waits for no payment any more.", "Take it out of the run."),
    "run_account_changed": Sentence(
        "The bank account of {claims} was changed since it was collected.",
        "Take it out of the run, or cancel the run; once the account is confirmed, collect it again.",
    ),
    "run_amount_changed": Sentence(
        "What is left to pay of {claims} was changed since it was collected.",
        "Take it out of the run, or cancel the run; then collect it again.",
    ),
    "bank_file_large": Sentence("The file has more than {most} MB.", "Ask the bank for one of fewer days."),
    "bank_file_long": Sentence(
        "The file tells of more than {most} payments.", "Ask the bank for one of fewer days."
    ),
    "bank_file_unreadable": Sentence(
        "This is no XML file, it is damaged, or it fetches or defines something, which no bank’s does.",
        "Choose the file as your bank gave it to you.",
    ),
    "bank_file_unknown": Sentence(
        "This is none of the messages that are read here.", "Choose a pain.002, camt.053 or camt.054."
    ),
    "bank_answer_late": Sentence(
        "The payment is no longer what it was when you looked.", "Look at it once more, as it stands now."
    ),
    "collected_it": Sentence(
        "You collected this run, so somebody else has to release it.", "Ask a colleague in finance."
    ),
    "accepted_in_run": Sentence(
        "You accepted {claims}, or somebody did on your behalf, so somebody else has to release it.",
        "Ask a colleague in finance, or take it out of the run.",
    ),
    "recorded_rate_in_run": Sentence(
        "You recorded by hand the exchange rate that {claims} is paid by, so somebody else has to release"
        " it.",
        "Ask a colleague in finance, or take it out of the run.",
    ),
    "accepted_rejected": Sentence(
        "You accepted this claim, or somebody did on your behalf, so somebody else has to record its"
        " rejection.",
        "Ask a colleague in finance.",
    ),
    "left_by_hand": Sentence(
        "It was taken out of this run meanwhile.", "Look whether it was paid; its own page takes the payment."
    ),
    "left_rejected": Sentence(
        "Its rejection by the bank was recorded meanwhile, so it is in this run no more.",
        "Look into it with the bank; its own page takes the payment.",
    ),
    "left_failed": Sentence(
        "A failed payment of it was recorded meanwhile, so it is in this run no more.",
        "Look into it with the bank; its own page takes the payment.",
    ),
    "reject_why": Sentence("Say why the bank rejected it.", "Write what the bank says; auditors read it."),
    "cancel_why": Sentence("Say why you cancel the run.", "Write the reason; auditors read it."),
    "due_past": Sentence("{due_on} is past.", "Choose a day that is today or later."),
    "nothing_to_collect": Sentence(
        "No accepted claim can be collected for accounts in {currency}.",
        "Choose another currency or a later day, or look what holds the claims that wait.",
    ),
    "account_missing": Sentence(
        "Enter where to pay.",
        "Enter the IBAN or, where the country knows none, account number and bank code.",
    ),
    "outcomes_known": Sentence(
        "These very figures are on file already.", "Report again once more comes of it."
    ),
    "account_known": Sentence("This account is on file already.", "Nothing needs to be done."),
    "accounts_undecided": Sentence(
        "You entered {most} accounts, and nobody has decided on one yet.",
        "Wait until the last of them is confirmed or refused, or ask a programme manager to enter another.",
    ),
    "account_decided": Sentence(
        "This account does not wait any more: somebody decided on it, or entered another one.",
        "Look at the list as it stands now.",
    ),
    "account_number_form": Sentence(
        "This is no account number.", "Use 4 to 34 letters and digits; blanks and dashes make no difference."
    ),
    "bank_code_missing": Sentence(
        "An account number needs the code of its bank.", "Enter the routing number, sort code or branch code."
    ),
    "bank_code_form": Sentence(
        "This is no bank code.", "Use letters and digits; blanks and dashes make no difference."
    ),
    "bic_form": Sentence("This is no BIC.", "Enter the 8 or 11 signs that your bank gives."),
    "currency_code": Sentence("No payment can be made in this currency.", "Choose one from the list."),
    "entered_it": Sentence(
        "You entered this account, so somebody else has to decide on it.",
        "Ask somebody in finance or another programme manager.",
    ),
    "iban_and_number": Sentence(
        "An IBAN holds account number and bank code already.", "Leave this empty, or leave the IBAN empty."
    ),
    "iban_check": Sentence(
        "The check digits of this IBAN do not fit: a sign is wrong, missing or in another's place.",
        "Compare it with your bank statement.",
    ),
    "iban_form": Sentence(
        "This is no IBAN: no country has one of this form.", "Compare it with your bank statement."
    ),
    "iban_needed": Sentence(
        "Accounts in {country} have an IBAN.",
        "Enter it or, where the account is in another country, its bank's BIC.",
    ),
    "no_such_account": Sentence("There is no such bank account.", "Choose one from the list."),
    "give_back_why": Sentence("Say why you give the task back.", "Write the reason; auditors read it."),
    "no_such_absence": Sentence("There is no such absence.", "Choose one from the list."),
    "absence_past": Sentence("{last_day} is past.", "Choose a last day that is today or later."),
    "absence_long": Sentence("This is longer than a year.", "Choose an earlier last day."),
    "absent_already": Sentence(
        "An absence from {first} to {last} is on file already.",
        "Call that one off first, or choose other days.",
    ),
    "substitute_is_oneself": Sentence("Nobody stands in for themselves.", "Choose somebody else."),
    "no_such_substitute": Sentence(
        "This person cannot stand in.", "Choose somebody from the list, or leave it empty."
    ),
    "substitute_absent": Sentence(
        "This person is out of office from {first} to {last}.", "Choose somebody who is there."
    ),
    "above_own_limit": Sentence(
        "{amount} is more than the {limit} that the one who is absent may decide on.",
        "Enter at most {limit}.",
    ),
    "shared_unnamed": Sentence(
        "This names no invoice.", "Enter supplier and number as they stand on the invoice."
    ),
    "shared_already": Sentence(
        "{document} is declared as shared already.", "The list says what remains of it."
    ),
    "shared_below_taken": Sentence(
        "Your claims have taken {taken} of it already.", "Enter the invoice's total: {taken} or more."
    ),
    "shared_in_use": Sentence(
        "Your claims have taken {taken} of it, so it stays declared.",
        "Ask for the reports that take it to be sent back for rework: that frees their parts.",
    ),
    "claw_back_open": Sentence(
        "Somebody has proposed a claw-back already.", "A colleague releases it, or turns it down."
    ),
    "no_partner": Sentence("There is no such partner.", "Choose one from the list."),
    "no_period": Sentence("There is no such JMF period.", "Choose one from the list."),
    "no_such_fund": Sentence("There is no such fund.", "Allocate money to make one."),
    "no_such_record": Sentence("There is no such record of this partner.", "Choose one from the list."),
    "no_such_user": Sentence("There is no such user.", "Choose one from the list."),
    "already_replaced": Sentence("This record was corrected already.", "Correct the newest one instead."),
    "changed_meanwhile": Sentence(
        "Somebody changed this since you opened the page.", "Look at it as it stands now, then decide again."
    ),
    "country_code": Sentence(
        "This is no country code.",
        "Use the two capital letters of ISO 3166, such as DE, or GB for the United Kingdom.",
    ),
    "period_code": Sentence(
        "This is no period code.", "Use letters, digits, dots and dashes, such as 2026H1."
    ),
    "period_in_use": Sentence(
        "Claims were submitted in {period}, so its code and its days stand.",
        "Close it, and open another one.",
    ),
    "period_overlaps": Sentence(
        "The JMF period {period} already has days of these: {first} to {last}.",
        "Choose days that no other period has.",
    ),
    "no_approver_there": Sentence("Not all of these can decide.", "Choose approvers from the list."),
    "region_without_country": Sentence("A region needs its country.", "Choose the country too."),
    "no_such_country": Sentence("The holidays of this country are not known.", "Choose one from the list."),
    "no_such_region": Sentence(
        "{region} is no region of this country.", "Enter one of these, or leave it empty: {regions}."
    ),
    "days_between": Sentence("This is no such number of days.", "Enter {least} to {most} working days."),
    "remind_before_it_begins": Sentence(
        "The reminder would come before the task began.", "Enter fewer days than the task may take."
    ),
    "name_taken": Sentence("{name} is taken already.", "Choose another one."),
    "amount_positive": Sentence("The amount has to be more than 0.00.", "Enter what to move."),
    "amount_negative": Sentence("The amount is below 0.00.", "Enter 0.00 or more."),
    "amount_too_large": Sentence("The amount is too large.", "Check the number of digits."),
    "more_than_available": Sentence(
        "{amount} is more than the {available} that is available.", "Take back at most {available}."
    ),
    "policy_file": Sentence("The policy file is not right: {error}.", "Correct the file and load it again."),
    "route_unknown": Sentence(
        "The routing rule “{rule}” names a group or a partner that is not on file.",
        "Choose those that are, or take the rule out.",
    ),
    "example_limits": Sentence(
        "Its limits of promotional items are marked as examples.",
        "Put those in that hold, and take the mark away (limits_are_examples: false); or empty the table.",
    ),
    "draft_gone": Sentence(
        "This draft was published or thrown away meanwhile.", "Look at the list as it stands now."
    ),
    "draft_proposed": Sentence(
        "This draft waits to be published, so it does not change.", "Turn the proposal down to go on with it."
    ),
    "held": Sentence(
        "A legal hold stands on this claim, or on its partner: nothing of it is erased.",
        "Whoever set the hold says why. Its page says who can lift it.",
    ),
    "name_held": Sentence(
        "A legal hold stands on their partner, or on a claim that they had a part in: their name stays.",
        "It can be erased once nothing of that is held any more.",
    ),
    "held_already": Sentence("It is held already.", "Nothing needs to be done."),
    "hold_why": Sentence("Say why.", "Write the reason; the programme owner’s people read it."),
    "hold_gone": Sentence("Somebody lifted this hold already.", "Nothing needs to be done."),
    "set_hold": Sentence(
        "You set this hold, so somebody else has to lift it.", "Ask another manager, or an auditor."
    ),
    "hold_of_auditor": Sentence("An auditor set this hold, so an auditor has to lift it.", "Ask an auditor."),
    "months_wrong": Sentence(
        "This is no number of months from 1 to {most}.", "Enter one, or leave it empty to keep this for good."
    ),
    "nothing_chosen": Sentence("Nothing is chosen.", "Tick what is to be erased."),
    "nothing_to_erase": Sentence("Nothing of that is left in this claim.", "Look at what it still holds."),
    "erasure_why": Sentence("Say why.", "Write the reason, and no name: it stays."),
    "erasure_proposed": Sentence(
        "Somebody proposed to erase from this claim already.", "Another programme manager decides on it."
    ),
    "proposed_erasure": Sentence(
        "You proposed this, so somebody else has to confirm.", "Ask another programme manager."
    ),
    "user_active": Sentence(
        "This user can still sign in.", "Deactivate them first: then their name can be erased."
    ),
    "user_erased": Sentence("Who this user was is erased already.", "Invite the person anew, if need be."),
    "erasure_gone": Sentence("Somebody decided on this request already.", "Nothing needs to be done."),
    "not_over": Sentence(
        "This claim is not over yet: what it holds is still needed.", "Wait until it has ended."
    ),
    "proposal_gone": Sentence(
        "Somebody decided on this proposal already.", "Look at the policy versions as they stand now."
    ),
    "second_manager": Sentence(
        "It takes two programme managers to publish a policy.", "Make a draft, and propose it to the other."
    ),
    "let_in_lately": Sentence(
        "{other} and you do not count as two people yet: {by} let {who} in, or gave them a role, on {day}.",
        "Somebody else can do it now. You can from {free} on.",
    ),
    "proposed_policy": Sentence(
        "You proposed this, so somebody else has to decide.", "Ask another programme manager."
    ),
    "changed_policy": Sentence(
        "You changed this draft last, so somebody else has to publish it.", "Ask another programme manager."
    ),
    "withdrawal_proposed": Sentence(
        "Somebody proposed to withdraw this version already.", "Another programme manager decides on it."
    ),
    "version_withdrawn": Sentence("This version was withdrawn already.", "Nothing needs to be done."),
    "version_in_force": Sentence(
        "This version is in force since {first_day}, so it stays.", "Publish another one in its place."
    ),
    "policy_why": Sentence("Say why.", "Write the reason; managers and auditors read it."),
    "first_day_past": Sentence(
        "A new policy version starts after today, {today}.", "Choose a later first day."
    ),
    "first_day_taken": Sentence(
        "Another version already starts on {first_day}.", "Choose another first day."
    ),
    "policy_repeats": Sentence(
        "This says what the version from {first_day} says, which holds until then: it would change nothing.",
        "Change what is to be changed, or throw the draft away.",
    ),
    "set_up_already": Sentence("This programme is set up already.", "Nothing needs to be done."),
    "holds_demo": Sentence(
        "This database holds a demo, which no real programme may share.", "Use an empty database."
    ),
    "time_zone": Sentence("This is no time zone.", "Write it as Europe/Berlin or America/New_York."),
    "email_form": Sentence("This is no e-mail address.", "Write it as name@company.example."),
    "email_taken": Sentence("Somebody has this address already.", "Use another address."),
    "no_role": Sentence("A user needs at least one role.", "Tick what this person does."),
    "role_needs_partner": Sentence(
        "Only a partner's user can have the role partner.", "Choose the partner, or leave the role out."
    ),
    "role_needs_vendor": Sentence(
        "A partner's user has the role partner alone.",
        "Leave the others out; who works for both has two accounts.",
    ),
    "contact_needs_partner": Sentence(
        "Only a partner's user can be its contact.", "Choose the partner, or leave the box empty."
    ),
    "own_roles": Sentence("Nobody changes their own roles.", "Ask another programme manager."),
    "own_account": Sentence("Nobody deactivates themselves.", "Ask another programme manager."),
    "last_manager": Sentence(
        "This is the last programme manager.", "Make somebody else a programme manager first."
    ),
    "no_open_task": Sentence("This claim waits for nobody of your side now.", "Open the claim to see why."),
    "task_of_all": Sentence(
        "This task belongs to everybody in finance.", "Whoever of them opens it can do it."
    ),
    "task_to_oneself": Sentence(
        "Nobody takes a task themselves.", "Choose somebody else, or ask another programme manager."
    ),
    "not_for_you": Sentence(
        "This task is not for you.", "Its claim's page says who decides; a programme manager can reassign it."
    ),
    "not_entitled": Sentence("This person may not decide on this claim.", "Choose somebody from the list."),
    "nothing_reduced": Sentence(
        "The {approved} that was granted cannot be disputed.", "All that was asked for was granted."
    ),
    "dispute_why": Sentence("Say why.", "Whoever looks at it next reads the reason."),
    "only_reads": Sentence(
        "You read here, and do not write.", "Whoever takes part in the claim writes here."
    ),
    "post_empty": Sentence("There is no text yet.", "Write what you want to say."),
    "post_long": Sentence(
        "This is longer than {most} characters.", "Make it shorter, or attach it as a file."
    ),
    "too_many_posts": Sentence(
        "You have written {most} times within an hour, which is the most.",
        "Wait a while, then send it again.",
    ),
    "not_internal": Sentence("You cannot write an internal note.", "Send it to the programme owner."),
    "not_addressable": Sentence("Not all of these take part in this claim.", "Choose from the list."),
    "outside_reader": Sentence(
        "An internal note is not for {names}.", "Untick them, or send it to the partner."
    ),
    "search_name_taken": Sentence(
        "Another search of yours bears this name.", "Choose another name, or remove that search."
    ),
    "searches_full": Sentence("You keep {most} searches already.", "Remove one of them first."),
    "workbook_full": Sentence(
        "It is more than the {most} rows that a workbook takes.", "Search for less, or have it as CSV."
    ),
    "sent_before": Sentence(
        "This form was sent before with something else, which stands. Nothing was done this time.",
        "If you want this too, send it once more.",
    ),
    "jobs_full": Sentence(
        "You have {number} of these under way already.", "Wait until one has ended, or stop one."
    ),
}
