"""A partner can never see or touch another partner's anything: every route, every role, every identifier.

The routes are those of the app, so that a new one is covered at once. Where it has an identifier that is
new, say in `Theirs` which row of the other partner it names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select
from werkzeug.routing import Rule

from models.banking import BankAccount
from models.base import Base
from models.claims import Evidence
from models.database import Database
from models.erasure import ErasureRequest, LegalHold, TakenOffFile
from models.history import Move
from models.imports import ImportFile
from models.jobs import Job
from models.links import Checkpoint, Verification
from models.messages import Message
from models.packages import AuditPackage
from models.payment_runs import BankFile, PaymentRun
from models.people import Absence
from models.policies import PolicyDraft, PolicyProposal
from models.programme import Period, PolicyVersion
from models.routing import ApproverGroup
from models.samples import Sample
from models.searches import Export, SavedSearch
from models.sharing import SharedDocument
from models.standing import Certificate, Performance
from models.threads import Post, PostFile
from models.uploads import Upload
from models.vocabulary import ExportForm, ImportKind, JobKind, Personal, Role, SearchKind
from tests.functional.conftest import SignIn
from tests.support.looking import token_of
from tests.support.pages import Browser
from tests.support.personal import attached, hold, taken_off
from tests.support.policies import drafted, proposed
from tests.support.samples import put_sample
from tests.support.world import PLAN_FILE, World, checked_policy
from web.access import PUBLIC_FILES, access_of
from workflow.acts.erasure import propose_erasure
from workflow.acts.legal_holds import set_hold
from workflow.imports.asking import take_in
from workflow.jobs import start
from workflow.proof.asking import ask_package
from workflow.proof.verifying import Seal, verify_history
from workflow.rule_counts.running import ask as count_rules
from workflow.searches.exports import ask as ask_export
from workflow.searches.saved import keep
from workflow.uploads import begin
from workflow.what_if.running import ask as ask_what_if

SECRETS = ("Isar Networks", "Isar launch", "Olga", "isar-invoice", "FR14", "2606")
"""Words that stand nowhere but in what is the other partner's."""

TRIGGERS = ("submit", "withdraw", "report")
TOO_LARGE = 2**63


@dataclass(frozen=True)
class Rows:
    """For each identifier a route may have, the rows of one partner that it may name."""

    by_name: Mapping[str, tuple[object, ...]]

    def of(self, name: str, rule: Rule) -> tuple[object, ...]:
        """Return what an identifier may name; fail with what to do where it is unknown."""
        assert name in self.by_name, (
            f"{rule.rule} has the identifier <{name}>, which this law cannot fill in: "
            "add to `rows_of` which of a partner's rows it names"
        )
        return self.by_name[name]


def make_other_partner(world: World) -> None:
    """Make a second partner with something of everything that is its own."""
    other = world.partner("Isar Networks")
    world.certify(other, date(2025, 1, 1), date(2026, 12, 31))
    world.performed(other)
    world.fund(other, 777_700)
    world.person("olga", Role.partner, partner_id=other, contact=True)
    world.account("olga", iban="FR1420041010050500013M02606")
    world.account("anna")
    for who in ("olga", "anna"):
        world.share(by=who)
    make_what_is_the_vendors(world)


