"""The words of what-ifs."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from models.programme import Period
from models.vocabulary import Effect, FlipKind
from web.services import reading

EFFECTS: dict[Effect, str] = {
    Effect.refused: _l("Refused"),
    Effect.less: _l("Gets less"),
    Effect.more: _l("Gets more"),
    Effect.admitted: _l("No rule in the way"),
    Effect.lacking: _l("Lacks facts"),
    Effect.same: _l("Same result, other reasons"),
}
"""What people call what another policy makes of a claim."""

MEANINGS: dict[Effect, str] = {
    Effect.refused: _l("A rule that held would be broken: the claim would hold nothing."),
    Effect.less: _l("Less would be granted or reimbursed."),
    Effect.more: _l("More would be granted or reimbursed."),
    Effect.admitted: _l(
        "It was rejected while a rule was broken, and none would be. It would hold the most it could."
    ),
    Effect.lacking: _l(
        "The policy asks for what nobody was asked for then. No money counts as lost for that."
    ),
    Effect.same: _l("Rules come out otherwise, the claim does not."),
}

TONES: dict[Effect, str] = {
    Effect.refused: "stopped",
    Effect.less: "waiting",
    Effect.more: "done",
    Effect.admitted: "active",
    Effect.lacking: "quiet",
    Effect.same: "quiet",
}

KINDS: dict[FlipKind, str] = {
    FlipKind.breaks: _l("would be broken"),
    FlipKind.lowers: _l("would lower the amount"),
    FlipKind.lacks: _l("would lack a fact"),
    FlipKind.holds: _l("would hold"),
}
"""How a rule comes out otherwise."""

CHOSEN: dict[str, str] = {
    "period": _l("JMF period"),
    "partner": _l("Partner"),
    "country": _l("Country"),
    "first": _l("Submitted from"),
    "last": _l("Submitted until"),
}


def chosen_words(chosen: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return which claims were asked about: each name with its value."""
    return [(str(CHOSEN[name]), _value(name, value)) for name, value in chosen.items()]


def _value(name: str, value: Any) -> str:
    period = reading().get(Period, value) if name == "period" else None
    return period.code if period else str(value)
