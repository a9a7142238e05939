"""A command line that cannot be understood, said in the reader's language: what is missing, unknown or of a wrong form.

Click says it in English, told here by its words and said again; what is not known stands as it came. Prints on stderr.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import click

from monitor.model import Text, say

_QUOTED = r"['\"](?P<{}>.*?)['\"]"
_SAID: tuple[tuple[str, Text], ...] = (
    (r"Invalid value for (?P<param>.+?): (?P<why>.+)", say("{param}: {why}")),
    (r"Invalid value: (?P<why>.+)", Text("{why}")),
    (r"Missing option (?P<param>.+?)\. Choose from:\s*(?P<words>.+)", say("{param} is missing, one of: {words}")),
    (r"Missing (?:option|argument|parameter):? (?P<param>.+?)\.", say("{param} is missing")),
    (r"Missing command\.", say("a command is missing")),
    (rf"No such option:? {_QUOTED.format('name')}\.?", say("there is no option {name}")),
    (rf"No such option:? {_QUOTED.format('name')}\.? (?P<more>.+)", say("there is no option {name}, {more}")),
    (rf"No such command {_QUOTED.format('name')}\.?", say("there is no command {name}")),
    (rf"No such command {_QUOTED.format('name')}\.? (?P<more>.+)", say("there is no command {name}, {more}")),
    (r"Got unexpected extra arguments? \((?P<args>.+)\)", say("too many words: {args}")),
    (rf"Option {_QUOTED.format('name')} requires (?:an argument|\d+ arguments)\.", say("{name} needs a value")),
    (rf"Option {_QUOTED.format('name')} does not take a value\.", say("{name} takes no value")),
    (
        rf"{_QUOTED.format('value')} is not a valid (?:int(?:eger)?|float|number)(?: range)?\.",
        say("“{value}” is no number"),
    ),
    (r"(?P<value>\S+) is not in the range (?P<range>.+)\.", say("{value} is not in the range {range}")),
    (rf"{_QUOTED.format('value')} is not (?:one of )?(?P<words>.+?)\.", say("“{value}” is not one of: {words}")),
    (
        rf"{_QUOTED.format('value')} does not match the formats? .+",
        say("“{value}” is no day, write it as 2026-12-01"),
    ),
    (rf"\w+ {_QUOTED.format('name')} does not exist\.", say("there is no file {name}")),
    (rf"\w+ {_QUOTED.format('name')} is a directory\.", say("{name} is a folder, not a file")),
    (rf"\w+ {_QUOTED.format('name')} is a file\.", say("{name} is a file, not a folder")),
    (rf"\w+ {_QUOTED.format('name')} is not readable\.", say("{name} may not be read by you")),
    (r"\(?Did you mean (?:one of: )?(?P<text>.+?)\?\)?", say('did you mean "{text}"?')),
)
"""How the whole message reads; values are said again by the same table."""
_SAID_AGAIN = frozenset({"why", "more"})


class Misused(click.UsageError):
    """Told in the reader's language. `words` where the message is ours."""

    def __init__(self, words: Text, ctx: click.Context | None = None) -> None:
        super().__init__(str(words), ctx)
        self.words = words


class InWords(click.UsageError):
    """Another usage error, to be shown in that language."""

    def __init__(self, error: click.UsageError, language: str) -> None:
        super().__init__(error.format_message(), error.ctx)
        self.language = language
        self.words = error.words if isinstance(error, Misused) else again(self.message)

    def show(self, file: IO[Any] | None = None) -> None:
        """Usage, where help is, and what is wrong."""
        from monitor.render import translate

        to: dict[str, Any] = {"file": file} if file is not None else {"err": True}
        for line in self._around():
            click.echo(translate(line, self.language, verbatim=True), **to)
        said = say("error: {words}", words=translate(self.words, self.language, verbatim=True).strip())
        click.echo(translate(said, self.language, verbatim=True), **to)

    def _around(self) -> Iterator[Text]:
        if self.ctx is not None:
            usage = " ".join(self.ctx.command.collect_usage_pieces(self.ctx))
            yield say("usage: {command} {pieces}", command=self.ctx.command_path, pieces=usage)
            yield say("help: {command} --help", command=self.ctx.command_path)


def again(message: str) -> Text:
    """The same in a sentence of the catalogue, its values sentences where they are known."""
    for pattern, text in _SAID:
        found = re.fullmatch(pattern, message.strip(), re.DOTALL)
        if found is not None:
            return Text(text.template, {name: _value(name, told) for name, told in found.groupdict().items()})
    return Text("{message}", {"message": message})


def language_of(args: Sequence[str]) -> str:
    """What the command line asks for, else what its settings speak."""
    from monitor.cli.language import language_in
    from monitor.config.load import find_settings

    asked = _option(args, "--lang")
    if asked in {"zh-CN", "en"}:
        return asked
    config = _option(args, "--config")
    return language_in(find_settings(Path(config) if config else None))


def _option(args: Sequence[str], name: str) -> str:
    for place, word in enumerate(args):
        if word == name and place + 1 < len(args):
            return args[place + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return ""


def _value(name: str, told: str) -> str | Text:
    plain = re.sub(r"\s+", " ", told).strip()
    if name in _SAID_AGAIN and plain:
        return again(plain)
    return plain.replace("'", "") if name in {"param", "words", "name", "text"} else plain
