"""The key that signs checkpoints (Ed25519, RFC 8032). It lies in a file, never in the database."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


class NoKey(Exception):
    """The file does not hold a key that can be used. The text is one sentence that says why."""


class SigningKey:
    """Signs texts; `public` are the 64 hexadecimal digits by which anybody can verify that."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw().hex()

    def sign(self, text: str) -> str:
        """Return the signature of a text, in 128 hexadecimal digits."""
        return self._private.sign(text.encode()).hex()


def read_key(file: Path) -> SigningKey:
    """Return the key of a file. Raises NoKey."""
    try:
        private = load_pem_private_key(file.read_bytes(), password=None)
    except FileNotFoundError:
        raise NoKey(f"There is no key in {file}.") from None
    except OSError as error:
        raise NoKey(f"{file} cannot be read ({error.strerror}).") from None
    except (ValueError, TypeError):
        raise NoKey(f"{file} holds no unencrypted private key in PEM.") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise NoKey(f"The key in {file} is not an Ed25519 key.")
    return SigningKey(private)


def make_key(file: Path) -> SigningKey:
    """Make a key and write it to a file that was not there, which its owner alone may read.

    Raises FileExistsError, or another OSError where it cannot be written.
    """
    private = Ed25519PrivateKey.generate()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return SigningKey(private)


def is_signed(key: bytes, text: bytes, signature: bytes) -> bool:
    """Return whether the owner of a public key of 32 bytes signed a text: what verify.py does by itself."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True
