"""A partner's bank account is in force once a second person has confirmed it; until then payments wait."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from models.banking import BankAccount
from models.history import Act, Reason
from models.messages import FIGURES, Message
from models.people import User
from models.vocabulary import MessageKind, Role, State
from tests.support.stages import accepted
from tests.support.world import World
from workflow.acts.banking import confirm_account, enter_account, refuse_account
from workflow.acts.record import once
from workflow.banking import OnFile, on_file
from workflow.refusals import Refused

GERMAN, BRITISH = "DE89370400440532013000", "GB82WEST12345698765432"


def on_file_now(world: World) -> OnFile:
    with world.database.read() as connection:
        return on_file(connection, [world.partner_id])[world.partner_id]


def numbers(world: World) -> tuple[str | None, str | None]:
    """Return the IBAN in force and the one that waits."""
    found = on_file_now(world)
    return (
        found.in_force.iban if found.in_force else None,
        found.pending.iban if found.pending else None,
    )


def refuse(world: World, account_id: int, by: str, reason: str = "Not theirs.") -> int:
    with world.database.write() as connection:
        return refuse_account(connection, world.people[by], world.clock.now(), account_id, reason)


def pay(world: World, claim_id: int) -> None:
    paid_on = world.clock.now().date()
    world.move(claim_id, "reimburse", "dan", payment_reference=f"P-{claim_id}", paid_on=paid_on)


def messages(world: World) -> list[tuple[MessageKind, str]]:
    names = {actor.user_id: name for name, actor in world.people.items()}
    with world.database.read() as connection:
        rows = connection.execute(select(Message.__table__).order_by(Message.id)).all()
    for row in rows:
        assert set(row.figures) == set(FIGURES[row.kind])
    return [(row.kind, names[row.user_id]) for row in rows]


def test_an_account_is_in_force_once_a_second_person_has_confirmed_it(world: World) -> None:
    account_id = world.account("anna")
    assert numbers(world) == (None, GERMAN)
    world.confirm(account_id, "dan")
    assert numbers(world) == (GERMAN, None)


def test_a_change_is_a_new_row_and_what_was_in_force_stays_so_until_it_is_confirmed(world: World) -> None:
    world.confirm(world.account("anna"), "dan")
    changed = world.account("anna", iban=BRITISH)
    assert numbers(world) == (GERMAN, BRITISH)
    world.confirm(changed, "mia")
    assert numbers(world) == (BRITISH, None)
    assert [account.iban for account in on_file_now(world).history] == [BRITISH, GERMAN]


def test_what_is_refused_changes_nothing_and_says_why(world: World) -> None:
    world.confirm(world.account("anna"), "dan")
    refuse(world, world.account("anna", iban=BRITISH), "dan")
    found = on_file_now(world)
    assert numbers(world) == (GERMAN, None)
    with world.database.read() as connection:
        text = connection.scalar(select(Reason.text).where(Reason.hash == found.history[0].reason_hash))
    assert text == "Not theirs."


def test_of_two_that_were_entered_the_newer_alone_is_decided_on(world: World) -> None:
    first, second = world.account("anna"), world.account("anna", iban=BRITISH)
    with pytest.raises(Refused, match="account_decided"):
        world.confirm(first, "dan")
    world.confirm(second, "dan")
    assert numbers(world) == (BRITISH, None)


def test_an_account_that_waits_is_withdrawn_by_a_newer_one_and_who_decides_is_told(world: World) -> None:
    world.account("anna")
    world.account("anna", iban=BRITISH)
    with world.database.read() as connection:
        figures = connection.scalars(
            select(Act.figures).where(Act.kind == "account_entered").order_by(Act.id)
        ).all()
        told = connection.scalars(
            select(Message.figures).where(Message.kind == MessageKind.account_waiting).order_by(Message.id)
        ).all()
    assert [one["withdrawn"] for one in figures] == [None, "DE89…3000"]
    assert (told[0]["withdrawn"], told[-1]["withdrawn"]) == (None, "DE89…3000")


def test_a_partner_enters_a_few_accounts_until_one_is_decided_on_and_a_manager_more(world: World) -> None:
    for iban in (GERMAN, BRITISH, GERMAN):
        last = world.account("anna", iban=iban)
    with pytest.raises(Refused, match="accounts_undecided"):
        world.account("anna", iban=BRITISH)
    newest = world.account("mia", iban=BRITISH, partner_id=world.partner_id)
    assert newest > last
    with pytest.raises(Refused, match="accounts_undecided"):
        world.account("anna", iban=GERMAN)
    refuse(world, newest, "dan")
    assert world.account("anna", iban=GERMAN) > newest


def test_payments_are_held_while_an_account_waits_and_go_on_once_it_is_decided(world: World) -> None:
    first, second, third = accepted(world), accepted(world), accepted(world)
    pay(world, first)  # without an account on file, by hand as ever

    account_id = world.account("anna")
    with pytest.raises(Refused) as refused:
        pay(world, second)
    assert refused.value.why == "account_pending"
    assert world.claim(second).state is State.accepted
    world.confirm(account_id, "mia")
    pay(world, second)

    changed = world.account("anna", iban=BRITISH)
    with pytest.raises(Refused, match="account_pending"):
        pay(world, third)
    refuse(world, changed, "mia")
    pay(world, third)


def test_another_partners_account_holds_nothing(world: World) -> None:
    claim_id = accepted(world)
    other = world.partner("Isar Networks")
    world.person("olga", Role.partner, partner_id=other)
    world.account("olga")
    pay(world, claim_id)


@pytest.mark.parametrize("name", ["bob", "dan", "eve", "olga"])
def test_only_the_partners_own_people_and_managers_enter_an_account(world: World, name: str) -> None:
    world.person("olga", Role.partner, partner_id=world.partner("Isar Networks"))
    with pytest.raises(Refused, match="not_yours"):
        world.account(name, partner_id=world.partner_id)
    assert numbers(world) == (None, None)


@pytest.mark.parametrize("name", ["anna", "bob", "eve"])
def test_only_finance_and_managers_decide_on_an_account(world: World, name: str) -> None:
    account_id = world.account("anna")
    for decide in (world.confirm, lambda account_id, by: refuse(world, account_id, by)):
        with pytest.raises(Refused, match="not_yours"):
            decide(account_id, name)
    assert numbers(world) == (None, GERMAN)


def test_who_entered_an_account_does_not_decide_on_it(world: World) -> None:
    account_id = world.account("mia", partner_id=world.partner_id)
    for decide in (world.confirm, lambda account_id, by: refuse(world, account_id, by)):
        with pytest.raises(Refused, match="entered_it"):
            decide(account_id, "mia")
    world.confirm(account_id, "dan")


def test_the_database_itself_lets_nobody_confirm_what_they_entered(world: World) -> None:
    account_id = world.account("mia", partner_id=world.partner_id)
    mine = {"confirmed_by_id": world.people["mia"].user_id, "confirmed_at": world.clock.now()}
    with pytest.raises(IntegrityError), world.database.write() as connection:
        connection.execute(update(BankAccount).where(BankAccount.id == account_id).values(mine))


def test_a_role_that_was_lost_meanwhile_decides_no_more(world: World) -> None:
    account_id = world.account("anna")
    with world.database.write() as connection:
        gone = {"deactivated_at": world.clock.now()}
        connection.execute(update(User).where(User.id == world.people["dan"].user_id).values(gone))
    with pytest.raises(Refused, match="not_yours"):
        world.confirm(account_id, "dan")


@pytest.mark.parametrize("done", ["confirm", "refuse"])
def test_an_account_is_decided_on_once(world: World, done: str) -> None:
    account_id = world.account("anna")
    (world.confirm if done == "confirm" else lambda one, by: refuse(world, one, by))(account_id, "dan")
    with pytest.raises(Refused, match="account_decided"):
        world.confirm(account_id, "mia")
    with pytest.raises(Refused, match="account_decided"):
        refuse(world, account_id, "mia")


def test_an_account_that_is_there_already_is_not_entered_again_and_holds_nothing(world: World) -> None:
    account_id = world.account("anna")
    with pytest.raises(Refused, match="account_known"):
        world.account("anna", iban=f" {GERMAN.lower()} ")
    world.confirm(account_id, "dan")
    with pytest.raises(Refused, match="account_known"):
        world.account("anna")
    assert numbers(world) == (GERMAN, None)


def test_a_refusal_needs_a_reason(world: World) -> None:
    account_id = world.account("anna")
    with pytest.raises(Refused, match="reason_missing"):
        refuse(world, account_id, "dan", "  ")


def test_an_account_without_an_iban_is_kept_with_its_bank(world: World) -> None:
    world.account("anna", iban="", account_number="0001-2345-6789", bank_code="021000021", bic="chasus33")
    pending = on_file_now(world).pending
    assert pending is not None
    kept = (pending.iban, pending.account_number, pending.bank_code, pending.bic)
    assert kept == (None, "000123456789", "021000021", "CHASUS33")


def test_an_account_in_a_currency_that_nothing_can_be_paid_in_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="currency_code"):
        world.account("anna", currency="KWD")


def test_history_never_holds_a_whole_account_number(world: World) -> None:
    world.confirm(world.account("anna"), "dan")
    refuse(world, world.account("anna", iban=BRITISH), "dan")
    with world.database.read() as connection:
        acts = connection.execute(select(Act.__table__).where(Act.subject.like("bank_account:%"))).all()
        told: Any = connection.scalars(select(Message.figures)).all()
    assert [(act.kind, act.role) for act in acts] == [
        ("account_entered", Role.partner),
        ("account_confirmed", Role.finance),
        ("account_entered", Role.partner),
        ("account_refused", Role.finance),
    ]
    assert acts[2].figures == {
        "account": "GB82…5432",
        "bic": None,
        "currency": "USD",
        "replaces": "DE89…3000",
        "withdrawn": None,
    }
    assert not [one for one in (*(act.figures for act in acts), *told) if GERMAN[4:18] in str(one)]


def test_contacts_hear_that_an_account_was_entered_and_decided_and_the_vendor_that_one_waits(
    world: World,
) -> None:
    world.person("carl", Role.partner, partner_id=world.partner_id)
    account_id = world.account("carl")
    entered, waiting = MessageKind.account_entered, MessageKind.account_waiting
    assert messages(world) == [(entered, "anna"), (waiting, "dan"), (waiting, "mia")]
    world.confirm(account_id, "dan")
    decided = MessageKind.account_decided
    assert messages(world)[3:] == [(decided, "anna"), (decided, "carl")]


def test_a_manager_who_entered_an_account_hears_what_became_of_it_and_not_that_it_waits(
    world: World,
) -> None:
    refuse(world, world.account("mia", partner_id=world.partner_id), "dan")
    assert messages(world) == [
        (MessageKind.account_entered, "anna"),
        (MessageKind.account_waiting, "dan"),
        (MessageKind.account_decided, "anna"),
        (MessageKind.account_decided, "mia"),
    ]


def test_a_form_that_is_sent_twice_enters_and_confirms_once(world: World) -> None:
    now = world.clock.now()
    account: dict[str, Any] = {"holder": "Elbe Systems", "iban": GERMAN, "currency": "EUR"}

    def enter() -> int | None:
        return once(
            world.database,
            "enter",
            lambda connection: enter_account(
                connection, world.people["anna"], now, partner_id=world.partner_id, key="enter", **account
            ),
        )

    def confirm(account_id: int) -> int | None:
        return once(
            world.database,
            "confirm",
            lambda connection: confirm_account(connection, world.people["dan"], now, account_id, "confirm"),
        )

    account_id = enter()
    assert account_id is not None
    assert enter() is None
    assert [confirm(account_id), confirm(account_id)] == [account_id, None]


def test_a_payment_made_before_the_account_changed_is_not_undone(world: World) -> None:
    claim_id = accepted(world)
    world.confirm(world.account("anna"), "dan")
    pay(world, claim_id)
    world.clock.advance(timedelta(days=1))
    world.account("anna", iban=BRITISH)
    assert world.claim(claim_id).paid_on == date(2026, 5, 1)
