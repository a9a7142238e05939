"""A person looked by hand and says what the newest thing is: checked, written down, judged at once.

For columns, accounts and pages that no program can read (domain.md §12: answered by hand, good for 7 days at most). Raises
Unfit with every problem and then writes nothing.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.clock import civil_day
from monitor.config.contradictions import KIND_OF_TARGET, unknown_target
from monitor.config.declaring import LONGEST, Paper, Problem, Unfit, of_paper
from monitor.config.plausible import moment_of
from monitor.config.when import NoMoment, read_day
from monitor.model import Attestation, TargetKind, Text, say
from monitor.settle.filing import Done, follow
from monitor.settle.policy import Policy
from monitor.store import attesting, canon, filed, views

ON = frozenset({TargetKind.COLUMN, TargetKind.ACCOUNT, TargetKind.PAGE})
GOOD_FOR = 7
"""Days an attestation holds at most (domain.md §12)."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """As it was told. `newest`: YYYY-MM-DD; `screenshot` None without one."""

    target: str
    newest: str
    by: str
    days: int = GOOD_FOR
    note: str = ""
    screenshot: Paper | None = None


def attest(tx: sqlite3.Connection, policy: Policy | None, told: Sighting, now: datetime) -> Done:
    """Write it down and judge the target again; the number is the attestation's. Raises Unfit."""
    problems: list[Problem] = []
    _check_target(tx, told.target, problems)
    newest = _newest(told.newest, now, problems)
    if newest is not None and filed.kind_of(tx, told.target) in ON and not told.note.strip():
        problems += _against_proof(attesting.known_of(tx, told.target), newest)
    if not 1 <= told.days <= GOOD_FOR:
        words = say("an attestation is good for 1 to {most} days, not {n}", most=GOOD_FOR, n=told.days)
        problems.append(Problem("for", words, say("look again after that")))
    if told.screenshot is not None:
        problems += of_paper(told.screenshot, "screenshot")
    if len(told.note) > LONGEST or _CONTROL.search(told.note):
        words = say("is longer than {n} characters or has a control character in it", n=LONGEST)
        problems.append(Problem("note", words, say("shorten it")))
    if not told.by.strip():
        problems.append(Problem("by", say("who? every change names a person"), say("tell the name")))
    if problems or newest is None:
        raise Unfit(problems)
    by = canon.clean(told.by).strip()
    note, picture = told.note.strip(), "" if told.screenshot is None else told.screenshot.sha256
    seen = Attestation(newest, now, now + timedelta(days=told.days), by, noted=note != "")
    return follow(tx, policy, told.target, by, now, lambda: attesting.attest(tx, told.target, seen, picture, note))


def _check_target(tx: sqlite3.Connection, target: str, problems: list[Problem]) -> None:
    kind = filed.kind_of(tx, target)
    if kind is None:
        problems.append(unknown_target(target, filed.called(tx, target), filed.near(tx, target)))
    elif kind not in ON:
        words = say("nothing is attested of {what}", what=KIND_OF_TARGET[kind].template)
        problems.append(Problem("target", words, _instead(kind)))
    elif views.is_removed(tx, target):
        problems.append(Problem("target", say("{target} is no longer watched", target=target)))


def _against_proof(known: attesting.Known, newest: date) -> Iterator[Problem]:
    """What was read there, imported or attested is newer than what somebody says is the newest."""
    proofs = [one for one in (known.shown, known.registered) if one is not None]
    proof, person = max(proofs, key=lambda one: one.day, default=None), known.attested
    if person is not None and (proof is None or proof.day < person.newest):
        day, at = person.newest, moment_of(person.at)
        words = say("{by} attested something of {day} on {at}", by=person.by, day=day.isoformat(), at=at)
    elif proof is not None:
        day = proof.day
        words = say("something of {day} is on record, learned on {at}", day=day.isoformat(), at=moment_of(proof.at))
    else:
        return
    if day > newest:
        yield Problem("newest", words, say("check the day; if that was taken down, say so in the note"), conflict=True)


def _instead(kind: TargetKind) -> Text:
    if kind is TargetKind.DESK:
        return say("what the desk does is filed as a declaration of the kind activity")
    return say("attest a column, an account or a page; whether a website opens is looked at")


def _newest(text: str, now: datetime, problems: list[Problem]) -> date | None:
    try:
        newest = read_day(text)
    except NoMoment as error:
        problems.append(Problem("newest", error.words, error.advice))
        return None
    if newest > civil_day(now):
        words = say("{day} lies in the future", day=newest.isoformat())
        problems.append(Problem("newest", words, say("tell the day of the newest thing you saw")))
        return None
    return newest
