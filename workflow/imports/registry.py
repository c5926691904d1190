"""Every kind of data that is imported and exported."""

from collections.abc import Mapping

from models.vocabulary import ImportKind
from workflow.imports import allocations, partners, standing, users
from workflow.imports.kinds import Kind

KINDS: Mapping[ImportKind, Kind] = {
    ImportKind.partners: partners.KIND,
    ImportKind.users: users.KIND,
    ImportKind.certificates: standing.CERTIFICATES,
    ImportKind.performance: standing.PERFORMANCE,
    ImportKind.allocations: allocations.KIND,
}
"""In the order in which one builds on another."""
