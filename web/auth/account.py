"""The page of one's own account."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.access import signed_in
from web.auth.forms import ChangePasswordForm, MailForm
from web.auth.visitor import let_out, present_token, signed_in_user
from web.formats import moment
from web.services import now, services
from workflow import accounts
from workflow.accounts import LockedOut, WrongPassword
from workflow.sessions import end_all_sessions

room = Blueprint("account", __name__, url_prefix="/account")


@room.get("")
@signed_in
def show() -> ResponseReturnValue:
    """Show who is signed in and what can be changed."""
    return _page(ChangePasswordForm(signed_in_user()), _mail_form())


@room.post("/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change one's password and sign every other browser out."""
    form, shared = ChangePasswordForm(signed_in_user()), services()
    if not form.validate():
        return _page(form, _mail_form()), 422
    try:
        accounts.change_password(
            shared.database,
            shared.passwords,
            shared.door,
            signed_in_user(),
            form.present.data or "",
            form.new.data or "",
            now(),
            keep=present_token(),
        )
    except LockedOut as locked:
        form.present.errors = [_("Too many tries. Wait until %(until)s.", until=moment(locked.until))]
        return _page(form, _mail_form()), 422
    except WrongPassword:
        form.present.errors = [_("This is not your present password.")]
        return _page(form, _mail_form()), 422
    flash(_("Your password is changed. Every other browser is signed out."), "success")
    return redirect(url_for("account.show"))


@room.post("/mail")
@signed_in
def choose_mail() -> ResponseReturnValue:
    """Choose how to be told."""
    form = MailForm()
    if not form.validate():
        return _page(ChangePasswordForm(signed_in_user()), form), 422
    with services().database.write() as connection:
        accounts.choose_mail(connection, signed_in_user().id, form.chosen)
    flash(_("Saved."), "success")
    return redirect(url_for("account.show"))


@room.post("/sign-out-everywhere")
@signed_in
def leave_everywhere() -> ResponseReturnValue:
    """End every session of the user, this one too."""
    with services().database.write() as connection:
        end_all_sessions(connection, signed_in_user().id)
    let_out()
    flash(_("You are signed out everywhere."), "success")
    return redirect(url_for("auth.sign_in"))


def _mail_form() -> MailForm:
    return MailForm(preference=signed_in_user().mail_preference.value)


def _page(password_form: ChangePasswordForm, mail_form: MailForm) -> str:
    return render_template(
        "account.html",
        password_form=password_form,
        mail_form=mail_form,
        mail_is_off=not services().settings.smtp_host,
    )
