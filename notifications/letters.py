"""Writes the mail of one message, or of a day's messages, as text and as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import Connection, select

from models.programme import Programme
from notifications.wording import Telling, Translate

DIGEST_SUBJECT = "Your daily digest ({count})"

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """In whose name mail goes out, and where its links lead. `base_url` has no slash at its end."""

    owner: str
    programme: str
    zone: ZoneInfo
    base_url: str

    @property
    def host(self) -> str:
        """Return the domain of every Message-ID."""
        return urlsplit(self.base_url).hostname or "localhost"


@dataclass(frozen=True, slots=True)
class Item:
    """One message of a letter. `reason` is what was written for it, or empty."""

    telling: Telling
    reason: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written to somebody."""

    subject: str
    text: str
    html: str


def letterhead(connection: Connection, base_url: str) -> Letterhead | None:
    """Return the programme's letterhead, or None before the programme is set up."""
    row = connection.execute(select(Programme.owner, Programme.name, Programme.time_zone)).first()
    if row is None:
        return None
    return Letterhead(row.owner, row.name, ZoneInfo(row.time_zone), base_url.rstrip("/"))


def write_letter(
    head: Letterhead,
    reader_name: str,
    items: Sequence[Item],
    *,
    is_digest: bool,
    can_choose: bool = True,
    translate: Translate = str,
) -> Letter:
    """Return the letter that tells somebody of these items.

    `can_choose` says whether its reader can sign in and choose how to be told.
    """
    title = (
        translate(DIGEST_SUBJECT).format(count=len(items))
        if is_digest
        else items[0].telling.headline.rstrip(".")
    )
    context = {
        "_": translate,
        "head": head,
        "reader_name": reader_name,
        "items": items,
        "title": title,
        "can_choose": can_choose,
    }
    return Letter(
        subject=f"{head.programme}: {title}",
        text=_TEMPLATES.get_template("letter.txt").render(context),
        html=_TEMPLATES.get_template("letter.html").render(context),
    )
