"""Do every kind of administrative act once, for the tests that read all of them."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from models.payment_runs import run_reference
from models.standing import Performance
from models.vocabulary import ImportKind, JobKind, Personal, Role, TaskKind
from tests.support.bank_files import pain_002
from tests.support.policies import NEXT, drafted, proposed, published, to_be_withdrawn, withdrawn
from tests.support.samples import drawn, signer_in
from tests.support.stages import (
    approved,
    collected,
    correct_certificate,
    disputed_amount,
    payable,
    released,
    submitted,
    to_be_clawed_back,
)
from tests.support.world import INSTALLER, World
from workflow import jobs
from workflow.acts import erasure, partners, periods, users
from workflow.acts.absences import call_off, settle
from workflow.acts.banking import refuse_account
from workflow.acts.claw_backs import turn_down
from workflow.acts.deadlines import Deadline, set_deadlines
from workflow.acts.disputes import uphold
from workflow.acts.exchange import Rate, load_rates
from workflow.acts.funds import reduce_fund
from workflow.acts.groups import save_group
from workflow.acts.legal_holds import lift_hold, set_hold
from workflow.acts.outcomes import report_outcomes
from workflow.acts.policy_publishing import turn_down as turn_down_policy
from workflow.acts.record import record_act
from workflow.acts.retention import set_retention
from workflow.acts.sharing import declare_shared, take_shared_back
from workflow.acts.standing import record_performance
from workflow.acts.tasks import give_back, reassign, take
from workflow.amending import CORRECTABLE, correct
from workflow.bulk import DOERS
from workflow.imports.applying import apply_file
from workflow.imports.asking import take_in
from workflow.imports.judging import keep_rows
from workflow.imports.reading import Row
from workflow.payment_runs import leaving, releasing
from workflow.payment_runs.contents import payments_of
from workflow.payment_runs.importing import keep_file
from workflow.proof.asking import ask_package
from workflow.working_days import Calendar


def do_every_act(world: World) -> None:
    """Do one administrative act of every kind that the making of the world did not do."""
    do_every_act_of_imports(world)
    world.rate("EUR", "1.0856")
    do_every_act_of_policies(world)
    with world.database.write() as connection:
        now, mia = world.clock.now(), world.people["mia"]
        load_rates(connection, mia, now, [Rate("CHF", now.date(), "1.1", "1", "A bank")])
    submitted(world)
    second = approved(world)
    now, mia = world.clock.now(), world.people["mia"]
    paid_id = to_be_clawed_back(world)
    world.clock.set(now)
    with world.database.write() as connection:
        version = world.claim(paid_id).version
        turn_down(connection, world.people["dan"], now, paid_id, version, reason="It was right.")
    do_every_act_of_erasure(world, paid_id)
    zoe = world.person("zoe", Role.finance)
    assert zoe.user_id is not None
    correct_certificate(world)
    with world.database.write() as connection:
        partners.change_partner(
            connection, mia, now, world.partner_id, name="Elbe Systems", partner_type="vap", country="DE"
        )
        first, last = date(2026, 9, 1), date(2026, 11, 30)
        autumn_id = periods.open_period(connection, mia, now, code="Autumn", first_day=first, last_day=last)
        periods.correct_period(connection, mia, now, autumn_id, code="2026Q4", first_day=first, last_day=last)
        for closed in (True, False):
            periods.set_period_closed(connection, mia, now, world.period_id, closed=closed)
        reduce_fund(connection, mia, now, fund_id=world.fund_row().id, amount=100)
        record = connection.scalars(select(Performance.id)).one()
        record_performance(
            connection,
            mia,
            now,
            partner_id=world.partner_id,
            period_id=world.period_id,
            required=1,
            achieved=2,
            replaces_id=record,
        )
        users.invite(connection, mia, now, zoe.user_id, timedelta(days=1))
        users.unlock(connection, mia, now, zoe.user_id)
        users.change_user(
            connection, mia, now, zoe.user_id, roles=[Role.finance, Role.approver], is_contact=False
        )
        reassign(connection, mia, now, 1, zoe.user_id)
        take(connection, world.people["bob"], now, 1)
        reassign(connection, mia, now, 1, zoe.user_id)
        give_back(connection, zoe, now, 1, "Not mine to decide.")
        users.deactivate(connection, mia, now, zoe.user_id)
        users.reactivate(connection, mia, now, zoe.user_id)
        names = {"owner": "Northwind", "name": "Joint Marketing Fund", "time_zone": "Europe/Berlin"}
        record_act(connection, INSTALLER, now, "programme_set_up", "programme:1", names)
    world.person("cora", Role.approver)
    bob = world.people["bob"].user_id or 0
    with world.database.write() as connection:
        group_id = save_group(connection, mia, now, None, name="North", members=frozenset({bob}))
        deadline = Deadline(5, remind_days=1, escalate_days=2, escalate_to_id=bob)
        set_deadlines(connection, mia, now, Calendar("DE", "BY"), {TaskKind.decide: deadline})
    do_every_former_act_of_routing(world, group_id)
    third = disputed_amount(world)
    with world.database.write() as connection:
        holder = world.people[world.holder(third)[0] or ""]
        uphold(connection, holder, now, third, "It stands.")
    plan = dict.fromkeys(CORRECTABLE, "New")
    with world.database.write() as connection:
        correct(connection, world.people["anna"], now, second, world.claim(second).version, plan)
    world.confirm(world.account("anna"), "mia")
    account_id = world.account("anna", iban="GB82 WEST 1234 5698 7654 32", bic="DEUTDEFF")
    with world.database.write() as connection:
        refuse_account(connection, mia, now, account_id, "Not theirs.")
    today = now.date()
    absence_id = world.away("bob", today + timedelta(days=1), today + timedelta(days=9), substitute="cora")
    settle(world.database, now + timedelta(days=1))
    with world.database.write() as connection:
        call_off(connection, world.people["bob"], now, absence_id)
        anna = world.people["anna"]
        shared_id = declare_shared(
            connection, anna, now, supplier="Elbe", invoice_number="R-1", total=120_000
        )
        take_shared_back(connection, anna, now, shared_id)
        report_outcomes(connection, anna, now, paid_id, leads=12, meetings=5, revenue=4_500_000)
    do_every_act_of_runs(world)
    do_every_act_of_proof(world)


def do_every_former_act_of_routing(world: World, group_id: int) -> None:
    """Leave the acts with which routing rules were changed before policy versions held them."""
    mia, now, bob = world.people["mia"], world.clock.now(), world.people["bob"].user_id
    rule = {
        "place": 1,
        "country": "DE",
        "activity_type": "seminar",
        "partner_id": world.partner_id,
        "above": "3000.00",
        "tiers": [{"group": group_id}, {"user": bob}],
    }
    with world.database.write() as connection:
        record_act(connection, mia, now, "route_saved", "route:1", {"before": {}, "after": rule})
        record_act(connection, mia, now, "route_removed", "route:1", {"before": rule})


def do_every_act_of_erasure(world: World, claim_id: int) -> None:
    """Set a retention and a hold, turn one request down and confirm another."""
    now = world.clock.now()
    mia, ines = world.people["mia"], world.people["ines"]
    asked = {"reference": "DSR-1", "reason": "By letter."}
    with world.database.write() as connection:
        set_retention(connection, mia, now, {Personal.people_files: 24})
        hold_id = set_hold(connection, mia, now, claim_id=claim_id, reason="A court asks.")
        lift_hold(connection, ines, now, hold_id, reason="It is over.")
        first = erasure.propose_erasure(connection, mia, now, claim_id, [Personal.reasons], **asked)
        erasure.turn_down_erasure(connection, ines, now, first, reason="Not theirs.")
        second = erasure.propose_erasure(connection, mia, now, claim_id, [Personal.reasons], **asked)
        erasure.confirm_erasure(connection, ines, now, second)
        gone = users.add_user(
            connection, mia, now, email="x@people.example", name="Xaver", roles=[Role.finance]
        )
        users.deactivate(connection, mia, now, gone)
        third = erasure.propose_forgetting(connection, mia, now, gone, **asked)
        erasure.turn_down_erasure(connection, ines, now, third, reason="Not yet.")
        fourth = erasure.propose_forgetting(connection, mia, now, gone, **asked)
        erasure.confirm_erasure(connection, ines, now, fourth)


def do_every_act_of_policies(world: World) -> None:
    """Publish a version of two people and withdraw it; turn down another draft, and another withdrawal."""
    withdrawn(world)
    version_id = published(world)
    draft_proposal, withdrawal = (
        proposed(world, drafted(world, report_within_days=45), NEXT + timedelta(days=1)),
        to_be_withdrawn(world, version_id),
    )
    with world.database.write() as connection:
        for proposal_id in (draft_proposal, withdrawal):
            turn_down_policy(
                connection, world.people["ines"], world.clock.now(), proposal_id, reason="Not yet."
            )


def do_every_act_of_imports(world: World) -> None:
    """Have a file judged and applied, whose rows are there already."""
    mia, now = world.people["mia"], world.clock.now()
    row = Row(2, {"name": "Isar", "type": "vap", "country": "DE"})
    with world.database.write() as connection:
        stored = {"name": "partners.csv", "digest": "0" * 64}
        import_id = take_in(connection, mia, now, ImportKind.partners, stored, "import")
        keep_rows(connection, import_id, [row])
        apply_file(connection, mia, now, import_id, None, timedelta(hours=72))


def do_every_act_of_proof(world: World) -> None:
    """Have a sample drawn, and ask for a package."""
    with TemporaryDirectory() as folder:
        drawn(world, signer_in(Path(folder)), partner_id=world.partner_id, first_day="2026-01-01")
    with world.database.write() as connection:
        ask_package(connection, world.people["eve"], world.clock.now(), "package")


def do_every_act_of_runs(world: World) -> None:
    """Collect two runs: one is emptied and given up, one is released and exported. Bob decides alone."""
    with world.database.write() as connection:
        for name in ("cora", "zoe"):
            user_id = world.people[name].user_id or 0
            users.deactivate(connection, INSTALLER, world.clock.now(), user_id)
    payable(world)
    first, dan = collected(world), world.people["dan"]
    with world.database.write() as connection:
        now = world.clock.now()
        for payment in payments_of(connection, first):
            leaving.take_out(connection, dan, now, first, payment.id)
        leaving.cancel(connection, dan, now, first, "Not this week.")
    second = released(world)
    with world.database.write() as connection:
        now = world.clock.now()
        releasing.export(connection, dan, now, second, "csv")
        file_id = keep_file(connection, dan, now, second, "answers.xml", pain_002(run_reference(second)))
        shared = {"run": second, "file": file_id}
        jobs.start(connection, dan, now, JobKind.record_answers, shared, [], "recording")
    judged_already = jobs.Doer(lambda *_: {"outcome": "done"})
    jobs.work_off(world.database, {**DOERS, JobKind.read_import: judged_already}, world.clock.now)
    with world.database.write() as connection:
        now = world.clock.now()
        (payment, *_others) = payments_of(connection, second)
        leaving.reject(connection, dan, now, second, payment.id, "AC04 Account closed.")
