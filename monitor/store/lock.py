"""One process per database: a file lock beside it that ends with the process, however it ends.

Two daemons on one file would visit and send everything twice. The lock file stays behind and means nothing by itself.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.store.opening import StoreError


class InUse(StoreError):
    """Another process works on this database."""


def hold(path: str) -> int | None:
    """Take the lock of that database; returns what `let_go` needs. ":memory:" has none. Raises InUse, or StoreError."""
    if path == ":memory:":
        return None
    try:
        held = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise StoreError(f"{path}: its folder cannot be written ({error.strerror})") from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(held)
        raise InUse(f"{path} is in use by another zhishou process") from error
    return held


def let_go(held: int | None) -> None:
    """Let another process have it."""
    if held is not None:
        os.close(held)


@contextmanager
def held(path: str) -> Iterator[None]:
    """The lock for the length of a `with`."""
    descriptor = hold(path)
    try:
        yield
    finally:
        let_go(descriptor)
