"""Settings: read once, judged whole, and refused in one line that names each wrong one."""

import pytest
from pydantic import SecretStr, ValidationError

from config import Settings, WrongSettings, read_settings

SECRET = "k2Jv9sQx7RmL4tWz8NbY3hGf6DcP1aEu"


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def refusal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """Return the line with which this environment is refused."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings) as refused:
        read_settings()
    line = str(refused.value)
    assert "\n" not in line
    return line


def test_a_secret_is_all_that_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET)
    settings = read_settings()

    assert settings.is_embedded
    assert settings.database_url == f"sqlite:///{settings.data_dir / 'cofund.db'}"
    assert settings.files_dir == settings.data_dir / "files"
    assert settings.trusted_hosts == ("127.0.0.1", "localhost", "::1")
    assert settings.secure_cookies is False
    assert settings.warn_days == (90, 30, 14, 7, 1)


@pytest.mark.parametrize("secret", ["", "short", "a" * 64, "abababababababababababababababababab"])
def test_no_secret_that_could_be_guessed(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    assert refusal(monkeypatch, SECRET_KEY=secret).startswith("SECRET_KEY")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://host/name"),
        ("DATABASE_URL", "postgresql://user:word@host:port/name"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("BASE_URL", "fund.example.org"),
        ("BASE_URL", "https://fund.example.org/under/a/path"),
        ("BASE_URL", "http://fund.example.org"),
        ("BASE_URL", "https://fund.example.org:port"),
        ("BASE_URL", "https://[fund"),
        ("S3_ENDPOINT_URL", "minio:9000"),
        ("CLAMD_URL", "localhost:3310"),
        ("CLAMD_URL", "tcp://:3310"),
        ("CLAMD_URL", "tcp://host:many"),
        ("CLAMD_URL", "unix://run/clamd.sock"),
        ("CLAMD_URL", "unix:"),
        ("PROXY_COUNT", "many"),
        ("PROXY_COUNT", "-1"),
        ("SECURE_COOKIES", "perhaps"),
        ("MAX_FILE_MB", "0"),
        ("SMTP_TLS", "ssl"),
        ("SMTP_PORT", "70000"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b.example\r\nBcc: c@d.example"),
        ("WARN_DAYS", "30,soon"),
        ("SESSION_HOURS", "0"),
        ("LOCKOUT_FAILURES", "0"),
        ("ARGON2_MEMORY_KIB", "64"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert refusal(monkeypatch, SECRET_KEY=SECRET, **{name: value}).startswith(name)


def test_a_wrong_database_address_says_how_to_write_a_password_and_shows_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = refusal(monkeypatch, SECRET_KEY=SECRET, DATABASE_URL="postgresql://cofund:p:w/d@host:x/cofund")
    assert "%40" in line
    assert "p:w" not in line


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    line = refusal(monkeypatch, BASE_URL="nowhere", WARN_DAYS="x")
    assert [name for name in ("SECRET_KEY", "BASE_URL", "WARN_DAYS") if name not in line] == []


def test_mail_needs_a_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(monkeypatch, SECRET_KEY=SECRET, SMTP_HOST="mail.example").startswith(
        "MAIL_FROM is missing"
    )


def test_an_s3_store_needs_a_key_and_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(monkeypatch, SECRET_KEY=SECRET, S3_BUCKET="papers").startswith(
        "S3_ACCESS_KEY_ID is missing"
    )
    assert refusal(monkeypatch, S3_ACCESS_KEY_ID="key").startswith("S3_SECRET_ACCESS_KEY is missing")


def test_what_follows_from_a_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("BASE_URL", "https://fund.example.org/")
    settings = read_settings()

    assert settings.base_url == "https://fund.example.org"
    assert settings.trusted_hosts == ("fund.example.org",)
    assert settings.secure_cookies is True


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_mail_port_follows_from_its_protection(tls: str, port: int) -> None:
    assert Settings.model_validate({"secret_key": SECRET, "smtp_tls": tls}).smtp_port == port


def test_what_is_read_wins_over_what_is_only_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_URL", "https://fund.example.org")
    settings = read_settings(secret_key=SECRET, base_url="http://127.0.0.1:8000")
    assert settings.base_url == "https://fund.example.org"


def test_settings_made_by_hand_never_look_at_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_HOST", "mail.example")
    assert Settings(secret_key=SecretStr(SECRET)).smtp_host == ""


def test_settings_cannot_be_changed() -> None:
    settings = Settings(secret_key=SecretStr(SECRET))
    with pytest.raises(ValidationError, match="frozen"):
        settings.proxy_count = 3


def test_no_secret_shows_when_settings_are_printed() -> None:
    settings = Settings(
        secret_key=SecretStr(SECRET),
        database_url="postgresql://cofund:swordfish@db/cofund",
        smtp_password=SecretStr("swordfish"),
        s3_secret_access_key=SecretStr("swordfish"),
    )
    assert SECRET not in repr(settings)
    assert "swordfish" not in repr(settings)


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize(
    ("account", "bic"),
    [
        ("gb82 west 1234 5698 7654 32", "WEST GB 2L"),
        ("GB82-WEST-1234-5698-7654-32", "west-gb2l"),
        ("GB82.WEST.1234.5698.7654.32", "WEST\u2010GB2L"),
    ],
)
def test_the_payers_account_is_kept_as_a_bank_takes_it(
    monkeypatch: pytest.MonkeyPatch, account: str, bic: str
) -> None:
    for name, value in {"SECRET_KEY": SECRET, "PAYER_ACCOUNT": account, "PAYER_BIC": bic}.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert (settings.payer_account, settings.payer_bic) == ("GB82WEST12345698765432", "WESTGB2L")
