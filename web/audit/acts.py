"""Administrative acts as an auditor reads them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from models.history import Act
from models.vocabulary import Role, SearchKind
from web.access import allow
from web.act_sentences import ACTS
from web.acting import told_acts
from web.audit.room import room
from web.audit.search_page import SearchPage, search_page
from web.searching import SearchForm, choice_field, day_field, words_field


class ActSearch(SearchForm):
    """What administrative acts are searched by."""

    kind = choice_field(_l("Act"), {kind: words.name for kind, words in ACTS.items()})
    partner = words_field(_l("Partner"))
    actor = words_field(_l("Who"))
    first = day_field(_l("From"))
    last = day_field(_l("Until"))


@room.get("/acts")
@allow(Role.auditor)
def acts() -> ResponseReturnValue:
    """Search administrative acts."""
    return search_page(PAGE)


def _told(_form: SearchForm, rows: Sequence[Any]) -> Mapping[str, Any]:
    return {"told": told_acts(rows)}


PAGE = SearchPage(
    SearchKind.acts,
    _l("Administrative acts"),
    ActSearch,
    "audit.acts",
    "audit/acts.html",
    (Act.at, Act.id),
    _told,
)
