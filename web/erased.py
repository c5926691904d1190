"""What stands where something was erased: when, and why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, g
from flask_babel import gettext as _
from flask_babel import ngettext

from models.history import Act
from models.vocabulary import Personal, Role
from web.auth.visitor import actor
from web.formats import day, day_of
from web.services import reading
from workflow.erasure.kinds import kind_of


def erased_words(at: datetime | None, figures: Mapping[str, Any] | None, kind: Personal) -> str:
    """Return when and why something of a kind was erased."""
    if at is None or figures is None:
        return str(_("It was erased."))
    erased_on = _("Erased on %(day)s", day=day(day_of(at)))
    if figures["why"] == "retention":
        months = figures["months"].get(kind.value) or max(figures["months"].values())
        kept = ngettext("kept for one month (retention)", "kept for %(num)s months (retention)", months)
        return f"{erased_on}: {kept}."
    if Role.partner in actor().roles:  # the reference is between the programme owner and whoever asked
        return f"{erased_on}: {_('on request')}."
    asked = _("on request %(reference)s", reference=figures["reference"])
    return f"{erased_on}: {asked}."


def reason_told(row: Any) -> str:
    """Return the reason of a row that was asked for with NOTED, or when and why it was erased."""
    if row.reason or row.erased_at is None:
        return row.reason or ""
    return erased_words(row.erased_at, row.erased_why, Personal.reasons)


def erased_note(act_id: int | None, kind: Personal) -> str:
    """Return when and why an act erased what is of a kind; empty where none did."""
    if act_id is None:
        return ""
    known: dict[int, Act | None] = g.setdefault("erasing", {})
    if act_id not in known:
        known[act_id] = reading().get(Act, act_id)
    act = known[act_id]
    return erased_words(act.at if act else None, act.figures if act else None, kind)


def file_erased(file: Any) -> str:
    """Return when and why a file of a claim was erased; empty for one that is there."""
    return erased_note(file.erased_by, kind_of(file.kind))


def file_name(file: Any) -> str:
    """Return how a file of a claim is called, or that it was erased."""
    return file.name or file_erased(file)


def offer_erased(app: Flask) -> None:
    """Offer these words to an app's templates."""
    app.jinja_env.filters.update(reason_told=reason_told)
    app.jinja_env.globals.update(
        file_name=file_name, file_erased=file_erased, erased_note=erased_note, Personal=Personal
    )
