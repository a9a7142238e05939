"""`zhishou validate`: every problem of every file at once, and what the address guard will refuse; with --resolve names and reference hosts, too."""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import config_option, json_option, language_option
from monitor.model import TargetKind, Text, say

if TYPE_CHECKING:
    from monitor.config.problems import Problem
    from monitor.config.settings import Settings
    from monitor.model import Resolved

AT_ONCE = 50  # names asked at the same time
PATIENCE = 2.0  # seconds of silence before progress is shown
_CLEAR = "\r\x1b[K"  # to the left, and nothing behind it


@click.command("validate")
@config_option
@click.option(
    "--resolve",
    is_flag=True,
    help="Also ask the name servers for every host of the inventory, and whether the reference hosts answer.",
)
@language_option
@json_option
def validate_command(config: Path | None, resolve: bool, language: str | None, as_json: bool) -> None:
    """Check settings, targets, rule packs, channels and people together. Problems: exit 2; warnings do not count."""
    from monitor.app import discover
    from monitor.cli.language import language_in
    from monitor.config.load import find_settings, load
    from monitor.config.problems import ConfigError
    from monitor.judge.workdays import built_in

    path = find_settings(config)
    language = language or language_in(path)
    progress = Progress(language)
    try:
        settings = load(path, checks=discover(), accepts=_accepts, progress=progress.read, builtin=built_in)
    except ConfigError as error:
        progress.close()
        _show(error.problems, error.warnings, language, as_json=as_json)
        click.echo(_how_many(len(error.problems), language), err=True)
        sys.exit(2)
    refused = _refused(settings, progress, resolve=resolve)
    progress.close()
    silent = asyncio.run(_silent(settings)) if resolve else []
    warnings = (*settings.warnings, *_asking_nobody(settings), *_by_today(settings), *refused, *silent)
    _show((), warnings, language, as_json=as_json)
    click.echo(_fine(settings, path, len(warnings), language), err=as_json)
    if not resolve and _has_names(settings):
        click.echo(_not_asked(language), err=as_json)


class Progress:
    """How far it is, in one line on stderr, when a person waits there; nothing for a pipe."""

    def __init__(self, language: str, patience: float = PATIENCE) -> None:
        self._language = language
        self._from = time.monotonic() + patience
        self._is_shown = False

    def read(self, file: str, rows: int) -> None:
        """So many rows of a large inventory."""
        self._show(say("{file}: {n} rows", file=file, n=f"{rows:,}"))

    def asked(self, done: int, of: int) -> None:
        """So many host names were asked for."""
        self._show(say("{n} of {of} names asked", n=f"{done:,}", of=f"{of:,}"))

    def close(self) -> None:
        """Take the line away: what follows begins at the left."""
        if self._is_shown:
            click.echo(_CLEAR, nl=False, err=True)
        self._is_shown = False

    def _show(self, text: Text) -> None:
        from monitor.render import translate

        if sys.stderr.isatty() and time.monotonic() >= self._from:
            self._is_shown = True
            click.echo(f"{_CLEAR}{translate(text, self._language, verbatim=True)}", nl=False, err=True)


def _accepts(url: str) -> "Text | None":
    """As the channels say; apprise takes 1.5 s to load, so only when there is a channel."""
    from monitor.alert.channels import accepts

    return accepts(url)


def _refused(settings: "Settings", progress: Progress, *, resolve: bool) -> list["Problem"]:
    from monitor.config.problems import Problem
    from monitor.config.refusals import names, refusals
    from monitor.observe.guard import Guard

    answers = asyncio.run(_resolved(settings, names(settings), progress)) if resolve else []
    guard = Guard(settings.guard.allow)
    found = refusals(settings, guard.refuses, {answer.host: answer.addresses for answer in answers})
    failed = [
        Problem("", None, answer.host, say("the name servers give no address: {why}", why=Text(answer.failure)))
        for answer in answers
        if answer.failure is not None
    ]
    return [*found, *failed]


def _asking_nobody(settings: "Settings") -> list["Problem"]:
    """A warning of packs that targets fall under and none of whose rules is about any of them; links are not in the inventory."""
    from monitor.config.problems import Problem
    from monitor.questions import targets_under

    counts, named = targets_under(settings), {pack for target in settings.targets for pack in target.packs}
    idle = [
        pack.id
        for pack in settings.packs
        if pack.id in named
        and pack.rules
        and not any(counts[rule.key] or rule.applies.kind is TargetKind.LINK for rule in pack.rules)
    ]
    said = say(
        "targets fall under these rule packs, and none of their rules is about any target: {packs}",
        packs=", ".join(idle),
    )
    hint = say("applies says whom each asks; zhishou rules tells how many targets that are")
    return [Problem("", None, "packs", said, hint)] if idle else []


