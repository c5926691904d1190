"""The partner's room: claims, plans, reports and files; and the claim's page, which every role shares."""

from web.claims import (
    amending,
    archive,
    disputing,
    disputing_amounts,
    drafting,
    files,
    hints,
    listing,
    outcomes,
    page,
    plan,
    previews,
    report,
    sending,
    shared,
    thread,
    uploads,
)
from web.claims.room import room

__all__ = [
    "amending",
    "archive",
    "disputing",
    "disputing_amounts",
    "drafting",
    "files",
    "hints",
    "listing",
    "outcomes",
    "page",
    "plan",
    "previews",
    "report",
    "room",
    "sending",
    "shared",
    "thread",
    "uploads",
]
