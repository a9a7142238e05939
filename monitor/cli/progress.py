"""How far a long run is: a bar on stderr once it takes longer than two seconds and somebody is there to see it.

Reads what is iterated over and hands it on unchanged; writes to a terminal on stderr, never to a pipe, never to stdout.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

PATIENCE = 2.0  # seconds of silence before progress is shown
T = TypeVar("T")


def tracked(things: Sequence[T], what: str, *, patience: float = PATIENCE) -> Iterator[T]:
    """The things, one by one; `what` is done with them, as the bar says."""
    from monitor.clock import SystemClock

    if not sys.stderr.isatty():
        yield from things
        return
    clock = SystemClock()
    began = clock.monotonic()
    for number, thing in enumerate(things, 1):
        yield thing
        if clock.monotonic() - began > patience:
            yield from _with_bar(things, what, done=number)
            return


def _with_bar(things: Sequence[T], what: str, *, done: int) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=len(things), completed=done)
        for thing in islice(things, done, None):
            yield thing
            progress.advance(task)


@contextmanager
def counted(*, patience: float = PATIENCE) -> Iterator[Callable[[str, int], None]]:
    """A function that hears what is being read and how much of it; it writes one line that changes, and takes it away."""
    from monitor.clock import SystemClock

    clock, shown = SystemClock(), False
    began = clock.monotonic()

    def tell(what: str, n: int) -> None:
        nonlocal shown
        if sys.stderr.isatty() and clock.monotonic() - began > patience:
            shown = True
            sys.stderr.write(f"\r\x1b[K{what}: {n:,}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
