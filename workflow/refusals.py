"""Why a move was refused: the rules' verdicts, or plain problems, each with what puts it right."""

import dataclasses
from collections.abc import Callable, Mapping

from models.vocabulary import State
from workflow.dates import written_if_day
from workflow.marking import N_
from workflow.refusal_sentences import SENTENCES
from workflow.verdicts import Verdict

STATES: dict[str, str] = {
    State.draft: N_("a draft"),
    State.submitted: N_("submitted"),
    State.approved: N_("approved"),
    State.executed: N_("reported"),
    State.accepted: N_("accepted"),
    State.reimbursed: N_("reimbursed"),
    State.withdrawn: N_("withdrawn"),
    State.rejected: N_("rejected"),
    State.expired: N_("expired"),
}
"""What is said of a claim in a state, within a sentence."""


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One plain problem: a code of SENTENCES, the field it belongs to, and its figures."""

    code: str
    field: str = ""
    figures: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def message(self, translate: Callable[[str], str] = str) -> str:
        """Return what is wrong, in words."""
        return translate(SENTENCES[self.code].message).format_map(self._written(translate))

    def remedy(self, translate: Callable[[str], str] = str) -> str:
        """Return what puts it right, in words."""
        return translate(SENTENCES[self.code].remedy).format_map(self._written(translate))

    def _written(self, translate: Callable[[str], str]) -> dict[str, str]:
        return {
            name: translate(STATES[value]) if name == "state" else written_if_day(value, translate)
            for name, value in self.figures.items()
        }


class Refused(Exception):
    """A move was asked for and may not be made. It changed nothing in the claim."""

    def __init__(self, *problems: Problem, verdicts: tuple[Verdict, ...] = ()) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems
        self.verdicts = verdicts

    @property
    def why(self) -> str:
        """Return the code of the first problem."""
        return self.problems[0].code


class ClaimNotFound(Exception):
    """There is no such claim."""
