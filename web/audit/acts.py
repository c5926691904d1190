"""Administrative acts as an auditor reads them."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.history import Act, Reason
from models.people import Partner, User
from models.vocabulary import Role
from web.access import allow
from web.act_sentences import ACTS
from web.act_words import act_name, act_sentence, names_in
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
    page = page_of(_acts(form), (Act.at, Act.id), descending=True) if found else ListPage([], None, None)
    names = names_in(page.rows)
    told = [(row, act_name(row.kind), act_sentence(row, names)) for row in page.rows]
    return render_template("audit/acts.html", form=form, page=page, told=told), 200 if found else 422


def _acts(form: ActSearch) -> Query:
    return (
        select(
            Act.__table__,
            Partner.name.label("partner"),
            User.name.label("actor"),
            Reason.text.label("reason"),
        )
        .outerjoin(Partner, Partner.id == Act.partner_id)
        .outerjoin(User, User.id == Act.actor_id)
        .outerjoin(Reason, Reason.hash == Act.reason_hash)
        .where(*conditions(form, CONDITIONS))
    )