def _by_today(settings: "Settings") -> list["Problem"]:
    """Warnings of years that counts in working days reach soon and nobody knows, of packs issued later, and of hours with nobody on duty."""
    from monitor.clock import SystemClock, civil_day
    from monitor.config.problems import Problem
    from monitor.onduty import gap_of
    from monitor.workyears import advice, told, years_wanted

    now = SystemClock().now()
    years = years_wanted(settings, civil_day(now))
    found = [Problem("", None, "calendar", told(year), advice(year)) for year in years]
    found += [
        Problem(
            "",
            None,
            f"{pack.id}.issued",
            say("{day} lies in the future", day=pack.issued.isoformat()),
            say("check the year"),
        )
        for pack in settings.packs
        if pack.issued is not None and pack.issued > civil_day(now)
    ]
    gap = gap_of(settings, now)
    return found if gap is None else [*found, Problem("", None, "shift", gap.words, gap.advice)]


def _ca_trouble(error: OSError | ValueError) -> Text:
    from monitor.config.problems import of_system

    if isinstance(error, OSError) and error.filename:
        return say("cannot be read: {why}", why=of_system(error))
    return say("holds no certificates in PEM")


async def _silent(settings: "Settings") -> list["Problem"]:
    """A warning for each reference host that does not answer from here."""
    from monitor.clock import SystemClock
    from monitor.config.problems import Problem
    from monitor.observe.wire import silent_references

    try:
        silent = await silent_references(settings, SystemClock())
    except (OSError, ValueError) as error:  # of the CA file
        return [Problem("", None, "fetch.ca_file", _ca_trouble(error))]
    hint = say("name hosts in [reference] urls that answer from here")
    return [
        Problem("", None, url, say("the reference host does not answer: {why}", why=Text(reach.value)), hint)
        for url, reach in silent.items()
    ]


def _has_names(settings: "Settings") -> bool:
    from monitor.config.refusals import names

    return bool(names(settings))


def _not_asked(language: str) -> str:
    from monitor.render import translate

    return translate(say("addresses behind names were not checked; --resolve does"), language)


async def _resolved(settings: "Settings", hosts: Sequence[str], progress: Progress) -> list["Resolved"]:
    from monitor.observe.dns import Resolver

    resolver = Resolver(settings.resolver.nameservers, settings.resolver.timeout.total_seconds())
    gate, done = asyncio.Semaphore(AT_ONCE), itertools.count(1)

    async def ask(host: str) -> "Resolved":
        async with gate:
            answer = await resolver.resolve(host)
        progress.asked(next(done), len(hosts))
        return answer

    try:
        return await asyncio.gather(*(ask(host) for host in hosts))
    finally:
        await resolver.close()


def _show(problems: Iterable["Problem"], warnings: Iterable["Problem"], language: str, *, as_json: bool) -> None:
    from monitor.cli import warned

    if as_json:
        found = {"problems": problems, "warnings": warnings}
        listed = {name: [warned.as_json(one, language) for one in some] for name, some in found.items()}
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    for problem in problems:
        click.echo(warned.told(problem, language))
    for warning in warnings:
        click.echo(warned.warned(warning, language))


def _how_many(problems: int, language: str) -> str:
    from monitor.render import translate

    return translate(say("1 problem") if problems == 1 else say("{n} problems", n=problems), language)


def _fine(settings: "Settings", path: Path | None, warnings: int, language: str) -> str:
    """How much was understood, and that it can be used."""
    from monitor.render import translate

    verdict = say("no problems")
    if warnings:
        verdict = say("no problems, 1 warning") if warnings == 1 else say("no problems, {n} warnings", n=warnings)
    said = {
        "place": str(path) if path is not None else translate(say("built-in defaults"), language),
        "counted": translate(say(", "), language).join(_counted(settings, language)),
        "verdict": translate(verdict, language),
    }
    return translate(say("{place}: {counted}: {verdict}", **said), language)


def _counted(settings: "Settings", language: str) -> Iterator[str]:
    """Targets by kind, rules and channels, each with its number."""
    from collections import Counter

    from monitor.model import TargetKind
    from monitor.render import translate

    one = say("1 site"), say("1 column"), say("1 account"), say("1 page")
    more = say("{n} sites"), say("{n} columns"), say("{n} accounts"), say("{n} pages")
    kinds = Counter(target.kind for target in settings.targets)
    watched = (TargetKind.SITE, TargetKind.COLUMN, TargetKind.ACCOUNT, TargetKind.PAGE)
    for kind, single, several in zip(watched, one, more, strict=True):
        if kinds[kind]:
            text = single if kinds[kind] == 1 else several
            yield translate(say(text.template, n=f"{kinds[kind]:,}"), language)  # of the two lists above
    if not settings.targets:
        yield translate(say("no targets"), language)
    rules, packs, channels = (
        sum(len(pack.rules) for pack in settings.packs),
        len(settings.packs),
        len(settings.channels),
    )
    text = say("{rules} rules in 1 pack") if packs == 1 else say("{rules} rules in {packs} packs")
    yield translate(say(text.template, rules=rules, packs=packs), language)
    yield translate(say("1 channel") if channels == 1 else say("{n} channels", n=channels), language)
