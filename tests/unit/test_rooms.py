"""Who imports whom, where the import linter cannot look, and who reads the environment."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from config import PRODUCT

ROOMS = ("models", "notifications", "web", "workflow")
ENVIRONMENT = re.compile(r"\b(environb?|getenvb?|putenv)\b")


def sources() -> Iterator[Path]:
    """Yield every Python file of the product."""
    yield from (PRODUCT / "config.py", PRODUCT / "wsgi.py")
    for room in ROOMS:
        yield from (PRODUCT / room).rglob("*.py")


def imported(file: Path) -> set[str]:
    """Return the top-level names that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


def test_settings_import_nothing_of_the_product() -> None:
    assert not imported(PRODUCT / "config.py") & {*ROOMS, "wsgi"}, "config.py stands on nothing"


def test_the_composition_imports_only_the_web_and_the_settings() -> None:
    found = imported(PRODUCT / "wsgi.py") & {*ROOMS, "config"}
    assert found <= {"web", "config"}, "let web/ do it, and call that from wsgi.py"


def test_nothing_imports_the_composition() -> None:
    assert [file for file in sources() if "wsgi" in imported(file)] == [], (
        "wsgi.py is the last to be imported"
    )


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        file.relative_to(PRODUCT).as_posix()
        for file in sources()
        for node in ast.walk(ast.parse(file.read_text()))
        if (isinstance(node, ast.Attribute) and ENVIRONMENT.fullmatch(node.attr))
        or (isinstance(node, ast.ImportFrom) and node.module == "os")
    }
    assert readers == {"config.py"}, "make it a setting in config.py, and hand the settings over"


def test_no_package_index_is_named_in_the_requirements() -> None:
    for file in PRODUCT.glob("requirements*"):
        assert "://" not in file.read_text(), f"{file.name} must install from any index"
