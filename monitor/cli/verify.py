"""`zhishou verify`: whether the event log and what stands beside it are as they were written."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import config_option, json_option, language_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.evidence.verify import Verified
    from monitor.model import Text


@click.command("verify")
@click.option(
    "--head",
    "noted",
    metavar="HEAD",
    help="A head of the log noted earlier: the hash, or NUMBER:HASH as every digest tells it.",
)
@config_option
@language_option
@json_option
def verify_command(noted: str | None, config: Path | None, language: str | None, as_json: bool) -> None:
    """Check that nothing the event log seals was changed or removed: its lines, what the tables say, rules and pages.

    What the log does not seal it lists. Whoever can write the file can seal changed lines anew, and leave out the last:
    that shows only against a head noted elsewhere. Every daily digest tells one; give it back with --head. Exit 1 when
    anything does not hold.
    """
    from monitor.cli.asking import read
    from monitor.cli.desk import plain_or_exit
    from monitor.cli.progress import counted
    from monitor.evidence.verify import verify

    head = _head(noted)
    settings = plain_or_exit(config, language)
    language = language or settings.desk.language
    with counted() as progress:
        found = read(settings, language, lambda tx: verify(tx, head, progress))
    if as_json:
        click.echo(json.dumps(shown(found, language), ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(found, language)))
    sys.exit(0 if found.holds else 1)


def _head(noted: str | None) -> str:
    """Empty: none was given. An empty word is one: of a script whose variable is not set."""
    from monitor.cli.usage import Misused
    from monitor.model import say
    from monitor.store.events import SHORT, can_be_head

    head = "" if noted is None else noted.strip().lower()
    if noted is not None and not can_be_head(head):
        raise Misused(
            say(
                "--head {head} is no head: give NUMBER:HASH as the digest tells it, or {n} to 64 digits (0-9, a-f) of the hash",
                head=head or '""',
                n=SHORT,
            )
        )
    return head


def shown(found: "Verified", language: str) -> dict[str, Any]:
    """As --json shows it; instants are ISO texts of Shanghai."""
    from monitor.clock import from_ms, iso
    from monitor.evidence.unchecked import PARTLY
    from monitor.render import translate

    log = found.log
    first, last = (None if at is None else iso(from_ms(at)) for at in (log.first_at, log.last_at))
    return {
        "holds": found.holds,
        "lines": log.lines,
        "first_at": first,
        "last_at": last,
        "head": log.head,
        "broken": log.broken,
        "noted_at": found.noted_at,
        **{name: getattr(found, name) for name in ("incidents", "evidence", "declarations", "deliveries", "bodies")},
        "registers": dict(found.registers),
        "not_checked": {name: translate(why, language) for name, why in found.unchecked.items()},
        "columns_not_checked": {name: one.columns for name, one in PARTLY.items()},
        "problems": [translate(problem, language) for problem in found.problems],
    }


def _lines(found: "Verified", language: str) -> "Iterator[str]":
    from monitor.clock import from_ms
    from monitor.model import say
    from monitor.render import moment, translate

    log = found.log
    first, last = (("-" if at is None else moment(from_ms(at), language)) for at in (log.first_at, log.last_at))
    words = [
        say("event log: {n} lines hold, from {first} to {last}, Beijing time", n=log.lines, first=first, last=last)
    ]
    words.append(say("head: {head}", head=log.head or "-"))
    if found.noted_at is not None:
        words.append(
            say("the head that was noted is that of line {seq}: nothing before it was changed", seq=found.noted_at)
        )
    if log.broken is None:
        words.append(
            say(
                "compared with the log: {incidents} incidents, {evidence} of evidence, {declarations} declarations,"
                " {deliveries} deliveries; {bodies} stored pages",
                **{
                    one: getattr(found, one)
                    for one in ("incidents", "evidence", "declarations", "deliveries", "bodies")
                },
            )
        )
        yield from (translate(text, language) for text in words)
        words = []
        yield "  " + translate(_registers(found), language)
        yield from _unchecked(found, language)
    words += found.problems
    words.append(_verdict(found))
    yield from (translate(text, language) for text in words)


def _verdict(found: "Verified") -> "Text":
    """No more than it can know."""
    from monitor.model import say

    if not found.holds:
        return say("NOT everything holds: {n} problems", n=len(found.problems))
    if found.noted_at is None:
        return say(
            "everything agrees with itself; whether somebody wrote lines anew (at the end or before it, with new seals) or took away"
            " the last shows only against a head noted elsewhere: zhishou verify --head HEAD, every daily digest tells one"
        )
    if found.noted_at < found.log.lines:
        return say(
            "everything holds up to line {seq}; of the {n} lines after it only a later head shows whether they were written anew",
            seq=found.noted_at,
            n=found.log.lines - found.noted_at,
        )
    return say("everything holds up to the head that was noted, which is that of the last line")


def _registers(found: "Verified") -> "Text":
    """What was compared row by row, counted."""
    from monitor.model import say

    return say(
        "row by row: {messages} messages from the public, {posts} posts, {attestations} attestations,"
        " {declarations} declarations, {mutes} silences, {outages} outages, {deliveries} messages sent",
        **found.registers,
    )


def _unchecked(found: "Verified", language: str) -> "Iterator[str]":
    """What the log does not tell, each with the reason; of what it tells that which it leaves out."""
    from monitor.evidence.unchecked import PARTLY
    from monitor.model import say
    from monitor.render import translate

    yield translate(say("not checked:"), language)
    words = [*found.unchecked.values(), *(one.words for one in PARTLY.values())]
    yield from dict.fromkeys(f"  {translate(one, language)}" for one in words)
