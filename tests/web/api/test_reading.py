"""What reading tells: what was stored, page by page, in the language and on the clock of the desk."""

import asyncio
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.ledgers import LEDGERS, Asked, Row
from monitor.model import DESK_ID, Cause, Compliance, Standing, TargetKind, ok, say
from monitor.questions import rule_rows
from monitor.store import books, casebook, findings, roll, standings
from monitor.web.server import Desk
from tests.clock import START
from tests.store.made import run
from tests.store.plans import asked as statements
from tests.web.api.asking import Client, asking
from tests.web.api.conftest import Serve
from tests.web.api.full import TOKEN, made_settings
from tests.web.filled import DAY, Tx, target, watch, wrong


async def ids(api: Client, path: str) -> list[int]:
    return [one["incident"] for one in await api.rows(path)]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", [3, 2, 1]),
        ("?state=open", [3]),
        ("?state=open,acknowledged", [3, 1]),
        ("?state=open&state=closed", [3, 2]),
        ("?cause=outage,blind", [3, 1]),
        ("?severity=breach", [2]),
        ("?target=city", [1]),
        ("?target=city/news", [2]),
        ("?target=city%2Fnews", [2]),
        ("?target=nobody", []),
        ("?since=2026-11-20", [1]),
        ("?since=2026-11-19", [2, 1]),
        ("?since=2026-11-19T09:00:00%2B08:00", [2, 1]),
        ("?since=2026-11-19T09:00:00+08:00", [2, 1]),
        ("?since=2026-11-19T09:00:01%2B08:00", [1]),
        ("?state=closed&cause=outage", []),
    ],
)
async def test_incidents_by_what_one_looks_for(api: Client, query: str, wanted: list[int]) -> None:
    assert await ids(api, f"/incidents{query}") == wanted


async def test_an_incident_is_told_as_it_stands(api: Client) -> None:
    told = (await api.get("/incidents/1")).told
    assert told["incident"] == {
        "incident": 1,
        "cause": "outage",
        "key": "platform:x",
        "what": told["incident"]["what"],
        "severity": "serious",
        "state": "acknowledged",
        "since": "2026-11-20T07:00:00+08:00",
        "opened_at": "2026-11-20T09:00:00+08:00",
        "acknowledged_by": "张三",
        "acknowledged_at": "2026-11-20T09:00:00+08:00",
        "recovered_at": None,
        "closed_at": None,
        "rules": ["gone/rule", "house/outage"],
        "members": 2,
        "targets": told["incident"]["targets"],
    }
    assert [one["id"] for one in told["incident"]["targets"]] == ["city", "county"]
    assert "网站" in told["incident"]["what"]
    assert [(one["target"], one["left_at"]) for one in told["members"]] == [("city", None), ("county", None)]
    assert [(one["rule"], one["in_force"]) for one in told["rules"]] == [("gone/rule", False), ("house/outage", True)]
    assert told["rules"][1]["article"]
    assert told["notes"] == [
        {"at": "2026-11-20T09:00:00+08:00", "by": "张三", "what": "incident.acknowledged", "note": "已联系机房"}
    ]
    (piece,) = told["evidence"]
    assert piece["body"] == {"tries": [{"reach": "timeout", "status": None}]}


async def test_what_is_over_still_names_its_targets(api: Client) -> None:
    told = (await api.get("/incidents/2")).told
    assert (told["incident"]["state"], told["incident"]["members"]) == ("closed", 1)
    assert told["incident"]["targets"][0]["id"] == "city/news"
    assert told["members"][0]["left_at"] == "2026-11-20T08:00:00+08:00"


async def test_the_messages_about_an_incident_are_told_with_it(desk: Desk, api: Client) -> None:
    await desk.database.write(lambda tx: tx.execute("UPDATE notices SET incident_id = 3 WHERE id = 1"))
    (sent,) = (await api.get("/incidents/3")).told["deliveries"]
    assert (sent["state"], sent["receipt"], sent["incidents"], sent["notices"]) == ("sent", "ok", [3], 1)
    assert (await api.get("/incidents/1")).told["deliveries"] == []


@pytest.mark.parametrize("path", ["/incidents/99", "/incidents/99/members", "/targets/nobody", "/availability/nobody"])
async def test_what_is_not_there_is_said_by_name(api: Client, path: str) -> None:
    answer = await api.get(path)
    assert answer.status == 404
    assert path.split("/")[2] in answer.told["error"]
    assert (await api.get(f"{path}?lang=en")).told["error"].startswith("there is no")


