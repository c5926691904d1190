"""What every response says to browsers, and which requests are taken."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from config import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = 31_536_000
FORM_ROOM = 1_000_000
"""Bytes a request may have beside its file."""


class Identifier(IntegerConverter):
    """A number in an address, at most as large as a column holds; a larger one is the address of nothing."""

    def __init__(self, map: Map, **limits: Any) -> None:
        super().__init__(map, **{"max": 2**63 - 1, **limits})


def refuse_nul() -> None:
    """Refuse text with a NUL, which no database column holds, wherever it stands in the request."""
    sent = (*request.args.items(multi=True), *request.form.items(multi=True))
    texts = (*(text for pair in sent for text in pair), *map(str, (request.view_args or {}).values()))
    if any("\0" in text for text in texts):
        abort(400)


def refuse_broken_referrer() -> None:
    """Refuse a request that says it comes from what is no address: no browser does."""
    try:
        urlsplit(request.referrer or "")
    except ValueError:
        abort(400)


def secure(app: Flask, settings: Settings) -> None:
    """Set an app's limits, cookies and headers by the settings."""
    app.url_map.converters["int"] = Identifier
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=settings.max_file_mb * 1_000_000 + FORM_ROOM,
        MAX_FORM_MEMORY_SIZE=FORM_ROOM,
        SESSION_COOKIE_NAME="cofund",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.before_request(refuse_broken_referrer)
    if settings.proxy_count:
        hops = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign] # as Flask says

    @app.after_request
    def _harden(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.secure_cookies:
            response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
        if request.endpoint is None or not request.endpoint.endswith("static"):
            response.headers["Cache-Control"] = "no-store"
        elif "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
        return response
