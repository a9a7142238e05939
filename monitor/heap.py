"""The garbage collector and a long life: what was made at the start stays to the end, and is not looked through again.

Python's collector walks every living object now and then; with some hundred thousand of modules, rules and settings that was an
eighth of the cost of a quiet visit (tests/bench). What is no longer referred to is freed at once as ever.
"""

import gc

YOUNG = 10_000
"""Objects made and not yet freed before the young are looked through (Python: 700): some hundred visits' worth."""


def keep_for_good() -> None:
    """Take what lives now out of the collector's rounds. Call it once, when everything has been put together."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
