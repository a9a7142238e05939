"""Health: each trouble of the watch turns it red with its name and age, and nothing else does."""

import asyncio
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from monitor.config.load import load
from monitor.config.problems import ConfigError
from monitor.model import Cause, Refused, Sent, TargetKind, say
from monitor.settle.ours import settle_ours, uplink
from monitor.settle.policy import policy_of
from monitor.store import targets
from monitor.web.server import Desk
from monitor.web.status import Status
from tests.clock import START, FakeClock
from tests.web.conftest import Get
from tests.web.filled import DAY, HOUR, MINUTE, SECOND, Tx, beat, message, settings, target, watch, working, wrong


class Case(NamedTuple):
    """What befalls the process or the store; which facts fail and which are notes; the age of one of them in seconds."""

    name: str
    to_status: Callable[[Status], None]
    to_store: Callable[[Tx], None]
    failing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    age: tuple[str, float] | None = None


def nothing(_befalls: object) -> None:
    return


def with_status(**fields: object) -> Callable[[Status], None]:
    def befall(status: Status) -> None:
        for name, value in fields.items():
            setattr(status, name, value)

    return befall


def overdue(kind: TargetKind, since: timedelta) -> Callable[[Tx], None]:
    def befall(tx: Tx) -> None:
        watch(tx, target("site-1"), target("late", kind))
        targets.postpone(tx, "late", START - since)

    return befall


def told(ago: timedelta, result: Sent | Refused | None) -> Callable[[Tx], None]:
    return lambda tx: message(tx, START - ago, result)


def blind(tx: Tx) -> None:
    settle_ours(tx, uplink(blind=True), policy_of(settings(Path("unused"))), START - 7 * MINUTE)


def blind_and_back(tx: Tx) -> None:
    blind(tx)
    settle_ours(tx, uplink(blind=False), policy_of(settings(Path("unused"))), START - MINUTE)


FULL = "database or disk is full"
RELOADED = {"reload_problems": ("monitor.toml:3: sitte is unknown", "b"), "reload_refused_at": START - HOUR}
SITE, COLUMN, LINK = TargetKind.SITE, TargetKind.COLUMN, TargetKind.LINK
STARTED = {"last_round_at": None, "rounds": 0}

CASES = (
    Case("all is well", nothing, nothing),
    Case("an incident of a site is not our trouble", nothing, lambda tx: void(wrong(tx, Cause.OUTAGE, "site-1"))),
    Case(
        "the first round is under way",
        with_status(**STARTED, started_at=START - 5 * SECOND),
        nothing,
        age=("rounds", 5),
    ),
    Case(
        "no first round",
        with_status(**STARTED, started_at=START - 61 * SECOND),
        nothing,
        ("rounds",),
        age=("rounds", 61),
    ),
    Case("rounds on time", with_status(last_round_at=START - 59 * SECOND), nothing, age=("rounds", 59)),
    Case("rounds stalled", with_status(last_round_at=START - 3 * MINUTE), nothing, ("rounds",), age=("rounds", 180)),
    Case("clock set back", with_status(last_round_at=START + HOUR), nothing, age=("rounds", 0)),
    Case(
        "unwritable store",
        with_status(store_error=FULL, store_error_at=START - 40 * SECOND),
        nothing,
        ("store",),
        age=("store", 40),
    ),
    Case("site a little late", nothing, overdue(SITE, 9 * MINUTE), age=("coverage.site", 540)),
    Case("site overdue", nothing, overdue(SITE, 11 * MINUTE), ("coverage.site",), age=("coverage.site", 660)),
    Case("column within its period", nothing, overdue(COLUMN, 59 * MINUTE), age=("coverage.column", 3540)),
    Case("column overdue", nothing, overdue(COLUMN, 61 * MINUTE), ("coverage.column",)),
    Case("link overdue", nothing, overdue(LINK, DAY + MINUTE), ("coverage.link",)),
    Case("message sent", nothing, told(HOUR, Sent())),
    Case("message waits", nothing, told(29 * MINUTE, None), age=("deliveries", 1740)),
    Case("message waits too long", nothing, told(31 * MINUTE, None), ("deliveries",), age=("deliveries", 1860)),
    Case(
        "message given up",
        nothing,
        told(HOUR, Refused("no such robot")),
        ("dead_deliveries",),
        age=("dead_deliveries", 3600),
    ),
    Case("message given up long ago", nothing, told(25 * HOUR, Refused("no such robot"))),
    Case("uplink blind", with_status(uplink_blind=True), blind, ("uplink",), age=("uplink", 420)),
    Case("uplink blind, as the store knows after a restart", nothing, blind, ("uplink",), age=("uplink", 420)),
    Case("uplink back", nothing, blind_and_back, age=("uplink", 5)),
    Case(
        "nobody could tell if our own network failed",
        with_status(untold_why=say("why"), untold_since=START - HOUR),
        nothing,
        notes=("uplink",),
        age=("uplink", 3600),
    ),
    Case("blind, and soon nobody can tell", with_status(uplink_blind=True, untold_why=say("why")), blind, ("uplink",)),
    Case("refused reload", with_status(**RELOADED), nothing, notes=("settings",), age=("settings", 3600)),
    Case("disk low", with_status(disk_low=True), nothing, notes=("disk",)),
    Case("set aside", with_status(set_aside=("site-9",)), nothing, notes=("set_aside",)),
    Case("nothing watched", nothing, lambda tx: void(targets.sync(tx, (), {}, START)), notes=("targets",)),
    Case(
        "several at once",
        with_status(last_round_at=START - HOUR, store_error=FULL, store_error_at=START),
        told(HOUR, None),
        ("rounds", "store", "deliveries"),
    ),
)


