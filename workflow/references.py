"""Payment references, told apart as a person tells them apart."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Controls, signs that nobody sees, and blanks."""


def folded(reference: str) -> str:
    """Return what two payment references share that only case, blanks or look tell apart.

    Wide and narrow forms, every kind of dash, and signs that nobody sees make no difference.
    """
    plain_forms = unicodedata.normalize("NFKC", reference)
    seen = (sign for sign in plain_forms if unicodedata.category(sign) not in _UNSEEN)
    return "".join("-" if unicodedata.category(sign) == "Pd" else sign for sign in seen).casefold()
