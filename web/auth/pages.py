"""Sign-in, sign-out, forgotten passwords and single-use links."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from notifications.links import why
from web.access import public, signed_in
from web.auth.forms import ForgottenForm, NewPasswordForm, SignInForm
from web.auth.visitor import let_in, let_out, visitor
from web.demo.sign_ins import DEMO_PASSWORD, SIGN_INS
from web.formats import moment
from web.services import now, programme, reading, services
from workflow import accounts, links
from workflow.accounts import LockedOut, SignInFailed
from workflow.links import LinkSpent, OpenLink

room = Blueprint("auth", __name__)


@room.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in page; whoever is signed in goes on."""
    if visitor():
        return redirect(own_path(request.args.get("next")))
    return _sign_in_page(SignInForm())


@room.post("/sign-in")
@public
def enter() -> ResponseReturnValue:
    """Sign in and go on to where the visitor wanted to go."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    shared = services()
    try:
        token = accounts.sign_in(
            shared.database,
            shared.passwords,
            shared.door,
            form.email.data or "",
            form.password.data or "",
            now(),
        )
    except SignInFailed as failure:
        return _sign_in_page(form, _why(failure)), 422
    let_out()
    let_in(token)
    return redirect(own_path(request.args.get("next")))


@room.post("/sign-out")
@signed_in
def leave() -> ResponseReturnValue:
    """End this browser's session."""
    let_out()
    flash(_("You are signed out."), "success")
    return redirect(url_for("auth.sign_in"))


@room.get("/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    """Ask for the address that a reset link goes to."""
    return render_template("auth/forgotten.html", form=ForgottenForm())


@room.post("/forgotten")
@public
def send_reset() -> ResponseReturnValue:
    """Send a reset link, and say the same for every address."""
    form = ForgottenForm()
    if not form.validate():
        return render_template("auth/forgotten.html", form=form), 422
    shared = services()
    accounts.ask_for_reset(shared.database, shared.door, form.email.data or "", now())
    return render_template("auth/link_sent.html", with_mail=bool(shared.settings.smtp_host))


@room.get("/set-password/<token>")
@public
def set_password(token: str) -> ResponseReturnValue:
    """Show the form behind an invitation or a reset link."""
    try:
        link = links.open_link(reading(), token, now())
    except LinkSpent:
        return render_template("auth/link_spent.html"), 410
    return _password_page(link, NewPasswordForm(link.user))


@room.post("/set-password/<token>")
@public
def redeem(token: str) -> ResponseReturnValue:
    """Set the password that a link allows, once."""
    shared = services()
    try:
        link = links.open_link(reading(), token, now())
        form = NewPasswordForm(link.user)
        if not form.validate():
            return _password_page(link, form), 422
        accounts.redeem_link(shared.database, shared.passwords, token, form.new.data or "", now())
    except LinkSpent:
        return render_template("auth/link_spent.html"), 410
    let_out()
    flash(_("Your password is set. Sign in with it."), "success")
    return redirect(url_for("auth.sign_in"))


def own_path(wanted: str | None) -> str:
    """Return the wanted path where it is one of ours, else the front door."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or not wanted.isprintable():
        return url_for("home.index")
    parts = urlsplit(wanted)
    return url_for("home.index") if parts.scheme or parts.netloc or "\\" in wanted else wanted


def _sign_in_page(form: SignInForm, problem: str = "") -> str:
    running = programme()
    people = SIGN_INS if running and running.is_demo else ()
    return render_template(
        "auth/sign_in.html", form=form, problem=problem, demo_people=people, demo_password=DEMO_PASSWORD
    )


def _password_page(link: OpenLink, form: NewPasswordForm) -> str:
    kind = links.link_kind(link.user.password_hash)
    said = why(kind, links.taking_part(reading().connection(), link.user.id), _)
    return render_template(
        "auth/set_password.html", form=form, user=link.user, why=said, ends_at=link.ends_at
    )


def _why(failure: SignInFailed) -> str:
    if isinstance(failure, LockedOut):
        until = moment(failure.until)
        return str(_("Too many tries. Wait until %(until)s, or choose a new password.", until=until))
    return str(_("Address and password do not fit. Check both and try again."))
