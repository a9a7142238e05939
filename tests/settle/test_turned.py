"""A link that leads to something else: one incident of the page that carries it, unless the page's own tells it already."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model import Cause, Link, Reach, TargetKind, fail, ok, say
from monitor.store import seen, targets
from tests.settle.desk import SITE, Estate, opens

URLS = [f"http://friend-{n}.example/" for n in range(3)]
LINKS = [Link(url, "友情链接", "a", external=True) for url in URLS]
IDS = [seen.link_id(url) for url in URLS]
TURNED = fail(
    "links_alive",
    Cause.TAMPER,
    "link_spam",
    say("the link leads to gambling, pornography or the like: {title}", title="x"),
)
SOLD = fail(
    "links_alive", Cause.TAMPER, "link_parked", say("the link leads to a name for sale or run out: {title}", title="x")
)
DEAD = fail("links_alive", Cause.DEAD_LINK, "http_404", say("the server answers HTTP {status}", status=404))
FINE = ok("links_alive", say("the link opens"))
HIDDEN = fail(
    "tampered", Cause.TAMPER, "hidden_links", say("links to strangers that visitors cannot see: {excerpt}", excerpt="x")
)
HOUR = timedelta(hours=1)


@pytest.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    estate = await Estate.open(tmp_path)
    now, period = estate.clock.now(), estate.policy.periods[TargetKind.LINK]
    await estate.do(lambda tx: seen.note_links(tx, targets.load_target(tx, SITE), LINKS, now, period))
    yield estate
    await estate.close()


async def rules_of(estate: Estate) -> set[str]:
    rows = await estate.do(lambda tx: tx.execute("SELECT rules FROM members").fetchall())
    return {rule for (text,) in rows for rule in text.strip('[]"').split('","')}


async def test_seen_twice_an_hour_apart_it_is_one_incident_of_the_page(estate: Estate) -> None:
    for link in IDS:
        await estate.look(link, Reach.HIJACKED, [TURNED])
    assert await estate.incidents() == []
    estate.clock.advance(HOUR)
    for link in IDS:
        await estate.look(link, Reach.HIJACKED, [TURNED])
    assert await estate.incidents() == [("tamper", f"links:{SITE}", "open")]
    assert await rules_of(estate) == {"house/link-turned", "national-2019/N-BADLINK-LINK", "national-2019/N-LINK-HOME"}
    for link in IDS:
        await estate.look(link, Reach.OPEN, [FINE])
    assert await estate.incidents() == [("tamper", f"links:{SITE}", "recovered")]


async def test_a_name_for_sale_is_no_veto(estate: Estate) -> None:
    for _ in range(2):
        await estate.look(IDS[0], Reach.HIJACKED, [SOLD])
        estate.clock.advance(HOUR)
    assert await rules_of(estate) == {"house/link-turned", "national-2019/N-LINK-HOME"}


async def test_a_dead_link_is_no_tampering(estate: Estate) -> None:
    for _ in range(2):
        await estate.look(IDS[0], Reach.HTTP_ERROR, [DEAD])
        estate.clock.advance(HOUR)
    assert [(cause, state) for cause, _, state in await estate.incidents()] == [("dead_link", "open")]
    assert await rules_of(estate) == {"national-2019/N-LINK-HOME"}


async def test_what_was_planted_on_a_page_is_told_with_the_page(estate: Estate) -> None:
    await estate.look(SITE, Reach.OPEN, [*opens("2026-11-19"), HIDDEN])
    for _ in range(2):
        await estate.look(IDS[0], Reach.HIJACKED, [TURNED])
        estate.clock.advance(HOUR)
    assert await estate.incidents() == [("tamper", SITE, "open")]
    await estate.look(SITE, Reach.OPEN, [*opens("2026-11-19"), ok("tampered", say("no signs of tampering"))])
    await estate.look(IDS[0], Reach.HIJACKED, [TURNED])
    assert await estate.incidents() == [("tamper", SITE, "recovered"), ("tamper", f"links:{SITE}", "open")]
