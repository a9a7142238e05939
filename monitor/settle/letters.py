"""The rows of a public reply list into the register of messages of its site, within the settling of the visit that read them."""

import sqlite3

from monitor.model import Visited
from monitor.store import letters


def take_down(tx: sqlite3.Connection, visited: Visited) -> None:
    """Nothing without rows, or of a page that belongs to no site."""
    target, read = visited.claim.target, visited.letters
    if read is None or target.site is None:
        return
    before = max((last.at for last in visited.claim.seen.said.values()), default=None)
    letters.note(tx, target.id, target.site, target.url, read, visited.started_at, before)
