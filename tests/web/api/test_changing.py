"""What changes something: who may, what is refused and with which words, and that it is done once."""

import asyncio
import io
import json
import threading
from collections.abc import Sequence
from typing import Any

import aiohttp
import pytest

from monitor.model import IncidentState
from monitor.store import events, incidents, state
from monitor.web.api.route import MIB
from monitor.web.server import Desk
from tests.clock import START, FakeClock
from tests.web.api.asking import PREFIX, Client, asking
from tests.web.api.conftest import Serve
from tests.web.api.full import TOKEN, fill
from tests.web.filled import DAY, HOUR

LINE: dict[str, object] = {"by": "张三", "text": "交接班，一切正常"}


async def lines(desk: Desk) -> int:
    """How many lines of the duty log there are."""
    sql = "SELECT COUNT(*) FROM events WHERE what = 'duty.logged'"
    return int(await desk.database.read(lambda tx: tx.execute(sql).fetchone()[0]))


async def test_an_incident_from_taken_to_put_away(desk: Desk, api: Client) -> None:
    assert (await api.post("/incidents/3/ack", {"by": "赵六", "note": "在查"})).told == {}
    told = (await api.get("/incidents/3")).told
    assert (told["incident"]["acknowledged_by"], told["notes"][0]["note"]) == ("赵六", "在查")
    early = await api.post("/incidents/3/close", {"by": "赵六"})
    assert (early.status, early.told["error"]) == (409, "事件3为“已认领”状态，恢复后才能办结")
    english = await api.post("/incidents/3/close?lang=en", {"by": "赵六"})
    assert english.told["error"] == "incident 3 is acknowledged: only a recovered one can be closed"
    await desk.database.write(lambda tx: incidents.recover(tx, 3, START))
    assert (await api.post("/incidents/3/close", {"by": "赵六"})).status == 200
    assert (await desk.database.read(lambda tx: incidents.load(tx, 3))).state is IncidentState.CLOSED
    newest = await desk.database.read(lambda tx: events.newest(tx, 2))
    assert [(one.who, one.what) for one in newest] == [("赵六", "incident.closed"), ("赵六", "incident.acknowledged")]


async def test_a_grave_false_alarm_takes_two(api: Client) -> None:
    body = {"by": "张三", "note": "演练"}
    assert (await api.post("/incidents/1/false-alarm", body)).told == {"marked": False}
    assert (await api.post("/incidents/1/false-alarm", body)).status == 409
    assert (await api.post("/incidents/1/false-alarm", {**body, "by": "李四"})).told == {"marked": True}


async def test_silence_for_a_while(desk: Desk, api: Client) -> None:
    said = {"by": "张三", "for": "2h", "reason": "机房检修"}
    assert (await api.post("/targets/city%2Fnews/mute", said)).status == 200
    assert (await api.post("/targets/weixin/mute", said)).status == 200
    muted = await desk.database.read(
        lambda tx: [state.is_muted(tx, name, START + HOUR) for name in ("city/news", "weixin")]
    )
    assert muted == [True, True]
    assert (await api.post("/targets/city/news/unmute", {"by": "张三"})).status == 200
    assert (await api.post("/targets/city/news/unmute", {"by": "张三"})).status == 409
    nobody = await api.post("/targets/nobody/mute", said)
    assert (nobody.status, "nobody" in nobody.told["error"]) == (404, True)
    (soon,) = (await api.post("/targets/weixin/mute", {**said, "for": "soon"})).told["problems"]
    assert (soon["where"], soon["expected"]) == ("body.for", "2h, 1d")
    assert (await api.post("/targets/weixin/mute", {**said, "for": "31d"})).status == 409


async def test_a_line_of_the_duty_log_names_who_wrote_it(desk: Desk, api: Client) -> None:
    told = (await api.post("/log", LINE)).told
    (line,) = await desk.database.read(lambda tx: events.newest(tx, 1))
    assert told == {"line": line.seq}
    assert (line.who, line.body) == ("张三", {"text": "交接班，一切正常"})


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, ["body.by", "body.text"]),
        ({"by": " ", "text": "\t"}, ["body.by", "body.text"]),
        ({"by": 7, "text": None, "more": 1}, ["body.by", "body.text", "body.more"]),
        ({"by": "张" * 101, "text": "x" * 4001}, ["body.by", "body.text"]),
        ({"by": "a\ud800", "text": "a\0b"}, ["body.by", "body.text"]),
        ([], ["body"]),
        ("text", ["body"]),
        (None, ["body"]),
    ],
)
async def test_everything_that_is_wrong_with_a_body_is_said_at_once(
    desk: Desk, api: Client, body: object, where: list[str]
) -> None:
    before = await lines(desk)
    answer = await api.post("/log", body)
    assert answer.status == 400
    assert [one["where"] for one in answer.told["problems"]] == where
    assert all(one["what"] and one["expected"] for one in answer.told["problems"])
    assert await lines(desk) == before


