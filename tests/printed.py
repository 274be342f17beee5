"""Every command line that a person is told to type: by the documents, the chapters, and the machine's own messages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

from tests.conftest import ROOT

MACHINE = ROOT / "scripts" / "casebook"
STARTER = MACHINE / "assets" / "starter"
DOCUMENTS = [folder / name for folder in (ROOT, STARTER) for name in ("README.md", "SECURITY.md", "docs", "data", "book")]
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
# A fence of these kinds holds commands, one a line; in the README they have no kind.
SHELL = {"", "shell", "console"}
COMMAND = re.compile(r"(?:[A-Z_]+=\S+ )*(?:make|casebook|git|\.venv/bin/\S+|scripts/[\w-]+) |(?:\.venv/bin|scripts)/[\w-]+$")
# In a message, what names a target of the Makefile, or stands in quotes.
SAID = re.compile(r"make [a-z]+(?: [A-Z_]+=\w+)*|(?:\.venv/bin/)?casebook [a-z-]+(?: [\w/]+)?(?=')|scripts/install-browser")


def commands() -> Iterator[tuple[str, str]]:
    """Place and command line, in order of place."""
    for top in DOCUMENTS:
        for file in sorted(top.rglob("*.md")) if top.is_dir() else [top] if top.is_file() else []:
            for line in of_document(file.read_text("utf-8")):
                yield file.relative_to(ROOT).as_posix(), line
    for file in sorted(MACHINE.rglob("*.py")):
        if STARTER not in file.parents:
            for line in of_messages(file):
                yield file.relative_to(ROOT).as_posix(), line


def of_document(text: str) -> Iterator[str]:
    """Each line of a block of commands, and what of the text stands in backticks and begins like a command."""
    for token in MarkdownIt().parse(text):
        if token.type == "fence" and token.info in SHELL:
            yield from (line.split(" #")[0].strip() for line in token.content.splitlines() if not line.startswith("cd "))
        code = [part.content for part in token.children or [] if part.type == "code_inline"]
        yield from (line for line in code if COMMAND.match(line) and not (ROOT / line).is_dir())


def of_messages(file: Path) -> Iterator[str]:
    """What the strings of a module say to type; what is filled into them stands there as 1."""
    tree = ast.parse(file.read_text("utf-8"))
    filled = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    texts = ["".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values) for node in filled]
    parts = {id(part) for node in filled for part in node.values}
    texts += [str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in parts]
    for text in texts:
        yield from (line for line in SAID.findall(text) if not line.startswith("make ") or line.split()[1] in TARGETS or f"'{line}'" in text)
