"""What a person sees when a request cannot be served: plain words, nothing lost that can be kept."""

from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from models.failures import log_failure, silence_of
from models.file_store import FilesAway
from workflow.passwords import TooBusy

SECRET_FIELDS = frozenset({"csrf_token", "password", "present", "new", "again", "key", "version"})


class Words(NamedTuple):
    """A headline and what to do next."""

    headline: str
    advice: str


PAGES: dict[int, Words] = {
    400: Words(
        _l("That request made no sense to us"),
        _l("Nothing was changed. Go back, check what you typed, and try again."),
    ),
    403: Words(
        _l("This page is not for your role"),
        _l("Nothing was changed. If you need it, ask a programme manager for the role."),
    ),
    404: Words(
        _l("We cannot find that"),
        _l("It may have moved, or it belongs to somebody else. Check the address."),
    ),
    405: Words(
        _l("That cannot be done here"), _l("Nothing was changed. Go back and use the buttons of the page.")
    ),
    409: Words(
        _l("Somebody was faster"),
        _l("Nothing was changed. Look at it as it stands now."),
    ),
    410: Words(
        _l("This was erased"),
        _l("Its time was over, or somebody asked for it. The page that led here says more."),
    ),
    413: Words(
        _l("That is too large"),
        _l(
            "Nothing was changed. Send a smaller file, or fewer files at once. "
            "What you typed is still there if you go back in your browser."
        ),
    ),
    500: Words(
        _l("Something went wrong on our side"),
        _l("Nothing was done half way. Try again; if it fails again, tell whoever runs this site."),
    ),
    503: Words(
        _l("Not set up yet"), _l("Whoever runs this site has to set it up first: `flask --app wsgi setup`.")
    ),
}
NO_DATABASE = Words(
    _l("We cannot reach our records right now"),
    _l("Nothing was done half way. Wait a minute and try again."),
)
NO_FILES = Words(
    _l("We cannot reach our files right now"),
    _l("Nothing was done half way. Wait a minute and try again."),
)
TOO_BUSY = Words(
    _l("Too many people sign in at this moment"), _l("Nothing was changed. Wait a moment and try again.")
)
STALE = Words(
    _l("This page was open too long; nothing was changed"),
    _l("Your sign-in changed meanwhile. Open the page again; what you typed is below, to copy."),
)
SIGNED_OUT = Words(
    _l("You are signed out; nothing was changed"),
    _l("Sign in and try again; what you typed is below, to copy."),
)


def explain_errors(app: Flask) -> None:
    """Give an app its error pages."""
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(TooBusy, _too_busy)
    app.register_error_handler(Exception, _broken)


def signed_out() -> ResponseReturnValue:
    """Return the way to the sign-in page, which leads back here; what was sent is shown, not lost."""
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
    return _page(SIGNED_OUT, 401, way=url_for("auth.sign_in", next=_referring_path()), typed=_typed())


def _stale(_error: CSRFError) -> ResponseReturnValue:
    return _page(STALE, 400, way=_referring_path(), typed=_typed())


def _refused(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    words = PAGES.get(code) or PAGES[400 if code < 500 else 500]
    page = _page(words, code, way=_referring_path() if code == 413 else "/")
    page.headers.extend(
        (name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")
    )
    return page


def _too_busy(_error: TooBusy) -> ResponseReturnValue:
    page = _page(TOO_BUSY, 503, way=_referring_path(), typed=_typed())
    page.headers["Retry-After"] = "5"
    return page


def _broken(error: Exception) -> ResponseReturnValue:
    log_failure(current_app.logger, "a request failed", error)
    if silence_of(error):
        words = NO_FILES if isinstance(error, FilesAway) else NO_DATABASE
        page = _page(words, 503, way=_referring_path(), typed=_typed())
        page.headers["Retry-After"] = "30"
        return page
    return _page(PAGES[500], 500)


def _page(words: Words, code: int, *, way: str = "/", typed: list[tuple[str, str]] | None = None) -> Response:
    if request_ctx.url_adapter is None:
        # The host is not ours, so there is no address that a page could name.
        return Response(f"{words.headline}. {words.advice}\n", code, mimetype="text/plain")
    return Response(render_template("error.html", words=words, code=code, way=way, typed=typed or []), code)


def _typed() -> list[tuple[str, str]]:
    return [
        (name.replace("_", " "), value)
        for name, value in request.form.items(multi=True)
        if value.strip() and name not in SECRET_FIELDS
    ]


def _referring_path() -> str:
    referrer = urlsplit(request.referrer or "")
    ours = referrer.netloc == request.host and referrer.path.startswith("/")
    return referrer.path if ours and not referrer.path.startswith("//") else "/"
