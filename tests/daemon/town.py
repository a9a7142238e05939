"""A rehearsed city on an event loop of its own thread, so that a test may wait for a daemon in plain words.

`phase(n)` lets the faults planned for the n-th hour hold now and no others: their times count from a start that the test
moves. Serves loopback only and writes nothing but what the City writes.
"""

import asyncio
import re
import threading
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from monitor.city.city import City
from monitor.city.faults import Event, Faults
from monitor.city.plan import Plan
from monitor.city.receiver import Received, Receiver
from monitor.clock import SystemClock
from tests.daemon.process import free_port

T = TypeVar("T")

HOUR = timedelta(hours=1)
LONG_AGO = timedelta(minutes=-1)
"""For what is wrong from the beginning, in every phase."""


def fault(phase: int, kind: str, target: str, **options: str | float) -> Event:
    """A fault that holds while that phase is on."""
    return Event(phase * HOUR, kind, target, HOUR, options)


class Town:
    """`with Town(plan, events) as town:`; phase 0 is a city without faults but those from before (negative times)."""

    def __init__(self, plan: Plan, events: Iterable[Event] = (), *, phase: int = 0) -> None:
        self.clock = SystemClock()
        self.receiver = Receiver(self.clock)
        self.other = Receiver(self.clock, "channel-other")
        self._plan = plan
        self._faults = Faults(plan, (self._lasting(event) for event in events), self._start_of(phase))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="town")

    def __enter__(self) -> Self:
        self._thread.start()
        self.city = self.do(self._open())
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.do(self.city.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, what: Coroutine[Any, Any, T]) -> T:
        """Run it where the city lives."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(60)

    def phase(self, number: int) -> datetime:
        """Let the faults of that phase hold from now on, and no others; returns now."""
        self._faults.start = self._start_of(number)
        self.do(self.city.obey())
        return self.clock.now()

    def answer(self, how: str) -> None:
        """How the receiver answers from now on: ok, refused, timeout, errcode or an HTTP status."""
        self.do(self.receiver.answer_with(how))

    @property
    def received(self) -> list[Received]:
        """Everything that came to the receiver until now."""
        return list(self.receiver.received)

    def write_config(self, folder: Path, **quicker: str) -> Path:
        """A whole set-up in that folder, watching this city and telling this receiver; the desk on a free port.

        `quicker` replaces single cadences and waits by their names in the settings: site="1s", every="500ms".
        """
        hook = f"json://127.0.0.1:{self.receiver.port}/hook"
        listen = f"127.0.0.1:{free_port()}"
        config = self.city.write_config(folder, quick=True, channel=hook, listen=listen)
        text = config.read_text(encoding="utf-8")
        for name, value in quicker.items():
            text, changed = re.subn(rf'^{name} = "[^"]*"$', f'{name} = "{value}"', text, count=1, flags=re.MULTILINE)
            assert changed, f"the settings have no {name}"
        config.write_text(text, encoding="utf-8")
        return config

    async def _open(self) -> City:
        city = City(self._plan, self._faults, self.clock, (self.receiver, self.other))
        await city.start()
        return city

    def _start_of(self, phase: int) -> datetime:
        return self.clock.now() - phase * HOUR - timedelta(seconds=1)

    @staticmethod
    def _lasting(event: Event) -> Event:
        return event if event.lasts is not None or event.at < timedelta(0) else replace(event, lasts=HOUR)
