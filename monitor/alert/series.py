"""A daemon that cannot begin is started again and again (systemd: every 10 s): people are called once per series of such starts.

What the next start must know (since when, who was told) stands in a small file in $RUNTIME_DIRECTORY: /run is in memory, so
it is written while the disk is full or read-only; `RuntimeDirectoryPreserve=restart` keeps it from one start to the next, and
it goes with the service. Without systemd it stands beside the store, or where temporary files do. Never a reason to fail.
"""

import asyncio
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import structlog

from monitor.alert.budget import recipients
from monitor.alert.channels import open_channels
from monitor.alert.distress import Distress, Past, Trouble
from monitor.clock import Clock, from_ms, to_ms
from monitor.config.settings import Settings

NAME = "cannot-begin.json"
PATIENCE = 45.0
"""Seconds all channels have together: each takes 20 at the most."""
LARGEST = 65_536
"""Bytes of the file; more is none of ours."""


class Series:
    """The file, in the first of these places that takes it."""

    def __init__(self, places: Sequence[Path]) -> None:
        self._places = tuple(places)

    @classmethod
    def of(cls, store: Path, environ: Mapping[str, str] = os.environ) -> "Series":
        """Where it stands for the daemon of that store."""
        runtime = environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
        if runtime:
            return cls((Path(runtime) / NAME,))
        mark = sha256(str(store.absolute()).encode()).hexdigest()[:12]
        return cls((store.parent / NAME, Path(tempfile.gettempdir()) / f"zhishou-{os.getuid()}-{mark}-{NAME}"))

    def read(self) -> Past | None:
        """What an earlier start left; None when there was none, or it cannot be read."""
        found = [past for past in map(_read, self._places) if past is not None]
        return max(found, key=lambda past: max(past.quiet_until.values(), default=past.since), default=None)

    def write(self, past: Past) -> bool:
        """Keep it for the next start; False when nowhere."""
        text = json.dumps(
            {
                "error": past.error,
                "since": to_ms(past.since),
                "quiet_until": {name: to_ms(until) for name, until in past.quiet_until.items()},
                "told": sorted(past.told),
            }
        )
        return any(_write(place, text) for place in self._places)

    def forget(self) -> None:
        """The watch has begun."""
        for place in self._places:
            with suppress(OSError):
                place.unlink(missing_ok=True)


async def call_for_help(series: Series, settings: Settings, clock: Clock, error: str) -> int:
    """Tell everybody who has not been told yet that the watch does not start; how many were."""
    if not settings.channels:
        return 0
    channels = await asyncio.to_thread(open_channels, settings.channels)
    distress, past = Distress(clock), series.read()
    distress.go_by(settings, channels, recipients(settings.channels, settings.people))
    if past is not None:
        distress.recall(past)
    distress.failed(error, Trouble.START)
    told = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            told = await distress.call_now()
    known = distress.past
    if known is not None and not series.write(known):
        # A call too many is heard, one too few is not.
        structlog.get_logger("distress").warning("series.not_remembered")
    return told


def _read(place: Path) -> Past | None:
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, encoding="utf-8") as file:
            if os.fstat(descriptor).st_uid != os.getuid():  # others can write where temporary files stand
                return None
            told = json.loads(file.read(LARGEST))
        quiet = {str(name): from_ms(int(until)) for name, until in told["quiet_until"].items()}
        return Past(str(told["error"]), from_ms(int(told["since"])), quiet, frozenset(map(str, told["told"])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None


def _write(place: Path, text: str) -> bool:
    """All of it or nothing, readable by nobody else: errors name paths."""
    fresh = place.with_name(f"{place.name}.new")
    try:
        with suppress(FileNotFoundError):
            fresh.unlink()
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        fresh.replace(place)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        return False
    return True
