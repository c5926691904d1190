"""The blueprint of kept searches and exports, and the pages that they are of."""

from collections.abc import Mapping

from flask import Blueprint, abort

from models.vocabulary import SearchKind
from web.audit import acts, claims, ledger, moves, refused
from web.audit.search_page import SearchPage

room = Blueprint("searches", __name__, url_prefix="/audit")

PAGES: Mapping[str, SearchPage] = {
    page.kind.value: page for page in (claims.PAGE, moves.PAGE, refused.PAGE, acts.PAGE, ledger.PAGE)
}

NAMES: Mapping[SearchKind, str] = {page.kind: page.name for page in PAGES.values()}
"""What people call the searches."""


def page_or_404(search: str) -> SearchPage:
    """Return the page of a search; 404 where there is none of this name."""
    if search not in PAGES:
        abort(404)
    return PAGES[search]
