"""The forms of a policy draft, one for each part, made of the table of entries."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import FormField
from wtforms.validators import Regexp

from web.claims.fields import text_field
from web.forms import PageForm
from web.policy.entries import members
from web.policy.fields import on_the_map, slug
from web.policy.kinds import NEEDED, TYPE_LABELS
from web.policy.members import MOST_ROWS, FreeRow, Members, NamedRow, Row, Rows, fields_of, typed
from web.rows import RowList
from workflow.catalogue import Catalogue
from workflow.policies import PolicyError
from workflow.policy_parts import FIGURES, LIMITS
from workflow.wording import form_problem


class LimitRow(FreeRow):
    """A country and its limit."""

    country: Any
    limit: Any


class WordsForm(Rows, PageForm):
    """A list of words of the catalogue."""

    @property
    def value(self) -> list[dict[str, Any]]:  # type: ignore[override] # a list is what such a part is
        """Return the words as a document holds them."""
        return [row.value for row in self.rows.filled]

    def place(self, path: str, said: str) -> bool:
        """Put an error at the field that a path names; return whether there is one."""
        return self.place_in_rows(path, said)


class LimitsForm(Rows, PageForm):
    """The country table."""

    @property
    def value(self) -> dict[str, Any]:
        """Return the table, and whether it is an example, as a document holds them."""
        table = {row.country.data: row.table["limit"].kind.stored(row.limit) for row in self.rows.filled}
        return {**super().value, "promotional_item_limits": table}

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether each country stands there once, with a limit."""
        fine = super().validate(extra_validators)
        seen: set[str] = set()
        for row in self.rows.filled:
            if row.country.data in seen:
                row.country.errors = [*row.country.errors, _("This country stands here twice.")]
                fine = False
            seen.add(row.country.data)
        return fine

    def place(self, path: str, said: str) -> bool:
        """Put an error at the limit of the country that a path names, or at the field."""
        name, _point, country = path.partition(".")
        row = next((one for one in self.rows.filled if one.country.data == country), None)
        if name != "promotional_item_limits" or row is None:
            return super().place(path, said)
        row.limit.errors = [*row.limit.errors, said]
        return True


class DetailRow(NamedRow):
    """A detail that an activity type demands."""

    type: Any
    choices: Any

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether it can be read, and only what is one of several has choices."""
        fine = super().validate(extra_validators)
        if self.type.data == "choice" or not self.choices.words:
            return fine
        said = _(
            "Only “%(several)s” has choices: choose that at “%(type)s”, or empty this.",
            several=TYPE_LABELS["choice"],
            type=self.type.label.text,
        )
        self.choices.errors = [*self.choices.errors, said]
        return False


class FiguresForm(Members, PageForm):
    """The parameters."""


class ActivityForm(Rows, PageForm):
    """An activity type. The code of a new one is made of its title."""

    code = ""

    @property
    def value(self) -> dict[str, Any]:
        """Return the activity type as a document holds it."""
        details = [row.value for row in self.rows.filled]
        return {"code": self.code or slug(self.title.data), **super().value, "details": details}

    def place(self, path: str, said: str) -> bool:
        """Put an error at the field that a path names; return whether there is one."""
        name, _bracket, rest = path.partition("[")
        if name == "details":
            return self.place_in_rows(f"[{rest}", said)
        return super().place("title" if name == "code" else path, said)


def figures_form(document: Mapping[str, Any], catalogue: Catalogue) -> FiguresForm:
    """Return the form of the parameters."""
    entries = {name: entry for name, entry in members("").items() if name in FIGURES}
    made = type("Figures", (FiguresForm,), {**fields_of(entries), "table": entries})
    form: FiguresForm = made(data=typed(entries, document))
    form.offer(catalogue, document)
    return form


def limits_form(document: Mapping[str, Any], catalogue: Catalogue) -> LimitsForm:
    """Return the form of the country table."""
    entries = {LIMITS[1]: members("")[LIMITS[1]]}
    of_row = {"limit": members("promotional_item_limits.")["*"]}
    hint = _("Two capital letters, such as DE.")
    country = text_field(_("Country"), 2, hint, [NEEDED, Regexp(r"[A-Z]{2}\Z", message=hint), on_the_map])
    row = type("Limit", (LimitRow,), {"country": country, **fields_of(of_row), "table": of_row})
    rows = RowList(FormField(row), most=MOST_ROWS)
    made = type("Limits", (LimitsForm,), {**fields_of(entries), "rows": rows, "table": entries})
    table = document[LIMITS[0]]
    stands = [{"country": one, **typed(of_row, {"limit": limit})} for one, limit in table.items()]
    form: LimitsForm = made(data={**typed(entries, document), "rows": stands})
    form.offer(catalogue, document)
    return form


def words_form(name: str, words: Sequence[Mapping[str, Any]], catalogue: Catalogue) -> WordsForm:
    """Return the form of a list of words."""
    of_row = members(f"catalogue.{name}.*.")
    row = type("Word", (Row,), {**fields_of(of_row), "table": of_row})
    made = type("Words", (WordsForm,), {"rows": RowList(FormField(row), most=MOST_ROWS), "table": {}})
    stands = [{"code": word["code"], **typed(of_row, word)} for word in words]
    form: WordsForm = made(data={"rows": stands})
    form.offer(catalogue, {})
    return form


def activity_form(activity: Mapping[str, Any], catalogue: Catalogue) -> ActivityForm:
    """Return the form of an activity type; a new one has no code."""
    path = "catalogue.activity_types.*."
    entries = {name: entry for name, entry in members(path).items() if name != "details"}
    of_row = members(f"{path}details.*.")
    row = type("Detail", (DetailRow,), {**fields_of(of_row), "table": of_row})
    rows = RowList(FormField(row), most=MOST_ROWS)
    made = type("Activity", (ActivityForm,), {**fields_of(entries), "rows": rows, "table": entries})
    details = [{"code": one["name"], **typed(of_row, one)} for one in activity.get("details") or ()]
    form: ActivityForm = made(data={**typed(entries, activity), "rows": details})
    form.code = activity.get("code", "")
    form.offer(catalogue, activity)
    return form


def said_of(error: PolicyError) -> str:
    """Return what is wrong with a field, as it is said beside it."""
    return str(_("This %(problem)s.", problem=form_problem(error, _)))
