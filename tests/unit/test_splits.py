"""One activity in several claims is flagged, with the reason; what only stands close together is not."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import State
from tests.support.split_activities import one_of, parts_of, strangers_to
from workflow.duplicates.splits import (
    NEIGHBOURING,
    Activity,
    Ground,
    event_key,
    grounds_of,
    neighbouring,
    splits_among,
)

CAP = 1_000_000
DAY = date(2026, 4, 10)
HALL = {(Ground.supplier, "hall"): "Hall Ltd"}
FAIR = {(Ground.event, "fair|hamburg"): "Fair"}


def activity(key: int, amount: int = 600_000, after: int = 0, long: int = 0, **more: Any) -> Activity:
    starts_on = DAY + timedelta(days=after)
    ends_on = starts_on + timedelta(days=long)
    one = Activity(key, f"C-{key}", "Fair", State.submitted, starts_on, ends_on, amount, HALL)
    return replace(one, **more)


def test_two_within_the_cap_that_are_together_above_it() -> None:
    mine, other = activity(1), activity(2, 400_001, after=7)
    (split,) = splits_among(mine, [other], CAP)
    assert (split.others, split.total, split.cap) == ((other,), 1_000_001, CAP)
    assert split.grounds == ((Ground.supplier, "Hall Ltd"),)


def test_together_exactly_the_cap_is_no_split() -> None:
    assert splits_among(activity(1), [activity(2, 400_000)], CAP) == []


def test_many_small_parts_count_together() -> None:
    parts = [activity(key, 100_000, after=key) for key in range(2, 7)]
    (split,) = splits_among(activity(1), parts, CAP)
    assert (len(split.others), split.total) == (5, 1_100_000)


@pytest.mark.parametrize("after", [-31, 31])
def test_days_further_apart_than_neighbouring_are_none(after: int) -> None:
    assert splits_among(activity(1), [activity(2, after=after)], CAP) == []
    nearer = after - after // 31
    assert len(splits_among(activity(1), [activity(2, after=nearer)], CAP)) == 1


def test_the_days_between_count_and_not_those_of_the_activity() -> None:
    assert neighbouring(activity(1, long=40), activity(2, after=70))
    assert not neighbouring(activity(1, long=40), activity(2, after=71))
    assert neighbouring(activity(1, long=90), activity(2, after=20))


def test_what_alone_is_above_the_cap_is_for_the_rule_and_what_asks_for_nothing_is_no_part() -> None:
    assert splits_among(activity(1, CAP + 1), [activity(2)], CAP) == []
    assert splits_among(activity(1), [activity(2, CAP + 1), activity(3, 0)], CAP) == []
    assert splits_among(activity(1, 0), [activity(2, CAP)], CAP) == []


def test_the_same_neighbours_are_one_group_with_all_that_they_share() -> None:
    both = {**HALL, **FAIR}
    mine, second = activity(1, grounds=both), activity(2, grounds=both)
    (split,) = splits_among(mine, [second], CAP)
    assert split.grounds == ((Ground.supplier, "Hall Ltd"), (Ground.event, "Fair"))
    third = activity(3, grounds=FAIR)
    assert len(splits_among(mine, [second, third], CAP)) == 2


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("Spring seminar, part 2", "Hamburg"),
        ("SPRING-SEMINAR (II)", "hamburg"),
        ("Seminar in Spring – Hamburg", "Hamburg"),
        ("Spring Seminar 2026", "Hamburg"),
    ],
)
def test_the_parts_of_an_event_share_a_key(title: str, place: str) -> None:
    assert event_key(title, place) == event_key("Spring seminar", "Hamburg")


def test_another_place_or_another_word_is_another_event_and_no_word_is_none() -> None:
    assert event_key("Spring seminar", "Bremen") != event_key("Spring seminar", "Hamburg")
    assert event_key("Autumn seminar", "Hamburg") != event_key("Spring seminar", "Hamburg")
    assert event_key("Part 2 – Hamburg", "Hamburg") == ""


def test_a_partner_that_organises_itself_has_no_organiser_in_common() -> None:
    found = grounds_of("Fair", "", "partner", "Elbe Systems", ["Hall Ltd", None, "HALL"])
    assert {ground for ground, _key in found} == {Ground.supplier, Ground.event}
    assert {ground for ground, _key in grounds_of("", "", "third_party", "Fairs AG", [])} == {
        Ground.organiser
    }


ACTIVITIES = st.lists(
    st.builds(
        activity,
        st.integers(1, 10**6),
        st.integers(0, 2 * CAP),
        st.integers(-90, 90),
        st.integers(0, 60),
        grounds=st.sampled_from([{}, HALL, FAIR, {**HALL, **FAIR}]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one.claim_id,
)


@given(ACTIVITIES)
def test_a_split_is_above_the_cap_of_parts_within_it_that_are_near_and_have_something_in_common(
    activities: list[Activity],
) -> None:
    mine, *others = activities
    found = splits_among(mine, others, CAP)
    for split in found:
        assert split.total == sum(one.amount for one in (mine, *split.others)) > CAP
        assert all(0 < one.amount <= CAP for one in (mine, *split.others))
        for other in split.others:
            gap = max(mine.starts_on, other.starts_on) - min(mine.ends_on, other.ends_on)
            assert gap <= NEIGHBOURING
            assert all(
                any(ground == each and name == other.grounds[each, key] for each, key in other.grounds)
                for ground, name in split.grounds
                for key in [key for each, key in mine.grounds if each is ground]
            )
    groups = [frozenset(one.claim_id for one in split.others) for split in found]
    assert len(groups) == len(set(groups)), "each group once"


@given(ACTIVITIES)
def test_of_two_each_is_flagged_for_the_other_and_the_order_of_the_rest_is_the_same(
    activities: list[Activity],
) -> None:
    mine, *others = activities
    for other in others:
        assert bool(splits_among(mine, [other], CAP)) == bool(splits_among(other, [mine], CAP))
    groups = [
        {frozenset(one.claim_id for one in split.others) for split in splits_among(mine, order, CAP)}
        for order in (others, others[::-1])
    ]
    assert groups[0] == groups[1]


ALWAYS = {
    "part 2",
    "II",
    "Day 2:",
    "Teil (2/3)",
    "capitals and dashes",
    "words turned round",
    "place in the title",
    "no accents",
    "the supplier alone",
}
NEVER = {"another title", "a slip of the pen"}
PAIRS = 200


def test_parts_are_found_again_and_strangers_are_not_taken_for_parts() -> None:
    chance, parts, strangers = random.Random(7), Counter[str](), Counter[str]()
    for _ in range(PAIRS):
        one = one_of(chance)
        mine = one.activity(1, 600_000)
        for how, other in parts_of(one, chance):
            parts[how] += bool(splits_among(mine, [other.activity(2, 600_000)], CAP))
        for how, other in strangers_to(one, chance):
            strangers[how] += bool(splits_among(mine, [other.activity(2, 600_000)], CAP))
    assert {how: parts[how] for how in ALWAYS} == dict.fromkeys(ALWAYS, PAIRS)
    assert all(parts[how] <= PAIRS * 0.05 for how in NEVER), "or the record says less than is true"
    assert sum(strangers.values()) == 0
