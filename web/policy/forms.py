"""The forms of a policy draft, one for each part, made of the table of entries."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from flask_babel import gettext as _
from wtforms import Form, FormField, HiddenField
from wtforms.validators import Regexp

from web.claims.fields import text_field
from web.forms import PageForm
from web.policy.entries import Entry, members
from web.policy.fields import TicksField, slug
from web.policy.kinds import NEEDED
from web.rows import RowList
from workflow.catalogue import Catalogue
from workflow.policies import PolicyError
from workflow.policy_parts import FIGURES, LIMITS
from workflow.wording import form_problem

MOST_ROWS = 300
"""Rows in one list of a policy: countries, words, or details."""

_STEP = re.compile(r"\[?([^\[\].]+)\]?\.?(.*)", re.DOTALL)


class PartForm(Protocol):
    """What the form of each part can do. `value` is what the document then holds of the part."""

    table: Mapping[str, Entry]

    def validate(self) -> bool:
        """Return whether everything typed can be read."""

    @property
    def value(self) -> Any:
        """Return the part as a document holds it."""

    def place(self, path: str, said: str) -> bool:
        """Put an error at the field that a path within the part names; return whether there is one."""

    def change(self, wish: str) -> bool:
        """Add a row or take one away, if that is what a button wishes; return whether it was."""


class Members(Form):
    """Fields made of entries, by the names of the members that they hold."""

    table: Mapping[str, Entry] = {}

    def offer(self, catalogue: Catalogue, stands: Mapping[str, Any]) -> None:
        """Offer what there is to choose from, and what stands there already."""
        for name, entry in self.table.items():
            if entry.kind.offers is None:
                continue
            words, field = entry.kind.offers(catalogue), cast(Any, self[name])
            if isinstance(field, TicksField):
                field.offer(words, stands.get(name) or ())
            else:
                field.choices = list(words.items())
                if field.raw_data is None and field.data not in words:
                    field.data = next(iter(words))  # as a browser shows it

    @property
    def value(self) -> dict[str, Any]:
        """Return the members as a document holds them."""
        return {name: entry.kind.stored(self[name]) for name, entry in self.table.items()}

    def place(self, path: str, said: str) -> bool:
        """Put an error at the field that a path names; return whether there is one."""
        name = path.partition(".")[0].partition("[")[0]
        field = self._fields.get({"code": "label", "name": "label"}.get(name, name))
        if field is None:
            return False
        field.errors = [*field.errors, said]
        return True

    def change(self, _wish: str) -> bool:
        """Return False: there are no rows."""
        return False


def typed(entries: Mapping[str, Entry], value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a form of what a document holds."""
    return {name: entry.kind.typed(value.get(name)) for name, entry in entries.items()}


def _fields(entries: Mapping[str, Entry]) -> dict[str, Any]:
    """Return an unbound field for each entry, in the words of the request's language."""
    return {name: entry.kind.make(str(entry.label), _hint(entry)) for name, entry in entries.items()}


def _hint(entry: Entry) -> str:
    return " ".join(str(part) for part in (entry.kind.unit, entry.hint) if part)


class Row(Members):
    """A row of a list. Its code is hidden, since it is stored with claims; a new row is given one."""

    key = "code"
    label: Any

    code = HiddenField()

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was entered."""
        return not self.code.data and not (self.label.data or "").strip()

    @property
    def value(self) -> dict[str, Any]:
        """Return the thing as a document holds it."""
        return {self.key: self.code.data or slug(self.label.data), **super().value}


class NamedRow(Row):
    """A row of a detail, whose code is called its name."""

    key = "name"


class LimitRow(Members):
    """A country and its limit."""

    country: Any
    limit: Any

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was entered."""
        return not (self.country.data or self.limit.data is not None or self.limit.typed)


