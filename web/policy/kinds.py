"""The kinds of members that a policy has: how each is typed, stored in its document, and read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Length

from models.money import parse_amount, plain
from models.vocabulary import State
from web.claims.fields import CountField, long_text_field, text_field
from web.formats import money
from web.forms import MoneyField
from web.labels import state_label
from web.policy.fields import CodesField, PercentField, WordsField, in_percent, lines_of
from workflow.catalogue import DETAIL_TYPES, GIFTS, LINE_DETAILS, ORGANISERS, Catalogue
from workflow.policies import LONGEST_DEADLINE, plain_share

NEEDED = InputRequired(_l("This is still empty."))

Make = Callable[[Any, Any], Any]
Words = Callable[[Any, Catalogue], str]
Offers = Callable[[Catalogue], Mapping[str, Any]]


def same(value: Any) -> Any:
    """Return what it is given: the form holds it as the document does."""
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """How a member is typed, stored and read.

    `make` returns a field for a label and a hint. `stored` returns what a document holds of a field,
    None to leave it out, and `typed` a field's data of what a document holds. `words` reads a stored value,
    None included, by a catalogue's labels. `unit` says what each such field is in, and its bounds. `offers`
    returns what there is to choose from.
    """

    make: Make
    stored: Callable[[Any], Any]
    typed: Callable[[Any], Any]
    words: Words
    unit: str = ""
    offers: Offers | None = None


def none_or(word: Any) -> str:
    return str(_("none")) if word is None or word == "" else str(word)


def line(label: Any, hint: Any) -> Any:
    return text_field(label, 200, hint)


def _text(make: Make) -> Kind:
    return Kind(
        make,
        lambda field: field.data or None,
        lambda value: value or "",
        lambda value, _catalogue: none_or(value),
    )


def _codes(label: Callable[[str, Catalogue], str], offers: Offers) -> Kind:
    def words(value: Any, catalogue: Catalogue) -> str:
        return none_or(", ".join(label(code, catalogue) for code in value or ()))

    return Kind(_ticks, lambda field: field.codes, lambda value: value or [], words, offers=offers)


def _ticks(label: Any, hint: Any) -> Any:
    return CodesField(label, description=hint)


def _words_of(kind: str, words: str) -> Kind:
    """Return the kind of codes of one of the catalogue's lists of words."""
    return _codes(
        lambda code, catalogue: catalogue.label(kind, code),
        lambda catalogue: {one.code: one.label for one in getattr(catalogue, words)},
    )


def _one_of(offers: Offers) -> Kind:
    def words(value: Any, catalogue: Catalogue) -> str:
        return none_or(offers(catalogue).get(value, value))

    return Kind(
        lambda label, hint: SelectField(label, description=hint),
        lambda field: field.data,
        same,
        words,
        offers=offers,
    )


def _open_to(value: Any, catalogue: Catalogue) -> str:
    if value is None:
        return str(_("all eligible partners"))
    return ", ".join(catalogue.label("partner_type", code) for code in value) or str(_("nobody"))


def _condition(value: Any, _catalogue: Catalogue) -> str:
    return str(_("always")) if value is None else f"{value['detail']} = {value['equals']}"


def _stored_condition(field: Any) -> dict[str, str] | None:
    detail, _equals, value = (field.data or "").partition("=")
    return {"detail": detail.strip(), "equals": value.strip()} if field.data else None


def _days(value: Any, _catalogue: Catalogue) -> str:
    return str(_("no deadline")) if value is None else str(_("%(days)s days", days=value))


LINE_DETAIL_LABELS = {"product_model": _l("Product model"), "quantity": _l("Quantity")}
TYPE_LABELS = {
    "count": _l("A number"),
    "text": _l("Text"),
    "flag": _l("Yes or no"),
    "choice": _l("One of several"),
}
ANSWERS = {"": _l("either"), "yes": _l("yes"), "no": _l("no")}
_ANSWER = {"": None, "yes": True, "no": False}
_TYPED = {answer: word for word, answer in _ANSWER.items()}

