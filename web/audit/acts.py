"""Administrative acts as an auditor reads them."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from models.history import Act
from models.vocabulary import Role
from web.access import allow
from web.act_sentences import ACTS
from web.acting import every_act, told_acts
from web.audit.room import room
from web.paging import ListPage, page_of
from web.searching import (
    Condition,
    SearchForm,
    choice_field,
    conditions,
    day_field,
    from_day,
    of_partner,
    of_user,
    until_day,
    words_field,
)
from workflow.dossier import Query


class ActSearch(SearchForm):
    """What administrative acts are searched by."""

    kind = choice_field(_l("Act"), {kind: words.name for kind, words in ACTS.items()})
    partner = words_field(_l("Partner"))
    actor = words_field(_l("Who"))
    first = day_field(_l("From"))
    last = day_field(_l("Until"))


CONDITIONS: dict[str, Condition] = {
    "kind": lambda kind: Act.kind == kind,
    "partner": lambda text: of_partner(Act.partner_id, text),
    "actor": lambda text: of_user(Act.actor_id, text),
    "first": lambda day: from_day(Act.at, day),
    "last": lambda day: until_day(Act.at, day),
}


@room.get("/acts")
@allow(Role.auditor)
def acts() -> ResponseReturnValue:
    """Search administrative acts."""
    form = ActSearch()
    found = form.validate()
    page = page_of(_found(form), (Act.at, Act.id), descending=True) if found else ListPage([], None, None)
    return render_template(
        "audit/acts.html", form=form, page=page, told=told_acts(page.rows)
    ), 200 if found else 422


def _found(form: ActSearch) -> Query:
    return every_act().where(*conditions(form, CONDITIONS))