class Rows(Members):
    """A form with a list of rows."""

    rows: RowList

    def change(self, wish: str) -> bool:
        """Add a row or take one away, if that is what a button wishes; return whether it was."""
        changed = self.rows.change(wish)
        self.offer(*self._offered)
        return changed

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether everything can be read, but for rows that hold nothing."""
        fine = [self[name].validate(self) for name in self.table]
        fine += [row.validate() for row in self.rows.filled]
        self.rows.errors = []
        if len(self.rows.entries) > MOST_ROWS:
            self.rows.errors = [_("Use at most %(most)s rows.", most=MOST_ROWS)]
        return all(fine) and not self.rows.errors

    def offer(self, catalogue: Catalogue, stands: Mapping[str, Any]) -> None:
        """Offer what there is to choose from, in the rows too."""
        self._offered = catalogue, stands
        super().offer(catalogue, stands)
        for entry in self.rows.entries:
            if isinstance(entry.form, Row):
                entry.form.offer(catalogue, {})

    def place_in_rows(self, path: str, said: str) -> bool:
        """Put an error at a field of the row that a path begins with; return whether there is one."""
        found = _STEP.fullmatch(path)
        rows = self.rows.filled
        if found is None or not found[1].isdecimal() or int(found[1]) >= len(rows):
            return False
        return bool(rows[int(found[1])].place(found[2] or "code", said))


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


def figures_form(document: Mapping[str, Any], catalogue: Catalogue, **more: Any) -> FiguresForm:
    """Return the form of the parameters."""
    entries = {name: entry for name, entry in members("").items() if name in FIGURES}
    made = type("Figures", (FiguresForm,), {**_fields(entries), "table": entries})
    form: FiguresForm = made(data=typed(entries, document), **more)
    form.offer(catalogue, document)
    return form


def limits_form(document: Mapping[str, Any], catalogue: Catalogue, **more: Any) -> LimitsForm:
    """Return the form of the country table."""
    entries = {LIMITS[1]: members("")[LIMITS[1]]}
    of_row = {"limit": members("promotional_item_limits.")["*"]}
    hint = _("Two capital letters, such as DE.")
    country = text_field(_("Country"), 2, hint, [NEEDED, Regexp(r"[A-Z]{2}\Z", message=hint)])
    row = type("Limit", (LimitRow,), {"country": country, **_fields(of_row), "table": of_row})
    rows = RowList(FormField(row), most=MOST_ROWS)
    made = type("Limits", (LimitsForm,), {**_fields(entries), "rows": rows, "table": entries})
    table = document[LIMITS[0]]
    stands = [{"country": one, **typed(of_row, {"limit": limit})} for one, limit in table.items()]
    form: LimitsForm = made(data={**typed(entries, document), "rows": stands}, **more)
    form.offer(catalogue, document)
    return form


def words_form(name: str, words: Sequence[Mapping[str, Any]], catalogue: Catalogue, **more: Any) -> WordsForm:
    """Return the form of a list of words."""
    of_row = members(f"catalogue.{name}.*.")
    row = type("Word", (Row,), {**_fields(of_row), "table": of_row})
    made = type("Words", (WordsForm,), {"rows": RowList(FormField(row), most=MOST_ROWS), "table": {}})
    stands = [{"code": word["code"], **typed(of_row, word)} for word in words]
    form: WordsForm = made(data={"rows": stands}, **more)
    form.offer(catalogue, {})
    return form


def activity_form(activity: Mapping[str, Any], catalogue: Catalogue, **more: Any) -> ActivityForm:
    """Return the form of an activity type; a new one has no code."""
    path = "catalogue.activity_types.*."
    entries = {name: entry for name, entry in members(path).items() if name != "details"}
    of_row = members(f"{path}details.*.")
    row = type("Detail", (NamedRow,), {**_fields(of_row), "table": of_row})
    rows = RowList(FormField(row), most=MOST_ROWS)
    made = type("Activity", (ActivityForm,), {**_fields(entries), "rows": rows, "table": entries})
    details = [{"code": one["name"], **typed(of_row, one)} for one in activity.get("details") or ()]
    form: ActivityForm = made(data={**typed(entries, activity), "rows": details}, **more)
    form.code = activity.get("code", "")
    form.offer(catalogue, activity)
    return form


def said_of(error: PolicyError) -> str:
    """Return what is wrong with a field, as it is said beside it."""
    return str(_("This %(problem)s.", problem=form_problem(error, _)))
