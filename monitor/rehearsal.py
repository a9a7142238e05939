"""A rehearsal: the daemon's own loops against the rehearsed city, in virtual time and in one thread.

Puts the same parts together as app.py, with other edges: a carrier instead of sockets, a robot instead of channels, a
clock that leaps, the writer inline. Kills the process where the scenario says and begins it again on the same store. Uses
a folder of its own; never the store, channels or files of a running daemon.
"""

import asyncio
import random
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from monitor.alert.channels import Channel
from monitor.alert.deliver import Deliverer
from monitor.alert.distress import Distress, Past, Trouble
from monitor.app import begin, checks_for
from monitor.city.carrier import Carrier
from monitor.city.faults import Event, Faults
from monitor.city.options import jump_of
from monitor.city.plan import draw
from monitor.city.robot import Robot
from monitor.city.scenario import Scenario
from monitor.city.virtual import Killed, VirtualClock, VirtualLoop
from monitor.clock import civil_day
from monitor.config.settings import Settings
from monitor.heap import kept_meanwhile
from monitor.jobs import entries
from monitor.loops import Loops, Pace
from monitor.model import Reading
from monitor.observe.dns import Resolver
from monitor.observe.fetch import Fetcher, FetchLimits
from monitor.observe.gates import Gates
from monitor.observe.guard import Guard
from monitor.observe.reference import Reference
from monitor.observe.tools import Tools
from monitor.paperwork import People
from monitor.pipeline import Watch
from monitor.plan.calendar import Walk
from monitor.plan.tick import Flights
from monitor.read.feed import read_feed
from monitor.settle.policy import Policy, policy_of
from monitor.store import declarations, letters, seen
from monitor.store.database import Database, StoreError
from monitor.store.found import known_incidents
from monitor.uplink import OwnNetwork
from monitor.web.status import Status

PACE = Pace(batch=5.0, pulse=3600.0, network=3600.0, retry=20.0, calls=20.0)
"""Virtual seconds cost nothing, turns do."""
GATHER = 1.0
"""Seconds in which looks that changed nothing are gathered, as they are in the daemon while a disk takes the last ones."""
MOMENT = 1e-3
"""Seconds: timers may come that much early."""
SOON = 400
"""Turns of the loop after its instant: at one of them a kill comes."""
RESTART = 10.0
"""Seconds until systemd begins a process again that could not start (RestartSec in systemd/zhishou.service)."""
DAY = 86_400.0


@dataclass(slots=True)
class Rehearsal:
    """One scenario being played. `tell` is called at the beginning of every virtual day."""

    scenario: Scenario
    settings: Settings
    store: Path
    faults: Faults
    clock: VirtualClock
    carrier: Carrier
    robot: Robot
    people: People
    tell: Callable[["Rehearsal"], None] = lambda _rehearsal: None
    lives: int = 0
    visits: int = 0
    past: Past | None = None  # starts that failed, as the next process must know of them
    jumped: int = 0  # of the scenario's clock jumps, how many were made
    at_jumps: list[tuple[datetime, dict[int, bool]]] = field(default_factory=list)  # true instant; incidents known then
    _gone_by: float = 0.0  # virtual seconds lived through

    def play(self) -> None:
        """From the first instant to the last."""
        total = timedelta(days=self.scenario.days).total_seconds()
        with kept_meanwhile():
            self._play(total)

    def _play(self, total: float) -> None:
        kills = [event for event in self.faults.events if event.kind == "killed"]
        while total - self._gone_by > MOMENT:
            while kills and kills[0].at.total_seconds() < self._gone_by - MOMENT:
                kills.pop(0)  # nobody lived then
            if self._live(total, kills[0] if kills else None) and (kill := kills.pop(0)).lasts is not None:
                self._gone_by = min(max(self._gone_by, kill.until.total_seconds()), total)

    def _live(self, total: float, kill: Event | None) -> bool:
        """One life of the process: to the end, a start that fails, or a kill. Whether it was killed."""
        loop = VirtualLoop(self._gone_by)
        self.clock.follow(loop)
        self.lives += 1
        self._set_clock()
        life = Life(self)
        if kill is not None:
            loop.call_at(max(kill.at.total_seconds(), self._gone_by), loop.die, self._turns(kill))
        try:
            loop.run_until_complete(life.run(total - self._gone_by))
        except Killed:
            life.cut_off()
            return True
        finally:
            self._gone_by = loop.time()
            self.visits += life.visits
            loop.bury()
        return False

    def _set_clock(self) -> None:
        """What the machine's clock was set by while nobody lived."""
        jumps = [event for event in self.faults.events if event.kind == "clock_jump"]
        while self.jumped < len(jumps) and jumps[self.jumped].at.total_seconds() <= self._gone_by:
            self.clock.jump(jump_of(jumps[self.jumped]))
            self.jumped += 1

    def _turns(self, kill: Event) -> int:
        return draw(self.scenario.seed, "killed", int(kill.at.total_seconds() * 1000), self.lives) % SOON


