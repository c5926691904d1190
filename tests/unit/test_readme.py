"""The README says what the code does."""

import re
from pathlib import Path

from config import Settings
from models.vocabulary import State
from workflow.table import MOVES

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_the_diagram_is_the_table_of_moves() -> None:
    """Mend it in README.md, under The life of a claim."""
    diagram = re.search(r"```mermaid\n(.*?)```", README, re.DOTALL)
    assert diagram is not None
    arrows = re.findall(r"(\w+) --> (\w+): (\w+) \((\w+)\)", diagram[1])
    assert sorted(arrows) == sorted(
        (row.source.value, row.target.value, row.trigger.value, row.role.value) for row in MOVES
    )
    assert set(re.findall(r"(\w+) --> \[\*\]", diagram[1])) == {
        state.value for state in set(State) - {row.source for row in MOVES}
    }


def test_the_settings_table_is_that_of_the_settings() -> None:
    """Mend it by putting what this test expects between the two marks in README.md."""
    table = re.search(r"<!-- settings -->\n(.*?)<!-- /settings -->", README, re.DOTALL)
    assert table is not None
    expected = "| setting | what it is |\n| --- | --- |\n" + "".join(
        f"| `{name.upper()}` | {_told(name)} |\n" for name in Settings.model_fields
    )
    assert table[1].strip() == expected.strip()


def _told(name: str) -> str:
    field = Settings.model_fields[name]
    description = field.description or ""
    if field.is_required():
        return f"{description} **Needed.**"
    if (
        field.default_factory is not None
        or "Default:" in description
        or field.get_default() in ("", None, ())
    ):
        return description
    default = field.get_default()
    if isinstance(default, tuple):
        default = ",".join(map(str, default))
    secret = hasattr(default, "get_secret_value")
    return description if secret else f"{description} Default: `{default}`."
