"""A store in which the whole estate is known: the rows of the one model site, copied under every other site's name.

To read 265,000 pages for the first time takes an hour of one core or more, which the cold start measures as far as it gets. What
goes on afterwards is measured on this: targets, runs, readings, hashes, items, links and carriers as the daemon itself wrote them
for the model, with the ids, addresses, turns and hashes that are each site's own. Left out are bodies and snapshots.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path

from xxhash import xxh3_128_hexdigest

from monitor.clock import to_ms
from monitor.plan.due import first_turn, number_of
from monitor.read.normal import normal_hash
from monitor.store.database import Database
from monitor.store.listed import COLUMNS as LISTED, told
from monitor.store.seen import link_id
from tests.bench.scale import bodies
from tests.bench.scale.estate import NEIGHBOURS, OWN_LINKS, Estate, address_of, token, validates

COPIED = ("targets", "runs", "items", "availability", "standings")
Row = dict[str, object]
Table = list[Row]


@dataclass(frozen=True, slots=True)
class Model:
    """The model site: its rows as JSON by table, what each page carries as (page id, which neighbour, which link, text, tag)."""

    tables: str
    carriers: tuple[tuple[str, int, int, str, str], ...]


def prepare(first: Path, store: Path, estate: Estate, now: datetime, progress: Callable[[int], None]) -> None:
    """Make `store` out of the store of the first site. `progress` hears how many sites are done."""
    asyncio.run(_make(store))
    with sqlite3.connect(first) as source:
        source.row_factory = sqlite3.Row
        model = _model(source, estate)
        meta = [tuple(row) for row in source.execute("SELECT key, value FROM meta")]
        rules = [tuple(row) for row in source.execute("SELECT key, version, text, first_loaded_at FROM rules")]
    source.close()
    target = sqlite3.connect(store, isolation_level=None)
    try:
        _fill(target, model, estate, now, progress)
        target.execute("BEGIN")
        target.executemany("INSERT INTO meta VALUES (?, ?)", meta)
        target.executemany("INSERT INTO rules VALUES (?, ?, ?, ?)", rules)
        target.execute("COMMIT")
        target.execute("PRAGMA journal_mode = WAL")
    finally:
        target.close()


def wind(store: Path, now: datetime) -> int:
    """As if it had been watched until now: turns that passed while the store was made are those of the next period."""
    at = to_ms(now)
    connection = sqlite3.connect(store)
    try:
        with connection:
            return connection.execute(
                """UPDATE targets SET next_due_at = next_due_at + ((?1 - next_due_at) / period + 1) * period,
                       sample_due_at = next_due_at + ((?1 - next_due_at) / period + 1) * period,
                       last_visit_at = next_due_at + ((?1 - next_due_at) / period) * period
                   WHERE next_due_at <= ?1 AND removed_at IS NULL""",
                (at,),
            ).rowcount
    finally:
        connection.close()


async def _make(store: Path) -> None:
    database = Database(store)
    await database.open()
    await database.close()


def _model(source: sqlite3.Connection, estate: Estate) -> Model:
    places = {
        link_id(estate.url(other, f"/a/{number}.html")): (step, number)
        for step, other in enumerate((0, *estate.neighbours(0)))
        for number in range(OWN_LINKS)
    }
    own = {name for name, (step, _) in places.items() if step == 0}
    tables: dict[str, Table] = {}
    for table in COPIED:
        key = "id" if table == "targets" else "target_id"
        rows = [dict(row) for row in source.execute(f"SELECT * FROM {table}")]
        tables[table] = [row for row in rows if row[key] in own or str(row[key]).startswith(token(0))]
    carried = source.execute("SELECT page_id, link_id, text, tag FROM carriers WHERE gone_at IS NULL").fetchall()
    carriers = tuple((page, *places[link], text, tag) for page, link, text, tag in carried)
    return Model(json.dumps(tables, ensure_ascii=False), carriers)


def _fill(
    target: sqlite3.Connection, model: Model, estate: Estate, now: datetime, progress: Callable[[int], None]
) -> None:
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2097152"):
        target.execute(f"PRAGMA {pragma}").fetchone()
    indexes = target.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    for name, _ in indexes:
        target.execute(f"DROP INDEX {name}")
    target.execute("BEGIN")
    for site in range(estate.sites):
        _copy(target, model, estate, site, now)
        if site % 100 == 99:
            progress(site + 1)
    target.execute("COMMIT")
    for _, sql in indexes:
        target.execute(sql)
    progress(estate.sites)


def _copy(target: sqlite3.Connection, model: Model, estate: Estate, site: int, now: datetime) -> None:
    """One site: pages the model has and this one has not are left out."""
    tables: dict[str, Table] = json.loads(
        model.tables.replace(token(0), token(site)).replace(f'"{address_of(0)}"', f'"{address_of(site)}"')
    )
    own = f"{token(site)}/"
    pages = {token(site)}
    pages |= {f"{own}c{number:02}" for number in estate.columns_of(site)}
    pages |= {f"{own}m{number:02}" for number in estate.accounts_of(site)}
    renamed = {str(row["id"]): link_id(str(row["url"])) for row in tables["targets"] if row["kind"] == "link"}
    kept = {name: name for name in pages} | renamed
    turns: dict[str, int] = {}
    home = bodies.home(estate, site, 0)
    for row in tables["targets"]:
        name = row["id"] = kept.get(str(row["id"]), "")
        if name:
            turns[name] = _in_turn(row, now)
        if not validates(site):
            row["etag"] = None
        if name == token(site):
            row["body_hash"], row["normal_hash"] = xxh3_128_hexdigest(home), normal_hash(home)
        if name in pages:
            row["told"] = told(tuple(row[column] for column in LISTED))
    for row in (row for table in COPIED[1:] for row in tables[table]):
        row["target_id"] = kept.get(str(row["target_id"]), "")
    for row in (row for row in tables["runs"] if row["target_id"]):
        _at(row, turns[str(row["target_id"])])
    for table in COPIED:
        key = "id" if table == "targets" else "target_id"
        _insert(target, table, [row for row in tables[table] if row[key]], without="id" if table == "runs" else "")
    target.executemany(
        "INSERT INTO carriers (page_id, link_id, text, tag, first_seen_at) VALUES (?, ?, ?, ?, ?)",
        sorted(_carriers(model, estate, site, pages, to_ms(now))),
    )


def _in_turn(row: Row, now: datetime) -> int:
    """Due at its own place of the grid, looked at one period before; returns that look, in ms."""
    period = int(str(row["period"]))
    due = first_turn(number_of(str(row["id"])), period, to_ms(now))
    row["sample_due_at"] = row["next_due_at"] = due
    row["last_visit_at"] = row["last_look_at"] = due - period
    row["added_at"] = row["first_look_at"] = due - 10 * period
    return due - period


def _at(run: Row, last: int) -> None:
    began = last - 9 * 300_000
    run["last_at"], run["first_at"], run["streak_since"] = last, began, began
    run["cause_since"] = None if run["cause_since"] is None else began


def _insert(target: sqlite3.Connection, table: str, rows: Sequence[Row], without: str) -> None:
    if not rows:
        return
    names = [name for name in rows[0] if name != without]
    places = ", ".join("?" * len(names))
    target.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", map(itemgetter(*names), rows))


def _carriers(
    model: Model, estate: Estate, site: int, pages: set[str], at: int
) -> Iterator[tuple[str, str, str, str, int]]:
    hosts = (site, *estate.neighbours(site))
    ids = [[link_id(estate.url(each, f"/a/{n}.html")) for n in range(OWN_LINKS)] for each in hosts]
    assert len(hosts) == NEIGHBOURS + 1
    for page, step, number, text, tag in model.carriers:
        name = page.replace(token(0), token(site))
        if name in pages:
            yield name, ids[step][number], text, tag, at


def instant(seconds: float) -> datetime:
    """Seconds since 1970 as we reckon with."""
    return datetime.fromtimestamp(seconds, UTC)
