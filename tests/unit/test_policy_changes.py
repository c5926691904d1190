"""Two policies differ in what is said to differ, and in nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from tests.support.random_policies import policies
from workflow.policies import Policy, default_document, policy_document, read_policy
from workflow.policy_changes import Change, Changed, changes


def changed(**members: Any) -> tuple[Change, ...]:
    """Return what differs from the default policy where some members are others."""
    return changes(read_policy(default_document()), read_policy({**default_document(), **members}))


def of_seminars(**members: Any) -> tuple[Change, ...]:
    """Return what differs where seminars have other members."""
    document = default_document()
    catalogue = document["catalogue"]
    types = [{**one, **members} if one["code"] == "seminar" else one for one in catalogue["activity_types"]]
    return changed(catalogue={**catalogue, "activity_types": types})


SEMINAR = ("catalogue", "activity_types", "seminar")


def test_a_figure_is_named_with_both_values() -> None:
    assert changed(max_funding_share="0.60") == (
        Change(("max_funding_share",), Changed.value, "0.50", "0.60"),
    )


def test_a_country_is_added_removed_or_given_another_limit() -> None:
    found = changed(promotional_item_limits={"DE": "40.00", "CN": "30.00", "US": "25.00", "FR": "1.00"})
    path = ("promotional_item_limits",)
    assert found == (
        Change((*path, "DE"), Changed.value, "35.00", "40.00"),
        Change((*path, "BR"), Changed.removed, before="20.00"),
        Change((*path, "FR"), Changed.added, after="1.00"),
    )


@pytest.mark.parametrize(
    ("members", "change"),
    [
        ({"evidence": ["invoice", "photos", "agenda", "attendee_list"]}, Changed.order),
        ({"evidence": ["invoice", "attendee_list", "agenda"]}, Changed.removed),
        ({"open_to": ["vap"]}, Changed.value),
        ({"title": "Seminars"}, Changed.value),
        ({"line_details": ["quantity"]}, Changed.added),
        ({"details": []}, Changed.removed),
    ],
)
def test_an_activity_type_is_compared_member_by_member(members: dict[str, Any], change: Changed) -> None:
    (found,) = of_seminars(**members)
    assert (found.path[: len(SEMINAR)], found.how) == (SEMINAR, change)


def test_to_be_open_to_nobody_is_not_to_be_open_to_all() -> None:
    assert of_seminars(open_to=[]) == (Change((*SEMINAR, "open_to"), Changed.value, None, []),)


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every leaf of a document with its path: a thing of a list by its code, a code by its place."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            code = item.get("code") or item.get("name") if isinstance(item, dict) else f"[{place}]"
            yield from leaves(item, (*path, str(code)))
    else:
        yield path, value


@settings(max_examples=120)
@given(policies(), policies())
def test_nothing_differs_where_two_policies_say_the_same_and_something_where_not(
    old: Policy, new: Policy
) -> None:
    found = changes(old, new)
    assert bool(found) == (policy_document(old) != policy_document(new))
    assert len(set(map(str, found))) == len(found), "each difference is named once"


@settings(max_examples=120)
@given(policies(), policies())
def test_every_leaf_that_differs_is_named(old: Policy, new: Policy) -> None:
    before, after = dict(leaves(policy_document(old))), dict(leaves(policy_document(new)))
    named = [change.path for change in changes(old, new)]
    for leaf in before.keys() | after.keys():
        if before.get(leaf) != after.get(leaf):
            assert any(leaf[: len(path)] == path for path in named), f"{leaf} differs, and is not named"


@given(policies(), policies())
def test_what_is_added_one_way_is_removed_the_other(old: Policy, new: Policy) -> None:
    turned = {Changed.added: Changed.removed, Changed.removed: Changed.added}
    there = {
        (one.path, turned.get(one.how, one.how), str(one.after), str(one.before)) for one in changes(old, new)
    }
    back = {(one.path, one.how, str(one.before), str(one.after)) for one in changes(new, old)}
    assert there == back
