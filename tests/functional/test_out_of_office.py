"""People say when they are away; a substitute decides, and every page says for whom."""

from datetime import date

from sqlalchemy import select

from models.people import Absence, User
from models.tasks import Task
from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.support.looking import places, token_of
from tests.support.stages import submitted
from tests.support.world import World

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 6)
DAYS = {"first_day": FIRST.isoformat(), "last_day": LAST.isoformat()}


def user(world: World, name: str) -> int:
    user_id = world.people[name].user_id
    assert user_id is not None
    return user_id


def test_the_walk_of_an_absence_from_the_form_to_the_history(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    bob = sign_in(world.people["bob"])
    page = bob.open("/absences")
    assert page.offers("/absences")

    answer = page.submit("/absences", **DAYS, substitute=user(world, "cora"), amount_limit="4,000")
    assert answer.location == "/absences"
    places(
        bob.open("/absences"), "Bob", "away now", "2 Mar 2026", "6 Mar 2026", "Cora", "4,000.00", "Call off"
    )
    assert "Nothing waits for you" in bob.open("/inbox").text

    cora = sign_in(world.people["cora"])
    places(cora.open("/inbox"), "Decide", "for Bob")
    decision = cora.open(f"/claims/{claim_id}/decide")
    places(decision, "You stand in for Bob, who is out of office.")
    decision.submit(f"/claims/{claim_id}/decide", decision="approve", approved="4000.00")

    assert world.claim(claim_id).state is State.approved
    for name, address in (("anna", f"/claims/{claim_id}"), ("mia", f"/claims/{claim_id}")):
        places(sign_in(world.people[name]).open(address), "Cora, for Bob, approved the claim.")
    eve = sign_in(world.people["eve"])
    places(eve.open("/audit/moves"), "Cora", "for Bob")
    places(eve.open(f"/audit/claims/{claim_id}"), "Cora", "for Bob")


def test_an_absence_is_called_off_where_it_stands(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    absence_id = world.away("bob", FIRST, LAST, substitute="cora")
    bob = sign_in(world.people["bob"])

    bob.open("/absences").submit(f"/absences/{absence_id}/call-off")

    places(bob.open("/absences"), "Nobody is away")
    places(bob.open("/inbox"), world.claim(claim_id).number)


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.people["bob"]).open("/absences")

    empty = page.submit("/absences", first_day="", last_day="soon")
    assert empty.status == 422
    places(empty, "Enter the first day.", "Enter a day such as 2026-11-24.", 'value="soon"')

    past = page.submit("/absences", first_day="2026-02-01", last_day="2026-02-02", amount_limit="12.00")
    assert past.status == 422
    places(past, "2 Feb 2026 is past.", 'value="2026-02-01"', 'value="12.00"')


def test_only_who_could_stand_in_is_offered_and_anothers_absence_is_not_ones_own_to_call_off(
    world: World, sign_in: SignIn
) -> None:
    world.person("cora", Role.approver)
    bob = sign_in(world.people["bob"])
    text = bob.open("/absences").text
    assert ">Cora</option>" in text
    assert ">Bob</option>" not in text
    assert ">Dan</option>" not in text
    absence_id = world.away("cora", FIRST, LAST, substitute="bob", limit=300_000)
    key = dict(bob.open("/absences").form("/absences").fields)["csrf_token"]
    late = bob.client.post(f"/absences/{absence_id}/call-off", data={"csrf_token": key, "key": "k"})
    assert late.status_code == 409
    assert "Another person’s absence is theirs to record" in late.get_data(as_text=True)
    told = sign_in(world.people["eve"]).open("/audit/acts").text
    assert "up to: 3,000.00 USD." in told


def test_a_form_sent_twice_records_one_absence(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.people["bob"]).open("/absences")
    for _ in range(2):
        assert page.submit("/absences", **DAYS).status == 302
    with world.database.read() as connection:
        assert len(connection.execute(select(Absence.id)).all()) == 1


def test_managers_record_it_for_others_who_record_it_for_themselves_alone(
    world: World, sign_in: SignIn
) -> None:
    mia = sign_in(world.people["mia"]).open("/absences")
    mia.submit("/absences", user=user(world, "bob"), **DAYS)
    dan = sign_in(world.people["dan"])
    dan.open("/absences").submit("/absences", user=user(world, "bob"), **DAYS)
    with world.database.read() as connection:
        found = connection.scalars(select(Absence.user_id).order_by(Absence.id)).all()
        absence_id = connection.scalar(select(Absence.id).where(Absence.user_id == user(world, "bob")))
    assert found == [user(world, "bob"), user(world, "dan")], "a forged name changes whose absence it is"

    page = dan.open("/absences")
    assert f"/absences/{absence_id}/call-off" not in page.text
    forged = dan.post(f"/absences/{absence_id}/call-off", {"csrf_token": token_of(dan)})
    assert forged.status == 409


def test_a_limit_that_is_lowered_moves_what_is_above_it_on(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    mia = sign_in(world.people["mia"])
    path = f"/programme/users/{user(world, 'bob')}"

    page = mia.open(path)
    places(page, "Decides on at most")
    page.submit(f"{path}/roles", amount_limit="3999.99")

    places(mia.open(path), 'value="3999.99"', "limit – → 3,999.99")
    with world.database.read() as connection:
        assert connection.scalar(select(User.amount_limit).where(User.id == user(world, "bob"))) == 399_999
        holder = connection.scalar(select(Task.assignee_id).where(Task.claim_id == claim_id))
    assert holder == user(world, "cora")


def test_a_task_is_given_back_with_its_reason(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    bob = sign_in(world.people["bob"])
    path = f"/claims/{claim_id}/give-back"
    assert bob.open(f"/claims/{claim_id}/decide").offers(path)

    page = bob.open(path)
    places(page.submit(path, reason=" "), "Say why you give the task back.")
    assert page.submit(path, reason="I know the speaker.").location == "/inbox"

    assert bob.open(path).location == f"/claims/{claim_id}"
    places(sign_in(world.people["cora"]).open("/inbox"), world.claim(claim_id).number)
    places(sign_in(world.people["eve"]).open("/audit/acts"), "Bob gave a task", "I know the speaker.")


def test_a_task_of_a_colleague_is_taken_over_from_the_claims_page(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    cora, path = sign_in(world.people["cora"]), f"/claims/{claim_id}/take"
    assert cora.open(f"/claims/{claim_id}").offers(path)
    assert not sign_in(world.people["bob"]).open(f"/claims/{claim_id}").offers(path)

    page = cora.open(path)
    places(page, "Bob holds it now")
    assert page.submit(path).location == f"/claims/{claim_id}/decide"
    assert not cora.open(f"/claims/{claim_id}").offers(path)
    assert sign_in(world.people["mia"]).open(path).status == 403
