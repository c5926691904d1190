"""A real S3 server in the tests' own process, and keys that it honours."""

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

from botocore.session import Session
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from config import Settings
from models.file_store.s3 import S3Files

BUCKET = "papers"
REGION = "eu-central-1"
EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}

NOTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
}


@dataclass(frozen=True, slots=True)
class Keys:
    """What a client proves itself with."""

    access_key_id: str
    secret_access_key: str


_AWS: Any = Session()
"""Makes all clients: it reads what it has to know of a service once."""


class ObjectStore:
    """A server with one bucket, which looks at the keys of every request. One test at a time has it."""

    def __init__(self) -> None:
        self._server: ThreadedMotoServer | None = None
        self.address = ""
        self.keys = Keys("anybody", "anything")

    def begin(self) -> None:
        """Listen, hold nothing but an empty bucket, and honour a new key alone, which may do everything."""
        if self._server is None:
            self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
            self._server.start()
            host, port = self._server.get_host_and_port()
            self.address = f"http://{host}:{port}"
        self._reset("reset")
        self._reset("reset-auth", b"10")
        self.client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        self.keys = self._user("cofund", EVERYTHING)
        self._reset("reset-auth", b"0")

    def settings(self, **different: str) -> dict[str, str]:
        """Return the settings with which the product uses this store."""
        ours = {
            "s3_bucket": BUCKET,
            "s3_endpoint_url": self.address,
            "s3_region": REGION,
            "s3_access_key_id": self.keys.access_key_id,
            "s3_secret_access_key": self.keys.secret_access_key,
        }
        return {**ours, **different}

    def kept_by(self, settings: Settings) -> Settings:
        """Return the settings of an installation, which keeps its files in this store."""
        named: dict[str, Any] = self.settings()
        return settings.model_copy(
            update={**named, "s3_secret_access_key": SecretStr(named["s3_secret_access_key"])}
        )

    def files(self, **different: str) -> S3Files:
        """Return the product's own way to this store."""
        named = {name.removeprefix("s3_"): value for name, value in self.settings(**different).items()}
        return S3Files(named.pop("bucket"), **named)

    def names(self) -> list[str]:
        """Return the names of all objects."""
        found = self.client("s3").list_objects_v2(Bucket=BUCKET)
        return [each["Key"] for each in found.get("Contents", ())]

    def put(self, name: str, content: bytes) -> None:
        """Store an object past the product."""
        self.client("s3").put_object(Bucket=BUCKET, Key=name, Body=content)

    def take(self, name: str) -> None:
        """Delete an object past the product."""
        self.client("s3").delete_object(Bucket=BUCKET, Key=name)

    def stop(self) -> None:
        """End the server: nobody listens at its address any more."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def let_nothing_be_done(self) -> None:
        """Hand out a key that is known and may do nothing."""
        self.keys = self._user("nobody", NOTHING)

    def client(self, service: str) -> Any:
        """Return a client of one's own."""
        return _AWS.create_client(
            service,
            region_name=REGION,
            endpoint_url=self.address,
            aws_access_key_id=self.keys.access_key_id,
            aws_secret_access_key=self.keys.secret_access_key,
        )

    def _user(self, name: str, policy: dict[str, Any]) -> Keys:
        iam = self.client("iam")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=json.dumps(policy))
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return Keys(made["AccessKeyId"], made["SecretAccessKey"])

    def _reset(self, what: str, data: bytes = b"") -> None:
        kind = {"Content-Type": "text/plain"}
        request = urllib.request.Request(f"{self.address}/moto-api/{what}", data, kind, method="POST")
        with urllib.request.urlopen(request):
            pass