@pytest.mark.parametrize("name", ["city/news", "city%2Fnews", "city/%E6%B6%88%E6%81%AF%20100%25"])
async def test_names_with_slashes_and_signs_are_found(api: Client, name: str) -> None:
    answer = await api.get(f"/targets/{name}")
    assert answer.status == 200, answer.told
    assert answer.told["target"]["site"] == "city"


async def test_a_target_with_all_its_standings(api: Client) -> None:
    told = (await api.get("/targets/city%2Fnews")).told
    assert (told["target"]["state"], told["target"]["standings"]) == ("due", {"due": 1})
    assert told["target"]["last_look_at"] == "2026-11-20T09:00:00+08:00"
    assert told["target"]["contacts"] == [{"name": "张三", "phone": "0751-1234567", "role": ""}]
    assert told["standings_complete"] is True
    assert {one["rule"].split("/")[0] for one in told["standings"]} == {"national-2019", "house"}
    assert {one["standing"] for one in told["standings"]} >= {"unknown"}
    blind = (await api.get("/targets/weixin")).told["target"]
    assert (blind["state"], blind["blind_since"]) == ("blind", "2026-11-19T09:00:00+08:00")
    assert "30" in blind["blind_why"]
    down = (await api.get("/targets/city")).told
    assert (down["target"]["state"], down["incidents"]) == ("failing", [1])
    assert down["target"]["muted_until"] == "2026-11-21T09:00:00+08:00"
    gone = (await api.get("/targets/county")).told
    assert (gone["target"]["state"], gone["standings"], gone["target"]["next_look_at"]) == ("removed", [], None)


async def test_met_standings_are_judged_on_reading(api: Client, desk: Desk) -> None:
    """A site whose every look was good: what is kept is no row of the store, and is told all the same."""

    def look(tx: Tx) -> None:
        tx.execute("UPDATE targets SET removed_at = NULL, last_look_at = ?1 WHERE id = 'county'", (1,))
        findings.save_run(tx, "county", run(ok("reachable", say("opens")), START, looks=5, streak=5), None)

    await desk.database.write(look)
    told = (await api.get("/targets/county")).told
    assert "met" in {one["standing"] for one in told["standings"]}
    assert await api.rows("/standings?target=county") == []
    assert told["target"]["state"] == "good"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["city", "city/news", "city/消息 100%", "weixin"]),
        ("?removed=1", ["city", "city/news", "city/消息 100%", "county", "weixin"]),
        ("?kind=site", ["city"]),
        ("?kind=account", ["weixin"]),
        ("?site=city", ["city/news", "city/消息 100%"]),
        ("?site=city&kind=site", []),
        ("?kind=desk", []),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 1000])
async def test_targets_by_kind_and_site_in_pages_of_any_size(
    api: Client, query: str, wanted: list[str], limit: int
) -> None:
    sign = "&" if query else "?"
    assert [one["target"] for one in await api.rows(f"/targets{query}{sign}limit={limit}")] == wanted


async def test_links_are_told_when_they_are_asked_for(api: Client) -> None:
    links = await api.rows("/targets?kind=link&limit=1")
    assert {one["url"] for one in links} == {"http://far.example/a", "http://far.example/b"}
    assert all(one["state"] == "never_seen" for one in links)
    assert (await api.get(f"/targets/{links[0]['target']}")).status == 200


@pytest.mark.parametrize(
    "path",
    ["/incidents", "/incidents/1/members", "/targets", "/standings", "/rules", "/deliveries", "/declarations", "/messages", "/outages", "/sites"],
)  # fmt: skip
async def test_pages_of_any_size_are_the_whole_list_once(api: Client, path: str) -> None:
    whole = await api.rows(f"{path}?limit=1000")
    assert whole
    for limit in (1, 2, 3):
        if len(whole) <= 20 or limit == 3:
            assert await api.rows(f"{path}?limit={limit}") == whole


async def test_events_are_followed_by_their_number(api: Client) -> None:
    whole = (await api.get("/events?limit=1000")).told["rows"]
    assert [one["seq"] for one in whole] == list(range(1, len(whole) + 1))
    first = (await api.get("/events?limit=2")).told
    assert (first["next"], first["rows"]) == (2, whole[:2])
    rest = (await api.get("/events?after=2&limit=1000")).told
    assert (rest["next"], rest["rows"]) == (None, whole[2:])
    assert (await api.get("/events?after=100000")).told == {"rows": [], "next": None}


