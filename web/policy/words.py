"""A policy in words: its figures and clauses, what an activity type demands, what a version changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from web.formats import money
from web.policy.entries import ENTRIES, Entry, pattern
from web.verdicts import TITLES
from workflow.catalogue import ActivityType, Detail
from workflow.policies import Policy, member_document, policy_document
from workflow.policy_changes import Change, Changed, changes
from workflow.policy_parts import FIGURES
from workflow.wording import clause


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter in words: its value in a version and, where two are compared, in the one before."""

    name: str
    label: str
    value: str
    rule: str
    clause: str
    before: str | None = None

    @property
    def is_changed(self) -> bool:
        """Return whether the other version has another value."""
        return self.before is not None and self.before != self.value


def parameters(policy: Policy, before: Policy | None = None) -> list[Parameter]:
    """Return a policy's parameters in words, beside those of the version before, if one is given."""
    return [_parameter(name, policy, before) for name in (*FIGURES, "promotional_item_limits")]


def _parameter(name: str, policy: Policy, before: Policy | None) -> Parameter:
    entry = ENTRIES[name]
    return Parameter(
        name,
        str(entry.label),
        value_of(name, policy),
        str(TITLES.get(entry.rule, "")),
        clause(entry.rule, _)
        if entry.rule
        else str(_("Deadlines are the programme owner's own; none by default.")),
        value_of(name, before) if before else None,
    )


def value_of(name: str, policy: Policy) -> str:
    """Return what a policy says of a parameter, in words."""
    if name == "promotional_item_limits":
        return limits_of(policy)
    return ENTRIES[name].kind.words(member_document(policy, name), policy.catalogue)


def limits_of(policy: Policy) -> str:
    """Return a policy's country table in words."""
    table = sorted(policy.promotional_item_limits.items())
    listed = ", ".join(f"{country} {money(limit)}" for country, limit in table)
    if not listed:
        return str(_("none: promotional items cannot be claimed"))
    return f"{listed} ({_('examples')})" if policy.limits_are_examples else listed


def demands(activity: ActivityType) -> str:
    """Return the details that an activity type demands, in words; empty where it demands none."""
    return ", ".join(_demand(detail) for detail in activity.details)


def _demand(detail: Detail) -> str:
    if detail.must_be is not None:
        return f"{detail.label}: {_('yes') if detail.must_be else _('no')}"
    if detail.minimum:
        return str(_("%(detail)s: at least %(least)s", detail=detail.label, least=detail.minimum))
    return detail.label


def differences(new: Policy, old: Policy) -> list[str]:
    """Return what a policy changes of an older one, a sentence each; none where they say the same."""
    return _sentences(changes(old, new), new, old)


def told_differences(new: Policy, old: Policy) -> list[str]:
    """Return what a policy changes of an older one for partners and the public: all but who decides."""
    return _sentences(told_changes(new, old), new, old)


def told_changes(new: Policy, old: Policy) -> list[Change]:
    """Return what of an older policy a newer one changes that partners and the public read."""
    return [change for change in changes(old, new) if change.path[0] != "routing"]


def _sentences(found: Iterable[Change], new: Policy, old: Policy) -> list[str]:
    documents = policy_document(new), policy_document(old)
    return [difference(change, new, old, *documents) for change in found]


def difference(change: Change, new: Policy, old: Policy, new_document: Any, old_document: Any) -> str:
    """Return one difference in words: `Most for one activity: 10,000.00 USD → 7,500.00 USD`."""
    path = pattern(change.path)
    entry = ENTRIES[path.removesuffix(".*") if path not in ENTRIES else path]
    about = ", ".join([*_list_name(change.path), *_names(change, new_document, old_document)])
    said = _said(change, entry, new, old)
    sentence = f"{about}: {said}" if about else said
    return sentence[:1].upper() + sentence[1:]


def _said(change: Change, entry: Entry, new: Policy, old: Policy) -> str:
    label, kind = str(entry.label), entry.kind
    if change.how is Changed.order:
        tried = ", ".join(rule.label for rule in new.routing or ())
        return str(entry.order).format(label=label, what=tried)
    if change.how is Changed.value or change.path[0] == "promotional_item_limits":
        before = kind.words(change.before, old.catalogue)
        return f"{label}: {before} → {kind.words(change.after, new.catalogue)}"
    added = change.how is Changed.added
    what = _called(change.after if added else change.before, entry, new if added else old)
    return str(entry.more if added else entry.less).format(label=label, what=what)


def _called(item: Any, entry: Entry, policy: Policy) -> str:
    """Return what a thing that was added or taken out is called."""
    return entry.kind.words([item], policy.catalogue)


def _list_name(path: tuple[str, ...]) -> Iterable[str]:
    """Yield what the list of words is called whose word has changed."""
    if len(path) > 3 and path[:1] == ("catalogue",) and path[1] != "activity_types":
        yield str(ENTRIES[f"catalogue.{path[1]}"].label)


def _names(change: Change, new: Any, old: Any) -> Iterable[str]:
    """Yield what the things are called that a difference is within: the activity type, its detail."""
    steps = change.path
    if isinstance(change.before or change.after, Mapping) and pattern(steps).endswith(".*"):
        steps = steps[:-1]  # the thing itself is named by what is said
    if steps[0] == "promotional_item_limits":
        yield from steps[1:]
    else:
        yield from _named(steps, new, old)


def _named(steps: tuple[str, ...], new: Any, old: Any) -> Iterable[str]:
    for step in steps:
        new, old = _below(new, step), _below(old, step)
        found = new or old
        if isinstance(found, Mapping) and ("title" in found or "label" in found):
            yield found.get("title") or found["label"]


def _below(value: Any, step: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list):
        return next((one for one in value if step in _keys(one)), None)
    return None


def _keys(item: Any) -> tuple[Any, ...]:
    return (item.get("code"), item.get("name")) if isinstance(item, Mapping) else ()
