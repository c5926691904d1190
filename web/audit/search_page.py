"""A page that auditors search on: its form, what it finds, the searches kept of it, and its export."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms.validators import DataRequired

from models.searches import SavedSearch
from models.vocabulary import ExportForm, SearchKind
from web.auth.visitor import actor
from web.claims.fields import text_field
from web.forms import PageForm
from web.paging import Keys, ListPage, page_of
from web.searching import SearchForm
from web.services import reading, zone
from workflow.searches.registry import SEARCHES
from workflow.searches.saved import LONGEST_NAME
from workflow.searches.search import Asked, conditions, in_zone

FORMS: Mapping[ExportForm, str] = {
    ExportForm.csv: _l("CSV"),
    ExportForm.xlsx: _l("Excel workbook"),
    ExportForm.jsonl: _l("JSON lines"),
}
"""What people call the kinds of file that an export is made as."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page to search on. `told` returns what its template needs besides form and rows."""

    kind: SearchKind
    name: str
    form: Callable[[], SearchForm]
    endpoint: str
    template: str
    keys: Keys
    told: Callable[[SearchForm, Sequence[Any]], Mapping[str, Any]]

    def address(self, sent: Mapping[str, str]) -> str:
        """Return the address of a search, by its fields as they were sent."""
        return f"{url_for(self.endpoint)}?{urlencode(sent)}" if sent else url_for(self.endpoint)


class SaveForm(PageForm):
    """The name that a search is kept under."""

    name = text_field(_l("Name"), LONGEST_NAME, "", [DataRequired(_l("Give the search a name."))])


def search_page(
    page: SearchPage, saving: SaveForm | None = None, export_problem: str = ""
) -> ResponseReturnValue:
    """Return the page of what the address asks for.

    `saving` is a form to keep the search that went wrong, `export_problem` why there is no export.
    """
    form = page.form()
    found = form.validate()
    listed = _listed(page, form.asked) if found else ListPage([], None, None)
    answer = render_template(
        page.template,
        form=form,
        page=listed,
        search_page=page,
        found=found,
        saving=saving or SaveForm(formdata=None),
        saved=_saved(page.kind),
        forms=FORMS,
        export_problem=export_problem,
        **page.told(form, listed.rows),
    )
    return answer, 200 if found and saving is None and not export_problem else 422


def _listed(page: SearchPage, asked: Asked) -> ListPage:
    search = SEARCHES[page.kind]
    which = conditions(in_zone(asked, ZoneInfo(zone())), search.conditions)
    return page_of(search.listed.where(*which), page.keys, descending=True, at=url_for(page.endpoint))


def _saved(kind: SearchKind) -> Sequence[SavedSearch]:
    """Return the visitor's own searches of a kind, by their names."""
    own = select(SavedSearch).where(SavedSearch.owner_id == actor().user_id, SavedSearch.kind == kind)
    return reading().scalars(own.order_by(SavedSearch.name)).all()
