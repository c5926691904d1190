"""Sets one document as a PDF, tagged for readers who do not see it (PDF/UA-1), and prints that.

Run by workflow/typesetting.py, within the bounds of workflow/bounded.py. No word of the document is read as
markup; a character that nobody could see, or that no font here has, stands as its number: `[U+4E2D]`.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

TEMPLATE = Path(__file__).with_name("typesetting.typ").read_bytes()

LONGEST_WORD = 24
"""Characters after which a line may break within a word."""

UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Categories of characters that have no look, or change that of others."""

_EACH = b"""
#set document(title: "Characters")
#for one in json(bytes(sys.inputs.characters)) { par(one) }
"""
_NOT_THERE = re.compile(r"the text `\"(.*?)\"` could not be displayed", re.DOTALL)


def shown(text: str, missing: frozenset[str]) -> str:
    """Return a text of which every character can be seen, and no word is too long for a line."""
    seen = "".join(
        f"[U+{ord(one):04X}]"
        if one in missing or (one not in "\n\t" and unicodedata.category(one) in UNSEEN)
        else one
        for one in text
    )
    return re.sub(rf"(\S{{{LONGEST_WORD}}})(?=\S)", "\\1\u200b", seen)


def throughout(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [throughout(one, change) for one in value]
    if isinstance(value, dict):
        return {name: throughout(one, change) for name, one in value.items()}
    return value


def characters_of(value: Any) -> list[str]:
    """Return the characters beyond ASCII that a JSON value holds and that can be seen."""
    found = set(json.dumps(value, ensure_ascii=False))
    return sorted(one for one in found if one > "~" and unicodedata.category(one) not in UNSEEN)


def without_glyph(characters: list[str], compile: Callable[..., bytes]) -> frozenset[str]:
    """Return which characters no font has. What is drawn together with another is tried alone."""
    try:
        compile(_EACH, {"characters": json.dumps(characters)})
    except typst.TypstError as error:
        told = "".join(_NOT_THERE.findall(error.diagnostic))
        return frozenset(characters) & frozenset(told)
    return frozenset()


def main(path: str, moment: str, root: str) -> None:
    """Set the document of a file. Whatever is raised ends this process with an error."""
    sheet = json.loads(Path(path).read_text())

    def compile(template: bytes, inputs: dict[str, str]) -> bytes:
        compiler = typst.Compiler(template, root=root, sys_inputs=inputs)
        at = datetime.fromisoformat(moment).replace(microsecond=0)
        made = compiler.compile(pdf_standards=["ua-1"], timestamp=at)
        assert isinstance(made, bytes)
        return made

    def set_with(missing: frozenset[str]) -> bytes:
        texts = {**sheet, "lead": [*sheet["lead"], *([sheet["not_shown"]] if missing else [])]}
        return compile(TEMPLATE, {"sheet": json.dumps(throughout(texts, lambda text: shown(text, missing)))})

    beyond = characters_of(sheet)
    missing = without_glyph(beyond, compile)
    try:
        made = set_with(missing)
    except typst.TypstError:
        # A character may be drawn alone, and not among others.
        made = set_with(frozenset(one for one in beyond if one > "\u024f"))
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
