"""Every message that can be written can be told, on the page and in the mail."""

from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.messages import FIGURES
from models.vocabulary import MessageKind, Role, State, TaskKind, Trigger
from notifications.letters import Item, Letterhead, write_letter
from notifications.links import AS
from notifications.sentences import MISSING, UNASSIGNED_WHY
from notifications.wording import Telling, claim_name, tell, tell_anyhow

ZONE = ZoneInfo("Europe/Berlin")
HEAD = Letterhead("Example Systems", "Joint Marketing Fund", ZONE, "https://fund.example")
CLAIM: dict[str, Any] = {"number": "2026H1-00042", "title": "Autumn seminar", "partner": "Nordlicht GmbH"}
NAME = "“Autumn seminar” (2026H1-00042)"
DECISION = {
    **CLAIM,
    "trigger": "approve",
    "source": "submitted",
    "target": "approved",
    "requested": "4000.00",
    "approved": "3500.00",
    "reimbursable": None,
    "paid_on": None,
    "payment_reference": None,
    "amount": None,
    "paid_in": None,
    "report_by": "2026-06-30",
    "resubmit_by": None,
    "expired_by": None,
    "reason_hash": None,
}
WARNING: dict[str, Any] = {
    "partner": "Nordlicht GmbH",
    "days": 7,
    "last_day": "2026-06-30",
    "claims": [{"number": "2026H1-00042", "title": "Autumn seminar"}],
}
ACCOUNT: dict[str, Any] = {
    "partner": "Nordlicht GmbH",
    "account": "DE89…3000",
    "currency": "EUR",
    "entered_by": "Anna",
}
LINK = {
    "path": "/set-password/abc",
    "ends_at": "2026-03-05T12:00:00+00:00",
    "programme": "Joint Marketing Fund",
    "owner": "Example Systems",
    "partner": "Nordlicht GmbH",
    "roles": ["partner"],
}

RUN: dict[str, Any] = {
    "run": "RUN-00001",
    "run_id": 1,
    "currency": "USD",
    "day": "2026-05-04",
    "payments": 2,
    "amount": "8000.00",
    "collected_by": "Dan",
}

DUE: dict[str, Any] = {**CLAIM, "due_on": "2026-06-30", "amount": "4000.00"}

POST: dict[str, Any] = {**CLAIM, "author": "Bob", "internal": False, "text": "When?"}

EVERY_MESSAGE: list[tuple[MessageKind, dict[str, Any]]] = [
    (MessageKind.amount_upheld, {**CLAIM, "approved": "3000.00"}),
    *(
        (MessageKind.reminder, {**DUE, "task": kind.value, "late": late, "on_behalf_of": None})
        for kind, late in product(TaskKind, (False, True))
    ),
    *(
        (MessageKind.escalation, {**DUE, "task": kind.value, "holder": holder})
        for kind, holder in product(TaskKind, ("Bob", None))
    ),
    *(
        (MessageKind.decision, DECISION | {"trigger": trigger.value})
        for trigger in (
            Trigger.approve,
            Trigger.return_,
            Trigger.reject,
            Trigger.rework,
            Trigger.accept,
            Trigger.raise_,
            Trigger.reopen,
        )
    ),
    (
        MessageKind.decision,
        DECISION
        | {
            "trigger": "reimburse",
            "reimbursable": "3400.00",
            "paid_on": "2026-05-20",
            "payment_reference": "P-1",
        },
    ),
    *(
        (
            MessageKind.decision,
            DECISION
            | {
                "trigger": trigger,
                "reimbursable": "3400.00",
                "amount": "1000.00",
                "paid_on": "2026-05-20",
                "payment_reference": "P-1",
            },
        )
        for trigger in ("pay_part", "reimburse", "payment_failed", "claw_back")
    ),
    *(
        (MessageKind.decision, DECISION | {"trigger": "expire", "expired_by": why})
        for why in ("certification", "report_within_days")
    ),
    *(
        (MessageKind.decision, DECISION | {"trigger": "reinstate", "target": state.value})
        for state in (State.submitted, State.approved, State.executed)
    ),
    *(
        (
            MessageKind.turn,
            CLAIM | {"task": task.value, "cause": cause, "amount": "4000.00", "on_behalf_of": absent},
        )
        for task, cause, absent in product(
            TaskKind,
            ("submit", "reassign", "moved_on", "reinstate", "reopen", "payment_failed"),
            (None, "Bob"),
        )
    ),
    *(
        (MessageKind.unassigned, CLAIM | {"task": task.value, "why": why})
        for task, why in product(TaskKind, UNASSIGNED_WHY)
    ),
    *(
        (
            MessageKind.vendor_fact_missing,
            CLAIM | {"trigger": "submit", "period": "2026H1", "day": "2026-04-10", "missing": [fact]},
        )
        for fact in MISSING
    ),
    *((MessageKind.post, POST | {"internal": internal}) for internal in (False, True)),
    (MessageKind.certificate_warning, WARNING),
    (MessageKind.certificate_warning, WARNING | {"claims": []}),
    *(
        (kind, ACCOUNT | {"replaces": before})
        for kind, before in product(
            (MessageKind.account_entered, MessageKind.account_waiting), (None, "GB82…5432")
        )
    ),
    *(
        (MessageKind.account_decided, ACCOUNT | {"confirmed": confirmed, "reason_hash": None})
        for confirmed in (True, False)
    ),
    (MessageKind.claw_back_waiting, CLAIM | {"amount": "1000.00", "proposed_by": "Fay"}),
    (MessageKind.run_waiting, RUN),
    *(
        (
            MessageKind.policy_waiting,
            {"proposal_id": 3, "name": name, "day": "2026-07-01", "proposed_by": "Eva"},
        )
        for name in ("Autumn", None)
    ),
    (MessageKind.invitation, LINK),
    (MessageKind.password_reset, LINK),
]


