"""When the looks of a watch say that its outgoing proxy lets nothing through, and when that it does again."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Claim, Fetched, Page, Reach, Target, TargetKind, Try, Visited
from monitor.observe.proxy import DOUBT, FAILED, OFTEN, Door, Told, is_own, is_shut, shown

START = datetime(2026, 11, 20, 8, tzinfo=UTC)
ADDRESS = "http://10.0.0.9:3128"
GONE, WHO, DENIED, BEHIND = (
    f"outgoing proxy {end}" for end in ("unreachable", "answered 407", "answered 403", "answered 503")
)
URL = "http://www.example/"


def look(seconds: float, detail: str = "", status: int | None = None) -> Visited:
    """One that began that long after the start: an answer with a status, or one that ended so."""
    at = START + timedelta(seconds=seconds)
    reach = Reach.OPEN if status else Reach.CONNECT
    notes = (FAILED,) if is_own(detail) else ()
    fetched = Fetched(
        url=URL, final_url=URL, reach=reach, detail=detail, started_at=at, seconds=1.0, status=status, notes=notes
    )
    target: Target[dict[str, dict[str, object]]] = Target(
        id="t", kind=TargetKind.SITE, name="t", url=URL, options={}, packs=()
    )
    claim = Claim(target=target, due_at=at, sample=True, period=timedelta(minutes=5), lease="1", lease_until=at)
    tries = (Try(at, reach, status, 1.0),)
    page = Page(fetched, reach, None)
    return Visited(claim=claim, started_at=at, ended_at=at, reach=reach, tries=tries, findings=(), page=page)


def told(*looks: Visited) -> list[Told | None]:
    door = Door()
    return [door.told(one, ADDRESS) for one in looks]


@pytest.mark.parametrize("detail", [GONE, WHO])
def test_who_is_shut_out_at_the_start_says_so_and_the_first_answer_ends_it(detail: str) -> None:
    assert told(look(0, detail), look(1, detail), look(2, status=200), look(3, status=500)) == [
        Told.SHUT,
        Told.SHUT,
        Told.PASSES,
        None,
    ]


def test_the_first_answer_is_told_because_an_earlier_process_may_have_been_shut_out() -> None:
    assert told(look(0, status=200), look(1, status=200)) == [Told.PASSES, None]


def test_a_proxy_that_stumbles_is_not_shut() -> None:
    after = DOUBT.total_seconds()
    assert told(look(0, status=200), look(after - 1, GONE), look(after, GONE)) == [Told.PASSES, None, Told.SHUT]


def test_an_answer_to_a_look_from_before_is_no_news() -> None:
    assert told(look(5, GONE), look(4, status=200), look(6, status=200)) == [Told.SHUT, None, Told.PASSES]


def test_a_refusal_may_be_a_rule_about_one_site() -> None:
    often = OFTEN.total_seconds()
    assert told(look(0, DENIED), look(often - 1, DENIED), look(often, DENIED)) == [None, None, Told.SHUT]
    mixed = [look(n * 60, DENIED) if n % 5 else look(n * 60, status=200) for n in range(60)]
    assert Told.SHUT not in told(*mixed)


def test_what_it_says_of_a_site_proves_that_it_works() -> None:
    assert told(look(0, GONE), look(1, BEHIND)) == [Told.SHUT, Told.PASSES]
    assert not is_own(BEHIND)


def test_what_may_have_been_either_is_no_news() -> None:
    assert told(look(0, GONE), look(1, "closed without an answer")) == [Told.SHUT, None]


def test_another_proxy_starts_anew() -> None:
    door = Door()
    door.told(look(0, status=200), ADDRESS)
    assert door.told(look(1, GONE), "http://10.0.0.10:3128") is Told.SHUT


def test_is_shut_to_all_or_to_one() -> None:
    assert [is_shut(detail) for detail in (GONE, WHO, DENIED, BEHIND, "")] == [True, True, False, False, False]


@pytest.mark.parametrize("address", ["http://us:geheim@10.0.0.9:3128", "http://us:geheim@10.0.0.9:3128/"])
def test_credentials_are_never_shown(address: str) -> None:
    assert shown(address) == ADDRESS