async def test_deliveries_by_state(api: Client) -> None:
    assert [one["state"] for one in await api.rows("/deliveries")] == ["pending", "dead", "sent"]
    (dead,) = await api.rows("/deliveries?state=dead")
    assert (dead["last_error"], dead["channel"], dead["next_attempt_at"]) == ("no such robot", "hook", None)
    assert await api.rows("/deliveries?channel=other") == []


async def test_declarations_with_what_was_corrected(api: Client) -> None:
    last, first = await api.rows("/declarations?target=county")
    assert (last["corrects"], first["superseded_at"]) == (first["declaration"], "2026-11-20T09:00:01+08:00")
    assert (last["superseded_at"], last["superseded_by"], last["corrected_by"]) == (None, None, None)
    assert (first["corrected_by"], first["superseded_by"], first["withdrawn_because"]) == (
        last["declaration"],
        last["by"],
        None,
    )
    assert first["attachments"] == [{"name": "批复.pdf", "bytes": 1024, "sha256": "0" * 64}]
    assert [one["declaration"] for one in await api.rows("/declarations?superseded=0&target=county")] == [
        last["declaration"]
    ]
    assert await api.rows("/declarations?kind=launch") == []
    assert (first["counts"], last["counts"]) == (False, True)
    assert (first["held_until"], last["held_until"]) == (first["to"], last["to"])


async def test_the_desk_is_asked_for_by_the_word_it_is_filed_under(desk: Desk, api: Client) -> None:
    told = {"by": "张三", "kind": "activity", "target": "desk", "from": "2026-11-19", "fields": {"activity": "自查"}}
    done = await api.post("/declarations", told)
    assert done.status == 200, done
    assert [one["declaration"] for one in await api.rows("/declarations?target=desk")] == [done.told["declaration"]]
    await desk.database.write(
        lambda tx: standings.replace(
            tx, DESK_ID, [Standing("p/r", Compliance.DUE, say("…"), Cause.DONE_EVERY)], None, START
        )
    )
    held = await api.rows("/standings?target=desk")
    assert [(one["target"], one["rule"]) for one in held] == [(DESK_ID, "p/r")]
    assert (await api.get("/incidents?target=desk")).status == 200


async def test_a_closure_is_held_until_it_came_to_its_end(api: Client) -> None:
    closed = {"by": "张三", "kind": "temporary_offline", "target": "city", "from": "2026-11-10", "to": "2026-11-29"}
    number = (await api.post("/declarations", closed)).told["declaration"]
    back = {"by": "张三", "kind": "return", "target": "city", "from": "2026-11-19"}
    assert (await api.post("/declarations", back)).status == 200
    (row,) = [one for one in await api.rows("/declarations?target=city") if one["declaration"] == number]
    assert (row["to"][:10], row["held_until"][:10], row["counts"]) == ("2026-11-30", "2026-11-19", True)


async def test_messages_that_wait(api: Client) -> None:
    assert [one["message"] for one in await api.rows("/messages")] == ["m-1", "m-2", "m-3"]
    assert [one["message"] for one in await api.rows("/messages?waiting=1&limit=1")] == ["m-1", "m-3"]
    assert await api.rows("/messages?target=county") == []


async def test_the_ledgers_are_those_of_the_reports(api: Client, desk: Desk) -> None:
    told = {kind: await api.rows(f"/{kind}?limit=1") for kind in ("outages", "rectifications", "sites")}
    asked = Asked(desk.settings, START - 400 * DAY, START, START, "zh-CN")

    def reported(tx: Tx) -> dict[str, list[Row]]:
        return {kind: list(LEDGERS[kind](tx, asked)) for kind in told}

    assert told == await desk.database.read(reported)
    assert [one["site"] for one in told["outages"]] == ["city", "county"]
    assert [one["problem"] for one in told["rectifications"]] == ["首页错链"]
    assert [one["site"] for one in await api.rows("/outages?site=county")] == ["county"]
    assert await api.rows("/outages?from=2026-11-01&to=2026-11-05") == []
    assert [one["verdict"] for one in await api.rows("/sites?site=city")]


async def test_days_of_samples_are_civil_days_in_shanghai(api: Client) -> None:
    told = (await api.get("/availability/city")).told
    assert [(one["day"], one["good"], one["failed"], one["unseen"], one["too_few"]) for one in told["days"]] == [
        ("2026-11-19", 30, 0, 0, False),
        ("2026-11-20", 1, 2, 3, False),
    ]
    one_day = (await api.get("/availability/city?from=2026-11-19&to=2026-11-19")).told["days"]
    assert [one["day"] for one in one_day] == ["2026-11-19"]


