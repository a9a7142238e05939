"""Which line of a TOML file a table, key or value stands on.

tomllib gives lines for syntax errors only. This scanner walks a text that tomllib has already accepted and notes the
line of every table header and key. It is run only when there is a problem to place, and never raises.
"""

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Where a value stands, as pydantic says it: ("target", 3, "url"); arrays of tables count from 0."""

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    | (?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*')
    | (?P<end>\n)
    | (?P<open>[\[{])
    | (?P<close>[\]}])
    | (?P<equals>=)
    | (?P<dot>\.)
    | (?P<comma>,)
    | (?P<bare>[^\s\#"'\[\]{}=.,]+)
    | (?P<blank>[^\S\n]+)""",
    re.VERBOSE | re.DOTALL,
)


def scan(text: str) -> dict[Path, int]:
    """The line, from 1, of every table header and key outside inline tables."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for line, statement in _statements(text.replace("\r\n", "\n")):
        if statement[0] == "[":
            table = _header(statement, counts)
            lines.setdefault(table, line)
        else:
            lines[table + _names(statement)] = line
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of the nearest thing known: the key itself, of an array of tables the first, else what it stands in."""
    near = (place for n in range(len(path), 0, -1) for place in (path[:n], (*path[:n], 0)))
    return next((lines[place] for place in near if place in lines), None)


def written(path: Path) -> str:
    """The place as people count: target[1].url for ("target", 0, "url")."""
    out = ""
    for part in path:
        out += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if out else part
    return out


def _statements(text: str) -> list[tuple[int, list[str]]]:
    """Headers as ["[", "[", name, …] and keys as [name, …], dots, values and comments left out."""
    found: list[tuple[int, list[str]]] = []
    words: list[str] = []
    line, start, depth, in_value = 1, 1, 0, False
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if kind == "end" and depth == 0:
            if words:
                found.append((start, words))
            words, in_value = [], False
        elif in_value:
            depth += {"open": 1, "close": -1}.get(kind or "", 0)
        elif kind == "equals":
            in_value = True
        elif kind in {"bare", "text", "open"}:
            start = start if words else line
            words.append(token)
        line += token.count("\n")
    if words:
        found.append((start, words))
    return found


def _header(words: list[str], counts: dict[Path, int]) -> Path:
    """The full path of a header; an array of tables named on the way means its latest element."""
    names = _names([word for word in words if word != "["])
    path: Path = ()
    if not names:
        return path  # "[" alone, at the end of a file that somebody broke off
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, names[-1])
    if words[:2] == ["[", "["]:
        counts[path] = counts.get(path, -1) + 1
        return (*path, counts[path])
    return path


def _names(words: list[str]) -> Path:
    return tuple(_unquoted(word) if word[0] in "\"'" else word for word in words)


def _unquoted(word: str) -> str:
    try:
        return str(tomllib.loads(f"k = {word}")["k"])
    except tomllib.TOMLDecodeError:
        return word
