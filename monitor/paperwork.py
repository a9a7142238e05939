"""What people do in a rehearsal: they take over, file, take messages down and answer them, each when the scenario says.

Writes the rehearsed store through the functions the desk uses. What could not be done while the process was gone or the disk
full is done as soon as it can be; done twice, a filing or a message is still one.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from monitor.city.faults import Event
from monitor.city.filings import Filing, filing_of, letter_of
from monitor.city.scenario import Scenario
from monitor.city.virtual import VirtualClock
from monitor.model import Declaration, PublicMessage
from monitor.plan.bell import Bell
from monitor.store import brought, commands, declarations, incidents, register
from monitor.store.database import Database, StoreError

BY = "值班员"
SOURCE = "演练"
MOMENT = 1e-3
"""Seconds: timers may come that much late."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something somebody does at an instant since the start. `again`: it is made up for when it was not possible then."""

    at: timedelta
    do: Callable[[sqlite3.Connection, datetime], None]
    again: bool = True


@dataclass(slots=True)
class People:
    """Those of the desk; they outlive the process. `done` is how many of their acts are over."""

    acts: Sequence[Act]
    done: int = 0

    async def work(self, database: Database, clock: VirtualClock, rounds: Bell, retry: float) -> None:
        """Each act at its instant. What the store refuses is tried again every so many seconds."""
        while self.done < len(self.acts):
            act = self.acts[self.done]
            ahead = (act.at - clock.passed).total_seconds()
            await asyncio.sleep(max(0.0, ahead))
            try:
                if act.again or ahead > -MOMENT:
                    await database.write(partial(_do, act=act, now=clock.now()))
            except StoreError:
                if act.again:
                    await asyncio.sleep(retry)
                    continue
            self.done += 1
            rounds.ring()
        await asyncio.Event().wait()


def _do(tx: sqlite3.Connection, act: Act, now: datetime) -> None:
    act.do(tx, now)


def acts_of(scenario: Scenario, events: tuple[Event, ...]) -> list[Act]:
    """All of them, earliest first; `events` with every pattern turned into names."""
    found = [act for number, event in enumerate(events) for act in _acts(scenario, event, number)]
    return sorted(found, key=lambda act: act.at)


def _acts(scenario: Scenario, event: Event, number: int) -> Iterator[Act]:
    target = scenario.plan.target_id(event.target)
    if event.kind == "ack":
        yield Act(event.at, partial(_take_over, event=event, target=target), again=False)
    elif event.kind == "declared":
        yield Act(event.at, partial(_file, target=target, one=filing_of(event, scenario.start)))
    elif event.kind == "message":
        letter = letter_of(event, scenario.start)
        if letter.by_page:
            return  # nobody brings it: it stands on the site's reply list
        message = PublicMessage(id=f"{letter.cls}-{number + 1}", target=target, cls=letter.cls, received_at=letter.at)
        yield Act(event.at, partial(_take_down, one=message))
        if letter.answered is not None:
            answered = replace(message, answered_at=letter.answered)
            yield Act(letter.answered - scenario.start, partial(_answer, one=answered))


def _take_over(tx: sqlite3.Connection, now: datetime, event: Event, target: str) -> None:
    for one in incidents.open_memberships(tx, target):
        if one.incident is not None:
            commands.ack(tx, now, event.option("by", BY), one.incident)


def _file(tx: sqlite3.Connection, now: datetime, target: str, one: Filing) -> None:
    """The process may have died just after it was filed."""
    filed = Declaration(
        id=0, kind=one.kind, target=target, start=one.start, end=one.end, number=one.number, by=BY, filed_at=one.at
    )
    if not any(_alike(filed, known) for known in declarations.of_target(tx, target)):
        declarations.file(tx, filed, now)
        brought.touch(tx, target, now)


def _alike(one: Declaration, other: Declaration) -> bool:
    return (one.kind, one.start, one.end, one.number, one.filed_at) == (
        other.kind,
        other.start,
        other.end,
        other.number,
        other.filed_at,
    )


def _take_down(tx: sqlite3.Connection, now: datetime, one: PublicMessage) -> None:
    if register.add_message(tx, one, SOURCE, BY, now):
        brought.touch(tx, one.target, now)


def _answer(tx: sqlite3.Connection, now: datetime, one: PublicMessage) -> None:
    if register.answer_message(tx, one, BY, now):
        brought.touch(tx, one.target, now)
