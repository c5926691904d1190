"""Policies by chance: the default one with some of its members changed, moved, added or left out."""

import copy
from typing import Any

from hypothesis import strategies as st

from workflow.policies import Policy, default_document, policy_document, read_policy

Document = dict[str, Any]

_ACTIVITIES = [one["code"] for one in default_document()["catalogue"]["activity_types"]]
_WORD_LISTS = ("partner_types", "organisers", "categories", "evidence_kinds", "checklist_items")
_TEXT = st.sampled_from(["One", "Two", "Three"])
_AMOUNT = st.sampled_from(["0.00", "1.00", "35.00", "10000.00"])
_DAYS = st.sampled_from([None, 0, 14, 45])

_FIGURES: dict[str, st.SearchStrategy[Any]] = {
    "eligible_partner_types": st.lists(st.sampled_from(["distributor", "vap", "reseller", "guild"])),
    "max_funding_share": st.sampled_from(["0.50", "0.125", "1.00"]),
    "max_amount_per_activity": _AMOUNT,
    "large_gift_unit_value": _AMOUNT,
    "max_reward_share": st.sampled_from(["0.15", "0.20"]),
    "large_activity_attendees": st.sampled_from([0, 50, 60]),
    "prohibited_categories": st.lists(st.sampled_from(["entertainment", "gift", "yacht"])),
    "promotional_item_limits": st.dictionaries(st.sampled_from(["DE", "CN", "FR"]), _AMOUNT),
    "limits_are_examples": st.booleans(),
    **dict.fromkeys(
        (
            "report_within_days",
            "resubmit_within_days",
            "decide_within_days",
            "dispute_within_days",
            "pay_within_days",
        ),
        _DAYS,
    ),
    "expirable_states": st.lists(st.sampled_from(["submitted", "approved", "executed"])),
}


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a policy that differs from the default one in a few places, or in none."""
    document = policy_document(read_policy(default_document()))
    for _change in range(draw(st.integers(0, 3))):
        draw(st.sampled_from([_figure, _word, _new_word, _activity, _detail, _route, _moved]))(draw, document)
    return read_policy(document)


def _figure(draw: st.DrawFn, document: Document) -> None:
    name = draw(st.sampled_from(sorted(_FIGURES)))
    document[name] = draw(_FIGURES[name])


def _word(draw: st.DrawFn, document: Document) -> None:
    word = draw(st.sampled_from(document["catalogue"][draw(st.sampled_from(_WORD_LISTS))]))
    word[draw(st.sampled_from(["label", "hint"]))] = draw(_TEXT)


def _new_word(draw: st.DrawFn, document: Document) -> None:
    name = draw(st.sampled_from([one for one in _WORD_LISTS if one != "organisers"]))
    words = document["catalogue"][name]
    if all(word["code"] != "brand_new" for word in words):
        words.append({"code": "brand_new", "label": draw(_TEXT)})


def _activity(draw: st.DrawFn, document: Document) -> None:
    types = document["catalogue"]["activity_types"]
    kind = draw(st.sampled_from(types))
    match draw(st.sampled_from(["gone", "copied", "title", "organiser", "open_to", "lists"])):
        case "gone":
            types.remove(kind)
        case "copied" if all(one["code"] != "copied" for one in types):
            types.append({**copy.deepcopy(kind), "code": "copied"})
        case "organiser":
            kind["organiser"] = draw(st.sampled_from(["partner", "third_party"]))
        case "open_to":
            kind["open_to"] = draw(
                st.one_of(st.none(), st.lists(st.sampled_from(["vap", "distributor"]), unique=True))
            )
        case "lists":
            name = draw(st.sampled_from(["categories", "evidence", "checklist"]))
            kind[name] = draw(st.lists(st.sampled_from(kind[name]), max_size=4)) if kind[name] else []
        case _:
            kind["title"] = draw(_TEXT)


def _detail(draw: st.DrawFn, document: Document) -> None:
    kind = draw(st.sampled_from(document["catalogue"]["activity_types"]))
    details = kind.setdefault("details", [])
    if not details or draw(st.booleans()):
        if all(one["name"] != "brand_new" for one in details):
            details.append({"name": "brand_new", "type": "text", "label": draw(_TEXT)})
        return
    detail = draw(st.sampled_from(details))
    match draw(st.sampled_from(["label", "minimum", "must_be", "choices", "gone"])):
        case "label":
            detail["label"] = draw(_TEXT)
        case "minimum":
            detail["minimum"] = draw(st.integers(0, 3))
        case "must_be":
            detail["must_be"] = draw(st.sampled_from([None, True, False]))
        case "choices" if detail["type"] == "choice":
            detail["choices"] = draw(st.permutations(detail["choices"]))[: draw(st.integers(1, 3))]
        case _:
            used = [one["needed_if"]["detail"] for one in details if one.get("needed_if")]
            if detail["name"] not in used:
                details.remove(detail)


def _route(draw: st.DrawFn, document: Document) -> None:
    rules = document["routing"]
    code = draw(st.sampled_from(["first", "second"]))
    document["routing"] = [one for one in rules if one["code"] != code]
    if draw(st.booleans()):
        conditions = {"country": draw(st.sampled_from([None, "DE", "FR"])), "above": draw(_AMOUNT)}
        tiers: list[Any] = [{}] * draw(st.integers(1, 4))
        rule = {"code": code, "label": draw(_TEXT), **conditions, "tiers": tiers}
        document["routing"].insert(draw(st.integers(0, 1)), rule)


def _moved(draw: st.DrawFn, document: Document) -> None:
    words = document["catalogue"][draw(st.sampled_from((*_WORD_LISTS, "activity_types")))]
    words.append(words.pop(0))
