"""One claim, from draft to reimbursed and into every side exit, on both databases."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from models.history import Move, Reason
from models.messages import Message
from models.people import UserRole
from models.tasks import Task
from models.vocabulary import MessageKind, Role, State, Trigger
from tests.support.stages import hand_over
from tests.support.world import World, bill, line
from workflow.acts.users import deactivate
from workflow.refusals import ClaimNotFound, Refused


def approved(world: World) -> int:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "approve", "bob", approved=400_000)
    return claim_id


def executed(world: World) -> int:
    claim_id = approved(world)
    world.clock.set(world.clock.now() + timedelta(days=60))
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")
    return claim_id


def accepted(world: World) -> int:
    claim_id = executed(world)
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    return claim_id


def messages(world: World, kind: MessageKind) -> list[tuple[int, str]]:
    with world.database.read() as connection:
        rows = connection.execute(select(Message.user_id, Message.figures).where(Message.kind == kind))
        return [(row.user_id, row.figures.get("trigger") or row.figures.get("task")) for row in rows]


def open_task(world: World, claim_id: int) -> tuple[object, ...] | None:
    with world.database.read() as connection:
        row = connection.execute(
            select(Task.kind, Task.assignee_id, Task.unassigned_why).where(
                Task.claim_id == claim_id, Task.closed_at.is_(None)
            )
        ).one_or_none()
    return None if row is None else tuple(row)


def moves(world: World, claim_id: int) -> list[Move]:
    with world.database.session() as session:
        return list(session.scalars(select(Move).where(Move.claim_id == claim_id).order_by(Move.number)))


def test_a_seminar_walks_from_draft_to_reimbursed(world: World) -> None:
    claim_id = accepted(world)
    world.move(claim_id, "reimburse", "dan", payment_reference="PAY-1", paid_on=date(2026, 5, 1))

    claim = world.claim(claim_id)
    assert claim.state is State.reimbursed
    assert claim.number == "2026H1-00001"
    assert (claim.approved, claim.reimbursable, claim.reserved, claim.paid) == (400_000, 400_000, 0, 400_000)
    fund = world.fund_row()
    assert (fund.available, fund.reserved, fund.paid) == (4_600_000, 0, 400_000)
    assert open_task(world, claim_id) is None
    assert [(move.trigger, move.target) for move in moves(world, claim_id)] == [
        (Trigger.submit, State.submitted),
        (Trigger.approve, State.approved),
        (Trigger.report, State.executed),
        (Trigger.accept, State.accepted),
        (Trigger.reimburse, State.reimbursed),
    ]


def test_history_keeps_the_verdicts_and_the_document_that_was_judged(world: World) -> None:
    claim_id = approved(world)
    submitted, approval = moves(world, claim_id)
    assert submitted.document["claim"]["requested"] == "4000.00"
    assert submitted.document["claim"]["number"] == "2026H1-00001"
    assert approval.document["claim"]["approved"] == "4000.00"
    assert approval.document["fund"]["available"] == "50000.00"
    assert "available-amount" in {verdict["rule"] for verdict in approval.verdicts}
    assert (approval.role, approval.actor_id) == (Role.approver, world.people["bob"].user_id)


def test_approving_less_needs_a_reason_and_reserves_only_that(world: World) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "approve", "bob", approved=300_000)
    assert refused.value.why == "less_needs_reason"

    world.move(claim_id, "approve", "bob", approved=300_000, reason="The hall is too large.")
    assert world.claim(claim_id).reserved == 300_000
    given = select(Reason.text).join(Move, Move.reason_hash == Reason.hash).where(Move.trigger == "approve")
    with world.database.read() as connection:
        assert connection.scalars(given).all() == ["The hall is too large."]


@pytest.mark.parametrize(
    ("amount", "why"), [(None, "amount_missing"), (0, "amount_missing"), (400_001, "above_requested")]
)
def test_an_approver_grants_neither_nothing_nor_more_than_was_asked(
    world: World, amount: int | None, why: str
) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "approve", "bob", approved=amount, reason="x")
    assert refused.value.why == why


def test_a_refused_submission_lists_every_broken_rule_and_changes_nothing(world: World) -> None:
    claim_id = world.draft(requested=1_200_000, lines=[line(amount=1_000_000), line("entertainment", 1_000)])
    before = world.claim(claim_id)
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "submit", "anna")
    assert [verdict.rule for verdict in refused.value.verdicts if verdict.broken] == [
        "funding-share",
        "activity-cap",
        "entertainment",
    ]
    assert world.claim(claim_id) == before
    assert moves(world, claim_id) == []


def test_an_incomplete_draft_names_every_empty_field(world: World) -> None:
    claim_id = world.draft(title="", ends_on=None, lines=[line(), line(unit_value=None)])
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "submit", "anna")
    assert [problem.field for problem in refused.value.problems] == [
        "title",
        "ends_on",
        "lines[1].unit_value",
    ]


def test_a_refusal_of_an_incomplete_draft_lists_the_rules_that_are_broken_by_what_is_there(
    world: World,
) -> None:
    claim_id = world.draft(requested=None, lines=[line(), line("entertainment", 10_000)])
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "submit", "anna")
    assert [(one.code, one.field) for one in refused.value.problems] == [
        ("field_missing", "requested"),
        ("rules", ""),
    ]
    assert [one.rule for one in refused.value.verdicts if one.broken] == ["entertainment"]


def test_a_returned_claim_is_submitted_anew_under_the_same_number(world: World) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "return", "bob", reason="Name the speaker.")
    assert world.claim(claim_id).state is State.draft
    assert open_task(world, claim_id) is None
    world.clock.advance(timedelta(days=1))
    world.move(claim_id, "submit", "anna")
    claim = world.claim(claim_id)
    assert (claim.number, claim.submitted_on) == ("2026H1-00001", date(2026, 3, 3))


@pytest.mark.parametrize("start", [lambda world: world.draft(), approved])
def test_withdrawing_releases_what_was_reserved(world: World, start: Callable[[World], int]) -> None:
    claim_id = start(world)
    world.move(claim_id, "withdraw", "anna")
    assert world.claim(claim_id).state is State.withdrawn
    assert world.fund_row().available == 5_000_000


def test_rejecting_an_executed_claim_releases_its_reserve(world: World) -> None:
    claim_id = executed(world)
    assert world.fund_row().reserved == 400_000
    world.move(claim_id, "reject", "bob", reason="It was another event.")
    assert (world.fund_row().available, world.claim(claim_id).reserved) == (5_000_000, 0)


def test_rework_keeps_the_reserve_and_gives_the_turn_back(world: World) -> None:
    claim_id = executed(world)
    world.move(claim_id, "rework", "bob", reason="The agenda is missing.")
    assert world.claim(claim_id).state is State.approved
    assert world.fund_row().reserved == 400_000
    world.move(claim_id, "report", "anna")
    assert open_task(world, claim_id) is not None


def test_accepting_lower_costs_shrinks_the_reserve_to_the_share_of_them(world: World) -> None:
    claim_id = approved(world)
    world.clock.set(world.clock.now() + timedelta(days=60))
    world.bill(claim_id, bill(amount=600_001))
    world.move(claim_id, "report", "anna")
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    assert world.claim(claim_id).reimbursable == 300_000
    fund = world.fund_row()
    assert (fund.available, fund.reserved) == (4_700_000, 300_000)


def test_accepting_waits_for_the_evidence_and_the_checklist(world: World) -> None:
    claim_id = executed(world)
    world.review(claim_id, "bob", accept=False)
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "accept", "bob")
    assert {verdict.rule for verdict in refused.value.verdicts if verdict.broken} == {
        "execution",
        "acceptance",
    }


@pytest.mark.parametrize("reference", ["PAY-1", "pay-1", " Pay -1 "])
def test_a_payment_reference_belongs_to_one_claim(world: World, reference: str) -> None:
    """Capitals and blanks make no difference: a bank statement has its own."""
    first = accepted(world)
    world.move(first, "reimburse", "dan", payment_reference="PAY-1", paid_on=date(2026, 5, 1))
    world.clock.set(world.clock.now() - timedelta(days=60))
    second = accepted(world)
    with pytest.raises(Refused) as refused:
        world.move(second, "reimburse", "dan", payment_reference=reference, paid_on=date(2026, 5, 1))
    assert refused.value.why == "reference_used"
    assert world.claim(second).state is State.accepted


@pytest.mark.parametrize(
    ("paid_on", "why"),
    [(None, "paid_on_missing"), (date(2026, 5, 2), "paid_on_future"), (date(2026, 4, 30), "paid_on_early")],
)
def test_the_day_of_payment_lies_between_acceptance_and_today(
    world: World, paid_on: date | None, why: str
) -> None:
    claim_id = accepted(world)
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "reimburse", "dan", payment_reference="PAY-1", paid_on=paid_on)
    assert refused.value.why == why


def test_whoever_accepted_a_claim_does_not_pay_it(world: World) -> None:
    claim_id = executed(world)
    both = world.person("zoe", Role.approver, Role.finance)
    with world.database.write() as connection:
        from workflow.acts.tasks import reassign

        assert both.user_id is not None
        reassign(connection, world.people["mia"], world.clock.now(), claim_id, both.user_id)
    world.review(claim_id, "zoe")
    world.move(claim_id, "accept", "zoe")
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "reimburse", "zoe", payment_reference="PAY-1", paid_on=date(2026, 5, 1))
    assert refused.value.why == "accepted_it"


def test_whoever_accepted_a_claim_is_not_told_to_pay_it(world: World) -> None:
    claim_id = executed(world)
    world.person("zoe", Role.approver, Role.finance)
    hand_over(world, claim_id, "zoe")
    world.review(claim_id, "zoe")
    world.move(claim_id, "accept", "zoe")
    told = [who for who, task in messages(world, MessageKind.turn) if task == "pay"]
    assert told == [world.people["dan"].user_id]


def test_where_the_acceptor_alone_is_in_finance_the_payment_waits_at_the_managers(world: World) -> None:
    claim_id = executed(world)
    world.person("zoe", Role.approver, Role.finance)
    dan = world.people["dan"].user_id
    assert dan is not None
    with world.database.write() as connection:
        deactivate(connection, world.people["mia"], world.clock.now(), dan)
    hand_over(world, claim_id, "zoe")
    world.review(claim_id, "zoe")
    world.move(claim_id, "accept", "zoe")
    assert open_task(world, claim_id) == ("pay", None, "no_finance")
    assert messages(world, MessageKind.unassigned) == [(world.people["mia"].user_id, "pay")]
    assert "pay" not in [task for _, task in messages(world, MessageKind.turn)]


def test_nobody_decides_on_a_claim_of_their_own_organisation(world: World) -> None:
    """Not even where the data says that they could, which no act writes."""
    otto = world.person("otto", Role.partner, partner_id=world.partner_id)
    with world.database.write() as connection:
        connection.execute(insert(UserRole).values(user_id=otto.user_id, role=Role.approver))
    world.people["otto"] = otto._replace(roles=frozenset({Role.approver}))
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    assert open_task(world, claim_id) == ("decide", world.people["bob"].user_id, None)
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "approve", "otto", approved=400_000)
    assert refused.value.why == "own_organisation"


def test_only_the_assigned_approver_decides(world: World) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    world.person("cora", Role.approver)
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "approve", "cora", approved=400_000)
    assert refused.value.why == "not_assigned"


def test_a_task_goes_to_the_least_loaded_approver(world: World) -> None:
    world.person("cora", Role.approver)
    holders = []
    for _ in range(4):
        claim_id = world.draft()
        world.move(claim_id, "submit", "anna")
        task = open_task(world, claim_id)
        assert task is not None
        holders.append(task[1])
    bob, cora = world.people["bob"].user_id, world.people["cora"].user_id
    assert holders == [bob, cora, bob, cora]


def test_without_an_entitled_approver_the_task_waits_at_the_managers_with_the_reason(world: World) -> None:
    bob = world.people["bob"].user_id
    assert bob is not None
    with world.database.write() as connection:
        deactivate(connection, world.people["mia"], world.clock.now(), bob)
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    assert open_task(world, claim_id) == ("decide", None, "no_approver")
    assert messages(world, MessageKind.unassigned) == [(world.people["mia"].user_id, "decide")]

    cora = world.person("cora", Role.approver)
    assert open_task(world, claim_id) == ("decide", cora.user_id, None)


def test_the_partner_hears_of_decisions_and_the_next_in_turn_of_tasks(world: World) -> None:
    world.person("carl", Role.partner, partner_id=world.partner_id)
    accepted(world)
    anna, bob, dan = (world.people[name].user_id for name in ("anna", "bob", "dan"))
    assert messages(world, MessageKind.decision) == [(anna, "approve"), (anna, "accept")]
    assert messages(world, MessageKind.turn) == [(bob, "decide"), (bob, "accept"), (dan, "pay")]


def test_the_same_request_again_changes_nothing_and_says_so(world: World) -> None:
    claim_id = world.draft()
    first = world.move(claim_id, "submit", "anna", key="form-1")
    again = world.move(claim_id, "submit", "anna", key="form-1", version=1)
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.number, again.target) == (first.number, State.submitted)
    assert len(moves(world, claim_id)) == 1


def test_a_stale_form_is_refused(world: World) -> None:
    claim_id = world.draft()
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "submit", "anna", version=1)
    assert refused.value.why == "stale"


def test_a_claim_that_does_not_exist_is_not_found(world: World) -> None:
    claim_id = world.draft()
    with pytest.raises(ClaimNotFound):
        world.move(claim_id + 1, "submit", "anna", version=1)


def test_a_partner_cannot_move_another_partners_claim(world: World) -> None:
    world.person("rolf", Role.partner, partner_id=world.partner("Rhine Networks"))
    claim_id = world.draft()
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "submit", "rolf")
    assert refused.value.why == "not_yours"


def test_a_closed_period_takes_no_submission(world: World) -> None:
    from workflow.acts.periods import set_period_closed

    claim_id = world.draft()
    with world.database.write() as connection:
        set_period_closed(connection, world.people["mia"], world.clock.now(), world.period_id, closed=True)
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "submit", "anna")
    assert [problem.code for problem in refused.value.problems] == ["period_closed"]


def test_managers_hear_of_a_claim_whose_partner_has_no_fund_yet(world: World) -> None:
    rhine = world.partner("Rhine Networks")
    world.certify(rhine, date(2025, 1, 1), date(2026, 12, 31))
    world.performed(rhine)
    world.person("rolf", Role.partner, partner_id=rhine)
    claim_id = world.draft("rolf")
    world.move(claim_id, "submit", "rolf")
    assert messages(world, MessageKind.vendor_fact_missing) == [(world.people["mia"].user_id, "submit")]
