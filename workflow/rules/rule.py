"""What a rule is, and the few things that several rules do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from models.money import Cents, plain, rounded_up
from models.vocabulary import Trigger
from workflow.case import Case, NumberedLine
from workflow.verdicts import LOCAL, Op, Ruling, Step

S, A, X, C = Trigger.submit, Trigger.approve, Trigger.report, Trigger.accept
"""The checkpoints by the letters of the rulebook."""

EACH_LINE = "claim.{lines}.accepted"
"""Read by every rule on lines: at C it decides which lines there are."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the programme.

    `clause` says it in our own words and cites its source. `checkpoints` are the triggers at which it is
    judged. `reads` names the parts of a check document that it looks at: `{lines}` and `{amount}` stand for
    what the checkpoint goes by (workflow/documents.py). `judge` sees nothing else, and decides.
    """

    id: str
    clause: str
    checkpoints: frozenset[Trigger]
    reads: tuple[str, ...]
    judge: Callable[[Case], Ruling]


def numbers(lines: Iterable[NumberedLine]) -> str:
    """Return the numbers of lines as people count them, from 1: `2, 5`."""
    return ", ".join(str(index + 1) for index, _ in lines)


def paths(case: Case, lines: Iterable[NumberedLine], field: str) -> tuple[str, ...]:
    """Return the path of a field in each of the lines."""
    return tuple(f"{case.lines_path}[{index}].{field}" for index, _ in lines)


def take_out(case: Case, lines: Iterable[NumberedLine]) -> tuple[Step, ...]:
    """Return the steps that take lines out: planned ones are removed, actual ones not accepted."""
    if case.accepting:
        return tuple(Step(Op.set, path, False) for path in paths(case, lines, "accepted"))
    return tuple(Step(Op.remove, f"{case.lines_path}[{index}]") for index, _ in lines)


def cost(case: Case, name: str, amount: Cents) -> dict[str, str]:
    """Return an amount in the currency of the lines as figures: its worth in US dollars, and what it is.

    A cost that is no whole cent is shown as the next one, so none is shown within a limit that it exceeds.
    """
    if not case.exchange.is_foreign:
        return {name: plain(amount)}
    worth = plain(rounded_up(case.exchange.in_usd(amount)))
    return {name: worth, f"{name}{LOCAL}": f"{plain(amount)} {case.exchange.currency}"}


def limit(case: Case, name: str, cents: Cents) -> dict[str, str]:
    """Return a limit on single lines as figures: in US dollars, and the most that it is in their currency."""
    if not case.exchange.is_foreign:
        return {name: plain(cents)}
    most = plain(case.exchange.most_for(cents))
    return {name: plain(cents), f"{name}{LOCAL}": f"{most} {case.exchange.currency}"}


def at(case: Case, code: str) -> str:
    """Return a code for what is planned, or for what is accepted at C: their remedies differ."""
    return f"accepted-{code}" if case.accepting else f"planned-{code}"