def make_what_is_the_vendors(world: World) -> None:
    """Make an absence, a payment run, a group, a rule, jobs and an import: no claim changes."""
    world.away("bob", date(2026, 12, 1), date(2026, 12, 24))
    run = {"state": "draft", "currency": "USD", "due_on": date(2026, 3, 2), "collected_at": world.clock.now()}
    with world.database.write() as connection:
        dan = world.people["dan"].user_id
        connection.execute(insert(PaymentRun).values(collected_by_id=dan, **run))
        file = {"run_id": 1, "digest": "0" * 64, "name": "answers.xml", "answers": [], "read_by_id": dan}
        connection.execute(insert(BankFile).values(read_at=world.clock.now(), **file))
    world.route({"group": world.group("Nobody yet")}, country="XX")
    drafted(world)
    proposed(world, drafted(world, name="Waits"))
    with world.database.write() as connection:
        start(connection, world.people["bob"], world.clock.now(), JobKind.decide, {}, [], "a-job")
        stored = {"name": "partners.csv", "digest": "0" * 64}
        take_in(connection, world.people["mia"], world.clock.now(), ImportKind.partners, stored, "a-file")
        question: dict[str, Any] = {
            "document": checked_policy(),
            "source": {"version": 1},
            "chosen": {},
            "key": "what-if",
        }
        ask_what_if(connection, world.people["mia"], world.clock.now(), **question)
        eve, now = world.people["eve"], world.clock.now()
        count_rules(connection, eve, now, None, None, "counts")
        keep(connection, eve, now, SearchKind.moves, "Isar Networks", {"partner": "Isar Networks"})
        ask_export(connection, eve, now, SearchKind.moves, ExportForm.csv, {}, "an-export")
        package_id = ask_package(connection, eve, now, "package")
        offered = {"job_id": package_id, "made_at": now, "digest": "0" * 64, "size": 1}
        connection.execute(insert(AuditPackage).values(offered))
    world.checkpoint()
    make_a_hold_and_a_request(world)
    verify_history(world.database, Seal([], Path("nowhere")), world.clock.now(), since=0)
    put_sample(world)


def make_a_hold_and_a_request(world: World) -> None:
    """Hold somebody's claims, and ask for one of another partner to be erased."""
    third = world.partner("Oder Data")
    world.person("otto", Role.partner, partner_id=third)
    claim_id, now, mia = world.draft("otto", contact="Otto"), world.clock.now(), world.people["mia"]
    with world.database.write() as connection:
        asked = {"reference": "DSR-1", "reason": "By letter."}
        propose_erasure(connection, mia, now, claim_id, [Personal.texts], **asked)
        set_hold(connection, mia, now, partner_id=third, reason="A court asks.")


def a_claim_of_each_kind(world: World, who: str, title: str) -> list[int]:
    """Make a partner's draft, a submitted, an approved with files, a rejected claim."""
    draft, submitted, approved, rejected = (world.draft(who, title=title) for _ in range(4))
    for claim_id in (submitted, approved, rejected):
        world.move(claim_id, "submit", who)
    world.move(approved, "approve", "bob", approved=300_000, reason="Less.")
    world.move(rejected, "reject", "bob", reason=f"Not {title}.")
    world.bill(approved, by=who)
    world.post(approved, who, f"About {title}.", files=[PLAN_FILE])
    begin(world.database, world.people[who], draft, "attachment", "hall.jpg", 9, world.clock.now())
    hold(world, "eve", claim_id=draft)
    taken_off(world, draft, attached(world, draft, name=f"{title}.txt", by=who), by=who)
    return [draft, submitted, approved, rejected]


def rows_of(world: World, who: str, claims: list[int]) -> Rows:
    """Return everything of a partner that an address may name."""
    partner_id, user_id = world.people[who].partner_id, world.people[who].user_id

    def ids(statement: Any) -> tuple[object, ...]:
        with world.database.read() as connection:
            found = tuple(connection.scalars(statement))
        assert found, f"{who} has nothing for {statement}"
        return found

    def own(model: Any) -> Any:
        return select(model.id).where(model.partner_id == partner_id).limit(1)

    return Rows(
        {
            "claim_id": tuple(claims),
            "taken_off_id": ids(select(TakenOffFile.id).where(TakenOffFile.claim_id.in_(claims))),
            "evidence_id": ids(select(Evidence.id).where(Evidence.claim_id.in_(claims)).limit(1)),
            "post_file_id": ids(
                select(PostFile.id)
                .join(Post, Post.id == PostFile.post_id)
                .where(Post.claim_id.in_(claims))
                .limit(1)
            ),
            "message_id": ids(select(Message.id).where(Message.user_id == user_id).limit(1)),
            "move_id": ids(own(Move)),
            "user_id": (user_id,),
            "partner_id": (partner_id,),
            "fund_id": (world.fund_row(partner_id).id,),
            "certificate_id": ids(own(Certificate)),
            "record_id": ids(own(Performance)),
            "period_id": ids(select(Period.id).limit(1)),
            "version_id": ids(select(PolicyVersion.id).limit(1)),
            "draft_id": ids(select(PolicyDraft.id)),
            "proposal_id": ids(select(PolicyProposal.id)),
            "part": ("figures", "limits", "categories", "activity.seminar", "new-activity"),
            "group_id": ids(select(ApproverGroup.id).limit(1)),
            "account_id": ids(own(BankAccount)),
            "document_id": ids(own(SharedDocument)),
            "run_id": ids(select(PaymentRun.id).limit(1)),
            "file_id": ids(select(BankFile.id).limit(1)),
            "absence_id": ids(select(Absence.id).limit(1)),
            "import_id": ids(select(ImportFile.id).limit(1)),
            "job_id": ids(select(Job.id).limit(1)),
            "checkpoint_number": ids(select(Checkpoint.number).limit(1)),
            "what_if_id": ids(select(Job.id).where(Job.kind == JobKind.what_if).limit(1)),
            "upload_id": ids(select(Upload.id).where(Upload.user_id == user_id)),
            "count_id": ids(select(Job.id).where(Job.kind == JobKind.count_rules).limit(1)),
            "package_id": ids(select(AuditPackage.job_id)),
            "sample_id": ids(select(Sample.id)),
            "verification_id": ids(select(Verification.id).limit(1)),
            "search": ("moves",),
            "saved_id": ids(select(SavedSearch.id).limit(1)),
            "export_id": ids(select(Export.id).limit(1)),
            "hold_id": ids(select(LegalHold.id).limit(1)),
            "request_id": ids(select(ErasureRequest.id).limit(1)),
            "way": ("approve",),
            "figure": ("open", "decided", "coming_90"),
            "trigger": TRIGGERS,
            "token": ("not-a-token",),
        }
    )


