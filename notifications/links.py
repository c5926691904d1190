"""What is said of a single-use link, in the mail that carries it and on the page behind it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.vocabulary import MessageKind, Role

WHY: Mapping[MessageKind, str] = {
    MessageKind.invitation: "{owner} invites you to {programme}, to take part for {organisation} as {roles}.",
    MessageKind.password_reset: "This is about your account in {programme} of {owner}.",
}
"""Why somebody has a link. Both take the figures of its message as text."""

AS: Mapping[Role, str] = {
    Role.partner: "a partner",
    Role.approver: "an approver",
    Role.finance: "a member of finance",
    Role.auditor: "an auditor",
    Role.manager: "a programme manager",
}
"""What somebody with a role takes part as, within a sentence."""


def why(kind: MessageKind, figures: Mapping[str, Any], translate: Callable[[str], str] = str) -> str:
    """Return in one sentence why somebody has a link; the figures need neither its path nor its end."""
    return translate(WHY[kind]).format_map({**figures, **taking_part(figures, translate)})


def taking_part(figures: Mapping[str, Any], translate: Callable[[str], str]) -> dict[str, str]:
    """Return for whom somebody takes part and as what, as text."""
    return {
        "organisation": figures["partner"] or figures["owner"],
        "roles": as_what(figures["roles"], translate),
    }


def as_what(roles: Sequence[str], translate: Callable[[str], str]) -> str:
    """Return what somebody with these roles is, within a sentence."""
    return _listed([translate(AS[Role(word)]) for word in roles], translate)


def _listed(words: Sequence[str], translate: Callable[[str], str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return translate("{most} and {last}").format(most=", ".join(words[:-1]), last=words[-1])
