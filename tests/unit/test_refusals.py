"""What is said of a refusal."""

from models.vocabulary import State
from workflow.refusals import STATES, Problem


def test_a_claim_that_stands_elsewhere_is_told_in_the_words_of_its_pages() -> None:
    said = {state: Problem("wrong_state", figures={"state": state.value}).message() for state in State}
    assert said.keys() == STATES.keys()
    assert said[State.draft] == "This claim is a draft, so this cannot be done now."
    assert said[State.executed] == "This claim is reported, so this cannot be done now."
