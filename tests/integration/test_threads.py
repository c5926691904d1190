"""What partner and programme owner write to each other: who may, who is told, and what never changes."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from models.messages import FIGURES, Message
from models.people import User
from models.threads import Post, PostFile, PostMention
from models.vocabulary import MessageKind, Role, Trigger
from notifications.delivery import deliver_due
from tests.integration.test_races import meanwhile
from tests.support.mail import KeepingMailer
from tests.support.stages import accepted, draft, submitted
from tests.support.world import PLAN_FILE, World
from workflow.attempt import Command
from workflow.moves import perform_in
from workflow.refusals import ClaimNotFound, Refused
from workflow.threads import LONGEST, MOST_AN_HOUR, beginning, post


def told(world: World) -> list[str]:
    """Return who was told of posts."""
    names = {actor.user_id: name for name, actor in world.people.items()}
    return sorted(names[row.user_id] for row in world.rows(Message) if row.kind is MessageKind.post)


def test_a_post_stands_with_its_files_and_whom_it_addresses(world: World) -> None:
    claim_id = submitted(world)
    made = world.post(claim_id, "anna", "See the plan.", tell=["bob"], files=[PLAN_FILE])
    (row,) = world.rows(Post)
    assert (row.id, row.claim_id, row.author_id) == (made.post_id, claim_id, world.people["anna"].user_id)
    assert (row.text, row.internal, row.at) == ("See the plan.", False, world.clock.now())
    assert [(file.post_id, file.name) for file in world.rows(PostFile)] == [(row.id, "plan.pdf")]
    assert [mention.user_id for mention in world.rows(PostMention)] == [world.people["bob"].user_id]


def test_a_post_leaves_the_claim_as_it_was(world: World) -> None:
    claim_id = submitted(world)
    before = world.claim(claim_id)
    world.post(claim_id, "anna")
    world.post(claim_id, "bob", internal=True)
    assert world.claim(claim_id) == before


def test_the_same_request_again_posts_and_tells_once(world: World) -> None:
    claim_id = submitted(world)
    first = world.post(claim_id, "anna", key="same")
    assert world.post(claim_id, "anna", "Other words.", key="same") == (first.post_id, True)
    assert len(world.rows(Post)) == 1
    assert told(world) == ["bob"]
    assert world.post(claim_id, "bob", key="same").repeated is False


@pytest.mark.parametrize(
    ("by", "more", "why"),
    [
        ("anna", {"said": " \n "}, "post_empty"),
        ("anna", {"said": "x" * (LONGEST + 1)}, "post_long"),
        ("anna", {"internal": True}, "not_internal"),
        ("anna", {"tell": ["dan"]}, "not_addressable"),
        ("anna", {"tell": ["olga"]}, "not_addressable"),
        ("anna", {"tell": ["anna"]}, "not_addressable"),
        ("bob", {"tell": ["olga"]}, "not_addressable"),
        ("bob", {"tell": ["anna"], "internal": True}, "outside_reader"),
        ("eve", {}, "only_reads"),
    ],
)
def test_what_may_not_be_written_is_refused_and_nothing_stands(
    world: World, by: str, more: dict[str, Any], why: str
) -> None:
    world.person("olga", Role.partner, partner_id=world.partner("Isar Networks"), contact=True)
    claim_id = submitted(world)
    with pytest.raises(Refused) as refused:
        world.post(claim_id, by, **more)
    assert [problem.code for problem in refused.value.problems] == [why]
    assert world.rows(Post) == []
    assert told(world) == []


def test_the_longest_post_is_taken(world: World) -> None:
    world.post(submitted(world), "anna", "x" * LONGEST)
    assert len(world.rows(Post)) == 1


def test_nobody_writes_where_they_see_nothing(world: World) -> None:
    world.person("olga", Role.partner, partner_id=world.partner("Isar Networks"))
    mine, open_draft = submitted(world), draft(world)
    for name, claim_id in (("olga", mine), ("bob", open_draft), ("dan", open_draft), ("mia", 999)):
        with pytest.raises(ClaimNotFound):
            world.post(claim_id, name)
    for number, name in enumerate(("anna", "mia")):
        world.post(open_draft, name, key=f"k{number}")


def test_whoever_sees_a_claim_as_an_auditor_can_write_on_it_as_an_approver(world: World) -> None:
    world.person("amy", Role.approver, Role.auditor)
    claim_id = draft(world)
    world.move(claim_id, "withdraw", "anna")
    world.post(claim_id, "amy")
    with pytest.raises(ClaimNotFound):
        world.post(claim_id, "bob")


def test_who_lost_their_role_writes_no_more(world: World) -> None:
    claim_id = submitted(world)
    with world.database.write() as connection:
        gone = {"deactivated_at": world.clock.now()}
        connection.execute(update(User).where(User.id == world.people["anna"].user_id).values(gone))
    with pytest.raises(Refused, match="only_reads"):
        world.post(claim_id, "anna")


def test_a_partner_who_names_nobody_reaches_whoever_the_claim_waits_for(world: World) -> None:
    world.post(submitted(world), "anna", key="to the approver")
    assert told(world) == ["bob"]


def test_a_partners_word_on_what_waits_for_payment_reaches_finance(world: World) -> None:
    world.post(accepted(world), "anna")
    assert told(world) == ["dan"]


def test_a_partners_word_on_what_waits_for_nobody_reaches_the_managers(world: World) -> None:
    world.post(draft(world), "anna")
    assert told(world) == ["mia"]


def test_a_partner_who_names_somebody_reaches_them_alone(world: World) -> None:
    world.post(accepted(world), "anna", tell=["bob"])
    assert told(world) == ["bob"]


def test_the_owners_word_to_the_partner_reaches_author_and_contacts(world: World) -> None:
    world.person("carl", Role.partner, partner_id=world.partner_id)
    world.person("cleo", Role.partner, partner_id=world.partner_id)
    claim_id = world.draft("carl")
    world.move(claim_id, "submit", "carl")
    world.post(claim_id, "bob", key="1")
    assert told(world) == ["anna", "carl"], "cleo is neither author nor contact"
    world.post(claim_id, "bob", key="2", tell=["carl"])
    assert told(world) == ["anna", "carl", "carl"]


def test_an_internal_note_reaches_only_the_colleagues_it_names(world: World) -> None:
    claim_id = submitted(world)
    world.post(claim_id, "dan", internal=True)
    assert told(world) == []
    world.post(claim_id, "bob", internal=True, tell=["dan"])
    assert told(world) == ["dan"]


def test_who_wrote_but_internal_notes_cannot_be_addressed_by_the_partner(world: World) -> None:
    claim_id = submitted(world)
    world.post(claim_id, "dan", internal=True)
    with pytest.raises(Refused, match="not_addressable"):
        world.post(claim_id, "anna", tell=["dan"])
    world.post(claim_id, "dan", key="openly")
    world.post(claim_id, "anna", tell=["dan"])
    assert told(world) == ["anna", "dan"]


def test_a_person_writes_so_often_an_hour_and_no_more(world: World) -> None:
    claim_id = submitted(world)
    for number in range(MOST_AN_HOUR):
        world.post(claim_id, "anna", key=f"k{number}")
    with pytest.raises(Refused, match="too_many_posts"):
        world.post(claim_id, "anna", key="one more")
    world.post(claim_id, "bob")
    world.clock.advance(timedelta(hours=1))
    world.post(claim_id, "anna", key="one more")


def test_a_message_holds_the_figures_it_is_worded_with_and_how_the_post_begins(world: World) -> None:
    claim_id = submitted(world)
    said = "First line.\nSecond line. " + "x" * 300
    world.post(claim_id, "anna", said)
    (row,) = (row for row in world.rows(Message) if row.kind is MessageKind.post)
    assert set(row.figures) == set(FIGURES[MessageKind.post])
    assert row.figures["text"] == beginning(said)
    assert row.figures["text"].startswith("First line. Second line. xxx")
    assert len(row.figures["text"]) == 201
    assert row.figures["text"].endswith("…")


def test_the_mail_leads_to_the_thread(world: World) -> None:
    claim_id = submitted(world)
    world.post(claim_id, "anna", "When will you decide?")
    mailer = KeepingMailer()
    assert deliver_due(world.database, mailer, "https://fund.example", world.clock.now).failed == 0
    (mail,) = (mail for mail in mailer.mails if "wrote to you" in mail.subject)
    assert mail.reader_address == "bob@people.example"
    for body in (mail.text, mail.html):
        assert "When will you decide?" in body
        assert f"https://fund.example/claims/{claim_id}#thread" in body


def test_the_database_lets_nothing_of_a_post_change_but_its_words(world: World) -> None:
    claim_id = submitted(world)
    world.post(claim_id, "bob", "Secret", internal=True, files=[PLAN_FILE])
    world.post(claim_id, "bob", key="2", tell=["anna"])
    for statement in (
        "UPDATE post SET internal = NOT internal",
        "UPDATE post SET author_id = author_id",
        "UPDATE post_file SET size = size",
        "UPDATE post_file SET digest = 'another'",
        "UPDATE post_mention SET user_id = user_id",
        "DELETE FROM post_file",
        "DELETE FROM post_mention",
        "DELETE FROM post",
    ):
        with pytest.raises(DBAPIError, match="append-only"), world.database.write() as connection:
            connection.execute(text(statement))
    with world.database.write() as connection:
        connection.execute(text("UPDATE post SET text = ''"))
        connection.execute(text("UPDATE post_file SET name = ''"))
    assert [row.text for row in world.rows(Post)] == ["", ""]


def test_the_same_request_at_the_same_moment_posts_once(world: World) -> None:
    claim_id, database = submitted(world), world.database
    again = partial(world.post, claim_id, "anna", key="same")
    with database.engine.connect() as first, first.begin() as transaction:
        made = post(first, world.people["anna"], world.clock.now(), claim_id, key="same", text="Once.")
        with meanwhile(database, again) as second:
            transaction.commit()
    assert second.result() == (made.post_id, True)
    assert told(world) == ["bob"]


def test_what_is_written_while_the_claim_moves_waits_and_reaches_whoever_then_has_it(world: World) -> None:
    claim_id, database = draft(world), world.database
    command = Command(claim_id, Trigger.submit, world.people["anna"], "key", version=2)
    with database.engine.connect() as first, first.begin() as transaction:
        perform_in(first, command, world.clock.now())
        with meanwhile(database, partial(world.post, claim_id, "anna")) as second:
            transaction.commit()
    assert second.result().repeated is False
    assert told(world) == ["bob"]