def void(_value: object) -> None:
    return


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_each_trouble_by_its_name_and_age(case: Case, desk: Desk, status: Status, get: Get) -> None:
    await desk.database.write(beat)
    await desk.database.write(lambda tx: watch(tx, target("site-1")))
    await desk.database.write(case.to_store)
    case.to_status(status)
    code, text, headers = await get("/healthz")
    told = json.loads(text)
    assert told["failing"] == list(case.failing)
    assert told["notes"] == list(case.notes)
    assert (code, told["status"]) == ((503, "failing") if case.failing else (200, "ok"))
    assert all(fact["age_seconds"] >= 0 and fact["detail"] for fact in told["facts"].values())
    if case.age is not None:
        assert told["facts"][case.age[0]]["age_seconds"] == case.age[1]
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    page_code, page, _ = await get("/?lang=en")
    assert page_code == 200
    assert ("The watch itself is in trouble" in page) is bool(case.failing)


async def test_every_fact_is_there_from_the_start(get: Get) -> None:
    _, text, _ = await get("/healthz")
    named = set(json.loads(text)["facts"])
    kinds = {f"coverage.{kind.value}" for kind in TargetKind if kind is not TargetKind.DESK}
    assert named == {"rounds", "store", "uplink", "settings", "deliveries", "dead_deliveries", "targets", *kinds}


async def test_a_refused_reload_shows_every_problem_and_no_secret(get: Get, status: Status, tmp_path: Path) -> None:
    written = tmp_path / "monitor.toml"
    written.write_text(
        '[cadence]\nsitte = "5m"\n[[channel]]\nid = "duty"\nurl = "wecom://sekret-of-the-robot"\nlanguage = "fr"\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as refused:
        load(written)
    status.reload_problems = tuple(str(problem) for problem in refused.value.problems)
    status.reload_refused_at = START - MINUTE
    code, text, _ = await get("/healthz")
    told = json.loads(text)
    assert code == 200
    assert told["settings_problems"] == list(status.reload_problems)
    assert len(told["settings_problems"]) >= 2
    page = (await get("/"))[1]
    assert "sitte" in page
    assert "sekret" not in text + page


async def test_a_store_that_is_gone_is_said_and_does_not_take_the_desk_with_it(desk: Desk, get: Get) -> None:
    await desk.database.close()
    code, text, _ = await get("/healthz")
    assert code == 503
    assert json.loads(text)["facts"]["store"]["detail"] == "cannot be read: the store is closed"
    code, page, _ = await get("/?lang=en")
    assert code == 503
    assert "The store cannot be read at the moment" in page
    assert "Nothing is wrong" not in page
    code, text, _ = await get("/metrics")
    assert (code, 'zhishou_healthy{fact="store"} 0.0' in text) == (200, True)


async def test_a_store_that_does_not_answer_holds_nobody_up(desk: Desk, get: Get) -> None:
    let_go = threading.Event()
    busy = [asyncio.create_task(desk.database.read(lambda _tx: let_go.wait(30))) for _ in range(4)]
    await asyncio.sleep(0)
    code, text, _ = await get("/healthz")
    let_go.set()
    await asyncio.gather(*busy)
    assert code == 503
    assert json.loads(text)["facts"]["store"]["detail"] == "does not answer in time"
    code, _, _ = await get("/healthz")
    assert code == 200


async def test_ready_from_the_first_round_to_the_beginning_of_the_end(get: Get, status: Status) -> None:
    status.ready = False
    assert (await get("/readyz"))[0] == 503
    status.ready = True
    assert (await get("/readyz"))[:2] == (200, '{"ready": true, "detail": "watching"}')
    status.stopping = True
    code, text, _ = await get("/readyz")
    assert (code, json.loads(text)["detail"]) == (503, "stopping")


async def test_it_gets_red_and_green_again_by_the_clock_alone(desk: Desk, get: Get, clock: FakeClock) -> None:
    await desk.database.write(lambda tx: watch(tx, target("site-1")))
    assert (await get("/healthz"))[0] == 200
    clock.advance(2 * MINUTE)
    assert json.loads((await get("/healthz"))[1])["failing"] == ["rounds"]
    desk.status.last_round_at = clock.now()
    assert (await get("/healthz"))[0] == 200


def test_the_status_of_these_tests_is_that_of_a_working_process() -> None:
    assert working().last_round_at == START - 5 * SECOND
