"""The product as an app, composed no oftener than need be: composing it costs more than most tests."""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from config import Settings
from web.app import create_app, make_services
from web.services import provide
from workflow.clock import Clock

_OF_EACH_TEST = {
    *("database_url", "data_dir", "files_dir", "signing_key_file", "checkpoint_dir"),
    *("s3_bucket", "s3_endpoint_url", "s3_region", "s3_access_key_id", "s3_secret_access_key"),
}
"""Settings that shape the services, and nothing of the app itself."""


class _Kept(BytecodeCache):
    """Keeps what was compiled; jinja takes a piece only while its template's text is the same."""

    def __init__(self) -> None:
        self._pieces: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._pieces:
            bucket.bytecode_from_string(self._pieces[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._pieces[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES = _Kept()
_APPS: dict[tuple[tuple[str, object], ...], Flask] = {}


def new_app(settings: Settings, clock: Clock) -> Flask:
    """Return an app of the test's own, which it may add to. It takes templates that another one compiled."""
    app = create_app(settings, clock)
    app.jinja_env.bytecode_cache = _TEMPLATES
    return app


def app_with(settings: Settings, clock: Clock) -> Flask:
    """Return the app of earlier tests with this test's own services, or a new one for settings that are new.

    Nothing may be added to it: the next test gets it too.
    """
    shape = tuple(settings.model_dump(exclude=_OF_EACH_TEST).items())
    if shape in _APPS:
        provide(_APPS[shape], make_services(settings, clock))
    else:
        _APPS[shape] = new_app(settings, clock)
    return _APPS[shape]
