"""The outbox: what was mailed to whom, what failed and why. The programme manager's."""

from contextlib import suppress
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from models.messages import Message
from models.vocabulary import Delivery, Role
from notifications import overview
from web.access import allow
from web.messages.room import MESSAGE, room
from web.paging import page_of
from web.services import now, reading, services, zone

DELIVERIES: dict[Delivery, tuple[str, str]] = {
    Delivery.waiting: (_l("Waiting"), "waiting"),
    Delivery.sent: (_l("Sent"), "done"),
    Delivery.failed: (_l("Failed"), "stopped"),
    Delivery.off: (_l("Not mailed"), "quiet"),
    Delivery.in_app: (_l("Only shown here"), "quiet"),
}
"""What people call a delivery, and the tone that goes with it."""


@room.get("/programme/outbox")
@allow(Role.manager)
def outbox() -> ResponseReturnValue:
    """Show the messages of the outbox, newest first: all of them, or those of one delivery."""
    chosen = _chosen()
    page = page_of(overview.messages_sent(chosen), (Message.id,), descending=True)
    return render_template(
        "messages/outbox.html",
        page=page,
        messages=[overview.outgoing(row, ZoneInfo(zone()), _) for row in page.rows],
        deliveries=DELIVERIES,
        chosen=chosen,
        failures=failures(),
        mail_is_off=mail_is_off(),
    )


def mail_is_off() -> bool:
    """Return whether nothing is mailed, for want of a mail server."""
    return not services().settings.smtp_host


def failures() -> int:
    """Return how many e-mails failed. While mail is off none counts as failed."""
    return 0 if mail_is_off() else overview.failure_count(reading().connection())


@room.get(f"/programme/outbox/{MESSAGE}")
@allow(Role.manager)
def message(message_id: int) -> ResponseReturnValue:
    """Show one message as it is told, and what became of it."""
    found = overview.outgoing_message(reading().connection(), message_id, ZoneInfo(zone()), _)
    if found is None:
        abort(404)
    return render_template("messages/message.html", message=found, deliveries=DELIVERIES)


@room.post(f"/programme/outbox/{MESSAGE}/retry")
@allow(Role.manager)
def retry(message_id: int) -> ResponseReturnValue:
    """Put a failed message back to be sent now."""
    with services().database.write() as connection:
        again = overview.retry(connection, now(), message_id)
    if again:
        flash(_("The message waits to be sent again."), "success")
    else:
        flash(_("This message cannot be sent again; nothing was changed."), "warning")
    return redirect(url_for("messages.message", message_id=message_id))


@room.post("/programme/outbox/retry")
@allow(Role.manager)
def retry_all() -> ResponseReturnValue:
    """Put every failed message back to be sent now."""
    with services().database.write() as connection:
        again = overview.retry(connection, now())
    flash(
        ngettext("%(num)s message waits to be sent again.", "%(num)s messages wait to be sent again.", again),
        "success" if again else "info",
    )
    return redirect(url_for("messages.outbox"))


def _chosen() -> Delivery | None:
    """Return the delivery that the address asks for; None, for all of them, where it names none."""
    with suppress(ValueError):
        return Delivery(request.args.get("delivery", ""))
    return None
