"""The rehearsed city, running: web servers, name server, receivers, and the hand that turns faults on and off.

Reads plan, faults and clock. Writes the authority's certificate into a temporary folder, and a complete set-up for a
daemon where `write_config` is told to. Serves loopback only. It does not watch, judge or score anything.
"""

import asyncio
import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import Self

from monitor.city import watching
from monitor.city.certificates import CA_FILE, make_certificates
from monitor.city.faults import Faults
from monitor.city.nameserver import Nameserver
from monitor.city.plan import Plan
from monitor.city.receiver import Receiver
from monitor.city.server import CityServer
from monitor.clock import Clock, SystemClock
from monitor.model import Target


class City:
    """`async with City(plan, faults, clock) as city:` or start and close. `receivers` follow their channel_down events."""

    def __init__(self, plan: Plan, faults: Faults, clock: Clock, receivers: tuple[Receiver, ...] = ()) -> None:
        self._faults = faults
        self._clock = clock
        self._folder: Path | None = None
        self._server = CityServer(plan, faults, clock)
        self._names = Nameserver(self._lookup)
        self._task: asyncio.Task[None] | None = None
        self.receivers = receivers

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def plan(self) -> Plan:
        """The plan, with the ports once started."""
        return self._server.plan

    @property
    def nameserver(self) -> str:
        """Where the city's names are answered: "127.0.0.1:PORT"."""
        return self._names.address

    @property
    def ca_file(self) -> Path:
        """The authority its HTTPS sites are signed by. Only once started."""
        assert self._folder is not None
        return self._folder / CA_FILE

    @property
    def requests(self) -> int:
        """How many HTTP requests came."""
        return self._server.requests

    async def start(self) -> None:
        """Serve. Ports and the authority are known afterwards."""
        self._folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="zhishou-city-"))
        # By the machine's clock, not ours: OpenSSL looks at no other.
        await self._server.start(await asyncio.to_thread(make_certificates, self._folder, SystemClock().now()))
        await self._names.start()
        for receiver in self.receivers:
            await receiver.start()
        await self.obey()
        self._task = asyncio.create_task(self._follow(), name="city-faults")

    async def close(self) -> None:
        """Stop serving and remove the temporary folder."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for receiver in self.receivers:
            await receiver.close()
        await self._names.close()
        await self._server.close()
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder)

    def inventory(self) -> tuple[Target[dict[str, dict[str, object]]], ...]:
        """Every site, column and account as a target the daemon can watch."""
        return watching.inventory(self.plan)

    def settings(self, *, quick: bool = False) -> dict[str, dict[str, object]]:
        """The settings a daemon needs to watch this city, as tables of a monitor.toml; `quick` shortens every wait."""
        return watching.settings(self.plan, self.nameserver, self.ca_file, quick=quick)

    def write_config(
        self, folder: Path, *, quick: bool = False, channel: str | None = None, listen: str | None = None
    ) -> Path:
        """A complete set-up (monitor.toml, targets, authority) for a daemon of its own; returns monitor.toml.

        `channel` is the address of a receiver (as in a [[channel]]) told of everything, `listen` where its desk stands.
        Writes files: not for the event loop.
        """
        ca_file = folder / CA_FILE
        folder.mkdir(parents=True, exist_ok=True)
        ca_file.write_bytes(self.ca_file.read_bytes())
        tables = watching.settings(self.plan, self.nameserver, ca_file, quick=quick)
        tables["store"] = {"path": str(folder / "state" / "zhishou.db")}
        if listen is not None:
            tables["web"] = {"listen": listen}
        return watching.write(folder, self.plan, tables, channel)

    def _lookup(self, name: str) -> tuple[str, ...] | str:
        now = self._clock.now()
        if self._faults.cut_off(now):
            return "servfail"
        address = self.plan.hosts.get(name)
        if address is None:
            return "nxdomain"
        site = self.plan.by_host.get(name)
        event = self._faults.find(site.name, "dns", now) if site else None
        return event.option("answer", "nxdomain") if event else (address,)

    async def _follow(self) -> None:
        """Wait for the next fault to begin or end, and let it."""
        while (change := self._faults.next_change(self._clock.now())) is not None:
            # At most a minute at once: the clock may be stepped.
            wait = (change - self._clock.now()).total_seconds()
            await self._clock.sleep(min(max(wait, 0.0), 60.0))
            await self.obey()

    async def obey(self) -> None:
        """Let what holds by the clock now take effect at once (otherwise at the next fault or within a minute)."""
        await self._server.follow()
        for receiver in self.receivers:
            event = self._faults.find(receiver.name, "channel_down", self._clock.now())
            answer = event.option("answer", "refused") if event else "ok"
            if answer != receiver.answer:
                await receiver.answer_with(answer)
