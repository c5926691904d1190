"""A client that sends files in pieces, as any of tus does."""

from base64 import b64encode
from dataclasses import dataclass, field

from werkzeug.test import TestResponse

from tests.support.looking import token_of
from tests.support.pages import Browser


@dataclass
class Tus:
    """A tus client of somebody, for one claim."""

    browser: Browser
    claim_id: int
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.token = token_of(self.browser)

    def send(self, method: str, address: str, data: bytes = b"", **headers: str) -> TestResponse:
        """Send a request as tus has it, with our token; `Upload_Offset` names a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        base = {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.token}
        return self.browser.client.open(address, method=method, data=data, headers={**base, **named})

    def begin(self, size: int, name: str = "offer.pdf", kind: str = "attachment") -> TestResponse:
        """Begin an upload."""
        said = {"filename": name, "kind": kind}
        told = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in said.items())
        address = f"/claims/{self.claim_id}/uploads"
        return self.send("POST", address, Upload_Length=str(size), Upload_Metadata=told)

    def append(self, address: str, offset: int, data: bytes) -> TestResponse:
        """Send a piece."""
        kind = "application/offset+octet-stream"
        return self.send("PATCH", address, data, Upload_Offset=str(offset), Content_Type=kind)

    def offset(self, address: str) -> str | None:
        """Ask how far an upload has come."""
        return self.send("HEAD", address).headers.get("Upload-Offset")
