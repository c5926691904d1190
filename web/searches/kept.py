"""Keeping a search under a name, and removing it. Everybody keeps their own."""

from flask import abort, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.vocabulary import Role
from web.access import allow
from web.acting import act
from web.audit.search_page import SaveForm, search_page
from web.auth.visitor import actor
from web.moving import put_at_fields
from web.searches.room import page_or_404, room
from web.services import now
from workflow.refusals import Refused
from workflow.searches.saved import forget, keep


@room.post("/searches/<search>")
@allow(Role.auditor)
def keep_search(search: str) -> ResponseReturnValue:
    """Keep the search that stands in the address under the name that the form gives."""
    page, saving = page_or_404(search), SaveForm()
    form = page.form()
    if not form.validate() or not saving.validate():
        return search_page(page, saving)
    done = act(
        lambda connection: keep(connection, actor(), now(), page.kind, saving.name.data, form.sent),
        str(_("The search is kept.")),
    )
    if isinstance(done, Refused):
        if put_at_fields(saving, done):
            abort(403)
        return search_page(page, saving)
    return redirect(page.address(form.sent))


@room.post("/searches/<search>/<int:saved_id>/remove")
@allow(Role.auditor)
def remove_search(search: str, saved_id: int) -> ResponseReturnValue:
    """Remove a search of the visitor's own. One that is gone already, or another's, is none of theirs."""
    page, told = page_or_404(search), str(_("You do not keep the search any more."))
    act(lambda connection: forget(connection, actor(), saved_id), told)
    return redirect(page.address({}))
