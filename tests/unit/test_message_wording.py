"""Every message that can be written can be told, on the page and in the mail."""

from typing import Any

import pytest

from models.messages import FIGURES
from models.vocabulary import MessageKind, Trigger
from notifications.wording import claim_name, tell, tell_anyhow
from tests.support.every_message import CLAIM, DECISION, EVERY_MESSAGE, LINK, NAME, POST, WARNING, ZONE, told


@pytest.mark.parametrize(("kind", "figures"), EVERY_MESSAGE)
def test_every_message_reads_whole(kind: MessageKind, figures: dict[str, Any]) -> None:
    telling = told(
        kind, figures | ({"reimbursable": "3400.00"} if figures.get("trigger") == "accept" else {})
    )
    said = [
        telling.headline,
        telling.next_step,
        telling.action,
        *(text for fact in telling.facts for text in fact),
    ]
    assert all(said)
    assert not any("{" in text or "None" in text for text in said)
    assert telling.path is not None


def test_the_examples_cover_every_kind_with_exactly_its_figures() -> None:
    assert {kind for kind, _ in EVERY_MESSAGE} == set(MessageKind) == set(FIGURES)
    for kind, figures in EVERY_MESSAGE:
        assert set(figures) == set(FIGURES[kind])


def test_an_approval_says_what_was_granted_and_when_to_report() -> None:
    telling = told(MessageKind.decision, DECISION)
    assert telling.headline == f"{NAME} is approved for 3,500.00 USD."
    assert ("Asked for", "4,000.00 USD") in telling.facts
    assert ("Report by", "30 Jun 2026") in telling.facts
    assert telling.path == "/claims/7"


def test_a_deadline_that_does_not_run_is_not_mentioned() -> None:
    labels = [label for label, _ in told(MessageKind.decision, DECISION | {"report_by": None}).facts]
    assert "Report by" not in labels


def test_a_reassigned_task_says_where_it_came_from() -> None:
    figures = {**CLAIM, "task": "decide", "cause": "reassign", "amount": "4000.00", "on_behalf_of": None}
    assert told(MessageKind.turn, figures).next_step.startswith("A programme manager gave this task to you.")
    assert (
        told(MessageKind.turn, figures | {"cause": "submit"}).next_step
        == "Approve it, return it or reject it."
    )


def test_a_warning_lists_the_claims_at_risk() -> None:
    assert ("Claim at risk", NAME) in told(MessageKind.certificate_warning, WARNING).facts


def test_a_missing_record_is_named_with_its_period_where_one_is_chosen() -> None:
    figures = {
        **CLAIM,
        "trigger": "submit",
        "period": "2026H1",
        "day": "2026-04-10",
        "missing": ["fund", "certificate", "period"],
    }
    facts = [value for _, value in told(MessageKind.vendor_fact_missing, figures).facts]
    assert facts == [
        "A fund for the JMF period 2026H1",
        "A certificate for the days of the claim",
        "An open JMF period that holds 10 Apr 2026",
    ]
    facts = [value for _, value in told(MessageKind.vendor_fact_missing, figures | {"period": None}).facts]
    assert facts[0] == "A fund for the JMF period –"


def test_a_missing_record_leads_to_the_programme_for_the_draft_is_the_partners_own() -> None:
    figures = {**CLAIM, "trigger": "submit", "period": "2026H1", "day": None, "missing": ["fund"]}
    assert told(MessageKind.vendor_fact_missing, figures).path == "/programme"


def test_a_post_says_who_wrote_and_how_it_begins_and_leads_to_the_thread() -> None:
    telling = told(MessageKind.post, POST | {"text": "When is {it}?"})
    assert telling.headline == f"Bob wrote to you about {NAME} of Nordlicht GmbH."
    assert telling.facts == (("Message", "When is {it}?"),)
    assert telling.path == "/claims/7#thread"


def test_an_internal_note_is_told_as_one() -> None:
    telling = told(MessageKind.post, POST | {"internal": True})
    assert telling.headline == f"Bob left you an internal note on {NAME} of Nordlicht GmbH."
    assert telling.next_step.endswith("Nordlicht GmbH does not see it.")


@pytest.mark.parametrize(
    ("title", "number", "name"),
    [
        ("Autumn seminar", "2026H1-00042", NAME),
        ("Autumn\r\nseminar ", "2026H1-00042", NAME),
        ("Autumn seminar", None, "“Autumn seminar”"),
        ("", "2026H1-00042", "2026H1-00042"),
        (" ", None, "A draft without a title"),
    ],
)
def test_a_claim_is_called_by_what_it_has(title: str, number: str | None, name: str) -> None:
    assert claim_name({"title": title, "number": number}) == name


def test_braces_in_a_title_stay_as_they_are() -> None:
    assert "“{partner}”" in told(MessageKind.decision, DECISION | {"title": "{partner}"}).headline
    assert "for {path} as" in told(MessageKind.invitation, LINK | {"partner": "{path}"}).next_step


def test_sentences_are_translated_before_their_figures_are_filled_in() -> None:
    german = {"{claim} is approved for {approved}.": "{claim} ist über {approved} bewilligt."}
    telling = tell(MessageKind.decision, 7, DECISION, ZONE, lambda text: german.get(text, text))
    assert telling.headline == f"{NAME} ist über 3,500.00 USD bewilligt."


def test_a_message_that_cannot_be_told_leaves_the_page_standing() -> None:
    with pytest.raises(KeyError):
        tell(MessageKind.turn, 7, {"number": None}, ZONE)
    assert tell_anyhow(MessageKind.turn, 7, {"number": None}, ZONE).path == "/claims/7"


@pytest.mark.parametrize("trigger", [Trigger.reimburse, Trigger.pay_part, Trigger.payment_failed])
def test_what_was_paid_in_another_currency_stands_beside_the_us_dollars(trigger: Trigger) -> None:
    paid = {"reimbursable": "4342.40", "amount": "4342.40", "paid_in": "4000.00 EUR"}
    paid |= {"paid_on": "2026-05-04", "payment_reference": "P-1"}
    told = tell(MessageKind.decision, 1, {**DECISION, **paid, "trigger": trigger.value}, ZONE)
    facts = dict(told.facts)
    assert (facts["To be reimbursed"], facts["Paid in your account's currency"]) == (
        "4,342.40 USD",
        "4,000.00 EUR",
    )
