"""The registers over the real socket: whole imports of many rows, and whatever is not a row refused in plain words."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.clock import SHANGHAI
from monitor.control import Control, Refusal, ask
from monitor.desk import handlers
from monitor.model import TargetKind
from monitor.registerrows import TOLD
from monitor.registers import MOST, import_messages, import_posts
from monitor.store import commands, events
from monitor.store.database import Database
from tests.clock import FakeClock
from tests.web.filled import target, watch

NOW = datetime(2026, 11, 20, 9, tzinfo=SHANGHAI)
Say = Callable[..., Any]
GIVEN = {"by": "张三", "file": "留言.csv", "sha256": "ab"}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(tmp_path / "zhishou.db")
    await opened.open()
    watched = target("city", name="某市人民政府"), target("town", name="某镇"), target("wx", TargetKind.ACCOUNT)
    await opened.write(lambda tx: watch(tx, *watched))
    yield opened
    await opened.close()


@pytest.fixture
async def command(database: Database, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Say]:
    control = Control(tmp_path / "control.sock", handlers(database, clock, "en"))
    await control.start()

    async def give(name: str, **args: object) -> Any:
        return await ask(control.path, name, args)

    yield give
    await control.close()


def day(clock: FakeClock) -> str:
    return f"{clock.now():%Y-%m-%d}"


async def test_a_register_of_the_largest_size_goes_over_the_socket(
    command: Say, clock: FakeClock, database: Database
) -> None:
    rows = [["city", f"2026-{n:06}", "jiucuo", day(clock), None, None] for n in range(MOST)]
    done = await command("messages-import", rows=rows, **GIVEN)
    assert (done["new"], done["written"]) == (MOST, True)
    with pytest.raises(Refusal, match="an import has between 1 and 100,000 rows"):
        await command("messages-import", rows=[*rows, rows[0]], **GIVEN)
    (event,) = await database.read(lambda tx: events.newest(tx, 1))
    assert (event.what, event.body["new"]) == ("messages.imported", MOST)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["city", "1", "jiucuo", "2026-01-01", None], "not a message"),
        (["city", "1", "praise", "2026-01-01", None, None], '"praise" is no class of message'),
        (["city", "1", "jiucuo", "yesterday", None, None], "not a time: yesterday"),
        (["city", "1", "jiucuo", "2999-01-01", None, None], "2999-01-01 lies in the future"),
        (["city", "", "jiucuo", "2026-01-01", None, None], "not an id"),
        (["city", "1", "jiucuo", "2026-01-01", None, "perhaps"], "neither true nor false"),
        (["nowhere", "1", "jiucuo", "2026-01-01", None, None], "there is no target nowhere"),
        ("city", "the command needs rows, as a list of lists"),
    ],
)
async def test_a_row_that_is_none_stops_the_whole_import(
    command: Say, database: Database, row: object, said: str
) -> None:
    good = ["city", "good", "jiucuo", "2026-01-01", None, None]
    with pytest.raises(Refusal) as refused:
        await command("messages-import", rows=[good, row], **GIVEN)
    assert said in str(refused.value)
    assert await command("messages") == []
    assert await database.read(lambda tx: events.newest(tx, 5)) == []


async def test_every_cell_that_is_wrong_is_told_at_once_with_its_place(command: Say, database: Database) -> None:
    rows = [
        ["city", "1", "jiucuo", "2026-01-01", None, None],
        ["nowhere", "", "praise", "soon", "later", "perhaps"],
        ["elsewhere", "2", "jiucuo", "2026-01-05", "2026-01-04", None],
        [],
        ["nobody", "3", "jiucuo", "2026-01-05", "2026-01-05", None],
        ["city", "1", "jiucuo", "2026-01-02", None, None],
    ]
    before = await database.read(lambda tx: list(tx.iterdump()))
    with pytest.raises(commands.Refused) as caught:
        await database.write(lambda tx: import_messages(tx, NOW, {"rows": rows, **GIVEN}))
    assert [where for where, _, _ in caught.value.troubles] == [
        *(f"body.rows[1][{cell}]" for cell in (1, 2, 3, 4, 5)),
        *("body.rows[2][4]", "body.rows[3]", "body.rows", "body.rows[4][0]"),
    ]
    assert all(wanted is not None for where, _, wanted in caught.value.troubles if where != "body.rows")
    assert not caught.value.missing
    assert await database.read(lambda tx: list(tx.iterdump())) == before
    with pytest.raises(Refusal, match=r"^at: not a time: soon"):
        await command("messages-answer", id="8", at="soon", site="city", by="李四")
    with pytest.raises(Refusal) as refused:
        await command("messages-add", site="city", id="", **{"class": "x"}, received="y", by="李四")
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == [
        *("id", "class", "received"),
    ]


async def test_so_many_problems_that_nobody_reads_them_are_counted(database: Database) -> None:
    with pytest.raises(commands.Refused) as caught:
        await database.write(lambda tx: import_posts(tx, NOW, {"rows": [[]] * 1000, **GIVEN}))
    assert len(caught.value.troubles) == TOLD + 1
    assert str(caught.value.troubles[-1][1]) == "and 900 more problems"


async def test_a_message_by_hand_by_the_name_of_its_site(command: Say) -> None:
    given = {"class": "handling", "received": "2026-01-05T09:30:00+08:00", "by": "李四"}
    assert await command("messages-add", site="某镇", id="7", **given) == {"target": "town"}
    assert await command("messages-add", site="city", id="7", **given) == {"target": "city"}
    with pytest.raises(Refusal, match='there is no site "某县"'):
        await command("messages-add", site="某县", id="7", **given)
    with pytest.raises(Refusal, match="2 sites have a message 7: say of which site"):
        await command("messages-answer", id="7", at="2026-01-06", by="李四")
    with pytest.raises(Refusal, match="there is no message 8"):
        await command("messages-answer", id="8", at="2026-01-06", by="李四")
    assert await command("messages-answer", id="7", site="某镇", at="2026-01-06", by="李四") == {"target": "town"}
    (waiting,) = await command("messages", waiting=True)
    assert (waiting["target"], waiting["name"], waiting["received"]) == ("city", "某市人民政府", given["received"])
    assert [one["answered"] for one in await command("messages")] == [None, "2026-01-06T00:00:00+08:00"]


async def test_posts_of_an_account(command: Say, database: Database) -> None:
    rows = [["wx", "u1", "2026-01-05", "一", True], ["wx", "u2", "2026-01-06", "二", None]]
    done = await command("posts-import", rows=rows, **GIVEN)
    assert (done["new"], done["targets"]) == (2, 1)
    kept = await database.read(lambda tx: tx.execute("SELECT day, original, source FROM posts ORDER BY id").fetchall())
    assert kept == [("2026-01-05", 1, "留言.csv"), ("2026-01-06", None, "留言.csv")]
    moved = await command("posts-import", rows=[["wx", "u1", "2026-01-04", "一", True]], **GIVEN)
    assert (moved["written"], moved["contradicting"]) == (False, 1)
    assert (await command("posts-import", rows=[["wx", "u1", "2026-01-04", "", None]], replace=True, **GIVEN))[
        "written"
    ]
    with pytest.raises(Refusal, match="not a day: soon"):
        await command("posts-import", rows=[["wx", "u1", "soon", "", None]], **GIVEN)