async def test_what_falls_due_is_what_the_command_prints(api: Client, desk: Desk) -> None:
    printed = await desk.api.command("due", "zh-CN")({"days": 14, "kept": True})
    assert isinstance(printed, list)
    told = await api.rows("/due?days=14&limit=1")
    without_zone = [{**one, "due": None} for one in told]
    assert without_zone == [{**one, "due": None} for one in printed]
    assert ("city/news", "2026-11-23T09:00:00+08:00") in {(one["target"], one["due"]) for one in told}
    assert await api.rows("/due?days=0") == []
    assert [one["rule"] for one in await api.rows("/due")] == ["house/fresh"]


def without_a_day(tx: Tx) -> None:
    """Near a veto by stale columns and by failed visits, a paper asked for, and what was filed to exempt."""
    columns = say("{have} columns are stale, {more} more are a veto", have=4, more=1)
    visits = say(
        "{failed} of {of} visits of the last 7 days failed, {more} more reach {share} %",
        failed=12,
        of=336,
        more=5,
        share=5,
    )
    paper = say(
        "the record {number} of {start} does not say {lacks}", number="7", start="2026-11-19", lacks="who approved it"
    )
    due = partial(Standing, value=Compliance.DUE)
    exempt = Standing(
        "house/outage", Compliance.EXEMPT, say("filed ({number}): not counted against it", number="7"), Cause.OUTAGE,
        since=START - DAY, until=START + DAY, inputs={"declaration": 1, "would_be": "breached"},
    )  # fmt: skip
    count = due("n/sum", why=columns, cause=Cause.COUNT, inputs={"have": 4, "count": 5, "more": 1})
    share = due("n/share", why=visits, cause=Cause.AVAILABILITY, inputs={"failed": 12, "of": 336, "excluded": 0})
    owed = due("a/paper", why=paper, cause=Cause.FILED_WITHIN, inputs={"declaration": 1, "due": ""})
    standings.replace(tx, "city", [owed, count, share, exempt], None, START)


async def test_what_has_no_day_is_due_with_its_numbers_page_by_page(api: Client, desk: Desk) -> None:
    await desk.database.write(without_a_day)
    numbers = ("have", "more", "broken_at", "of")
    for asked in ("/due", "/due?limit=1", "/due?days=14&limit=2"):
        told = await api.rows(asked)
        shown = [(one["rule"], one.get("no_day", False), *(one.get(name) for name in numbers)) for one in told]
        assert [one for one in shown if one[1]] == [
            ("a/paper", True, None, None, None, None),
            ("n/share", True, 12, 5, 17, 336),
            ("n/sum", True, 4, 1, 5, None),
        ]
        assert "house/fresh" in {one[0] for one in shown if not one[1]}
        assert [one["due"] for one in told] == sorted(one["due"] for one in told), (
            "since when it is due, or when it breaks"
        )


async def test_an_exempt_standing_names_the_declaration_and_its_start(api: Client, desk: Desk) -> None:
    await desk.database.write(without_a_day)
    (told,) = await api.rows("/standings?value=exempt")
    assert (told["declaration"], told["since"]) == (1, "2026-11-19T09:00:00+08:00")
    others = {one["rule"]: one["declaration"] for one in await api.rows("/standings?value=due")}
    assert others == {"a/paper": 1, "n/share": None, "n/sum": None, "house/fresh": None}


async def test_rules_are_what_the_command_prints(api: Client) -> None:
    assert await api.rows("/rules") == rule_rows(made_settings(Path("unused")))


async def test_coverage_by_kind(api: Client) -> None:
    told = (await api.get("/coverage")).told
    kinds = {one["kind"]: one for one in told["kinds"]}
    assert {kind: one["total"] for kind, one in kinds.items()} == {"account": 1, "column": 2, "link": 2, "site": 1}
    assert kinds["account"]["blind"] == 1
    assert told["last"]["heartbeat"] == "2026-11-20T09:00:00+08:00"