@dataclass(slots=True)
class Life:
    """One process: what app.py puts together, with the edges of a rehearsal."""

    stage: Rehearsal
    database: Database = field(init=False)
    loops: Loops | None = None

    def __post_init__(self) -> None:
        stage = self.stage
        self.database = Database(stage.store, inline=True, before_commit=self._disk)

    @property
    def visits(self) -> int:
        """Visits that were settled."""
        return self.loops.flights.finished if self.loops is not None else 0

    async def run(self, seconds: float) -> None:
        """So many virtual seconds, then an orderly end. One that cannot begin ends at once; the next follows it."""
        end = self.stage.clock.monotonic() + seconds
        try:
            await self.database.open()
            self.loops = loops = await self._assemble()
            if self.stage.past is not None:
                loops.distress.recall(self.stage.past)
            await loops.first_round()
        except StoreError as error:
            await self.database.close()
            await self._call_for_help(str(error))
            await asyncio.sleep(RESTART)
            return
        self.stage.past = None
        walk = Walk(entries(loops.watch, loops.status), self.stage.clock)
        going_on = (*loops.all(), walk.go, self._jumps, self._people, self._tell)
        working = [asyncio.create_task(loop()) for loop in going_on]
        await asyncio.wait(working, timeout=end - self.stage.clock.monotonic(), return_when=asyncio.FIRST_EXCEPTION)
        broken = [task for task in working if task.done()]
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        with suppress(StoreError):  # a disk that is full at the very end
            await loops.flights.drain(60.0)
            await loops.deliverer.drain(60.0)
        await self.database.close()
        for task in broken:
            task.result()

    async def _call_for_help(self, error: str) -> None:
        """People are told that the watch does not begin, as life.py does it, over the robot."""
        stage = self.stage
        distress = Distress(stage.clock)
        robots: dict[str, Channel] = {stage.robot.id: stage.robot}
        distress.go_by(stage.settings, robots, policy_of(stage.settings).recipients)
        if stage.past is not None:
            distress.recall(stage.past)
        distress.failed(error, Trouble.START)
        await distress.call_now()
        stage.past = distress.past

    def cut_off(self) -> None:
        """What a kill leaves: the file as it was, and nobody who could still write."""
        self.database.abandon()

    async def _assemble(self) -> Loops:
        stage, clock, database = self.stage, self.stage.clock, self.database
        now, policy = clock.now(), policy_of(stage.settings)
        status = Status(now, loaded_at=now)
        answered = await database.write(partial(begin, policy=policy, aside=(), now=now))
        tools, reference = self._eyes(policy, answered)
        watch = Watch(database, tools, checks_for(stage.settings), policy, reference)
        watch.together.gather = partial(clock.sleep, GATHER)
        robots: dict[str, Channel] = {stage.robot.id: stage.robot}
        chance = random.Random(draw(stage.scenario.seed, "jitter", stage.lives))  # noqa: S311 - a rehearsal's dice
        distress = Distress(clock)
        distress.go_by(stage.settings, robots, policy.recipients)
        return Loops(
            watch=watch,
            flights=Flights(database, clock, stage.settings.fetch.concurrency),
            deliverer=Deliverer(database, robots, clock, stage.settings, jitter=chance.random),
            status=status,
            clock=clock,
            distress=distress,
            network=OwnNetwork(watch, status, clock, answered),
            pace=PACE,
        )

    def _eyes(self, policy: Policy, answered: dict[str, datetime]) -> tuple[Tools, Reference]:
        stage, told, guard = self.stage, policy.settings.fetch, Guard(policy.settings.guard.allow)
        limits = FetchLimits(
            timeout=told.timeout.total_seconds(), slow=told.slow.total_seconds(), max_body=told.max_body
        )
        fetcher = Fetcher(limits, stage.clock, Resolver(), guard, (stage.carrier, stage.carrier))
        gates = Gates(stage.clock, concurrency=told.concurrency, per_host=told.per_host, pace=told.pace.total_seconds())
        reference = Reference(
            policy.settings.reference.urls,
            policy.settings.reference.at_least,
            fetcher.fetch,
            answered=dict(answered),
        )
        tools = Tools(
            clock=stage.clock,
            fetcher=fetcher,
            feeds=_Feeds(),
            certificate=stage.carrier.certificate,
            resolve=stage.carrier.resolve,
            slot=gates.slot,
            penalise=gates.penalise,
            suspect=_nobody,
            max_feed=told.max_feed,
            earlier=partial(seen.earlier_in, self.database),
            declared=partial(declarations.declared_in, self.database),
            letters=partial(letters.letters_in, self.database),
        )
        return tools, reference

    async def _jumps(self) -> None:
        """The machine's clock is set when the scenario says."""
        clock, jumps = self.stage.clock, [event for event in self.stage.faults.events if event.kind == "clock_jump"]
        while self.stage.jumped < len(jumps):
            event = jumps[self.stage.jumped]
            await asyncio.sleep(max(0.0, (event.at - clock.passed).total_seconds()))
            self.stage.jumped += 1
            clock.jump(jump_of(event))
            with suppress(StoreError):  # hours shown twice: what is opened from here on is of the second time
                self.stage.at_jumps.append((clock.true(), await self.database.read(known_incidents)))
        await asyncio.Event().wait()

    async def _people(self) -> None:
        assert self.loops is not None
        watch, stage = self.loops.watch, self.stage
        await stage.people.work(self.database, stage.clock, watch.rounds, PACE.retry, watch.policy)

    async def _tell(self) -> None:
        while True:
            self.stage.tell(self.stage)
            await asyncio.sleep(DAY - self.stage.clock.passed.total_seconds() % DAY)

    def _disk(self) -> None:
        """Nothing can be committed while the disk is full."""
        if self.stage.faults.find("*", "disk_full", self.stage.clock.true()) is not None:
            raise _DiskFull("zhishou.db: database or disk is full SQLITE_FULL")


class _DiskFull(StoreError):
    """Told without the folder of the store, another one at every drill: two drills must say the same."""

    sqlite_errorcode = sqlite3.SQLITE_FULL


class _Feeds:
    """Feeds are read in the loop: a rehearsal's own feeds cannot hurt."""

    async def read(
        self, body: bytes, *, url: str | None, charset: str | None, captured: datetime, zone: int = 8
    ) -> Reading:
        return read_feed(body, url=url, charset=charset, captured=civil_day(captured), zone=zone)


def _nobody(_target: str) -> AbstractContextManager[None]:
    return nullcontext()
