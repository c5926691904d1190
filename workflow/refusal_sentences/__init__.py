"""What is said of every problem for which somebody is refused, by its code."""

from workflow.refusal_sentences.of_acts import OF_ACTS
from workflow.refusal_sentences.of_imports import OF_IMPORTS
from workflow.refusal_sentences.of_moves import OF_MOVES
from workflow.refusal_sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {**OF_MOVES, **OF_ACTS, **OF_IMPORTS}
"""Every problem by its code. Rules speak for themselves (workflow/wording.py)."""

__all__ = ["SENTENCES", "Sentence"]
