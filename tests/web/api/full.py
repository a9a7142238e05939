"""A store in which there is one of everything the API tells, and a desk over it with all that app hands in.

The channel's address, the token and a person's password-like note are what must never be told.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from monitor.clock import to_ms
from monitor.config.load import load
from monitor.config.settings import Channel, Settings, WebSettings
from monitor.model import (
    Cause,
    Declaration,
    DeclarationKind,
    Outage,
    Platform,
    Refused,
    Sent,
    Severity,
    TargetKind,
    fail,
    ok,
    say,
    unknown,
)
from monitor.questions import for_programs
from monitor.settle.intake import take_in
from monitor.settle.policy import policy_of
from monitor.store import commands, declarations, findings, incidents
from monitor.store.database import Database
from monitor.web.server import Desk
from tests.clock import START, FakeClock
from tests.store.made import run
from tests.web.filled import (
    DAY,
    HOUR,
    MINUTE,
    OPENS_NOT,
    STALE,
    Tx,
    beat,
    carries,
    falls_due,
    message,
    target,
    working,
    wrong,
)

TOKEN = "a-token-that-nobody-guesses-0123456789"
SECRET = "json://sekret-of-the-robot@127.0.0.1/"
WATCHED = (
    target("city", name="某市人民政府"),
    target("city/news", TargetKind.COLUMN, site="city", name="工作动态"),
    target("city/消息 100%", TargetKind.COLUMN, site="city", name="消息"),
    target("weixin", TargetKind.ACCOUNT, platform=Platform.WECHAT, name="某市发布"),
    target("county", name="某县人民政府"),
)


def made_settings(path: Path, *, token: str | None = TOKEN, listen: str = "127.0.0.1:0") -> Settings:
    """As a file would say, with the shipped packs."""
    told = load(None)
    return told.model_copy(
        update={
            "store": told.store.model_copy(update={"path": path}),
            "web": WebSettings(listen=listen),
            "token": None if token is None else SecretStr(token),
            "targets": WATCHED,
            "channels": (Channel(id="hook", url=SecretStr(SECRET)),),
        }
    )


@asynccontextmanager
async def open_desk(
    path: Path, clock: FakeClock, *, token: str | None = TOKEN, listen: str = "127.0.0.1:0", read_within: float = 5.0
) -> AsyncIterator[Desk]:
    """A desk of this process with the commands and questions of the desk."""
    settings = made_settings(path, token=token, listen=listen)
    policy = policy_of(settings)
    database = Database(path)
    await database.open()
    desk = Desk(database, working(), settings, clock, read_within=read_within)
    desk.api.commands = for_programs(database, clock, lambda: policy)
    await database.write(lambda tx: take_in(tx, policy, START))
    await desk.start()
    try:
        yield desk
    finally:
        await desk.close()
        await database.close()


def fill(tx: Tx) -> None:
    """One of everything."""
    beat(tx)
    _incidents(tx)
    _looks(tx)
    _brought(tx)
    message(tx, START - HOUR, Sent("ok"))
    message(tx, START - 2 * HOUR, Refused("no such robot"))
    message(tx, START - MINUTE)
    carries(tx, WATCHED[0], "http://far.example/a", "http://far.example/b")
    falls_due(tx, "city/news", START + 3 * DAY, STALE)
    tx.execute("UPDATE targets SET removed_at = ? WHERE id = 'county'", (to_ms(START),))


def _incidents(tx: Tx) -> None:
    down = wrong(tx, Cause.OUTAGE, "city", "county", key="platform:x", rules=("house/outage", "gone/rule"))
    incidents.add_evidence(tx, down, "city", START, {"tries": [{"reach": "timeout", "status": None}]})
    commands.ack(tx, START, "张三", down, "已联系机房")
    over = wrong(tx, Cause.STALE, "city/news", why=STALE, at=START - DAY, severity=Severity.BREACH)
    incidents.leave(tx, over, "city/news", START - HOUR)
    incidents.recover(tx, over, START - HOUR)
    commands.close(tx, START, "李四", over)
    wrong(tx, Cause.BLIND, "weixin", why=OPENS_NOT, severity=Severity.REMIND, at=START - 2 * DAY)


def _looks(tx: Tx) -> None:
    findings.save_run(tx, "city", run(fail("reachable", Cause.OUTAGE, "timeout", OPENS_NOT), START), None)
    findings.save_run(tx, "city/news", run(ok("column_fresh", say("fine")), START), None)
    findings.save_run(tx, "weixin", run(unknown("feed_fresh", "timeout", OPENS_NOT), START), None)
    looked = "UPDATE targets SET last_look_at = ?1, last_visit_at = ?1, first_look_at = ?1, visits = 3 WHERE id = ?2"
    for name in ("city", "city/news", "weixin"):
        tx.execute(looked, (to_ms(START), name))
    tx.execute(
        "UPDATE targets SET blind_since = ?, blind_reason = 'timeout' WHERE id = 'weixin'", (to_ms(START - DAY),)
    )
    for hours, kind in ((1, "good"), (2, "failed"), (3, "excluded"), (30, "good")):
        for _ in range(hours):
            findings.count_sample(tx, "city", START - hours * HOUR, kind)
    gaps = ((START - 5 * HOUR, START - 4 * HOUR),)
    findings.save_outage(tx, "city", Outage(START - 6 * HOUR, gaps=gaps))
    findings.save_outage(tx, "county", Outage(START - 9 * DAY, START - 8 * DAY, START - 8 * DAY))
    commands.mute(tx, START, "李四", "city", until=START + DAY, reason="机房检修")


def _brought(tx: Tx) -> None:
    first = Declaration(
        id=0,
        kind=DeclarationKind.TEMPORARY_OFFLINE,
        target="county",
        start=START - DAY,
        end=START + DAY,
        number="县府办〔2026〕1号",
        by="王五",
        filed_at=START,
        fields={"approved_by": ["分管领导"]},
    )
    paper = declarations.Attachment("批复.pdf", 1024, "0" * 64)
    number = declarations.file(tx, first, START, (paper,))
    declarations.file(tx, first, START + timedelta(seconds=1), corrects=number)
    problem = replace(first, kind=DeclarationKind.ORDER, target="city", end=None, fields={"problem": "首页错链"})
    declarations.file(tx, problem, START)
    closing = {"decided": "局务会", "notice": "http://city.example/notice", "deregistered": "2026-12-31"}
    declarations.file(
        tx, replace(problem, kind=DeclarationKind.ACCOUNT_CLOSING, target="weixin", fields=closing), START
    )
    told = "INSERT INTO messages (target_id, id, class, received_at, answered_at, source, told_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
    for name, answered in (("m-1", None), ("m-2", to_ms(START)), ("m-3", None)):
        tx.execute(told, ("city", name, "jiucuo", to_ms(START - 2 * DAY), answered, "import", to_ms(START)))
