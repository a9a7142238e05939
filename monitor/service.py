"""What we tell systemd: ready, reloading, stopping, still alive, and one line of status (sd_notify(3)).

Writes datagrams to $NOTIFY_SOCKET; says nothing, and never fails, when systemd did not start us. When the watchdog may
be fed is decided elsewhere: by the heartbeat row (DESIGN.md §5.18).
"""

import os
import socket
import time
from collections.abc import Mapping

PATIENCE = 0.5
"""Seconds a word may wait while nobody listens and the socket is full: the loop stands still meanwhile."""


def notify(*lines: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Send KEY=value lines; whether somebody was there to hear them."""
    address = environ.get("NOTIFY_SOCKET", "")
    if address[:1] not in {"/", "@"}:
        return False
    place = "\0" + address[1:] if address.startswith("@") else address  # @ stands for the abstract namespace
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.settimeout(PATIENCE)
            out.sendto("\n".join(lines).encode(), place)
    except OSError:
        return False  # a full or vanished socket is systemd's trouble; the watch goes on
    return True


def ready(status: str = "", environ: Mapping[str, str] = os.environ) -> bool:
    """Watching; also ends a reload."""
    return notify("READY=1", *_status(status), environ=environ)


def reloading(environ: Mapping[str, str] = os.environ) -> bool:
    """A reload has begun; Type=notify-reload wants the time with it, in microseconds of CLOCK_MONOTONIC."""
    now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    return notify("RELOADING=1", f"MONOTONIC_USEC={now}", environ=environ)


def stopping(status: str = "", environ: Mapping[str, str] = os.environ) -> bool:
    """Draining."""
    return notify("STOPPING=1", *_status(status), environ=environ)


def alive(status: str = "", environ: Mapping[str, str] = os.environ) -> bool:
    """Feed the watchdog."""
    return notify("WATCHDOG=1", *_status(status), environ=environ)


def status(text: str, environ: Mapping[str, str] = os.environ) -> bool:
    """The line `systemctl status` shows."""
    return notify(*_status(text), environ=environ)


def _status(text: str) -> tuple[str, ...]:
    return (f"STATUS={' '.join(text.split())}",) if text else ()