SHARED = frozenset(
    {
        "trigger",
        "token",
        "period_id",
        "version_id",
        "draft_id",
        "proposal_id",
        "part",
        "absence_id",
        "group_id",
        "job_id",
        "import_id",
        "what_if_id",
        "count_id",
        "package_id",
        "verification_id",
        "sample_id",
        "search",
        "saved_id",
        "export_id",
        "way",
        "figure",
        "run_id",
        "file_id",
        "hold_id",
        "request_id",
    }
)
"""Identifiers that belong to no partner."""


@dataclass(frozen=True)
class Call:
    """One method of one route, its identifiers filled in. `foreign`: one of them is the other partner's."""

    method: str
    path: str
    endpoint: str
    foreign: bool


def calls(app: Flask, *owners: Rows) -> Iterator[Call]:
    """Yield every method of every route, with each mixture of the owners' rows; the last owner is foreign."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint in PUBLIC_FILES:
                continue
            names = sorted(rule.arguments)
            ranges = [
                [(owner, value) for owner in owners for value in owner.of(name, rule)] for name in names
            ]
            for mixture in product(*ranges):
                values: dict[str, Any] = {
                    name: value for name, (_, value) in zip(names, mixture, strict=True)
                }
                path = app.url_for(rule.endpoint, **values)
                foreign = any(
                    owner is owners[-1]
                    for name, (owner, _) in zip(names, mixture, strict=True)
                    if name not in SHARED
                )
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                    yield Call(method, path, rule.endpoint, foreign)


@dataclass(frozen=True)
class Scene:
    """Two partners with everything, and the browser of somebody with its token."""

    world: World
    ours: Rows
    theirs: Rows


@pytest.fixture
def scene(world: World) -> Scene:
    """Two partners that have something of everything."""
    make_other_partner(world)
    ours = rows_of(world, "anna", a_claim_of_each_kind(world, "anna", "Elbe day"))
    theirs = rows_of(world, "olga", a_claim_of_each_kind(world, "olga", "Isar launch"))
    return Scene(world, ours, theirs)


def ask(browser: Browser, call: Call, token: str) -> tuple[int, str]:
    """Return the status and the text of a call. What it sends would do for any form, were it allowed."""
    data = {
        "csrf_token": token,
        "key": f"k{abs(hash((call.path, call.method)))}",
        "version": "2",
        "reason": "forged",
        "decision": "approve",
        "do": "save",
        "approved": "1.00",
        "payment_reference": "forged",
        "paid_on": "2026-03-02",
    }
    answer = browser.client.open(call.path, method=call.method, data=None if call.method == "GET" else data)
    text = answer.get_data(as_text=True) if (answer.mimetype or "").startswith("text/") else ""
    return answer.status_code, text


def everything(database: Database, *besides: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that is stored, but sessions, which note that they are used, and the tables named."""
    with database.read() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in ("user_session", *besides)
        }


