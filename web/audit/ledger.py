"""The ledgers of all funds, entry by entry, as an auditor reads them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from models.funds import LedgerEntry
from models.vocabulary import Role, SearchKind
from web.access import allow
from web.act_words import act_name
from web.audit.room import room
from web.audit.search_page import SearchPage, search_page
from web.forms import MoneyField
from web.labels import ENTRIES
from web.searching import SearchForm, choice_field, day_field, period_choices, words_field


class LedgerSearch(SearchForm):
    """What entries are searched by."""

    number = words_field(_l("Claim number"))
    partner = words_field(_l("Partner"))
    period = choice_field(_l("JMF period"))
    kind = choice_field(_l("Entry"), ENTRIES)
    actor = words_field(_l("Who"))
    first = day_field(_l("From"))
    last = day_field(_l("Until"))
    least = MoneyField(_l("Amount from"))
    most = MoneyField(_l("Amount to"))

    def __init__(self) -> None:
        super().__init__()
        self.period.choices = period_choices()


@room.get("/ledger")
@allow(Role.auditor)
def ledger() -> ResponseReturnValue:
    """Search the entries of all funds."""
    return search_page(PAGE)


def _told(_form: SearchForm, _rows: Sequence[Any]) -> Mapping[str, Any]:
    return {"act_name": act_name}


PAGE = SearchPage(
    SearchKind.ledger,
    _l("Ledger"),
    LedgerSearch,
    "audit.ledger",
    "audit/ledger.html",
    (LedgerEntry.id,),
    _told,
)