@pytest.mark.parametrize(
    ("query", "header", "chinese"),
    [
        ("", None, True),
        ("?lang=en", None, False),
        ("?lang=zh-CN", "en", True),
        ("", "en", False),
        ("", "en-GB,en;q=0.8,zh;q=0.9", False),
        ("", "en;q=0.3, zh-CN;q=0.9", True),
        ("", "fr, de;q=0.5", True),
        ("", "en;q=0", True),
        ("", "*", True),
        ("", ";;;,,=q", True),
    ],
)
async def test_the_language_is_that_of_who_asks(api: Client, query: str, header: str | None, chinese: bool) -> None:
    told = await api.get(f"/incidents/3{query}", **({} if header is None else {"Accept_Language": header}))
    assert ("没有" in told.told["incident"]["what"] or not told.told["incident"]["what"].isascii()) is chinese


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/incidents?state=broken", ["query.state[0]"]),
        ("/incidents?state=open,&cause=nothing&limit=0", ["query.state[1]", "query.cause[0]", "query.limit"]),
        ("/incidents?limit=1001", ["query.limit"]),
        ("/incidents?limit=1e3", ["query.limit"]),
        ("/incidents?limit=1&limit=2", ["query.limit"]),
        ("/incidents?since=yesterday", ["query.since"]),
        ("/incidents?since=2026-11-19T09:00:00", ["query.since"]),
        ("/incidents?since=0001-01-01", ["query.since"]),
        ("/incidents?since=9999-12-31", ["query.since"]),
        ("/incidents?cursor=x", ["query.cursor"]),
        ("/incidents?cursor=WyJ4Il0", ["query.cursor"]),  # ["x"]
        ("/targets?cursor=WzFd", ["query.cursor"]),  # [1]
        ("/targets?removed=maybe", ["query.removed"]),
        ("/targets?kind=", ["query.kind"]),
        ("/incidents?lang=fr&stat=open", ["query.lang", "query.stat"]),
        ("/incidents/first", ["path.incident"]),
        ("/incidents/0", ["path.incident"]),
        ("/incidents/99999999999999999999", ["path.incident"]),
        ("/incidents?target=a%00b", ["query.target"]),
        ("/availability/city?from=2026-11-20&to=2026-11-01", ["query.from"]),
        ("/availability/city?from=2024-11-20", ["query.from"]),
        ("/availability/city?to=0001-01-01", ["query.to"]),
        ("/outages?from=0001-01-01&to=9999-12-31", ["query.from", "query.to"]),
        ("/availability/city?to=20261120", ["query.to"]),
        ("/due?days=3661", ["query.days"]),
        ("/events?after=-1", ["query.after"]),
        ("/incidents/1?incident=2", ["query.incident"]),
    ],
)
async def test_everything_that_is_wrong_with_a_question_is_said_at_once(
    api: Client, path: str, where: list[str]
) -> None:
    answer = await api.get(path)
    assert answer.status == 400, answer.told
    assert [one["where"] for one in answer.told["problems"]] == where
    assert all(one["what"] and one["expected"] for one in answer.told["problems"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("GET", "/incident", 404), ("POST", "/incidents", 405), ("PUT", "/log", 405), ("GET", "/log", 405), ("OPTIONS", "/incidents", 405)],
)  # fmt: skip
async def test_there_is_no_answer_that_is_not_json(api: Client, method: str, path: str, status: int) -> None:
    answer = await api.send(method, path)
    assert (answer.status, answer.told["problems"]) == (status, [])
    assert ("Allow" in answer.headers) is (status == 405)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


async def test_a_store_that_is_gone_is_said(desk: Desk, api: Client) -> None:
    await desk.database.close()
    for path in ("/incidents", "/due", "/coverage", "/targets/city", "/rules"):
        answer = await api.get(path)
        assert answer.status == (200 if path == "/rules" else 503), path
    assert "the store is closed" in (await api.get("/incidents?lang=en")).told["error"]


async def test_a_store_that_does_not_answer_holds_nobody_up(serve: Serve) -> None:
    async with serve(read_within=0.3) as desk, asking(desk.address, TOKEN) as client:
        let_go = threading.Event()
        busy = [asyncio.create_task(desk.database.read(lambda _tx: let_go.wait(30))) for _ in range(4)]
        await asyncio.sleep(0)
        answer = await client.get("/incidents")
        let_go.set()
        await asyncio.gather(*busy)
        assert (answer.status, answer.told["error"]) == (503, "未及时应答")
        assert (await client.get("/incidents")).status == 200


async def test_a_list_costs_as_many_statements_however_long_it_is(desk: Desk) -> None:
    def more(tx: Tx) -> None:
        watch(tx, *[target(f"s{n}", TargetKind.SITE) for n in range(60)])
        for number in range(60):
            wrong(tx, Cause.OUTAGE, f"s{number}", at=START + timedelta(seconds=number))

    await desk.database.write(more)

    def ask(tx: Tx) -> list[int]:
        questions = (
            lambda one: casebook.cases(one, casebook.Wanted(), 50),
            lambda one: roll.entries(one, 50),
            lambda one: books.deliveries(one, 50),
        )
        return [len(statements(tx, question)) for question in questions]

    assert await desk.database.write(ask) == [2, 1, 1]
