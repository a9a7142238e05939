"""Who was told what, by the event log: of every message that went out the digests of its news, against notices as they lie there.

Functions of a read transaction; write nothing. Messages still on their way have no line yet (unchecked.py).
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from monitor.model import Text, say
from monitor.store import ended

Seals = Sequence[Sequence[object]]
"""Pairs of incident and digest, as the line has them (store/ended.py)."""


def differing(tx: sqlite3.Connection, told: Iterable[tuple[int, Seals]]) -> Iterator[Text]:
    """Of each delivery with what its line seals: every incident whose news in it are not those."""
    for delivery, seals in told:
        logged = {str(incident): seal for incident, seal in seals}
        stored = {str(incident): seal for incident, seal in ended.seals(tx, delivery)}
        for incident in sorted(logged.keys() | stored.keys(), key=lambda one: (len(one), one)):
            if logged.get(incident) != stored.get(incident):
                yield say(
                    "deliveries {delivery}: the news it told of incident {id} are not those of its line in the log",
                    delivery=delivery,
                    id=incident,
                )
    yield from _addressed(tx)


def _addressed(tx: sqlite3.Connection) -> Iterator[Text]:
    """News bear to whom and over what they go a second time, so that nothing goes twice."""
    rows = tx.execute(
        """SELECT DISTINCT d.id FROM delivery_notices x JOIN deliveries d ON d.id = x.delivery_id
           WHERE x.recipient <> d.recipient OR x.channel <> d.channel ORDER BY d.id"""
    )
    for (delivery,) in rows:
        yield say("deliveries {delivery}: its news name another recipient or channel than it does", delivery=delivery)
