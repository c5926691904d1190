"""Notifications: what a user was told, read or not."""

from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Row

from models.messages import Message
from notifications import inbox
from web.access import signed_in
from web.auth.visitor import signed_in_user
from web.forms import sent_number
from web.messages.room import MESSAGE, room
from web.paging import page_of
from web.services import now, services, zone


@room.get("/notifications")
@signed_in
def index() -> ResponseReturnValue:
    """Show the user's notifications, newest first."""
    page = page_of(inbox.messages_of(signed_in_user().id), (Message.id,), descending=True)
    told = [inbox.notification(row, ZoneInfo(zone()), _) for row in page.rows]
    return render_template("messages/index.html", page=page, told=told)


@room.get(f"/notifications/{MESSAGE}")
@signed_in
def follow(message_id: int) -> ResponseReturnValue:
    """Lead to what a notification is about; it is read from then on."""
    told = inbox.notification(_read(message_id), ZoneInfo(zone()), _)
    return redirect(told.telling.path or url_for("messages.index"))


@room.post(f"/notifications/{MESSAGE}/read")
@signed_in
def read(message_id: int) -> ResponseReturnValue:
    """Mark one notification as read."""
    _read(message_id)
    return redirect(url_for("messages.index"))


@room.post("/notifications/read")
@signed_in
def read_all() -> ResponseReturnValue:
    """Mark all notifications as read that stood on the page or before it."""
    upto = sent_number(request.form.get("upto", ""))
    if upto is None:
        abort(400)
    with services().database.write() as connection:
        inbox.read_all(connection, signed_in_user().id, upto, now())
    flash(_("All notifications are read."), "success")
    return redirect(url_for("messages.index"))


def _read(message_id: int) -> Row[tuple[object, ...]]:
    with services().database.write() as connection:
        found = inbox.read_message(connection, signed_in_user().id, message_id, now())
    if found is None:
        abort(404)
    return found
