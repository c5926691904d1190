"""The table of entries names every member of a policy, for the editor, the comparison and the rule page."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given, settings

from tests.support.random_policies import policies
from web.policy.clauses import CLAUSES, DEADLINES, figures_in
from web.policy.entries import ENTRIES, KEYED, members, pattern
from web.policy.fields import lines_of, slug
from web.policy.words import differences
from workflow.catalogue import CATALOGUE
from workflow.policies import PARAMETERS, Policy, policy_document
from workflow.policy_changes import changes
from workflow.policy_parts import FIGURES, LIMITS, PARTS
from workflow.reading import Shape
from workflow.routing_rules import ROUTING
from workflow.rules import RULES

WHOLE = ("needed_if",)
"""Objects that are edited as one value."""


def paths(shape: Shape, prefix: str) -> Iterator[str]:
    """Yield the path of every member of a shape, a `*` in place of the code that names a thing in a list."""
    for field in shape.fields:
        path = f"{prefix}{field.name}"
        if field.name in ("code", "name"):
            continue
        if not isinstance(field.read, Shape) or field.name in WHOLE:
            yield path
        else:
            yield path
            yield from paths(field.read, f"{path}.*." if field.read.many else f"{path}.")


def test_the_entries_are_the_members_of_a_policy_document() -> None:
    parameters = [one.name for one in PARAMETERS]
    limits = ["promotional_item_limits.*", "limits_are_examples"]
    routing = {"routing", *paths(ROUTING, "routing.*.")}
    assert set(ENTRIES) == {*parameters, *limits, *routing, *paths(CATALOGUE, "catalogue.")}


def test_every_member_is_edited_in_one_part() -> None:
    assert {*FIGURES, *LIMITS} == {one.name for one in PARAMETERS} | {"limits_are_examples"}
    lists = [field.name for field in CATALOGUE.fields]
    assert {*PARTS} == {"figures", "limits", *lists} - {"activity_types"}


@pytest.mark.parametrize("path", sorted(ENTRIES))
def test_a_path_leads_to_its_entry(path: str) -> None:
    steps = [f"code_{place}" if step == "*" else step for place, step in enumerate(path.split("."))]
    assert pattern(tuple(steps)) == path


def test_each_rule_has_its_clause_and_each_parameter_stands_in_the_clause_of_its_own_rule() -> None:
    assert list(CLAUSES) == [rule.id for rule in RULES]
    for name in (one.name for one in PARAMETERS):
        rule = ENTRIES[name].rule
        if rule:
            assert name in figures_in(str(CLAUSES[rule].sentence)), f"the clause of {rule} leaves {name} out"
        else:
            assert name in DEADLINES


@settings(max_examples=80)
@given(old=policies(), new=policies())
def test_each_difference_is_a_sentence_of_its_own_and_says_from_what_to_what(
    old: Policy, new: Policy
) -> None:
    app = Flask("words")
    Babel(app)
    with app.test_request_context():
        said = differences(new, old)
    assert len(said) == len(changes(old, new))
    assert bool(said) == (policy_document(old) != policy_document(new))
    for sentence in said:
        assert sentence[:1].isupper() or not sentence[:1].isalpha()
        assert "{" not in sentence
        assert "None" not in sentence


def test_a_code_is_made_of_a_label() -> None:
    assert [slug("Booth rental"), slug("Prix du lancé!"), slug("???")] == [
        "booth_rental",
        "prix_du_lancé",
        "",
    ]


def test_choices_are_typed_as_they_are_shown() -> None:
    words: list[dict[str, Any]] = [
        {"code": "print", "label": "Print", "hint": "On paper"},
        {"code": "tv", "label": "TV"},
    ]
    assert lines_of(words) == "print | Print | On paper\ntv | TV"


def test_the_members_below_a_path_are_its_own() -> None:
    assert list(members("catalogue.categories.*.")) == ["label", "hint", "needs_description"]
    assert "details" in members("catalogue.activity_types.*.")
    assert "details.*" not in members("catalogue.activity_types.*.")
    assert {"details", "choices"} <= KEYED
