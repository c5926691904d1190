"""Keeps files in a bucket of an S3 store, Amazon's or any other that speaks its language."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO, cast

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from models.file_store.receiving import Arrived, name_of, received
from models.file_store.trouble import FilesAway, Unusable

TRIAL = "trial"
"""The object that is written and read at every start, to try the bucket."""

SETTINGS = {
    "NoSuchBucket": "S3_BUCKET",
    "InvalidBucketName": "S3_BUCKET",
    "AuthorizationHeaderMalformed": "S3_REGION",
    "PermanentRedirect": "S3_REGION",
    "InvalidAccessKeyId": "S3_ACCESS_KEY_ID",
    "AccessDenied": "S3_ACCESS_KEY_ID",
    "403": "S3_ACCESS_KEY_ID",
    "SignatureDoesNotMatch": "S3_SECRET_ACCESS_KEY",
}
"""The setting that is most likely wrong, by the code with which a store refuses."""


class S3Files:
    """A FileStore in a bucket. An object is whole or not there: S3 knows no half one."""

    def __init__(
        self, bucket: str, *, endpoint_url: str, region: str, access_key_id: str, secret_access_key: str
    ) -> None:
        self._bucket = bucket
        session = Session(access_key_id, secret_access_key, region_name=region)
        self._client = session.client("s3", endpoint_url=endpoint_url or None, config=_config(endpoint_url))

    def prepare(self) -> None:
        """Write, read, and ask for what is not there: all without which no file can be attached."""
        try:
            self._client.put_object(Bucket=self._bucket, Key=TRIAL, Body=b"")
            self._client.get_object(Bucket=self._bucket, Key=TRIAL)["Body"].close()
            self._size_of(name_of("0" * 64))
        except (ClientError, ParamValidationError) as error:
            raise _judged(error) from None
        except BotoCoreError as error:
            raise FilesAway(_line("S3_ENDPOINT_URL", error)) from None
        finally:
            # A server may fork after this, and its children must not share a connection.
            self._client.close()

    def receive(self, source: IO[bytes], limit: int) -> AbstractContextManager[Arrived]:
        """Give what came in, written aside on this machine."""
        return received(source, limit)

    def keep(self, arrived: Arrived) -> None:
        """Store a file under its digest, unless it is there. The store compares what reached it with both."""
        name = name_of(arrived.digest)
        with _reached():
            if self._size_of(name) == arrived.size:
                return
            with arrived.path.open("rb") as content:
                checksum = b64encode(bytes.fromhex(arrived.digest)).decode()
                self._client.put_object(Bucket=self._bucket, Key=name, Body=content, ChecksumSHA256=checksum)
            if self._size_of(name) != arrived.size:
                raise FilesAway(f"S3: {name} was sent, and is not there whole.")

    def remove(self, digest: str) -> None:
        """Delete an object; a bucket with versions keeps the earlier one."""
        with _reached():
            self._client.delete_object(Bucket=self._bucket, Key=name_of(digest))

    def find(self, digest: str) -> IO[bytes]:
        """Open a file, to be read as it comes from the store."""
        name = name_of(digest)
        with _reached():
            try:
                return cast(IO[bytes], self._client.get_object(Bucket=self._bucket, Key=name)["Body"])
            except self._client.exceptions.NoSuchKey:
                raise FileNotFoundError(digest) from None

    def _size_of(self, name: str) -> int | None:
        try:
            return self._client.head_object(Bucket=self._bucket, Key=name)["ContentLength"]
        except ClientError as error:
            if _status(error) == 404:
                return None
            raise


def _config(endpoint_url: str) -> Config:
    return Config(
        connect_timeout=5,
        read_timeout=20,
        retries={"total_max_attempts": 2, "mode": "standard"},
        # The checksums that are sent unasked are not understood by every store; the signed digest is.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={
            "payload_signing_enabled": True,
            "addressing_style": "path" if endpoint_url else "auto",
        },
    )


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise FilesAway(_line("S3", error)) from None


def _judged(error: ClientError | ParamValidationError) -> Unusable | FilesAway:
    """Return what a refusal of a trial means."""
    if isinstance(error, ParamValidationError):
        return Unusable("S3_BUCKET: no bucket can have this name.")
    if _status(error) >= 500:
        return FilesAway(_line("S3_ENDPOINT_URL", error))
    return Unusable(_line(SETTINGS.get(error.response["Error"].get("Code", ""), "S3_ENDPOINT_URL"), error))


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]


def _line(name: str, error: Exception) -> str:
    return f"{name}: {' '.join(str(error).split())}"