def test_no_address_shows_or_changes_what_is_another_partners(
    app: Flask, scene: Scene, sign_in: SignIn
) -> None:
    anna = sign_in(scene.world.people["anna"])
    token, before = token_of(anna), everything(scene.world.database)
    for call in calls(app, scene.ours, scene.theirs):
        if not call.foreign:
            continue
        status, text = ask(anna, call, token)
        assert status in (403, 404), f"{call.method} {call.path} answers a stranger's partner with {status}"
        assert not [word for word in SECRETS if word in text], f"{call.method} {call.path} tells too much"
    assert everything(scene.world.database) == before


def test_no_page_of_a_partner_names_another(app: Flask, scene: Scene, sign_in: SignIn) -> None:
    anna = sign_in(scene.world.people["anna"])
    for call in calls(app, scene.ours):
        if call.method == "GET":
            status, text = ask(anna, call, "")
            assert status < 500, f"{call.path} answers {status}"
            assert not [word for word in SECRETS if word in text], f"{call.path} tells too much"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["anna", "bob", "dan", "eve", "mia"])
def test_every_route_refuses_who_has_not_its_role_whatever_it_names(
    app: Flask, scene: Scene, sign_in: SignIn, name: str
) -> None:
    person = scene.world.people[name]
    browser = sign_in(person)
    token = token_of(browser)
    before = everything(scene.world.database, "refused_attempt")
    for call in calls(app, scene.theirs):
        access = access_of(app, call.endpoint)
        assert access is not None
        if access.roles and not access.roles & person.roles:
            status, _text = ask(browser, call, token)
            assert status == 403, f"{call.method} {call.path} answers {name} with {status}"
    assert everything(scene.world.database, "refused_attempt") == before


@pytest.mark.parametrize("name", ["bob", "dan", "eve"])
def test_a_draft_that_was_never_submitted_is_its_partners_own_business(
    scene: Scene, sign_in: SignIn, name: str
) -> None:
    browser = sign_in(scene.world.people[name])
    (draft, *_rest) = scene.theirs.by_name["claim_id"]
    for path in ("", "/decide", "/accept", "/pay"):
        assert browser.open(f"/claims/{draft}{path}").status in (403, 404)
    assert browser.open(f"/audit/claims/{draft}").status in (403, 404)


@pytest.mark.parametrize("name", ["anna", "bob", "dan", "eve", "mia"])
def test_an_identifier_that_names_nothing_is_not_found_and_never_an_error(
    app: Flask, scene: Scene, sign_in: SignIn, name: str
) -> None:
    browser = sign_in(scene.world.people[name])
    token = token_of(browser)
    for number in (TOO_LARGE - 1, TOO_LARGE):
        nothing = Rows({**dict.fromkeys(scene.theirs.by_name, (number,)), "trigger": TRIGGERS})
        for call in absent(app, nothing):
            status, _text = ask(browser, call, token)
            assert status in (302, 400, 403, 404, 405, 410, 422), f"{call.method} {call.path}: {status}"


def absent(app: Flask, nothing: Rows) -> Iterator[Call]:
    """Yield every method of every route with an identifier. Written out: Flask makes no such address."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC_FILES or not rule.arguments:
            continue
        path = rule.rule
        for name in rule.arguments:
            value = str(nothing.of(name, rule)[0])
            path = "/".join(
                value if part.endswith((f":{name}>", f"<{name}>")) or f":{name}>" in part else part
                for part in path.split("/")
            )
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Call(method, path, rule.endpoint, foreign=True)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_is_not_signed_in_gets_no_further_than_the_door(
    app: Flask, scene: Scene, stranger: Browser, method: str
) -> None:
    for call in calls(app, scene.theirs):
        access = access_of(app, call.endpoint)
        if call.method == method and access is not None and not access.everyone:
            status, text = ask(stranger, call, "")
            assert status in (302, 401), f"{call.method} {call.path} answers a stranger with {status}"
            assert not [word for word in SECRETS if word in text], f"{call.path} tells a stranger too much"
