"""Documents that lie fail: what a README names exists, what exists is named, and both languages say the same.

Commands are compared with click's own tree, paths with the tree of files, settings with what the program loads.
"""

import csv
import io
import re
import tomllib
from dataclasses import fields
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import click
import pytest

from monitor.alert.channels import accepts
from monitor.app import discover
from monitor.cli import cli
from monitor.config.load import load
from monitor.config.settings import Settings
from tests.tree import ROOT, files, text

DOCUMENTS = tuple(name for name in files() if name.endswith(".md"))
TOP = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md")
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")


def _blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of that language, their indentation taken off."""
    found = [block for kind, block in _FENCE.findall(text(name)) if kind == language]
    return [re.sub(rf"(?m)^{re.match(r' *', block)[0]}", "", block) for block in found]  # type: ignore[index]


def _commands(name: str) -> list[str]:
    """What a document tells people to type: shell lines without their comments, and code spans."""
    lines = [
        line.partition(" #")[0].strip()
        for block in _blocks(name, "sh")
        for line in block.replace("\\\n", "").splitlines()
    ]
    return lines + _SPAN.findall(_FENCE.sub("", text(name)))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_it_names_exists(name: str) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", text("Makefile")))
    named = {found[1] for each in _commands(name) if (found := re.match(r"make ([a-z-]+)\b", each))}
    assert not named - targets


def test_every_make_target_has_its_line_of_help() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", text("Makefile")))
    assert targets == set(re.findall(r"(?m)^([a-z-]+):.*## \S", text("Makefile")))
    assert targets == set(re.findall(r"(?m)^\.PHONY: (.*)$", text("Makefile"))[0].split())


def _wrong_in(words: list[str]) -> str | None:
    """What is wrong with `zhishou WORDS…`, or None."""
    command: click.Command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group) and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
        word = words.pop(0)
        below = command.get_command(context, word)
        if below is None:
            return f"there is no command {word}"
        command = below
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    named = {word.partition("=")[0] for word in words if word.startswith("-") and not word.startswith("-h")}
    unknown = named - known - {"--help", "--version"}
    return f"{command.name} has no {', '.join(sorted(unknown))}" if unknown else None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_and_option_it_names_exists(name: str) -> None:
    typed = [
        found[1] for each in _commands(name) if (found := re.search(r"(?:^|\s|bin/)zhishou ((?:[a-z-]|\s-).*)$", each))
    ]
    wrong = {line: said for line in typed if not line.startswith("-p") and (said := _wrong_in(line.split()))}
    assert not wrong


@cache
def _places() -> frozenset[str]:
    """Files and folders of the repository."""
    folders = {"/".join(name.split("/")[:depth]) for name in files() for depth in range(1, name.count("/") + 1)}
    return frozenset(files()) | folders


def _looks_like_a_path(span: str) -> bool:
    if not re.fullmatch(r"[\w.][\w.*{},/-]*", span) or _IS_EXAMPLE.search(span):
        return False
    in_tree = re.match(r"(?:monitor|checks|config|tests|systemd|\.ci)/", span)
    return bool(in_tree or re.search(r"\w\.(?:py|toml|md|service|sh|csv|lock|po)$", span))


# Inside the wheel; what the reader is asked to write or put in the place of a word.
_IS_EXAMPLE = re.compile(r"_data/|mine\.csv|\bname\.|_name\.|[A-Z]{4,}(?!\.md)|^__init__\.py$")


def _exists(span: str, document: str) -> bool:
    """Relative to the document's folder or to one above it."""
    above = [*Path(document).parents]
    return all(
        any(fnmatch(place, str(folder / each)) for place in _places() for folder in above)
        for each in _alternatives(span.rstrip("/"))
    )


