"""Addresses of static files that change with their content, so that browsers may keep them for ever."""

import hashlib
from pathlib import Path
from urllib.parse import quote

from flask import Flask, request


class Assets:
    """The static files of a folder, read once, and served below a path.

    A page names dozens of them, so their addresses are made here and not, with `url_for`, for each again.
    """

    def __init__(self, folder: Path, served_at: str) -> None:
        names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
        self._paths = {
            name: f"{served_at}/{quote(name)}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
            for name, path in names.items()
            if path.is_file()
        }
        self.stylesheets = tuple(name for name in self._paths if name.endswith(".css"))
        """Every style sheet, a file per component, in the order of their names."""

    def url(self, name: str) -> str:
        """Return the address of a static file. KeyError if there is none of this name."""
        return request.script_root + self._paths[name]


def serve_assets(app: Flask) -> None:
    """Offer `asset(name)` and `stylesheets` to an app's templates."""
    assets = Assets(Path(app.static_folder or ""), app.static_url_path or "")
    app.jinja_env.globals.update(asset=assets.url, stylesheets=assets.stylesheets)
