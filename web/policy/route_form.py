"""The form of a routing rule of a policy draft: its conditions, its place, and a row for each tier."""

from collections.abc import Container, Iterable, Mapping
from itertools import chain, count
from typing import Any

from flask_babel import gettext as _
from wtforms import FormField, SelectField
from wtforms.validators import InputRequired

from models.routing import ApproverGroup
from web.claims.fields import CountField
from web.forms import PageForm, choices
from web.names import all_names
from web.policy.entries import members
from web.policy.fields import slug
from web.policy.members import FreeRow, Rows, fields_of, typed
from web.rows import RowList
from workflow.catalogue import Catalogue
from workflow.policy_parts import LAST, Document, route_place
from workflow.routing_rules import ANYBODY, MOST_TIERS, Decider

ANY = "any"
"""The choice of any approver."""


class TierRow(FreeRow):
    """One tier of a routing rule: who decides in it."""

    decider: Any

    @property
    def is_blank(self) -> bool:
        """Return False: a tier that nobody was chosen for is not left out without a word."""
        return False


class RouteForm(Rows, PageForm):
    """A routing rule, with its place among the `others`, which are their labels by their codes.

    The code of a new one is made of its label, with a number where another has that code from before.
    """

    code = ""
    others: Mapping[str, str] = {}
    label: Any
    order: Any

    @property
    def shown(self) -> Iterable[str]:
        """Return the names of the fields above the rows, in their order."""
        return ("label", "order", *(name for name in self.table if name != "label"))

    @property
    def value(self) -> dict[str, Any]:
        """Return the rule as a document holds it, with its place."""
        tiers = [_decider(row.decider.data) for row in self.rows.filled]
        code = self.code or _free(slug(self.label.data) or "rule", self.others)
        return {"code": code, **super().value, "tiers": tiers, "place": self.order.data or LAST}

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether everything can be read, and no other rule is called the same."""
        fine = super().validate(extra_validators)
        if not self.rows.entries:
            self.rows.errors, fine = [_("Choose who decides.")], False
        if self.label.data.casefold() not in {label.casefold() for label in self.others.values()}:
            return fine
        self.label.errors = [*self.label.errors, _("Another rule is called that.")]
        return False

    def place(self, path: str, said: str) -> bool:
        """Put an error at the field that a path names, among the rules of a document."""
        name = path.partition("].")[2]
        if name == "tiers":
            self.rows.errors = [*self.rows.errors, said]
            return True
        return super().place(name, said)


def _free(code: str, taken: Container[str]) -> str:
    """Return a code that no other rule has."""
    codes = chain([code], (f"{code[:50]}_{number}" for number in count(2)))
    return next(one for one in codes if one not in taken)


def route_form(rule: Mapping[str, Any], document: Document, catalogue: Catalogue) -> RouteForm:
    """Return the form of a routing rule of a draft's document; a new one has no code."""
    entries = {name: entry for name, entry in members("routing.*.").items() if name != "tiers"}
    deciders = {ANY: _("any approver")} | {
        f"group:{one}": _("group %(name)s", name=name) for one, name in all_names(ApproverGroup).items()
    }
    needed = InputRequired(_("Choose who decides, or remove this tier."))
    decider = SelectField(
        _("Who decides"), [needed], choices=choices(deciders, blank=_("Choose…")), default=""
    )
    row = type("Tier", (TierRow,), {"decider": decider})
    hint = _("Rules are tried from place 1 on; the first that fits applies. Empty: last.")
    order = CountField(_("Place"), description=hint, least=1)
    rows = RowList(FormField(row), most=MOST_TIERS)
    made = type("Route", (RouteForm,), {**fields_of(entries), "order": order, "rows": rows, "table": entries})
    tiers = [{"decider": _word(tier)} for tier in rule["tiers"]]
    place = route_place(document, rule["code"])
    form: RouteForm = made(data={**typed(entries, rule), "order": place, "rows": tiers})
    form.code = rule["code"]
    form.others = {one["code"]: one["label"] for one in document["routing"] if one["code"] != rule["code"]}
    form.offer(catalogue, rule)
    return form


def _word(tier: Decider) -> str:
    """Return who decides as a choice names it: `group:2`, or ANY."""
    return f"group:{tier['group']}" if tier else ANY


def _decider(word: str) -> Decider:
    group = word.removeprefix("group:")
    return ANYBODY if word == ANY else {"group": int(group)}