AMOUNT = Kind(
    lambda label, hint: MoneyField(label, [NEEDED], description=hint),
    lambda field: plain(field.data),
    lambda value: None if value is None else parse_amount(value),
    lambda value, _catalogue: none_or(value if value is None else money(parse_amount(value))),
    _l("In US dollars."),
)
PERCENT = Kind(
    lambda label, hint: PercentField(label, [NEEDED], description=hint),
    lambda field: plain_share(field.data),
    lambda value: None if value is None else Fraction(value),
    lambda value, _catalogue: f"{in_percent(Fraction(value))} %",
    _l("In percent, from 0 to 100."),
)
COUNT = Kind(
    lambda label, hint: CountField(label, [NEEDED], description=hint),
    lambda field: field.data,
    same,
    lambda value, _catalogue: str(value),
    _l("A whole number."),
)
LEAST = Kind(
    lambda label, hint: CountField(label, description=hint),
    lambda field: field.data or None,
    same,
    lambda value, _catalogue: none_or(value),
)
DAYS = Kind(
    lambda label, hint: CountField(label, description=hint),
    lambda field: field.data,
    same,
    _days,
    _l("In days, at most %(most)s. Empty: no deadline.", most=LONGEST_DEADLINE),
)
LINE = _text(line)
NEEDED_LINE = _text(lambda label, hint: text_field(label, 200, hint, [NEEDED]))
NEEDED_TEXT = _text(lambda label, hint: long_text_field(label, 1000, hint, [NEEDED]))
FLAG = Kind(
    lambda label, hint: BooleanField(label, description=hint),
    lambda field: field.data or None,
    same,
    lambda value, _catalogue: str(_("yes") if value else _("no")),
)
SAID = Kind(FLAG.make, lambda field: bool(field.data), same, FLAG.words)
ANSWER = Kind(
    lambda label, hint: SelectField(label, description=hint),
    lambda field: _ANSWER[field.data],
    lambda value: _TYPED[value],
    lambda value, _catalogue: str(ANSWERS[_TYPED[value]]),
    offers=lambda _catalogue: ANSWERS,
)
PARTNER_TYPES = _words_of("partner_type", "partner_types")
CATEGORIES = _words_of("category", "categories")
EVIDENCE = _words_of("evidence_kind", "evidence_kinds")
CHECKLIST = _words_of("checklist_item", "checklist_items")
GIFT_CATEGORIES = _codes(
    lambda code, catalogue: catalogue.label("category", code),
    lambda catalogue: {one.code: one.label for one in catalogue.categories if one.code in GIFTS},
)
OPEN_TO = Kind(
    _ticks,
    lambda field: field.codes or None,
    lambda value: value or [],
    _open_to,
    offers=PARTNER_TYPES.offers,
)
STATES = _codes(
    lambda code, _catalogue: state_label(State(code)),
    lambda _catalogue: {
        state.value: state_label(state) for state in (State.submitted, State.approved, State.executed)
    },
)
LINE_DETAIL = _codes(
    lambda code, _catalogue: str(LINE_DETAIL_LABELS[code]),
    lambda _catalogue: {code: LINE_DETAIL_LABELS[code] for code in LINE_DETAILS},
)
ORGANISER = _one_of(lambda catalogue: {code: catalogue.label("organiser", code) for code in ORGANISERS})
DETAIL_TYPE = _one_of(lambda _catalogue: {code: TYPE_LABELS[code] for code in DETAIL_TYPES})
CONDITION = Kind(
    line,
    _stored_condition,
    lambda value: "" if value is None else f"{value['detail']} = {value['equals']}",
    _condition,
)
CHOICES = Kind(
    lambda label, hint: WordsField(label, [Length(max=10_000)], description=hint),
    lambda field: field.words,
    lambda value: lines_of(value or ()),
    lambda value, _catalogue: none_or(", ".join(one.get("title") or one["label"] for one in value or ())),
)
