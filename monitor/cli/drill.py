"""`zhishou drill`: a scenario through the real pipeline in virtual time, scored against the truth (DESIGN.md §4.6)."""

import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import config_option, json_option, language_option

if TYPE_CHECKING:
    from monitor.city.scenario import Scenario
    from monitor.model import Text
    from monitor.rehearsal import Rehearsal

SPEAKS_EVERY = 2.0
"""Seconds between lines of progress."""
AT_MOST = 20
"""Lines of one kind shown to people; --json has them all."""


@click.command("drill")
@click.argument("scenario", metavar="SCENARIO.toml")
@click.option("--seed", type=click.IntRange(0), help="Another city and other chances than the file's own seed.")
@config_option
@language_option
@json_option
def drill_command(scenario: str, seed: int | None, config: Path | None, language: str | None, as_json: bool) -> None:
    """Play a scenario in virtual time and say what was missed, false, late or lost.

    SCENARIO.toml is a file, or the name of one that comes with the product (quiet-month, bad-night, …). Of the settings only
    the rule packs and the language count: a drill watches a city of its own and tells nobody.
    """
    from monitor import log
    from monitor.app import load_settings
    from monitor.city.faults import ScenarioError
    from monitor.city.scenario import read_scenario
    from monitor.cli.desk import settings_or_exit
    from monitor.drill import is_faultless, run_drill

    log.set_up_logging(level="critical", out=sys.stderr)  # what the daemon logs of planted faults tells nobody anything
    settings = settings_or_exit(config)
    language = language or settings.desk.language
    defaults = load_settings(None).model_copy(update={"packs": settings.packs})
    try:
        known = read_scenario(_file(scenario, language), [pack.id for pack in defaults.packs], seed)
        with tempfile.TemporaryDirectory(prefix="zhishou-drill-") as folder, _leaving_nothing(folder, language):
            result = run_drill(known, defaults, _progress(known, language), Path(folder))
    except ScenarioError as error:  # also what only the record of the day can refuse, when it is filed
        click.echo("\n".join(error.problems), err=True)
        sys.exit(2)
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else "\n".join(summary(result, language)))
    sys.exit(0 if is_faultless(result) else 1)


def _file(scenario: str, language: str) -> Path:
    """The file of that name, or the scenario that comes with the product; exit 2 when there is neither."""
    from monitor.drill import shipped
    from monitor.model import say
    from monitor.render import translate

    path = Path(scenario)
    if not path.is_file():
        path = shipped().get(scenario.removesuffix(".toml"), path)
    if path.is_file():
        return path
    missing = say(
        "there is no scenario {name}: name a file, or one of {names}", name=scenario, names=", ".join(shipped())
    )
    click.echo(translate(missing, language), err=True)
    sys.exit(2)


@contextmanager
def _leaving_nothing(folder: str, language: str) -> Iterator[None]:
    """Whoever interrupts it finds no folder left and no result: 130 or 143, as a shell says it."""
    from monitor.model import say
    from monitor.render import translate

    stopped = translate(say("stopped before the end: nothing was scored"), language)

    def stop(number: int, _frame: object) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        os.write(sys.stderr.fileno(), f"{stopped}\n".encode())  # past what may be half-written just now
        os._exit(128 + number)  # whatever is under way in the rehearsed program must not catch it

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _progress(scenario: "Scenario", language: str) -> "Callable[[Rehearsal], None]":
    """Which day it is, every few seconds, on stderr."""
    from monitor.model import say
    from monitor.render import translate

    begun = spoken = time.monotonic()

    def tell(rehearsal: "Rehearsal") -> None:
        nonlocal spoken
        now, day = time.monotonic(), round(rehearsal.clock.passed.total_seconds() / 86_400)
        if day and now - spoken >= SPEAKS_EVERY:
            spoken = now
            left = (now - begun) / day * (scenario.days - day)
            words = say("day {day} of {days}, about {seconds} s left", day=day, days=scenario.days, seconds=round(left))
            click.echo(f"{scenario.name}: {translate(words, language)}", err=True)

    return tell


def summary(result: Mapping[str, Any], language: str) -> Iterator[str]:
    """How it went, for people."""
    from monitor.city.reckoning import unexcused
    from monitor.model import say
    from monitor.render import translate

    twice = unexcused(result["notices_twice"])
    yield translate(
        say(
            "{days} days, {visits} visits in {seconds} s: {expected} faults to be told, {found} found; {missed} missed,"
            " {false} false, {late} late, {lost} messages lost, {twice} sent twice without a reason",
            days=result["virtual_days"],
            visits=result["visits"],
            seconds=result["wall_seconds"],
            expected=result["expected"],
            found=result["found"],
            missed=len(result["missed"]),
            false=len(result["false"]),
            late=len(result["late"]),
            lost=len(result["notices_lost"]),
            twice=len(twice),
        ),
        language,
    )
    named = {"missed": result["missed"], "false": result["false"], "late": result["late"]}
    for kind, lines in named.items():
        yield from _shown([_fault(kind, one, language) for one in lines], language)
    yield from _shown([_message("lost", one, language) for one in result["notices_lost"]], language)
    yield from _shown([_message("twice", one, language) for one in twice], language)


def _fault(kind: str, one: Mapping[str, Any], language: str) -> str:
    from monitor.alert.phrases import WHAT
    from monitor.model import Cause
    from monitor.render import translate

    what = translate(WHAT[Cause(one["cause"])], language)
    word = translate(_words()[kind], language)
    return f"{word} {one['target']} {what} {one['from']} – {one['to'] or ''} {_evidence(one['evidence'], language)}"


def _message(kind: str, one: Mapping[str, Any], language: str) -> str:
    from monitor.render import translate

    return f"{translate(_words()[kind], language)} {one['at']} {one['channel']} {_evidence(one['evidence'], language)}"


def _evidence(text: str, language: str) -> str:
    """Each of its parts in that language, as far as the catalogue has it."""
    from monitor.model import Text, say
    from monitor.render import translate

    def told(part: str) -> str:
        kind = part.removeprefix("no incident (").removesuffix(")")
        missing = say("no incident ({kind})", kind=kind)
        return translate(missing if part == f"no incident ({kind})" else Text(part), language)

    return "; ".join(told(part) for part in text.split("; "))


def _words() -> dict[str, "Text"]:
    from monitor.model import say

    return {
        "missed": say("MISSED"),
        "false": say("FALSE"),
        "late": say("LATE"),
        "lost": say("LOST"),
        "twice": say("TWICE"),
    }


def _shown(lines: list[str], language: str) -> Iterator[str]:
    from monitor.model import say
    from monitor.render import translate

    yield from (f"  {line}" for line in lines[:AT_MOST])
    if len(lines) > AT_MOST:
        yield "  " + translate(say("… and {n} more", n=len(lines) - AT_MOST), language)
