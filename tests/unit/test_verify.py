"""The verifier's own Ed25519 and Merkle tree, held to RFC 8032, RFC 6962 and a library."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from models.links import GENESIS
from workflow.proof import signing
from workflow.proof.verify import ORDER, Tree, is_signed, mark_of

RFC_8032 = {
    "1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "SHA(abc)": (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}
"""Public key, message and signature of section 7.1."""


@pytest.mark.parametrize("name", RFC_8032)
def test_the_vectors_of_the_standard_are_signed(name: str) -> None:
    key, message, signature = map(bytes.fromhex, RFC_8032[name])
    assert is_signed(key, message, signature)
    assert not is_signed(key, message + b"!", signature)


private_keys = st.binary(min_size=32, max_size=32).map(Ed25519PrivateKey.from_private_bytes)


@given(private_keys, st.binary(max_size=200))
def test_what_the_library_signs_is_signed(private: Ed25519PrivateKey, message: bytes) -> None:
    assert is_signed(private.public_key().public_bytes_raw(), message, private.sign(message))


@given(private_keys, st.binary(max_size=50), st.integers(0, 96 * 8 - 1))
def test_library_and_verifier_agree_on_every_flipped_bit(
    private: Ed25519PrivateKey, message: bytes, bit: int
) -> None:
    both = bytearray(private.public_key().public_bytes_raw() + private.sign(message))
    both[bit // 8] ^= 1 << bit % 8
    key, signature = bytes(both[:32]), bytes(both[32:])
    assert not is_signed(key, message, signature)
    assert not signing.is_signed(key, message, signature)


def test_a_signature_is_not_taken_in_a_second_form() -> None:
    key, message, signature = map(bytes.fromhex, RFC_8032["2"])
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_signed(key, message, signature[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize(
    ("key", "signature"), [(b"", b""), (b"\xff" * 32, bytes(64)), (bytes(31), bytes(64))]
)
def test_nonsense_is_not_signed(key: bytes, signature: bytes) -> None:
    assert not is_signed(key, b"text", signature)


def by_the_standard(leaves: list[tuple[int, int, str]]) -> bytes:
    """Return the root as RFC 6962, section 2.1, defines it."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + " ".join(map(str, leaves[0])).encode()).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + by_the_standard(leaves[:half]) + by_the_standard(leaves[half:])).digest()


@given(
    st.lists(st.tuples(st.integers(0, 40), st.text("0123456789abcdef", min_size=4, max_size=4)), min_size=1)
)
def test_the_root_is_that_of_the_standard_however_leaves_were_put(puts: list[tuple[int, str]]) -> None:
    tree, leaves = Tree(), list[tuple[int, int, str]]()
    assert tree.root() == GENESIS
    for wish, head in puts:
        index = min(wish, len(leaves))
        leaves[index : index + 1] = [(index, wish, head)]
        tree.put(index, index, wish, head)
        assert tree.root() == by_the_standard(leaves).hex()


def test_a_checkpoint_is_read_out_of_a_mail() -> None:
    signed, signature = '{"at":"2026-03-02","checkpoint":7,"root":"00"}', "0a" * 64
    mail = (
        f"Dear auditor,\r\n\r\n- What was signed: {signed}\r\n- Its signature: {signature}\r\n\r\nYours\r\n"
    )
    assert mark_of(mail) == (7, signed, signature)
    with pytest.raises(ValueError, match="no checkpoint"):
        mark_of("Dear auditor, there is none.")
