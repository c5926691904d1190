"""Addresses of static files that change with their content, so that browsers may keep them for ever."""

import hashlib
from pathlib import Path

from flask import Flask, url_for


class Assets:
    """The static files of an app, read once."""

    def __init__(self, folder: Path) -> None:
        self._versions = {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        self.stylesheets = tuple(name for name in self._versions if name.endswith(".css"))
        """Every style sheet, a file per component, in the order of their names."""

    def url(self, name: str) -> str:
        """Return the address of a static file. KeyError if there is none of this name."""
        return url_for("static", filename=name, v=self._versions[name])


def serve_assets(app: Flask) -> None:
    """Offer `asset(name)` and `stylesheets` to an app's templates."""
    assets = Assets(Path(app.static_folder or ""))
    app.jinja_env.globals.update(asset=assets.url, stylesheets=assets.stylesheets)