@pytest.mark.parametrize(
    "sent",
    [b"", b"{", b"\xff\xfe", b'{"by": NaN}', b"[" * 100_000, b'{"by": ' + b"1" * 5000 + b"}", "{}".encode("utf-16")],
    ids=range(7),
)
async def test_what_is_no_json_is_refused(api: Client, sent: bytes) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    answer = await api.send("POST", "/log", sent, headers)
    assert (answer.status, answer.told["problems"][0]["where"]) == (400, "body")


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
async def test_only_json_is_taken(desk: Desk, api: Client, media: str) -> None:
    """A form, which a strange page could send on somebody's behalf, is none."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": media}
    answer = await api.send("POST", "/log", json.dumps(LINE).encode(), headers)
    assert answer.status == 415
    assert await lines(desk) == 0


@pytest.mark.parametrize("is_told", [True, False])
async def test_a_body_over_a_mebibyte_is_refused_whether_or_not_it_says_so(
    desk: Desk, api: Client, is_told: bool
) -> None:
    whole = json.dumps({**LINE, "text": "x" * MIB}).encode()

    async def pieces() -> Any:
        for start in range(0, len(whole), 1 << 16):
            yield whole[start : start + (1 << 16)]

    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    answer = await api.send("POST", "/log", io.BytesIO(whole) if is_told else pieces(), headers)
    assert answer.status == 413
    assert await lines(desk) == 0
    assert (await api.post("/log", LINE)).status == 200


async def test_without_the_token_nothing_is_changed(desk: Desk, api: Client) -> None:
    body = json.dumps(LINE).encode()
    for told in (
        "",
        TOKEN,
        f"Basic {TOKEN}",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer é",
    ):
        headers = {"Content-Type": "application/json"} | ({"Authorization": told} if told else {})
        answer = await api.send("POST", "/log", body, headers)
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), told
    assert await lines(desk) == 0
    answer = await api.send(
        "POST", "/log", body, {"Content-Type": "application/json", "Authorization": f"bearer  {TOKEN} "}
    )
    assert answer.status == 200


async def test_where_no_token_is_set_it_says_how_to_switch_it_on(serve: Serve) -> None:
    async with serve(token=None) as desk, asking(desk.address, TOKEN) as client:
        answer = await client.post("/log?lang=en", LINE)
        assert answer.status == 403
        assert "switch it on by [web] token_file" in answer.told["error"]
        assert (await client.get("/incidents")).status == 200
        assert [(await client.get("/")).told[key] for key in ("reading", "changing")] == ["open", "off"]


@pytest.mark.parametrize(("listen", "here"), [("0.0.0.0:0", "127.0.0.1"), ("[::]:0", "[::1]")])
async def test_where_others_can_ask_reading_takes_the_token_too(serve: Serve, listen: str, here: str) -> None:
    async with serve(listen=listen) as desk:
        await desk.database.write(fill)
        address = f"http://{here}:" + desk.address.rpartition(":")[2]
        async with asking(address, TOKEN) as client:
            for path in ("", "/", "/openapi.json", "/incidents", "/targets/city", "/events"):
                assert (await client.get(path)).status == 401, path
                answer = await client.get(path, Authorization=f"Bearer {TOKEN}")
                assert answer.status == 200, path
            document = (await client.get("/openapi.json", Authorization=f"Bearer {TOKEN}")).told
            assert all(one["get"]["security"] == [{"token": []}] for one in document["paths"].values() if "get" in one)
            assert "401" in document["paths"]["/incidents"]["get"]["responses"]
            async with client.session.get(f"{address}/healthz") as health:
                assert health.status in {200, 503}, "who watches the watch needs none"


async def test_where_others_can_ask_and_no_token_is_set_nothing_is_told(serve: Serve) -> None:
    async with serve(listen="0.0.0.0:0", token=None) as desk:
        address = "http://127.0.0.1:" + desk.address.rpartition(":")[2]
        async with asking(address, TOKEN) as client:
            answer = await client.get("/incidents?lang=en")
            assert (answer.status, "switch it on" in answer.told["error"]) == (403, True)


async def test_who_guesses_must_wait_and_an_old_token_locks_nobody_out(api: Client, clock: FakeClock) -> None:
    for _ in range(30):  # a program that was not told of the new token
        assert (await api.post("/log", LINE, Authorization="Bearer the-old-token")).status == 401
    assert (await api.post("/log", LINE)).status == 200
    for number in range(9):
        assert (await api.post("/log", LINE, Authorization=f"Bearer guess-{number}")).status == 401
    refused = await api.post("/log", LINE, Authorization="Bearer guess-10")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
    assert (await api.post("/log", LINE)).status == 429, "a guess that is right is no better"
    clock.advance(59)
    assert (await api.post("/log", LINE)).status == 429
    clock.advance(1)
    assert (await api.post("/log", LINE)).status == 200


async def test_a_repeated_request_is_done_once_and_answered_alike(desk: Desk, api: Client, clock: FakeClock) -> None:
    first = await api.post("/log", LINE, Idempotency_Key="k-1")
    assert first.status == 200
    assert [(await api.post("/log", LINE, Idempotency_Key="k-1")).told for _ in range(3)] == [first.told] * 3
    assert await lines(desk) == 1
    other = await api.post("/log", {**LINE, "text": "另一条"}, Idempotency_Key="k-1")
    assert (other.status, await lines(desk)) == (409, 1)
    elsewhere = await api.post("/incidents/3/ack", {"by": "张三"}, Idempotency_Key="k-1")
    assert elsewhere.status == 409
    assert (await api.post("/log", LINE, Idempotency_Key="k-2")).status == 200
    assert (await api.post("/log", LINE)).status == 200
    assert await lines(desk) == 3
    clock.advance(DAY.total_seconds() + 1)
    assert (await api.post("/log", LINE, Idempotency_Key="k-1")).status == 200
    assert await lines(desk) == 4


async def test_a_refusal_is_repeated_too(desk: Desk, api: Client) -> None:
    first = await api.post("/incidents/3/close", {"by": "张三"}, Idempotency_Key="k")
    await desk.database.write(lambda tx: incidents.recover(tx, 3, START))
    again = await api.post("/incidents/3/close", {"by": "张三"}, Idempotency_Key="k")
    assert (first.status, again.status, again.told) == (409, 409, first.told)
    assert (await api.post("/incidents/3/close", {"by": "张三"})).status == 200


async def test_two_at_the_same_time_are_one(desk: Desk, api: Client) -> None:
    let_go = threading.Event()
    busy = asyncio.ensure_future(desk.database.write(lambda _tx: let_go.wait(30)))
    both = [asyncio.ensure_future(api.post("/log", LINE, Idempotency_Key="k")) for _ in range(2)]
    while not desk.api._repeats._doing:
        await asyncio.sleep(0.01)
    let_go.set()
    first, second = await asyncio.gather(*both)
    await busy
    assert (first.status, first.told) == (200, second.told)
    assert await lines(desk) == 1


async def test_a_store_that_failed_is_asked_anew_by_the_same_key(desk: Desk, api: Client) -> None:
    path = desk.database.path
    await desk.database.close()
    assert (await api.post("/log", LINE, Idempotency_Key="k")).status == 503
    await desk.database.open()
    assert path == desk.database.path
    assert (await api.post("/log", LINE, Idempotency_Key="k")).status == 200


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "é"])
async def test_a_key_that_is_none_is_refused(desk: Desk, api: Client, key: str) -> None:
    answer = await api.post("/log?more=1", {"by": "张三"}, Idempotency_Key=key)
    assert answer.status == 400
    assert [one["where"] for one in answer.told["problems"]] == ["query.more", "header.Idempotency-Key", "body.text"]
    assert await lines(desk) == 0


async def test_a_new_token_holds_from_the_reload_on(desk: Desk, api: Client) -> None:
    assert desk.settings.token is not None
    other = type(desk.settings.token)("another-token-that-nobody-guesses")
    desk.settings = desk.settings.model_copy(update={"token": other})
    assert (await api.post("/log", LINE)).status == 401
    assert (await api.post("/log", LINE, Authorization="Bearer another-token-that-nobody-guesses")).status == 200


async def test_what_was_begun_is_done_though_nobody_waits(desk: Desk) -> None:
    let_go = threading.Event()
    busy = asyncio.ensure_future(desk.database.write(lambda _tx: let_go.wait(30)))
    async with aiohttp.ClientSession() as session:
        told = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        asked = asyncio.ensure_future(session.post(desk.address + PREFIX + "/log", data=json.dumps(LINE), headers=told))
        while not desk.api._repeats._doing:
            await asyncio.sleep(0.01)
        asked.cancel()
        await asyncio.wait([asked])
    let_go.set()
    await busy
    while desk.api._repeats._doing:
        await asyncio.sleep(0.01)
    assert await lines(desk) == 1


FILED: dict[str, object] = {
    "by": "王五",
    "kind": "temporary_offline",
    "target": "city",
    "from": "2026-11-21",
    "to": "2026-11-25",
    "number": "市府办〔2026〕8号",
    "fields": {"approved_by": ["市政府办公室"]},
    "attachments": [{"name": "批复.pdf", "bytes": 3, "sha256": "a" * 64}],
}


async def test_a_declaration_from_filed_to_taken_back(api: Client) -> None:
    filed = await api.post("/declarations", FILED)
    assert filed.status == 200, filed.told
    number = filed.told["declaration"]
    (row,) = [one for one in await api.rows("/declarations?target=city") if one["declaration"] == number]
    assert (row["from"], row["to"], row["by"]) == ("2026-11-21T00:00:00+08:00", "2026-11-26T00:00:00+08:00", "王五")
    assert row["attachments"][0]["sha256"] == "a" * 64
    notice = {"by": "王五", "fields": {"own_notice": "http://city.example/gg"}}
    amended = (await api.post(f"/declarations/{number}/amend", notice)).told["declaration"]
    again = await api.post(f"/declarations/{number}/amend", notice)
    assert (again.status, [one["where"] for one in again.told["problems"]]) == (409, ["body.corrects"])
    amended = (await api.post(f"/declarations/{amended}/amend", {"by": "王五", "to": "2026-11-24"})).told["declaration"]
    (row,) = [one for one in await api.rows("/declarations?target=city") if one["declaration"] == amended]
    assert (row["from"], row["to"]) == ("2026-11-21T00:00:00+08:00", "2026-11-25T00:00:00+08:00")
    assert (row["number"], row["attachments"][0]["sha256"]) == (FILED["number"], "a" * 64)
    assert row["fields"] == {**FILED["fields"], **notice["fields"]}  # type: ignore[dict-item]
    body = {"by": "王五", "note": "推迟"}
    assert (await api.post(f"/declarations/{amended}/withdraw", body)).status == 200
    assert (await api.post(f"/declarations/{amended}/withdraw", body)).status == 409
    (gone,) = [one for one in await api.rows("/declarations?target=city") if one["declaration"] == amended]
    assert (gone["superseded_by"], gone["withdrawn_because"], gone["corrected_by"]) == (body["by"], body["note"], None)
    assert (await api.post("/declarations/999/withdraw", body)).status == 404
    assert (await api.post("/declarations/999/amend", notice)).status == 404


async def test_all_that_is_wrong_with_a_declaration_is_said_at_once(api: Client) -> None:
    wrong = {**FILED, "target": "nobody", "to": "2026-11-01", "fields": {"approved": "x"}}
    answer = await api.post("/declarations", wrong)
    assert answer.status == 400
    assert {one["where"] for one in answer.told["problems"]} == {"body.to", "body.fields.approved", "body.target"}
    assert all(one["what"] for one in answer.told["problems"])


async def test_what_the_record_says_otherwise_is_a_conflict_and_nothing_is_half_applied(api: Client) -> None:
    drill: dict[str, object] = {"by": "王五", "kind": "activity", "target": "*", "from": "2026-11-19"}
    drill["fields"] = {"activity": "应急演练"}
    assert (await api.post("/declarations", drill)).status == 200
    before = await api.rows("/declarations?superseded=1")
    ahead = {**drill, "from": "2026-11-25", "fields": {**drill["fields"], "reported": "2027-01-01"}}  # type: ignore[dict-item]
    for body, status, where in (
        (drill, 409, ["body.from"]),
        (ahead, 400, ["body.from", "body.fields.reported"]),
        ({**FILED, "kind": "account_closing", "to": ""}, 400, ["body.target", "body.fields.approved_by"]),
    ):
        answer = await api.post("/declarations", body)
        assert (answer.status, [one["where"] for one in answer.told["problems"]]) == (status, where), answer.told
        assert all(one["what"] and one["expected"] for one in answer.told["problems"])
    assert await api.rows("/declarations?superseded=1") == before


async def test_advice_is_right_where_there_is_no_command_line(api: Client) -> None:
    """The same words serve both: none tells an option or a command to whoever sent a body."""
    assert (await api.post("/declarations", FILED)).status == 200
    bare = {**FILED, "by": " ", "to": "", "fields": {}, "corrects": 99}
    order = {**FILED, "kind": "order", "fields": {"problem": "x", "incident": 999}}
    answers = [await api.post("/declarations", body) for body in (FILED, {**FILED, "number": "2"}, bare, order)]
    answers += [await api.post("/declarations/999/withdraw", {"by": "王五", "note": "x"})]
    answers += [await api.post("/attestations", {"by": "王五", "target": "*", "newest": "2026-11-19"})]
    assert {one.status for one in answers} == {400, 404, 409}
    told = [text for one in answers for each in one.told["problems"] for text in (each["what"], each["expected"])]
    assert len(told) > 10
    assert not [text for text in told if "--" in text or "zhishou" in text]


async def test_a_closure_too_long_is_filed_with_a_remark(api: Client) -> None:
    told = (await api.post("/declarations", {**FILED, "to": "2027-01-26"})).told
    assert told["declaration"]
    assert [(one["where"], "上限为30" in one["message"]) for one in told["remarks"]] == [("body.to", True)] * len(
        told["remarks"]
    )
    assert told["remarks"]
    assert all(one["advice"] and one["words"].startswith("to: ") for one in told["remarks"])


async def test_what_a_person_saw_holds_for_a_week(api: Client) -> None:
    seen: dict[str, object] = {"by": "王五", "target": "weixin", "newest": "2026-11-19", "note": "手机上核实"}
    done = await api.post("/attestations", seen)
    assert (done.status, done.told["known"]["newest"]) == (200, "2026-11-19")
    told = (await api.get("/attestations/weixin")).told
    assert [(one["by"], one["until"], one["holds"]) for one in told["attestations"]] == [
        ("王五", "2026-11-27T09:00:00+08:00", True)
    ]
    await api.post("/attestations", {**seen, "newest": "2026-11-18", "note": "11月19日的已撤下", "days": 1})
    told = (await api.get("/attestations/weixin")).told
    later, first = told["attestations"]
    assert [(one["holds"], one["taken_back_by"]) for one in (later, first)] == [
        (True, None),
        (False, later["attestation"]),
    ]
    future = await api.post("/attestations", {**seen, "newest": "2026-11-21"})
    assert (future.status, future.told["problems"][0]["where"]) == (400, "body.newest")
    assert (await api.get("/attestations/nobody")).status == 404


async def test_the_registers_are_brought_by_programs(api: Client) -> None:
    def told(*rows: Sequence[object], **more: object) -> dict[str, object]:
        return {"by": "王五", "file": "找错.xlsx", "sha256": "a" * 64, "rows": list(rows), **more}

    row: list[object] = ["city", "m-9", "jiucuo", "2026-11-19", None, None]
    done = (await api.post("/messages/import", told(row))).told
    assert (done["new"], done["written"]) == (1, True)
    again = (await api.post("/messages/import", told(row))).told
    assert (again["new"], again["same"]) == (0, 1)
    assert "m-9" in {one["message"] for one in await api.rows("/messages?waiting=1")}
    assert (await api.post("/messages/m-9/answer", {"by": "王五", "at": "2026-11-20"})).status == 200
    assert "m-9" not in {one["message"] for one in await api.rows("/messages?waiting=1")}
    assert (await api.post("/messages/nothing/answer", {"by": "王五", "at": "2026-11-20"})).status == 404
    by = {"by": "王五"}
    one = {**by, "site": "city", "id": "m-9", "class": "jiucuo", "received": "2026-11-19"}
    assert (await api.post("/messages", {**one, "id": "m-10"})).status == 200
    refused = [
        await api.post("/messages/m-9/answer", {**by, "at": "2026-11-20"}),
        await api.post("/messages/nothing/answer", {**by, "at": "2026-11-20"}),
        await api.post("/messages/nothing/answer", {**by, "at": "2026-11-20", "site": "city"}),
        await api.post("/messages", one),
        await api.post("/messages/m-10/answer", {**by, "at": "2026-11-18"}),
    ]
    assert [(it.status, [said["where"] for said in it.told["problems"]]) for it in refused] == [
        (409, ["path.id"]),
        (404, ["path.id"]),
        (404, ["path.id"]),
        (409, ["body.id"]),
        (409, ["body.at"]),
    ]
    for it in refused:
        (said,) = it.told["problems"]
        assert said["what"] == it.told["error"]
        assert said["expected"]
    assert (await api.post("/messages/import", told(["city", "m-7", "gossip", "2026-11-19", None, None]))).status == 400
    wide = await api.post("/messages/import", told(row, ["city", *"abcdefg"], replace="yes"))
    assert (wide.status, len(wide.told["problems"])) == (400, 2)
    large = told(*(["city", f"n-{n}", "jiucuo", "2026-11-19", None, None] for n in range(30_000)))
    assert len(json.dumps(large)) > MIB
    assert (await api.post("/messages/import", large)).told["new"] == 30_000
