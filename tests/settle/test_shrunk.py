"""Much leaves the list at once: it is done as written, and people, digest and log hear of it with numbers and names."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor.config.settings import Imported, RawTarget
from monitor.jobs import digest_of
from monitor.model import Text
from monitor.render import translate
from monitor.settle.intake import take_in
from monitor.settle.policy import policy_of
from monitor.settle.shrunk import left_lately, was_read
from tests.settle.desk import INVENTORY, Estate

HOUR = timedelta(hours=1)
STANDS = [("ours", "list", "open")]


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def reload(estate: Estate, *targets: RawTarget, **changes: object) -> list[dict[str, object]]:
    """Go on with these targets; what the log says of it."""
    update = {"targets": targets, **changes}
    estate.policy = policy_of(estate.policy.settings.model_copy(update=update))
    with capture_logs() as lines:
        await estate.do(partial(take_in, policy=estate.policy, now=estate.clock.now()))
    return [dict(line) for line in lines if line["event"] == "targets.left"]


async def watched(estate: Estate) -> int:
    sql = "SELECT COUNT(*) FROM targets WHERE removed_at IS NULL"
    return int(await estate.do(lambda tx: tx.execute(sql).fetchone()[0]))


async def test_an_empty_list_is_taken_and_said_aloud(estate: Estate) -> None:
    (line,) = await reload(estate)
    assert (line["log_level"], line["left"], line["of"]) == ("warning", len(INVENTORY), len(INVENTORY))
    assert line["first"] == ["名称 account-1", "名称 site-1", "名称 site-1/column-1", "名称 site-10", "名称 site-11"]
    assert await watched(estate) == 0
    assert await estate.incidents() == STANDS
    assert await estate.notices() == ["opened"]
    words = await estate.do(left_lately)
    assert isinstance(words, Text)
    assert translate(words, "zh-CN") == (
        "清单中少了13个监测对象（原有13个）：名称 account-1、名称 site-1、名称 site-1/column-1、名称 site-10、名称 site-11…"
    )


async def test_the_digest_has_a_line_of_it_until_it_was_read(estate: Estate) -> None:
    await reload(estate, *INVENTORY[:9])
    facts = await estate.do(partial(digest_of, now=estate.clock.now()))
    assert facts is not None
    (row,) = [one for one in facts["due"] if one["cause"] == "ours"]  # type: ignore[attr-defined]
    assert row["why"]["values"]["n"] == 4
    for hours in (10, 11):
        estate.clock.advance(hours * HOUR)
        await estate.do(partial(was_read, policy=estate.policy, now=estate.clock.now()))
        is_over = hours == 11
        assert await estate.incidents() == ([("ours", "list", "recovered")] if is_over else STANDS)
    assert await estate.do(left_lately) is None
    assert await estate.do(partial(digest_of, now=estate.clock.now())) is None


async def test_put_back_it_is_over(estate: Estate) -> None:
    await reload(estate, *INVENTORY[:5])
    assert await reload(estate, *INVENTORY[:6]) == []
    assert await estate.incidents() == STANDS  # one came back, seven are missing still
    assert await reload(estate, *INVENTORY) == []
    assert await estate.incidents() == [("ours", "list", "recovered")]
    assert await watched(estate) == len(INVENTORY)


async def test_the_next_start_tells_nothing_again(estate: Estate) -> None:
    await reload(estate, *INVENTORY[:5])
    assert await reload(estate, *INVENTORY[:5]) == []
    assert await estate.notices() == ["opened"]


@pytest.mark.parametrize("left", [1, 2])
async def test_a_few_are_told_by_their_own(estate: Estate, left: int) -> None:
    assert await reload(estate, *INVENTORY[: len(INVENTORY) - left]) == []
    assert await estate.incidents() == []


async def test_a_tenth_and_no_more_is_everyday(estate: Estate) -> None:
    more = [replace(INVENTORY[3], id=f"s{n}", url=f"http://x{n}.example/") for n in range(27)]
    many = [*INVENTORY, *more]
    await reload(estate, *many)
    assert await reload(estate, *many[:36]) == []
    assert await estate.incidents() == []
    assert len(await reload(estate, *many[:32])) == 1
    assert await estate.incidents() == STANDS


async def test_who_applied_an_import_was_asked(estate: Estate) -> None:
    told = Imported(Path("imported.csv"), by="张三", at="2026-11-20T10:00:00+08:00", sources=("new.csv",))
    assert await reload(estate, *INVENTORY[:5], imported=told) == []
    assert await estate.incidents() == []