def _alternatives(span: str) -> list[str]:
    """a/{b,c}.py → a/b.py, a/c.py."""
    found = re.search(r"\{([^}]*)\}", span)
    if not found:
        return [span]
    return [one for part in found[1].split(",") for one in _alternatives(span.replace(found[0], part, 1))]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_it_names_exists(name: str) -> None:
    prose = _FENCE.sub("", text(name))
    spans = [span for span in _SPAN.findall(prose) if _looks_like_a_path(span)]
    assert not [span for span in spans if not _exists(span, name)]
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in link]
    assert not [link for link in links if link and not (ROOT / name).parent.joinpath(link).exists()]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_setting_it_names_exists(name: str) -> None:
    for block in _blocks(name, "toml"):
        for section, table in tomllib.loads(block).items():
            if section not in Settings.model_fields or not isinstance(table, dict):
                continue
            model = Settings.model_fields[section].annotation
            assert not set(table) - set(getattr(model, "model_fields", {})), f"[{section}]"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_s_own_example_loads(name: str, tmp_path: Path) -> None:
    (tmp_path / "targets").mkdir()
    (tmp_path / "monitor.toml").write_text("\n".join(_blocks(name, "toml")), encoding="utf-8")
    (inventory,) = _blocks(name, "csv")
    (tmp_path / "targets" / "mine.csv").write_text(inventory, encoding="utf-8")
    settings = load(tmp_path / "monitor.toml", accepts=accepts)
    assert [target.id for target in settings.targets] == [row["id"] for row in csv.DictReader(io.StringIO(inventory))]
    assert [channel.id for channel in settings.channels] == ["duty"]


def test_both_languages_say_the_same() -> None:
    english, chinese = "README.md", "README.zh-CN.md"
    assert [len(level) for level in re.findall(r"(?m)^(#+) ", text(english))] == [
        len(level) for level in re.findall(r"(?m)^(#+) ", text(chinese))
    ]
    for language in ("csv", "toml"):
        assert _blocks(english, language) == _blocks(chinese, language)
    typed = [
        [line.partition("#")[0].strip() for line in "\n".join(_blocks(name, "sh")).splitlines()]
        for name in (english, chinese)
    ]
    assert typed[0] == typed[1]
    links = [set(re.findall(r"\]\(([^)]+)\)", text(name))) - {english, chinese} for name in (english, chinese)]
    assert links[0] == links[1]


def test_every_check_has_its_row() -> None:
    checks = {Path(name).stem for name in files() if re.fullmatch(r"checks/[a-z]\w*\.py", name)}
    rows = re.findall(r"(?m)^\| `(\w+)` \|", text("checks/README.md"))
    assert sorted(rows) == sorted(checks)


def test_every_option_of_a_check_is_told_with_its_default() -> None:
    rows = re.findall(r"(?m)^\| `(\w+)\.(\w+)` \| `([^`]+)` \| ", text("config/README.md"))
    told = {(check, option): tomllib.loads(f"value = {default}")["value"] for check, option, default in rows}
    made = {check: options() for check, options in discover().items()}
    known = {(check, field.name): getattr(one, field.name) for check, one in made.items() for field in fields(one)}
    assert told == {where: list(value) if isinstance(value, tuple) else value for where, value in known.items()}


def _readmes() -> list[str]:
    return [name for name in DOCUMENTS if name.endswith("/README.md")]


@pytest.mark.parametrize("name", _readmes())
def test_a_folder_s_readme_names_all_it_holds(name: str) -> None:
    folder = name.removesuffix("README.md")
    inside = {each.removeprefix(folder).partition("/")[0] for each in files() if each.startswith(folder)}
    inside -= {"README.md", "__init__.py"}
    page = text(name)
    patterns = [span for span in _SPAN.findall(page) if "*" in span]
    untold = [each for each in sorted(inside) if not re.search(rf"(?<!\w){re.escape(Path(each).stem)}\b", page)]
    assert not [each for each in untold if not any(fnmatch(each, pattern) for pattern in patterns)]


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    asked = (*project["dependencies"], *project["optional-dependencies"]["dev"])
    names = {re.match(r"[\w-]+", each)[0] for each in asked}  # type: ignore[index]
    assert not [name for name in sorted(names) if not re.search(rf"[| ]{name}[ ,|]", text("DECISIONS.md"))]


def test_the_changelog_has_a_place_for_what_comes() -> None:
    headings = re.findall(r"(?m)^## (.+)$", text("CHANGELOG.md"))
    assert headings[0] == "Unreleased"
