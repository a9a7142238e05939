"""From a look at a public reply list to incidents: judged as imported messages are, never a storm, never by what was not seen."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.clock import civil_day
from monitor.model import EntryKind, Letter, LetterRow, MessageClass, Pack, Reach, ReadLetters, Rule, TargetKind
from monitor.settle.policy import policy_of
from monitor.store import registered, rules as rule_rows, targets
from tests.judge.made import rule
from tests.settle.desk import INVENTORY, SITE, Estate, a_target, opens

DAY = timedelta(days=1)
PAGE = f"{SITE}/replies"
LIST = a_target(PAGE, TargetKind.PAGE, "http://one.example/hdjl/", site=SITE, entry=EntryKind.REPLIES)
ANY = rule("answered_within", "site", "5d", pack="town", id="any")
HANDLING = rule("answered_within", "site", "5d", pack="town", id="handling", classes=("handling",))


async def watched(folder: Path, *pack: Rule) -> Estate:
    """The estate with a reply list, also under a pack of a town."""
    estate = await Estate.open(folder)
    told = [replace(one, packs=(*one.packs, "town")) for one in (*INVENTORY, LIST)]
    settings = estate.policy.settings
    town = Pack("town", "某市办法", None, "", pack)
    estate.policy = policy_of(settings.model_copy(update={"targets": tuple(told), "packs": (*settings.packs, town)}))
    now = estate.clock.now()
    await estate.do(lambda tx: targets.sync(tx, told, estate.policy.periods, now))
    await estate.do(lambda tx: rule_rows.remember(tx, estate.policy.rules.values(), now))
    await estate.look(SITE, Reach.OPEN, opens(civil_day(now).isoformat()))
    return estate


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await watched(tmp_path, ANY, HANDLING)
    yield estate
    await estate.close()


def letter(estate: Estate, ago: int, number: int, **other: Any) -> Letter:
    told: dict[str, Any] = {"kind": "投诉", "cls": MessageClass.HANDLING, "is_answered": False}
    day = (civil_day(estate.clock.now()) - timedelta(days=ago)).isoformat()
    return Letter(title=f"第{number}封", number=f"SZ-{number:03}", received=day, **(told | other))


async def shows(estate: Estate, *letters: Letter) -> None:
    """The list is read, and what it changes is judged with the next round."""
    rows = ReadLetters(tuple(LetterRow(one) for one in letters), whole=True)
    await estate.look(PAGE, Reach.OPEN, opens(), letters=rows)
    await estate.pass_time(timedelta(seconds=1))


async def answering(estate: Estate) -> list[tuple[str, str]]:
    """Key and state of the incidents about answers."""
    return [(key, state) for cause, key, state in await estate.incidents() if cause == "answered_within"]


async def broken(estate: Estate) -> dict[str, str]:
    sql = "SELECT rule, why FROM standings WHERE target_id = ? AND value = 'breached' AND rule LIKE 'town/%'"
    return dict(await estate.do(lambda tx: tx.execute(sql, (SITE,)).fetchall()))


async def test_years_of_letters_that_wait_are_one_incident_with_their_number(estate: Estate) -> None:
    old = [letter(estate, 10 * n, n) for n in range(1, 60)]
    await shows(estate, *old, letter(estate, 2, 99))
    assert await answering(estate) == [(SITE, "open")]
    assert (await estate.notices()).count("opened") == 1
    assert "59" in (await broken(estate))["town/any"]


async def test_what_was_answered_late_is_in_the_register_and_alarms_nobody(estate: Estate) -> None:
    late = letter(estate, 90, 1, is_answered=True, answered=civil_day(estate.clock.now()).isoformat())
    await shows(estate, late)
    assert await answering(estate) == []
    (entry,) = await estate.do(lambda tx: registered.messages(tx, 10, waiting=False))
    assert entry.answered_at is not None


async def test_a_class_nobody_told_falls_under_rules_that_name_none(estate: Estate) -> None:
    await shows(estate, letter(estate, 30, 1, kind="", cls=None))
    assert set(await broken(estate)) == {"town/any"}


async def test_a_letter_breaks_by_the_clock_and_an_answer_ends_it(estate: Estate) -> None:
    await shows(estate, letter(estate, 0, 1))
    for _ in range(6):
        assert await answering(estate) == []
        await estate.pass_time(DAY)
    assert await answering(estate) == [(SITE, "open")]
    today = civil_day(estate.clock.now()).isoformat()
    await shows(estate, letter(estate, 6, 1, is_answered=True, answered=today))
    assert await answering(estate) == [(SITE, "recovered")]


async def test_a_list_that_was_not_read_says_nothing(estate: Estate) -> None:
    await shows(estate, letter(estate, 30, 1))
    await estate.look(PAGE, Reach.HTTP_ERROR, ())
    await estate.pass_time(DAY)
    assert await answering(estate) == [(SITE, "open")], "not read is not gone, and not answered"


async def test_a_letter_that_left_the_list_still_waits(estate: Estate) -> None:
    await shows(estate, letter(estate, 30, 1))
    await shows(estate, letter(estate, 1, 2))
    await estate.pass_time(DAY)
    assert await answering(estate) == [(SITE, "open")]
