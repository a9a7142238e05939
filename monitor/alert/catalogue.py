"""Keeps the catalogues whole: `python -m monitor.alert.catalogue --check` (or `--write`, which adds what is missing).

Reads every `say("…")` and `_("…")` of monitor/ and checks/ by syntax tree, and `_("…")` of HTML templates. Lists
msgids without translation or whose placeholders differ, and entries nobody says any more. Writes only the .po files.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import monitor
from monitor.render import (
    LANGUAGES,
    catalogue_path,
    placeholders,
    read_catalogue,
    template_phrases,
    write_catalogue,
)

ROOT = Path(monitor.__file__).parent.parent
FOLDERS = ("monitor", "checks")
_CALLS = ("say", "_")


@dataclass(frozen=True, slots=True)
class Said:
    """A msgid and the first place it is said at."""

    msgid: str
    place: str


def said(root: Path = ROOT) -> dict[str, Said]:
    """Every msgid of the product, by msgid."""
    found: dict[str, Said] = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            for msgid, line in _phrases(path):
                found.setdefault(msgid, Said(msgid, f"{path.relative_to(root)}:{line}"))
    return found


def problems(language: str, root: Path = ROOT) -> list[str]:
    """What is wrong with the catalogue of a language, a line each."""
    wanted = said(root)
    have = {str(entry.id): entry for entry in read_catalogue(catalogue_path(language)) if entry.id}
    lines = []
    for msgid, place in sorted(wanted.items()):
        entry = have.get(msgid)
        if entry is None or not entry.string or entry.fuzzy:
            lines.append(f"{place.place}: no {language} for {msgid!r}")
        elif placeholders(str(entry.string)) != placeholders(msgid):
            lines.append(f"{place.place}: other placeholders in {language} for {msgid!r}: {entry.string!r}")
    return lines + [f"{language}: nobody says {msgid!r}" for msgid in sorted(have) if msgid not in wanted]


def write(language: str, root: Path = ROOT) -> int:
    """Add what is missing with empty translations and drop what nobody says; how many were added."""
    wanted = said(root)
    path = catalogue_path(language)
    words = read_catalogue(path)
    have = {str(entry.id) for entry in words if entry.id}
    for msgid in have - wanted.keys():
        words.delete(msgid)
    for msgid in wanted.keys() - have:
        words.add(msgid, "")
    write_catalogue(path, words)
    return len(wanted.keys() - have)


def main(arguments: list[str]) -> int:
    """Exit status: 1 when a catalogue is not whole."""
    translated = [language for language in LANGUAGES if language != "en"]
    if "--write" in arguments:
        for language in translated:
            print(f"{language}: {write(language)} new")
    lines = [line for language in translated for line in problems(language)]
    print("\n".join(lines) or "every sentence is translated")
    return int(bool(lines))


def _phrases(path: Path) -> Iterator[tuple[str, int]]:
    if path.suffix in (".html", ".j2"):
        yield from ((msgid, 1) for msgid in template_phrases(path.read_text("utf-8")))
    elif path.suffix == ".py":
        yield from _python_phrases(path.read_text("utf-8"))


def _python_phrases(source: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in _CALLS:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, node.lineno


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