def told(kind: MessageKind, figures: dict[str, Any]) -> Telling:
    return tell(kind, None if "title" not in figures else 7, figures, ZONE)


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


def test_an_invitation_says_who_invites_to_what_for_whom_and_as_what() -> None:
    telling = told(MessageKind.invitation, LINK)
    assert telling.headline == "You are invited."
    assert telling.next_step == (
        "Example Systems invites you to Joint Marketing Fund, to take part for Nordlicht GmbH as a partner. "
        "Choose your password to begin. The link works once, until 5 Mar 2026, 13:00 CET."
    )


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (["auditor"], "an auditor"),
        (["approver", "manager"], "an approver and a programme manager"),
        (["approver", "finance", "manager"], "an approver, a member of finance and a programme manager"),
    ],
)
def test_the_owners_people_take_part_for_the_owner_in_all_their_roles(roles: list[str], said: str) -> None:
    invitation = told(MessageKind.invitation, LINK | {"partner": None, "roles": roles})
    assert f"to take part for Example Systems as {said}. Choose" in invitation.next_step


def test_a_post_says_who_wrote_and_how_it_begins_and_leads_to_the_thread() -> None:
    telling = told(MessageKind.post, POST | {"text": "When is {it}?"})
    assert telling.headline == f"Bob wrote to you about {NAME} of Nordlicht GmbH."
    assert telling.facts == (("Message", "When is {it}?"),)
    assert telling.path == "/claims/7#thread"


def test_an_internal_note_is_told_as_one() -> None:
    telling = told(MessageKind.post, POST | {"internal": True})
    assert telling.headline == f"Bob left you an internal note on {NAME} of Nordlicht GmbH."
    assert telling.next_step.endswith("Nordlicht GmbH does not see it.")


def test_every_role_of_a_person_has_words() -> None:
    assert set(AS) == set(Role) - {Role.scheduler}


def test_a_password_reset_names_the_programme_and_invites_nobody() -> None:
    telling = told(MessageKind.password_reset, LINK)
    assert telling.next_step == (
        "This is about your account in Joint Marketing Fund of Example Systems. "
        "The link works once, until 5 Mar 2026, 13:00 CET. "
        "If you did not ask for it, you can ignore this mail."
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (MessageKind.invitation, "Choose your password to begin. The link works once, until 5 Mar 2026"),
        (MessageKind.password_reset, "The link works once, until 5 Mar 2026"),
    ],
)
def test_a_link_written_before_messages_said_why_is_still_told(kind: MessageKind, said: str) -> None:
    old = {name: LINK[name] for name in ("path", "ends_at")}
    assert told(kind, old).next_step.startswith(said)


def test_an_invitation_is_translated_with_its_roles() -> None:
    german = {
        "{owner} invites you to {programme}, to take part for {organisation} as {roles}.": "Als {roles}.",
        "an approver": "Prüfer",
        "an auditor": "Revisor",
        "{most} and {last}": "{most} und {last}",
    }
    figures = LINK | {"roles": ["approver", "auditor"]}
    telling = tell(MessageKind.invitation, None, figures, ZONE, lambda text: german.get(text, text))
    assert telling.next_step.startswith("Als Prüfer und Revisor.")


def test_a_link_ends_in_the_programme_zone_by_name() -> None:
    assert "5 Mar 2026, 13:00 CET" in told(MessageKind.invitation, LINK).next_step


def test_a_link_that_is_forgotten_leads_nowhere() -> None:
    assert told(MessageKind.invitation, LINK | {"path": None}).path is None


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


def test_a_letter_says_the_same_as_text_and_as_html() -> None:
    item = Item(told(MessageKind.decision, DECISION), "")
    letter = write_letter(HEAD, "Ada", [item], is_digest=False)
    assert letter.subject == f"Joint Marketing Fund: {NAME} is approved for 3,500.00 USD"
    for body in (letter.text, letter.html):
        for part in (
            "Hello Ada,",
            NAME,
            "Granted",
            "3,500.00 USD",
            "https://fund.example/claims/7",
            "Example Systems",
        ):
            assert part in body


def test_html_of_a_letter_shows_markup_as_text() -> None:
    item = Item(told(MessageKind.decision, DECISION | {"title": "<b>Bold</b>"}), "<script>alert(1)</script>")
    letter = write_letter(HEAD, "<i>Ada</i>", [item], is_digest=False)
    assert "<script>" not in letter.html
    assert "<b>" not in letter.html
    assert "<i>" not in letter.html
    assert "<script>alert(1)</script>" in letter.text


def test_a_digest_holds_every_item_with_its_own_link() -> None:
    items = [
        Item(tell(MessageKind.decision, number, DECISION | {"title": f"Seminar {number}"}, ZONE), "")
        for number in (7, 8)
    ]
    letter = write_letter(HEAD, "Ada", items, is_digest=True)
    assert letter.subject == "Joint Marketing Fund: Your daily digest (2)"
    for part in ("Seminar 7", "/claims/7", "Seminar 8", "/claims/8"):
        assert part in letter.text
        assert part in letter.html


def test_who_cannot_sign_in_is_not_asked_to_choose() -> None:
    item = Item(told(MessageKind.invitation, LINK), "")
    assert (
        "Choose how you are told"
        not in write_letter(HEAD, "A", [item], is_digest=False, can_choose=False).text
    )


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
