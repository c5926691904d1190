"""The README says what the code does."""

import re
from pathlib import Path

from workflow.table import FINAL, MOVES

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_the_diagram_is_the_table_of_moves() -> None:
    """Mend it in README.md, under The life of a claim."""
    diagram = re.search(r"```mermaid\n(.*?)```", README, re.DOTALL)
    assert diagram is not None
    arrows = re.findall(r"(\w+) --> (\w+): (\w+) \((\w+)\)", diagram[1])
    assert sorted(arrows) == sorted(
        (row.source.value, row.target.value, row.trigger.value, row.role.value) for row in MOVES
    )
    assert set(re.findall(r"(\w+) --> \[\*\]", diagram[1])) == {state.value for state in FINAL}
