"""Every setting, read once from the environment into one frozen object. Nothing else reads the environment.

`Settings(...)` takes what it is given and never looks around; `read_settings()` reads the environment.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from stdnum import bic, iban

PRODUCT = Path(__file__).resolve().parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST_SECRET = 32
MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
NEW_SECRET = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


class WrongSettings(Exception):
    """The environment holds no whole set of settings. The text is one line that names each wrong one."""


def _listed(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _parts_of(value: str, wrong: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError(wrong) from None
    return parts


def _a_site(value: str) -> str:
    wrong = "must be an address such as https://fund.example.org"
    parts = _parts_of(value, wrong)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(wrong)
    return value.rstrip("/")


def _a_site_or_none(value: str) -> str:
    return value and _a_site(value)


def _a_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if len(text) < SHORTEST_SECRET or len(set(text)) < 8:
        raise ValueError(f"must be at least {SHORTEST_SECRET} random characters, as from {NEW_SECRET}")
    return value


def _a_mailbox(value: str) -> str:
    if value and ("@" not in value or not value.isprintable()):
        raise ValueError("must be an e-mail address")
    return value


def _a_database(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with postgresql:// or sqlite:///")
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        # The library's own words would show the password.
        raise ValueError(
            "must be as postgresql://user:password@host/name; write @ as %40, / as %2F"
        ) from None
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("must name a file, as sqlite:////folder/file.db")
    return value


def _a_clamd(value: str) -> str:
    wrong = "must be as tcp://host:3310 or unix:///run/clamav/clamd.ctl"
    parts = _parts_of(value, wrong)
    is_tcp = parts.scheme == "tcp" and parts.hostname and not parts.path
    is_unix = parts.scheme == "unix" and not parts.netloc and parts.path
    if value and not is_tcp and not is_unix:
        raise ValueError(wrong)
    return value


def _an_account(value: str) -> str:
    number = "".join(iban.compact(value).split())
    other = number[:1].isdecimal() and number.isascii() and number.isalnum() and len(number) <= 34
    if number and not other and not iban.is_valid(number):
        raise ValueError("must be a valid IBAN, or an account number that begins with a digit")
    return number


def _a_bic(value: str) -> str:
    if value and not bic.is_valid(value):
        raise ValueError("must be a BIC of 8 or 11 signs")
    return bic.compact(value)


def _site(earlier: dict[str, Any]) -> SplitResult:
    return urlsplit(str(earlier["base_url"]))


def _is_local(site: SplitResult) -> bool:
    return site.scheme == "http" and site.hostname in LOOPBACK


def _default_hosts(earlier: dict[str, Any]) -> tuple[str, ...]:
    host = _site(earlier).hostname or ""
    return LOOPBACK if host in LOOPBACK else (host,)


Comma = BeforeValidator(_listed)
PublicKey = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Days = Annotated[int, Field(ge=0, le=366)]


class Settings(BaseModel):
    """All that an installation can choose. Each is read from the variable of the same name in capitals.

    A default that follows from other settings is told in the description.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret_key: Annotated[SecretStr, AfterValidator(_a_secret)] = Field(
        description=f"Signs cookies. At least {SHORTEST_SECRET} random characters, known to nobody else."
    )
    data_dir: Path = Field(
        default=PRODUCT / "var", description="Folder of the embedded database and of files. Default: `var`."
    )
    database_url: Annotated[str, AfterValidator(_a_database)] = Field(
        default_factory=lambda earlier: f"sqlite:///{earlier['data_dir'].resolve() / 'cofund.db'}",
        repr=False,
        description="`postgresql://user:password@host/name` or `sqlite:////folder/file.db`. "
        "Default: `cofund.db` in `DATA_DIR`.",
    )
    files_dir: Path = Field(
        default_factory=lambda earlier: earlier["data_dir"].resolve() / "files",
        description="Folder of uploaded files; no web server may serve it. Default: `files` in `DATA_DIR`.",
    )
    s3_bucket: str = Field(
        default="",
        description="A bucket of an S3 store, where uploaded files are kept instead of in `FILES_DIR`.",
    )
    s3_endpoint_url: Annotated[str, AfterValidator(_a_site_or_none)] = Field(
        default="", description="The S3 store's address. Without one it is Amazon's."
    )
    s3_region: str = Field(default="us-east-1", description="The region of `S3_BUCKET`.")
    s3_access_key_id: str = Field(
        default="", description="The S3 store's access key. Needed where `S3_BUCKET` is set."
    )
    s3_secret_access_key: SecretStr = Field(
        default=SecretStr(""), description="The secret of `S3_ACCESS_KEY_ID`."
    )
    base_url: Annotated[str, AfterValidator(_a_site)] = Field(
        default="http://127.0.0.1:8000", description="The address that people type and that mails link to."
    )
    trusted_hosts: Annotated[tuple[str, ...], NoDecode, Comma] = Field(
        default_factory=_default_hosts,
        description="Host names that a request may bear, with commas between. Default: that of `BASE_URL`.",
    )
    proxy_count: int = Field(
        default=0,
        ge=0,
        le=10,
        description="How many reverse proxies stand in front. Their X-Forwarded headers are believed.",
    )
    secure_cookies: bool = Field(
        default_factory=lambda earlier: not _is_local(_site(earlier)),
        description="Cookies go over https only. Default: true, unless `BASE_URL` is http on this machine.",
    )
    session_hours: int = Field(default=12, ge=1, le=720, description="How many hours a sign-in lasts.")
    link_hours: int = Field(
        default=72, ge=1, le=720, description="How many hours an invitation or reset link lasts."
    )
    lockout_failures: int = Field(
        default=5, ge=1, le=100, description="How many failed sign-ins in a row lock an address out."
    )
    lockout_minutes: int = Field(default=15, ge=1, le=1440, description="How many minutes a lock-out lasts.")
    argon2_memory_kib: int = Field(
        default=47104, ge=8, description="Memory used to hash one password, in KiB."
    )
    argon2_rounds: int = Field(default=1, ge=1, le=20, description="Rounds used to hash one password.")
    max_file_mb: int = Field(
        default=20, ge=1, le=1024, description="The largest file that can be attached, in MB."
    )
    clamd_url: Annotated[str, AfterValidator(_a_clamd)] = Field(
        default="",
        description="Where ClamAV's clamd looks through every file before it is kept: `tcp://host:3310` or "
        "`unix:///run/clamav/clamd.ctl`. Without it nothing is scanned.",
    )
    signing_key_file: Path = Field(
        default_factory=lambda earlier: earlier["data_dir"].resolve() / "signing-key.pem",
        description="The key that signs checkpoints of history. `migrate` makes it where there is none. "
        "Default: `signing-key.pem` in `DATA_DIR`.",
    )
    earlier_public_keys: Annotated[tuple[PublicKey, ...], NoDecode, Comma] = Field(
        default=(),
        description="Public keys that checkpoints were signed with earlier, with commas between.",
    )
    checkpoint_dir: Path = Field(
        default_factory=lambda earlier: earlier["data_dir"].resolve() / "checkpoints",
        description="Folder in which each checkpoint is written too; best on another machine than the "
        "database. Default: `checkpoints` in `DATA_DIR`.",
    )
    refused_attempts_days: int = Field(
        default=90,
        ge=1,
        le=36500,
        description="How many days refused attempts are kept; longer while a legal hold stands.",
    )
    warn_days: Annotated[tuple[Days, ...], NoDecode, Comma] = Field(
        default=(90, 30, 14, 7, 1),
        description="How many days before its certificate ends a partner is warned, with commas between.",
    )
    public_rules: bool = Field(
        default=False, description="Whether `/rules`, the programme's rules, can be read without signing in."
    )
    import_dir: Path | None = Field(
        default=None,
        description="Folder from which files are imported each night (`docs/operators.md`). "
        "Without it nothing is.",
    )
    payer_account: Annotated[str, AfterValidator(_an_account)] = Field(
        default="",
        description="The IBAN, or account number, from which payment runs are paid. "
        "Without it they are exported as tables alone.",
    )
    payer_bic: Annotated[str, AfterValidator(_a_bic)] = Field(
        default="", description="The BIC of the bank of `PAYER_ACCOUNT`."
    )
    smtp_host: str = Field(default="", description="The mail server. Without one no mail is sent.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the way to the mail server is protected: `starttls`, `tls` or `none`.",
    )
    smtp_port: int = Field(
        default_factory=lambda earlier: MAIL_PORTS[earlier["smtp_tls"]],
        ge=1,
        le=65535,
        description="The mail server's port. Default: 587 for starttls, 465 for tls, 25 for none.",
    )
    smtp_user: str = Field(default="", description="The account at the mail server, where it wants one.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="The password of `SMTP_USER`.")
    mail_from: Annotated[str, AfterValidator(_a_mailbox)] = Field(
        default="", description="The sender of every mail. Needed where `SMTP_HOST` is set."
    )

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.smtp_host and not self.mail_from:
            raise ValueError("MAIL_FROM is missing: SMTP_HOST is set, and mail needs a sender")
        if self.s3_bucket and not self.s3_access_key_id:
            raise ValueError("S3_ACCESS_KEY_ID is missing: S3_BUCKET is set, and its store wants a key")
        if self.s3_access_key_id and not self.s3_secret_access_key.get_secret_value():
            raise ValueError("S3_SECRET_ACCESS_KEY is missing: S3_ACCESS_KEY_ID is set")
        site = urlsplit(self.base_url)
        if self.secure_cookies and site.scheme == "http" and not _is_local(site):
            raise ValueError("BASE_URL must be https, or nobody could sign in while SECURE_COOKIES is true")
        return self

    @property
    def is_embedded(self) -> bool:
        """Return whether the database is the embedded default: nobody set another."""
        return "database_url" not in self.model_fields_set


class _Environment(BaseSettings, Settings):
    """The same settings from the environment, where a password hash that is too cheap is refused."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    argon2_memory_kib: int = Field(default=47104, ge=19456)


def read_settings(**otherwise: Any) -> Settings:
    """Return the settings of the environment; `otherwise` fills in what it lacks. Raise WrongSettings."""
    lacking = {name: value for name, value in otherwise.items() if not os.environ.get(name.upper())}
    try:
        return _Environment(**lacking)
    except ValidationError as error:
        raise WrongSettings("; ".join(_complaints(error))) from None


def environment_with(**added: str) -> dict[str, str]:
    """Return the environment for a child process: this one's, with these variables set."""
    return {**os.environ, **added}


def _complaints(error: ValidationError) -> list[str]:
    return [_complaint(each) for each in error.errors() if each["type"] != "default_factory_not_called"]


def _complaint(problem: ErrorDetails) -> str:
    message = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return message
    name = str(problem["loc"][0]).upper()
    if problem["type"] != "missing":
        return f"{name}: {message[0].lower()}{message[1:]}"
    return f"{name} is missing: set it to {SHORTEST_SECRET} or more random characters, as from {NEW_SECRET}"
