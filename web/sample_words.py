"""The words of samples: methods, risks, verdicts, and which claims were asked for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.vocabulary import FindingVerdict, State
from web.formats import day
from web.labels import state_label
from workflow.sampling.sample import MONEY, RISK

METHODS: dict[str, str] = {
    MONEY: _l("Monetary unit"),
    RISK: _l("Risk-weighted"),
}

MEANINGS: dict[str, str] = {
    MONEY: _l("Each cent that claims hold is as likely as any other: a claim of twice the amount, twice."),
    RISK: _l("Each claim counts by what history shows of its risks; one without any counts once."),
}

RISKS: dict[str, str] = {
    "returned": _l("returned"),
    "amended": _l("plan amended"),
    "reworked": _l("sent back for rework"),
    "raised": _l("amount raised"),
    "payment_failed": _l("payment came back"),
    "substitute": _l("a substitute decided or paid"),
    "near_cap": _l("granted 95 % of the cap or more"),
    "files_added": _l("files added after a report"),
    "reopened": _l("reopened after acceptance"),
    "reinstated": _l("reinstated"),
    "disputed": _l("disputed"),
    "clawed_back": _l("clawed back"),
    "new_account": _l("bank account confirmed in the 30 days before a payment"),
}

VERDICTS: dict[FindingVerdict, str] = {
    FindingVerdict.in_order: _l("In order"),
    FindingVerdict.exception: _l("Exception"),
}

TONES: dict[FindingVerdict, str] = {
    FindingVerdict.in_order: "done",
    FindingVerdict.exception: "stopped",
}

CHOSEN: dict[str, str] = {
    "period": _l("JMF period"),
    "state": _l("State"),
    "partner_id": _l("Partner"),
    "first_day": _l("Submitted from"),
    "last_day": _l("Submitted until"),
}


def chosen_words(asked: Mapping[str, Any], partners: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return which claims were asked for: each name with its value. `partners` are names by their ids."""
    return [
        (str(label), _value(name, asked[name], partners)) for name, label in CHOSEN.items() if name in asked
    ]


def chosen_text(asked: Mapping[str, Any], partners: Mapping[int, str]) -> str:
    """Return which claims were asked for, in a few words."""
    told = ", ".join(f"{name}: {value}" for name, value in chosen_words(asked, partners))
    return told or str(_("all claims"))


def _value(name: str, value: Any, partners: Mapping[int, str]) -> str:
    match name:
        case "state":
            return str(state_label(State(value)))
        case "partner_id":
            return partners.get(value, str(value))
        case "first_day" | "last_day":
            return day(date.fromisoformat(value))
    return str(value)
