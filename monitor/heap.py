"""The garbage collector and a long life: what was made at the start stays to the end, and is not looked through again.

Python's collector walks every living object now and then; with some hundred thousand of modules, rules and settings that was an
eighth of the cost of a quiet visit (tests/bench). What is no longer referred to is freed at once as ever.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 10_000
"""Objects made and not yet freed before the young are looked through (Python: 700): some hundred visits' worth."""


def keep_for_good() -> None:
    """Take what lives now out of the collector's rounds. Call it once, when everything has been put together."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


@contextmanager
def kept_meanwhile() -> Iterator[None]:
    """The same for the length of a `with`: a rehearsal lives no longer."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


_THRESHOLDS = YOUNG, 20, 20
