"""The composition of the web: one app out of settings and a clock, and one table of its rooms."""

from datetime import timedelta

from flask import Flask, abort, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from config import Settings
from models.database import Database
from web import absences, home, jobs
from web.access import PUBLIC_FILES, guard, undeclared
from web.assets import serve_assets
from web.audit import room as audit
from web.auth import account, pages
from web.auth.visitor import keep_visitors
from web.banking import room as banking
from web.claims import room as claims
from web.commands import add_commands
from web.dashboards import room as dashboards
from web.decisions import room as decisions
from web.erased import offer_erased
from web.erasure import room as erasure
from web.errors import explain_errors
from web.finance import room as finance
from web.forecast import room as forecast
from web.formats import offer_formats
from web.forms import offer_form_helpers
from web.imports import room as imports
from web.messages import room as messages
from web.payment_runs import room as payment_runs
from web.policy import room as policy
from web.programme import room as programme_room
from web.rates import room as rates
from web.rule_counts import room as rule_counts
from web.sampling import room as sampling
from web.searches import room as searches
from web.security import refuse_nul, secure
from web.services import Services, close_reading, file_store, programme, provide
from web.virus_scan import Scanner
from web.what_if import room as what_if
from workflow.accounts import DoorPolicy
from workflow.clock import Clock, SystemClock
from workflow.lockout import Limit
from workflow.passwords import Passwords

ROOMS = (
    home.room,
    pages.room,
    account.room,
    claims,
    decisions,
    finance,
    payment_runs,
    banking,
    rates,
    audit,
    searches,
    programme_room,
    policy,
    imports,
    messages,
    absences.room,
    jobs.room,
    what_if,
    rule_counts,
    erasure,
    forecast,
    sampling,
    dashboards,
)
"""Every blueprint. A new room joins as a row."""


class UndeclaredRoute(Exception):
    """A route says not who may use it."""


def create_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """Return the whole product as a WSGI app. Raise UndeclaredRoute where a route declares no access."""
    app = Flask("web")
    provide(app, make_services(settings, clock or SystemClock()))
    app.teardown_appcontext(close_reading)
    secure(app, settings)
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True, BABEL_DEFAULT_LOCALE="en")
    Bootstrap5(app)
    Babel(app)
    serve_assets(app)
    offer_formats(app)
    offer_erased(app)
    offer_form_helpers(app)
    home.furnish(app)
    keep_visitors(app)
    explain_errors(app)
    app.before_request(_need_a_programme)
    guard(app)
    app.before_request(refuse_nul)
    # After the guard: a stranger is told to sign in, not that a token is missing.
    CSRFProtect(app)
    for room in ROOMS:
        app.register_blueprint(room)
    add_commands(app)
    if missing := undeclared(app):
        raise UndeclaredRoute(f"put @public, @signed_in or @allow(…) on {', '.join(missing)} (web/access.py)")
    return app


def make_services(settings: Settings, clock: Clock) -> Services:
    """Return the parts that every page shares, as the settings have them."""
    return Services(
        settings=settings,
        database=Database(settings.database_url),
        files=file_store(settings),
        scanner=Scanner(settings.clamd_url) if settings.clamd_url else None,
        clock=clock,
        passwords=Passwords(time_cost=settings.argon2_rounds, memory_kib=settings.argon2_memory_kib),
        door=DoorPolicy(
            idle=timedelta(hours=settings.session_hours),
            link_life=timedelta(hours=settings.link_hours),
            failures=Limit(settings.lockout_failures, timedelta(minutes=settings.lockout_minutes)),
        ),
    )


def _need_a_programme() -> None:
    if request.endpoint is not None and request.endpoint not in PUBLIC_FILES and programme() is None:
        abort(503)
