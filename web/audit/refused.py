"""Moves that were asked for and refused, as an auditor reads them. They are kept apart from history."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.history import RefusedAttempt
from models.vocabulary import Role, SearchKind
from web.access import allow
from web.audit.room import room
from web.audit.search_page import SearchPage, search_page
from web.labels import ASKED
from web.searching import SearchForm, choice_field, day_field, period_choices, rule_fields, words_field
from web.verdicts import VerdictItem, verdict_items
from workflow.verdicts import verdict_from_row

WHY: dict[str, str] = {
    "rules": _l("The rules did not allow it"),
    "wrong_state": _l("The claim stood elsewhere"),
    "stale": _l("The claim had changed since the page was opened"),
    "not_yours": _l("Not theirs to do"),
    "not_assigned": _l("The task was somebody else's"),
    "own_organisation": _l("A claim of their own organisation"),
    "accepted_it": _l("They had accepted it themselves"),
    "reason_missing": _l("No reason was given"),
    "less_needs_reason": _l("Less was granted without a reason"),
    "above_requested": _l("More than was asked for"),
    "amount_missing": _l("No amount was given"),
    "no_fund": _l("There was no fund"),
    "nothing_to_reimburse": _l("Nothing would have been reimbursed"),
    "reference_missing": _l("No payment reference was given"),
    "reference_used": _l("Another payment bore the reference"),
    "part_missing": _l("No amount was given"),
    "part_too_large": _l("The part was not less than what was left to pay"),
    "paid_already": _l("Something was paid already"),
    "nothing_paid": _l("Nothing was paid"),
    "no_such_payment": _l("The claim had no such payment"),
    "failed_already": _l("The payment had failed already"),
    "more_than_paid": _l("It was more than was paid"),
    "no_claw_back": _l("No claw-back was proposed"),
    "proposed_it": _l("They had proposed the claw-back themselves"),
    "paid_on_missing": _l("No day of payment was given"),
    "paid_on_future": _l("The day of payment was still to come"),
    "paid_on_early": _l("The day of payment was before the acceptance"),
    "period_closed": _l("The JMF period was closed"),
    "resubmit_late": _l("The time to submit again had ended"),
    "no_policy": _l("No policy was in force"),
    "gap_open": _l("Certification had a gap"),
    "deadline_needed": _l("A new day to report by was needed"),
    "deadline_past": _l("The new day to report by had passed"),
    "fund_too_small": _l("The fund could not hold the reserve"),
    "still_certified": _l("Nothing made the claim expire"),
}
"""Why an attempt was refused, by the code of its first problem; forms that were incomplete are told alike."""


class RefusedSearch(SearchForm):
    """What refused attempts are searched by."""

    number = words_field(_l("Claim number"))
    partner = words_field(_l("Partner"))
    period = choice_field(_l("JMF period"))
    actor = words_field(_l("Who"))
    trigger = choice_field(_l("Asked for"), ASKED)
    rule, outcome = rule_fields()
    first = day_field(_l("From"))
    last = day_field(_l("Until"))

    def __init__(self) -> None:
        super().__init__()
        self.period.choices = period_choices()


@room.get("/refused")
@allow(Role.auditor)
def refused() -> ResponseReturnValue:
    """Search refused attempts."""
    return search_page(PAGE)


def why_words(code: str) -> str:
    """Return why an attempt was refused, in words."""
    return str(WHY.get(code, _("The form was not complete")))


def broken_rules(row: Any) -> list[VerdictItem]:
    """Return the rules that stood in the way of an attempt."""
    verdicts = [verdict_from_row(one) for one in row.verdicts]
    return verdict_items([verdict for verdict in verdicts if verdict.broken], None)


def _told(_form: SearchForm, rows: Sequence[Any]) -> Mapping[str, Any]:
    return {"told": [(row, why_words(row.why), broken_rules(row)) for row in rows]}


PAGE = SearchPage(
    SearchKind.refused,
    _l("Refused attempts"),
    RefusedSearch,
    "audit.refused",
    "audit/refused.html",
    (RefusedAttempt.at, RefusedAttempt.id),
    _told,
)
