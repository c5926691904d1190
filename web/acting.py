"""How pages ask for an administrative act, once for each form, and list what acts history holds."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Connection

from models.history import Act
from web.act_words import act_name, act_sentence, names_in
from web.formats import moment
from web.moving import sent_key
from web.notices import Notice
from web.paging import ListPage, page_of
from web.services import reading, services
from workflow.acts.record import once
from workflow.moves import settled
from workflow.refusals import Refused
from workflow.searches.acts import EVERY_ACT

Result = TypeVar("Result")


def act_once(work: Callable[[Connection, str], Result], said: str) -> Result | Refused | None:
    """Do an act under the form's key and say so; None where this very form had done it before.

    A refusal is returned, to be shown at once.
    """
    key = sent_key()
    try:
        result = once(services().database, key, lambda connection: work(connection, key))
    except Refused as refused:
        return refused
    tell(said, again=result is None)
    return result


def tell(said: str, *, again: bool) -> None:
    """Say on the next page that something was done, or that this very form had done it before."""
    if again:
        flash(_("You had done this already. Nothing was changed a second time."), "info")
    else:
        flash(said, "success")


def act(work: Callable[[Connection], Result], said: str) -> Result | Refused:
    """Do an act that changes nothing when it is done again, and say so; a refusal is returned."""
    try:
        result = settled(services().database, work)
    except Refused as refused:
        return refused
    flash(said, "success")
    return result


def sent_seen() -> str:
    """Return what the form's page showed. Empty where the form does not say: that never stands."""
    return request.form.get("seen", "")


def overtaken(kind: str, subject: str) -> Notice:
    """Return what to say where somebody else was faster to change what a form was to change."""
    title = _("Nothing was saved: this has changed since you opened the page")
    kept = _("What you typed is still here. Saving again replaces what is there now.")
    last = (
        reading()
        .execute(EVERY_ACT.where(Act.kind == kind, Act.subject == subject).order_by(Act.id.desc()).limit(1))
        .first()
    )
    if last is None:
        return Notice(title, kept)
    who = _("%(who)s, %(moment)s:", who=last.actor or _("The product"), moment=moment(last.at))
    return Notice(title, f"{who} {act_sentence(last, names_in([last]))} {kept}")


def told_acts(acts: Sequence[Any]) -> Sequence[tuple[Any, str, str]]:
    """Return each of some acts with its name and its sentence."""
    names = names_in(acts)
    return [(row, act_name(row.kind), act_sentence(row, names)) for row in acts]


def acts_page(*which: ColumnElement[bool], at: str, size: int = 10) -> ListPage:
    """Return a page of the administrative acts that meet the conditions, the newest first, to stand `at`."""
    return page_of(EVERY_ACT.where(*which), (Act.id,), descending=True, size=size, at=at)
