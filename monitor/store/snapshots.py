"""Bodies as they came: content-addressed, compressed, each against the body the same page had before.

Writes and reads `snapshots` and `bodies`. A changed line of a 60 KB page costs about a hundred bytes. Chains are at most 20 deltas
long; a body that others build on is never deleted before them. What is loaded is proven by its sha256. The home of zstandard.
"""

import hashlib
import sqlite3
from datetime import datetime
from typing import NamedTuple

import zstandard

from monitor.clock import from_ms, to_ms
from monitor.model import Fetched
from monitor.store import canon
from monitor.store.opening import Damaged

LEVEL = 3
"""zstd: ratio 4.5 at 0.23 ms per 60 KB page; higher levels cost five times as much for a tenth (libraries.md §5)."""
DEEPEST = 20
"""Deltas in a row before a page is stored whole again: what loading the newest may cost."""
WORTH_IT = 8
"""A delta must be this many times smaller than its body, else the body is stored whole: it is another page."""
MOST_HEADERS = 16_384
"""Characters of response headers kept with a snapshot."""


def save(  # noqa: PLR0917 - what a snapshot is, in the order it is known
    tx: sqlite3.Connection,
    target_id: str,
    at: datetime,
    fetched: Fetched,
    body: bytes,
    body_hash: str,
    normal_hash: str,
) -> int | None:
    """Keep a body unless this page's newest snapshot says the same (normalised). Returns the snapshot's id, or None.

    `body_hash` is the sha256 hex of `body`.
    """
    newest = tx.execute(
        "SELECT body_hash, normal_hash FROM snapshots WHERE target_id = ? ORDER BY at DESC, id DESC LIMIT 1",
        (target_id,),
    ).fetchone()
    if newest is not None and newest[1] == normal_hash:
        return None
    _keep(tx, body, body_hash, base=None if newest is None else newest[0])
    done = tx.execute(
        """INSERT INTO snapshots (target_id, at, body_hash, normal_hash, url, status, headers)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (
            target_id,
            to_ms(at),
            body_hash,
            normal_hash,
            canon.clean(fetched.final_url),
            fetched.status,
            _heads(fetched.headers),
        ),
    )
    return int(done.lastrowid or 0)


class Snapshot(NamedTuple):
    """A body as it came: when, from where, with which status and head (JSON, pairs of name and value)."""

    at: datetime
    url: str
    status: int | None
    headers: str
    body_hash: str


def newest(tx: sqlite3.Connection, target_id: str) -> Snapshot | None:
    """The last one that was kept of a target."""
    row = tx.execute(
        f"SELECT {_SNAPSHOT} FROM snapshots WHERE target_id = ? ORDER BY at DESC, id DESC LIMIT 1", (target_id,)
    ).fetchone()
    return None if row is None else _snapshot(*row)


def of_target(tx: sqlite3.Connection, target_id: str, start: datetime, end: datetime) -> list[Snapshot]:
    """What a target showed between these instants, the one it showed at the first included."""
    rows = tx.execute(
        f"""SELECT {_SNAPSHOT} FROM snapshots WHERE target_id = ?1 AND at <= ?3 AND at >= coalesce(
                (SELECT MAX(at) FROM snapshots WHERE target_id = ?1 AND at <= ?2), ?2) ORDER BY at, id""",
        (target_id, to_ms(start), to_ms(end)),
    )
    return [_snapshot(*row) for row in rows]


def hashes(tx: sqlite3.Connection) -> list[str]:
    """The names of all bodies; those that build on none first."""
    return [name for (name,) in tx.execute("SELECT hash FROM bodies ORDER BY depth, hash")]


def bodiless(tx: sqlite3.Connection) -> list[tuple[str, datetime, str]]:
    """(target, when, hash) of snapshots whose body is not there, the first of each body."""
    rows = tx.execute(
        """SELECT target_id, min(at), body_hash FROM snapshots
           WHERE NOT EXISTS (SELECT 1 FROM bodies WHERE hash = body_hash) GROUP BY body_hash ORDER BY min(id)"""
    )
    return [(target, from_ms(at), name) for target, at, name in rows]


def load_body(tx: sqlite3.Connection, body_hash: str) -> bytes:
    """The bytes of that hash. KeyError when they are not kept (any more), Damaged when they are not what they were."""
    return _proven(_chain(tx, body_hash), body_hash)


def check_body(tx: sqlite3.Connection, body_hash: str) -> None:
    """Whether it is stored as it was written: KeyError and Damaged as for load_body, Damaged also when its row says anything else."""
    _proven(_chain(tx, body_hash), body_hash, exact=True)
    depth, below = tx.execute(
        "SELECT b.depth, coalesce(1 + a.depth, 0) FROM bodies b LEFT JOIN bodies a ON a.hash = b.base WHERE b.hash = ?",
        (body_hash,),
    ).fetchone()
    if depth != below:
        raise Damaged(f"the stored body {body_hash} is not {depth} deltas deep")


def _proven(chain: list[tuple[int, bytes]], body_hash: str, *, exact: bool = False) -> bytes:
    if not chain:
        raise KeyError(body_hash)
    try:
        body = _unpack(chain, exact=exact)
    except zstandard.ZstdError as error:
        raise Damaged(f"the stored body {body_hash} cannot be unpacked: {error}") from error
    if hashlib.sha256(body).hexdigest() != body_hash:
        raise Damaged(f"the stored body {body_hash} is not what it was")
    return body


def drop_unused(tx: sqlite3.Connection, hashes: list[str]) -> int:
    """Delete those bodies that no snapshot names and nothing builds on, and then what only they built on. How many."""
    gone, candidates = 0, list(hashes)
    while candidates:
        body_hash = candidates.pop()
        row = tx.execute(
            """DELETE FROM bodies WHERE hash = ?1
               AND NOT EXISTS (SELECT 1 FROM snapshots WHERE body_hash = ?1)
               AND NOT EXISTS (SELECT 1 FROM bodies AS above WHERE above.base = ?1)
               RETURNING base""",
            (body_hash,),
        ).fetchall()
        gone += len(row)
        candidates += [base for (base,) in row if base is not None]
    return gone


_SNAPSHOT = "at, url, status, headers, body_hash"


def _snapshot(at: int, url: str, status: int | None, headers: str, body_hash: str) -> Snapshot:
    return Snapshot(from_ms(at), url, status, headers, body_hash)


def _keep(tx: sqlite3.Connection, body: bytes, body_hash: str, base: str | None) -> None:
    if tx.execute("SELECT 1 FROM bodies WHERE hash = ?", (body_hash,)).fetchone() is not None:
        return
    below, before = _base(tx, base)
    depth, stored = 0, b""
    if before and below <= DEEPEST:
        stored = _delta(body, before)
        depth = below if len(stored) * WORTH_IT < len(body) else 0
    if depth == 0:
        stored = zstandard.ZstdCompressor(level=LEVEL).compress(body)
    tx.execute(
        "INSERT INTO bodies (hash, base, depth, size, stored) VALUES (?, ?, ?, ?, ?)",
        (body_hash, base if depth else None, depth, len(body), stored),
    )


def _base(tx: sqlite3.Connection, body_hash: str | None) -> tuple[int, bytes]:
    """How many bodies the one before is made of, and its bytes; (0, b"") when there is none to build on."""
    if body_hash is None:
        return 0, b""
    chain = _chain(tx, body_hash)
    try:
        return len(chain), _proven(chain, body_hash)
    except (KeyError, Damaged):
        return 0, b""  # the new one is stored whole; the damaged one is named when somebody asks for it


def _chain(tx: sqlite3.Connection, body_hash: str) -> list[tuple[int, bytes]]:
    """(size, stored) of a body and all it builds on, the whole one first; empty when it is not kept."""
    return tx.execute(
        """WITH RECURSIVE chain (hash, base, depth, size, stored) AS (
               SELECT hash, base, depth, size, stored FROM bodies WHERE hash = ?
               UNION ALL
               SELECT b.hash, b.base, b.depth, b.size, b.stored FROM bodies b JOIN chain c ON b.hash = c.base
           ) SELECT size, stored FROM chain ORDER BY depth""",
        (body_hash,),
    ).fetchall()


def _unpack(chain: list[tuple[int, bytes]], *, exact: bool) -> bytes:
    """The last of the chain; `exact`: nothing may stand behind it, and its size must be as its row says."""
    body = b""
    for n, (size, stored) in enumerate(chain, 1):
        strict = exact and n == len(chain)
        body = _decompressor(body).decompress(stored, max_output_size=max(1, size), allow_extra_data=not strict)
        if strict and len(body) != size:
            raise zstandard.ZstdError(f"{len(body)} bytes in place of {size}")
    return body


def _decompressor(base: bytes) -> zstandard.ZstdDecompressor:
    return zstandard.ZstdDecompressor() if not base else zstandard.ZstdDecompressor(dict_data=_dictionary(base))


def _delta(body: bytes, base: bytes) -> bytes:
    window = max(10, min(27, (len(body) + len(base)).bit_length()))  # the whole base stays in sight
    settings = zstandard.ZstdCompressionParameters.from_level(LEVEL, source_size=len(body), window_log=window)
    return zstandard.ZstdCompressor(dict_data=_dictionary(base), compression_params=settings).compress(body)


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _heads(headers: tuple[tuple[str, str], ...]) -> str:
    kept, room = [], MOST_HEADERS
    for name, value in headers:
        room -= len(name) + len(value)
        if room < 0:
            break
        kept.append((name, value))
    return canon.dumps(kept)
