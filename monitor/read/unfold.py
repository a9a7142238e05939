"""Lists that stand in the page as data are written out as HTML before it is parsed, by the adapters that can.

Reads decoded text; gives text, the same when there is no such data in it, so that one reader serves them all.
"""

from monitor.read.adapters import ADAPTERS


def unfold(text: str) -> str:
    """The text with such data replaced by lists."""
    for adapter in ADAPTERS:
        if adapter.unfold is not None:
            text = adapter.unfold(text)
    return text
