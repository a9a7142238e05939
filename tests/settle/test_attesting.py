"""Seen by hand: what may be attested, what is written down, and the three things kept apart about a target."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.cli import filed_shown
from monitor.clock import from_ms
from monitor.config.declaring import Paper, Unfit
from monitor.consequences import told
from monitor.declare import attested, refused
from monitor.model import Attestation, Measure, Reach, ok, say
from monitor.settle.attesting import Sighting, attest
from monitor.settle.filing import Done
from monitor.store import attesting, events
from tests.clock import START
from tests.settle.desk import ACCOUNT, COLUMN, SITE, Estate, opens, walled

DAY = timedelta(days=1)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    yield estate
    await estate.close()


async def saw(estate: Estate, target: str = COLUMN, newest: str = "2026-11-19", by: str = "张三", **other: Any) -> Done:
    told = Sighting(target=target, newest=newest, by=by, **other)
    return await estate.do(lambda tx: attest(tx, estate.policy, told, estate.clock.now()))


async def test_it_is_written_down_with_who_until_when_and_the_hash_of_what_was_seen(estate: Estate) -> None:
    done = await saw(estate, days=3, note="人工打开", screenshot=Paper("p.png", 9, "c" * 64))
    (line,) = await estate.do(lambda tx: attesting.of_target(tx, COLUMN))
    assert (line.id, line.screenshot, line.note) == (done.number, "c" * 64, "人工打开")
    assert (line.told.newest, line.told.by, line.told.until - line.told.at) == (date(2026, 11, 19), "张三", 3 * DAY)
    assert await estate.do(lambda tx: attesting.held(tx, COLUMN)) == line.told
    (logged,) = await estate.do(lambda tx: [one for one in events.newest(tx, 9) if one.what == "target.attested"])
    assert (logged.who, logged.body["target"], logged.body["screenshot"]) == ("张三", COLUMN, "c" * 64)


async def test_proof_look_and_blindness_are_kept_apart(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens("2026-11-18"))
    seen = START
    await estate.pass_time(DAY)
    await estate.look(COLUMN, Reach.CHALLENGED, walled())
    blind = estate.clock.now()
    known = await estate.do(lambda tx: attesting.known_of(tx, COLUMN))
    assert (known.looked_at, known.blind_since, known.blind_reason) == (seen, blind, "challenged")
    assert (known.newest, known.newest_from) == (date(2026, 11, 18), "page")
    assert known.shown == attesting.Shown(date(2026, 11, 18), "", "", seen), "no item is kept of it: what the look said"
    await saw(estate)
    known = await estate.do(lambda tx: attesting.known_of(tx, COLUMN))
    assert (known.newest, known.newest_from) == (date(2026, 11, 19), "attestation")
    assert (known.looked_at, known.blind_since) == (seen, blind), "a person saw it; no look of ours did"
    await estate.do(
        lambda tx: tx.execute(
            "INSERT INTO posts (target_id, id, day, source, told_at) VALUES (?, '1', '2026-11-20', 'import', 0)",
            (ACCOUNT,),
        )
    )
    known = await estate.do(lambda tx: attesting.known_of(tx, ACCOUNT))
    assert (known.newest, known.newest_from) == (date(2026, 11, 20), "register")


async def test_a_day_that_no_list_prints_is_told_as_ours(estate: Estate) -> None:
    words = say("the list prints no dates; something new in it was first seen on {day}", day="2026-11-19")
    found = ok("column_fresh", words, Measure("newest", "2026-11-19", "date"), date_from="first_seen")
    await estate.look(COLUMN, Reach.OPEN, (*opens(), found._replace(reason="first_seen")))
    known = await estate.do(lambda tx: attesting.known_of(tx, COLUMN))
    assert known.shown == attesting.Shown(date(2026, 11, 19), "", "", START, dated=False)
    whys = await estate.do(
        lambda tx: tx.execute("SELECT why FROM standings WHERE target_id = ? AND value = 'met'", (COLUMN,)).fetchall()
    )
    assert not [why for (why,) in whys if "newest item of" in why]
    answer = await estate.do(lambda tx: attested(tx, estate.clock.now(), {"target": COLUMN}))
    shown = "\n".join(filed_shown.attested(COLUMN, answer, "", "zh-CN"))
    assert "列表未标日期；2026年11月19日首次见到新条目" in shown
    assert "（列表未标日期，为首次见到新条目的日期）" in shown


async def test_what_is_older_than_what_was_read_there_needs_a_word_why(estate: Estate) -> None:
    await estate.look(COLUMN, Reach.OPEN, opens("2026-11-18"))
    with pytest.raises(Unfit) as refused:
        await saw(estate, newest="2026-11-10")
    (one,) = refused.value.problems
    assert (one.place, str(one.words)) == (
        "newest",
        "something of 2026-11-18 is on record, learned on 2026-11-20 09:00",
    )
    assert await estate.do(lambda tx: attesting.of_target(tx, COLUMN)) == []
    await saw(estate, newest="2026-11-18")
    await saw(estate, newest="2026-11-10", note="11月18日的内容已撤下")
    assert len(await estate.do(lambda tx: attesting.of_target(tx, COLUMN))) == 2


async def test_what_is_older_than_what_was_attested_needs_a_word_why(estate: Estate) -> None:
    await saw(estate, newest="2026-11-19", by="李四")
    with pytest.raises(Unfit) as refused:
        await saw(estate, newest="2026-11-10", days=1)
    (one,) = refused.value.problems
    assert (one.place, one.conflict) == ("newest", True)
    assert str(one.words) == "李四 attested something of 2026-11-19 on 2026-11-20 09:00"
    await saw(estate, newest="2026-11-19", days=1)
    await saw(estate, newest="2026-11-20")
    assert len(await estate.do(lambda tx: attesting.of_target(tx, COLUMN))) == 3


async def test_with_a_note_the_later_one_holds(estate: Estate) -> None:
    await saw(estate, newest="2026-11-19")
    await saw(estate, newest="2026-11-10", days=1, note="11月19日的内容已撤下")
    held = await estate.do(lambda tx: attesting.held(tx, COLUMN))
    assert held is not None
    assert (held.newest, held.until) == (date(2026, 11, 10), estate.clock.now() + DAY)
    known = await estate.do(lambda tx: attesting.known_of(tx, COLUMN))
    assert (known.newest, known.newest_from) == (date(2026, 11, 10), "attestation")
    await saw(estate, newest="2026-11-12")  # newer than what still holds


async def test_a_shorter_attestation_takes_no_longer_one_back(estate: Estate) -> None:
    await saw(estate, newest="2026-11-18", by="王五")
    until = estate.clock.now() + 7 * DAY
    await estate.pass_time(DAY)
    await saw(estate, newest="2026-11-19", days=1)
    held = await estate.do(lambda tx: attesting.held(tx, COLUMN))
    assert held is not None
    assert (held.newest, held.by, held.until) == (date(2026, 11, 19), "张三", until)


async def test_what_was_taken_back_holds_no_more_and_says_by_which(estate: Estate) -> None:
    await saw(estate, newest="2026-11-19", by="甲")
    await saw(estate, newest="2026-11-18", days=1, note="乙看过", by="乙")
    await saw(estate, newest="2026-11-17", days=2, note="又撤", by="丙")
    now = estate.clock.now() + DAY
    lines = await estate.do(lambda tx: attesting.of_target(tx, COLUMN))
    assert [(one.id, one.taken_back_by, one.holds(now)) for one in lines] == [
        (3, None, True),
        (2, 3, False),
        (1, 2, False),
    ]
    assert lines[0].holds(now + 2 * DAY) is False


async def test_a_breach_that_began_earlier_by_it_is_told(estate: Estate) -> None:
    await saw(estate, newest="2026-11-01")
    done = await saw(estate, newest="2026-10-20", note="11月1日的已撤下")
    dates = [one for one in done.changed if one.what == "standing_dates"]
    assert dates
    assert not [one for one in done.changed if one.what == "standing"], "it was broken before"
    for one in dates:
        assert one.body["since"] == ["2026-11-16T00:00:00+08:00", "2026-11-04T00:00:00+08:00"]
    words = [told(one, estate.policy.rules, "zh-CN", estate.clock.now())["words"] for one in dates]
    assert all("仍为不符合，起始时间由11月16日 00:00变为11月4日 00:00：" in str(one) for one in words), words
    logged = await estate.do(lambda tx: [one for one in events.newest(tx, 9) if one.what == "target.judged_again"])
    assert "standing_dates" in str(logged[0].body["changed"])


async def test_a_limit_that_comes_sooner_by_it_is_told(estate: Estate) -> None:
    await saw(estate, newest="2026-11-10")
    done = await saw(estate, newest="2026-11-09", note="11月10日的已撤下")
    (one,) = [one for one in done.changed if one.what == "standing_dates"]
    assert (one.body["standing"], one.body["until"]) == (
        "due",
        ["2026-11-25T00:00:00+08:00", "2026-11-24T00:00:00+08:00"],
    )


TOLD = st.lists(
    st.builds(
        lambda day, at, days, noted: Attestation(
            date(2026, 11, day), START + at * DAY, START + (at + days) * DAY, "张三", noted=noted
        ),
        st.integers(1, 20),
        st.integers(0, 20),
        st.integers(1, 7),
        st.booleans(),
    ),
    max_size=6,
).map(lambda told: sorted(told, key=lambda one: one.at))


@given(TOLD)
def test_what_holds_is_the_newest_that_nobody_took_back(told: list[Attestation]) -> None:
    """By counting: an attestation is taken back by each later one of an older day that has a note."""
    holding = [
        one
        for place, one in enumerate(told)
        if not any(later.noted and later.newest < one.newest for later in told[place + 1 :])
    ]
    held = attesting.as_one(told)
    assert (held is None) is (not told)
    if held is not None:
        assert held.newest == max(one.newest for one in holding)
        assert held.until == max(one.until for one in holding)
        assert (held.at, held.newest) in {(one.at, one.newest) for one in holding}


async def test_what_the_page_itself_showed_stands_apart_from_what_was_attested_and_imported(estate: Estate) -> None:
    def fill(tx: sqlite3.Connection) -> None:
        tx.executemany(
            "INSERT INTO items (target_id, url, title, date, first_seen_at) VALUES (?, ?, ?, ?, ?)",
            [
                (COLUMN, "http://a.cn/1", "一", "2026-11-10", 1000),
                (COLUMN, "http://a.cn/2", "二", "2026-11-12T09:00", 2000),
                (COLUMN, "http://a.cn/3", "三", "2026-11", 3000),
                (COLUMN, "http://a.cn/4", "四", None, 4000),
            ],
        )
        tx.executemany(
            "INSERT INTO posts (target_id, id, day, title, source, told_at) VALUES (?, ?, ?, ?, '发布.xlsx', ?)",
            [(COLUMN, "http://a.cn/7", "2026-11-15", "七", 5000), (COLUMN, "2026-11-14/x", "2026-11-14", "六", 6000)],
        )

    await estate.do(fill)
    await saw(estate)
    known = await estate.do(lambda tx: attesting.known_of(tx, COLUMN))
    assert (known.newest, known.newest_from) == (date(2026, 11, 19), "attestation")
    assert known.shown == attesting.Shown(date(2026, 11, 12), "二", "http://a.cn/2", from_ms(2000))
    assert known.registered == attesting.Shown(date(2026, 11, 15), "七", "http://a.cn/7", from_ms(5000), "发布.xlsx")
    nothing = await estate.do(lambda tx: attesting.known_of(tx, ACCOUNT))
    assert (nothing.shown, nothing.registered) == (None, None)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"target": SITE}, "target: nothing is attested of websites (attest a column, an account or a page; whether a website opens is looked at)"),
        ({"target": "*"}, "target: nothing is attested of the duty desk (what the desk does is filed as a declaration of the kind activity)"),
        ({"target": "account-9"}, 'target: there is no target account-9 (did you mean "account-1"?)'),
        ({"newest": "2026-11-21"}, "newest: 2026-11-21 lies in the future (tell the day of the newest thing you saw)"),
        ({"newest": "11-21"}, "newest: “11-21” is no day (write it as 2026-12-01)"),
        ({"newest": "1998-01-01"}, "newest: “1998-01-01” does not lie between 2000 and 2100 (check the year)"),
        ({"days": 8}, "for: an attestation is good for 1 to 7 days, not 8 (look again after that)"),
        ({"days": 0}, "for: an attestation is good for 1 to 7 days, not 0 (look again after that)"),
        ({"by": " "}, "by: who? every change names a person (tell the name)"),
        ({"note": "x" * 501}, "note: is longer than 500 characters or has a control character in it (shorten it)"),
        ({"screenshot": Paper("p.png", trouble="no such file")}, "screenshot: cannot be read (no such file) (check name and permissions)"),
    ],
)  # fmt: skip
async def test_what_cannot_be_attested_says_why(estate: Estate, told: dict[str, Any], words: str) -> None:
    with pytest.raises(Unfit) as caught:
        await saw(estate, **told)
    assert refused(caught.value.problems, "en") == [words]
    assert await estate.do(lambda tx: tx.execute("SELECT COUNT(*) FROM attestations").fetchone()) == (0,)
