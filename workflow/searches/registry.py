"""Every search. A new one joins as a row, with its page in `web/audit`."""

from collections.abc import Mapping

from models.vocabulary import SearchKind
from workflow.searches.acts import ACTS
from workflow.searches.claims import CLAIMS
from workflow.searches.ledger import LEDGER
from workflow.searches.moves import MOVES
from workflow.searches.refused import REFUSED
from workflow.searches.search import Search

SEARCHES: Mapping[SearchKind, Search] = {
    SearchKind.claims: CLAIMS,
    SearchKind.moves: MOVES,
    SearchKind.refused: REFUSED,
    SearchKind.acts: ACTS,
    SearchKind.ledger: LEDGER,
}
