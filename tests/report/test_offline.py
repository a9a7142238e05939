"""Outages and closings out of a real store: what is filed, lacks and has to stay is what judging says, by the packs of each target."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.config.load import load
from monitor.ledgers import LEDGERS, Asked, Row
from monitor.model import (
    Cause,
    Declaration,
    DeclarationKind,
    Measure,
    Outage,
    Run,
    TargetKind,
    fail,
    ok,
    say,
    unknown,
)
from monitor.store import declarations, findings
from monitor.store.database import Database
from tests.judge.made import DAY, HOUR, at
from tests.web.filled import Tx, target, watch

NATIONAL, CITY, FOSHAN = (
    ("national-2019", "house"),
    ("national-2019", "zhongshan-2020"),
    ("national-2019", "house", "foshan-2015"),
)
SITES = (
    target("b", packs=CITY),
    target("c", packs=CITY),
    target("d", packs=FOSHAN),
    target("wb", TargetKind.ACCOUNT, packs=(*NATIONAL, "zhongshan-2020")),
)
BEGAN, NOW = at("2026-09-01", "10:00:00"), at("2026-12-28", "09:00:00")
KINDS = DeclarationKind
Ledger = Callable[..., Any]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "zhishou.db")
    await database.open()
    await database.write(lambda tx: watch(tx, *SITES, at=at("2026-08-01")))
    yield database
    await database.close()


async def rows(store: Database, kind: str = "outages", now: datetime = NOW, **more: Any) -> list[Row]:
    asked = Asked(load(None), more.pop("begin", at("2026-01-01")), now, now, "en", **more)
    return await store.read(lambda tx: list(LEDGERS[kind](tx, asked)))


def down(tx: Tx, site: str, began: datetime = BEGAN, ended: datetime | None = None) -> None:
    findings.save_outage(tx, site, Outage(began, up_since=ended, ended_at=ended))


def file(tx: Tx, site: str, kind: DeclarationKind, start: datetime, end: datetime | None = None, **more: Any) -> int:
    corrects, told = more.pop("corrects", None), more.pop("filed_at", start)
    one = Declaration(
        id=0,
        kind=kind,
        target=site,
        start=start,
        end=end,
        number=more.pop("number", ""),
        by="张三",
        filed_at=told,
        fields=more,
    )
    return declarations.file(tx, one, told, corrects=corrects)


def subject(field: str, address: str) -> str:
    """Under which looks at that address are kept."""
    one = Declaration(id=0, kind=KINDS.PERMANENT_OFFLINE, target="", start=NOW, filed_at=NOW, fields={field: address})
    return one.notice(field)


def looked(tx: Tx, target_id: str, first: datetime, last: datetime, found: Any) -> None:
    before = findings.current_run(tx, target_id, found.check, found.subject)
    findings.save_run(tx, target_id, Run(found, first, last, 3, 3, first), before)


async def test_a_filing_of_four_days_does_not_file_125(store: Database) -> None:
    await store.write(lambda tx: down(tx, "b", ended=at("2027-01-04", "09:00:00")))
    await store.write(
        lambda tx: file(tx, "b", KINDS.TEMPORARY_OFFLINE, at("2026-09-09"), at("2026-09-13"), filed_at=at("2026-09-10"))
    )
    (row,) = await rows(store, now=at("2027-02-01"))
    assert (row["filed"], row["kind"], row["day"]) == (False, "temporary_offline", 125)
    assert [(one["start"][:16], one["end"][:16]) for one in row["unfiled"]] == [
        ("2026-09-01T10:00", "2026-09-09T00:00"),
        ("2026-09-13T00:00", "2027-01-04T09:00"),
    ]
    assert row["closures"][0]["is_late"], "told on 10 September of what began on the 9th"


async def test_two_closures_in_one_outage_are_two_of_the_year(store: Database) -> None:
    await store.write(lambda tx: down(tx, "b"))
    await store.write(lambda tx: file(tx, "b", KINDS.TEMPORARY_OFFLINE, at("2026-09-01"), at("2026-09-05")))
    await store.write(lambda tx: file(tx, "b", KINDS.TEMPORARY_OFFLINE, at("2026-09-20"), at("2026-09-22")))
    (row,) = await rows(store)
    assert (row["in_year"], [one["in_year"] for one in row["closures"]]) == (2, [1, 2])


async def test_force_majeure_that_ran_out_files_no_more(store: Database) -> None:
    await store.write(lambda tx: down(tx, "b"))
    ends = at("2026-09-09", "12:00:00")
    await store.write(lambda tx: file(tx, "b", KINDS.FORCE_MAJEURE, at("2026-09-01", "09:00:00"), ends, reason="停电"))
    (row,) = await rows(store)
    assert (row["filed"], row["unfiled"]) == (False, [{"start": "2026-09-09T12:00:00+08:00", "end": None}])
    assert "2026-10-01: day 30, the last one of 30 days; 2026-10-02 begins day 31" in row["days"]


async def test_a_closed_site_shows_what_its_return_will_take(store: Database) -> None:
    await store.write(lambda tx: down(tx, "c"))
    asked: dict[str, Any] = {"ordered_by": "网信办", "reason": "漏洞", "security": True}
    first = await store.write(lambda tx: file(tx, "c", KINDS.ORDERED_CLOSURE, BEGAN, **asked))
    assert (await rows(store))[0]["lacks"] == ["its own check, the check by the police and the consents"]
    done: dict[str, Any] = {**asked, "self_check": "2026-09-09", "police_check": "2026-09-09", "consents": ["市府办"]}
    await store.write(lambda tx: file(tx, "c", KINDS.ORDERED_CLOSURE, BEGAN, corrects=first, filed_at=NOW, **done))
    (row,) = await rows(store)
    assert (row["lacks"], row["filed"]) == (["the consents"], True), "two have to agree in 中山"
    (told,) = row["closures"]
    assert (told["self_check"], told["police_check"], told["consents"]) == ("2026-09-09", "2026-09-09", ["市府办"])
    assert not told["is_late"], "it was told in time, and corrected since"
    assert [one for one in row["days"] if "2026-10-01" in one] == [
        "2026-10-01: day 30; as it is filed its days are shown, and no limit of days counts"
    ]


async def test_a_return_that_was_declared_lacks_nothing_and_is_told(store: Database) -> None:
    back = at("2026-09-10", "09:00:00")
    await store.write(lambda tx: down(tx, "b", at("2026-09-02", "08:00:00"), back))
    await store.write(
        lambda tx: file(tx, "b", KINDS.TEMPORARY_OFFLINE, at("2026-09-02"), at("2026-10-03"), application="GD1")
    )
    assert (await rows(store))[0]["lacks"] == ["the filing of its return"]
    await store.write(lambda tx: file(tx, "b", KINDS.RETURN, back, number="恢复1", filed_on="2026-09-10"))
    (row,) = await rows(store)
    assert row["lacks"] == []
    assert (row["returned"]["number"], row["returned"]["filed_on"]) == ("恢复1", "2026-09-10")
    assert row["closures"][0]["application"] == "GD1"
    assert (row["planned_end"][:10], row["closures"][0]["end"][:10]) == ("2026-10-03", "2026-09-10"), (
        "declared, and as it came"
    )


async def test_a_return_belongs_to_the_outage_before_it_alone(store: Database) -> None:
    def fill(tx: Tx) -> None:
        for number, began in (("恢复1", at("2026-09-02")), ("恢复2", at("2026-11-02"))):
            down(tx, "b", began, began + 3 * DAY)
            file(tx, "b", KINDS.RETURN, began + 3 * DAY, number=number)

    await store.write(fill)
    assert [row["returned"]["number"] for row in await rows(store)] == ["恢复2", "恢复1"]


async def test_a_site_whose_packs_ask_for_no_papers_lacks_none(store: Database) -> None:
    await store.write(lambda tx: down(tx, "d", ended=at("2026-09-05")))
    await store.write(lambda tx: file(tx, "d", KINDS.TEMPORARY_OFFLINE, at("2026-09-01"), at("2026-09-11")))
    (row,) = await rows(store)
    assert (row["asks_return"], row["lacks"], row["filed"]) == (False, [], True)


async def test_days_on_which_nobody_looked_are_told(store: Database) -> None:
    def fill(tx: Tx) -> None:
        down(tx, "b")
        for day in ("2026-09-01", "2026-09-02", "2026-09-10", "2026-12-28"):
            findings.count_sample(tx, "b", at(day, "10:00:00"), "failed")

    await store.write(fill)
    (row,) = await rows(store)
    assert [one for one in row["days"] if "nobody looked" in one] == [
        "2026-09-03 to 2026-09-09: nobody looked on these 7 days, they count all the same",
        "2026-09-11 to 2026-12-27: nobody looked on these 108 days, they count all the same",
    ]
    dates = [one[:10] for one in row["days"]]
    assert dates == sorted(dates)


async def test_an_own_notice_that_was_read_before_says_so(store: Database) -> None:
    says = say("the site is off as was filed: its own notice was read on {day}", day="2026-09-01")
    off = unknown("notice_kept", "closed", says, Measure("read", "2026-09-01", "date"))._replace(
        subject=subject("own_notice", "http://b.example/n")
    )
    await store.write(lambda tx: down(tx, "b"))
    await store.write(
        lambda tx: file(tx, "b", KINDS.TEMPORARY_OFFLINE, BEGAN - HOUR, NOW + DAY, own_notice="http://b.example/n")
    )
    await store.write(lambda tx: looked(tx, "b", BEGAN, NOW, off))
    own, portal = (await rows(store))[0]["notices"]
    assert (own["outcome"], own["read_on"], own["says"]) == (
        "unknown",
        "2026-09-01",
        "the site is off as was filed: its own notice was read on 2026-09-01",
    )
    assert (portal["address"], portal["reason"]) == ("", "untold")


GOOD = ok("notice_kept", say("the public notice is shown, and names the account"))


async def test_a_closing_tells_how_long_its_notice_stays_and_from_when_it_may_go(store: Database) -> None:
    def fill(tx: Tx) -> None:
        first = file(tx, "wb", KINDS.ACCOUNT_CLOSING, at("2026-09-01"), decided="局务会", notice="http://p/2")
        looked(
            tx,
            "wb",
            at("2026-09-01", "11:00:00"),
            at("2026-09-08", "11:00:00"),
            GOOD._replace(subject=subject("notice", "http://p/2")),
        )
        more: dict[str, Any] = {"decided": "局务会", "notice": "http://p/2", "handed_in": "2026-09-08"}
        file(tx, "wb", KINDS.ACCOUNT_CLOSING, at("2026-09-01"), corrects=first, filed_at=at("2026-09-09"), **more)
        looked(
            tx,
            "wb",
            at("2026-09-09", "11:00:00"),
            at("2026-09-10", "11:00:00"),
            GOOD._replace(subject=subject("notice", "http://p/2")),
        )

    await store.write(fill)
    (row,) = await rows(store, "closings", at("2026-09-11", "10:00:00"))
    (stay,) = row["stays"]
    assert (row["target"], row["kind"], stay["rule"]) == ("wb", "account_closing", "zhongshan-2020/closing-notice")
    assert (stay["day"], stay["of"], stay["kept"], stay["missing"], stay["unseen"]) == (8, 15, 7, 0, 1)
    assert (stay["last_day"], stay["free_from"], stay["standing"]) == ("2026-09-21", "2026-09-22", "met")
    assert "day 14, 2026-09-20: a weekend day on which offices work: counted" in stay["days"]
    assert "day 15, 2026-09-21: the last day on which it has to stay" in stay["days"]
    assert [one for one in stay["days"] if "notice was" in one or "could tell" in one] == [
        "days 1 to 3, 2026-09-02..2026-09-04, 3 days alike: counted, the notice was seen",
        "days 4 to 7, 2026-09-07..2026-09-10, 4 days alike: counted, the notice was seen",
        "day 8, 2026-09-11: counted, nobody could tell whether it was there",
    ]
    assert row["notices"][0]["outcome"] == "ok"


async def test_a_closure_for_good_tells_its_thirty_days_by_every_rule(store: Database) -> None:
    gone = fail("notice_kept", Cause.NOTICE_KEPT, "gone", say("words"))._replace(
        subject=subject("own_notice", "http://d.example/gone")
    )
    fields: dict[str, Any] = {"own_notice": "http://d.example/gone", "new_url": "http://new.example/"}
    await store.write(lambda tx: file(tx, "b", KINDS.PERMANENT_OFFLINE, at("2026-09-01", "09:00:00"), **fields))
    await store.write(lambda tx: looked(tx, "b", at("2026-09-01", "10:00:00"), at("2026-09-10", "10:00:00"), gone))
    (row,) = await rows(store, "closings", at("2026-09-10", "12:00:00"))
    days = {one["rule"]: (one["day"], one["of"], one["missing"], one["last_day"]) for one in row["stays"]}
    assert days["national-2019/N-MOVE-30"] == (9, 30, 9, "2026-10-01")
    assert days["zhongshan-2020/migration-notice"] == (9, 30, 9, "2026-10-01")
    assert {one["free_from"] for one in row["stays"]} == {"2026-10-02"}
    assert not [one for one in row["stays"] if any("limit" in line for line in one["days"])], "a floor is no limit"


async def test_the_year_tells_those_whose_days_reach_into_it(store: Database) -> None:
    await store.write(lambda tx: file(tx, "b", KINDS.PERMANENT_OFFLINE, at("2025-12-20"), own_notice="http://b/n"))
    assert len(await rows(store, "closings", at("2026-02-01"))) == 1, "its notice stayed until 19 January"
    assert await rows(store, "closings", at("2026-06-01"), begin=at("2026-05-01")) == []
    assert await rows(store, "closings", at("2026-02-01"), site="c") == []


async def test_a_closing_that_was_taken_back_is_none(store: Database) -> None:
    number = await store.write(
        lambda tx: file(tx, "b", KINDS.PERMANENT_OFFLINE, at("2026-09-01"), own_notice="http://b/n")
    )
    await store.write(lambda tx: declarations.withdraw(tx, number, "李四", NOW, "误报"))
    assert await rows(store, "closings") == []


async def test_days_on_which_a_notice_was_missing_stay_in_the_ledger(store: Database) -> None:
    name = subject("own_notice", "http://d.example/n")
    good = ok("notice_kept", say("words"))._replace(subject=name)
    gone = fail("notice_kept", Cause.NOTICE_KEPT, "gone", say("words"))._replace(subject=name)

    def fill(tx: Tx) -> None:
        file(tx, "b", KINDS.PERMANENT_OFFLINE, at("2026-09-01"), own_notice="http://d.example/n")
        for found, first, last in ((good, "09-01", "09-10"), (gone, "09-11", "09-13"), (good, "09-14", "10-20")):
            looked(tx, "b", at(f"2026-{first}", "10:00:00"), at(f"2026-{last}", "10:00:00"), found)

    await store.write(fill)
    (row,) = await rows(store, "closings", at("2026-10-20", "12:00:00"))
    (stay,) = [one for one in row["stays"] if one["rule"] == "national-2019/N-MOVE-30"]
    assert (stay["kept"], stay["missing"], stay["unseen"], stay["standing"]) == (27, 3, 0, "breached")
    assert (stay["why"], stay["since"][:10]) == ("its days are over: on 3 of 30 days it was missing", "2026-09-11")
    assert [one for one in stay["days"] if "missing" in one] == [
        "days 10 to 12, 2026-09-11..2026-09-13, 3 days alike: counted, the notice was missing"
    ]
