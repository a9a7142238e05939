"""The comparison's own parts, without the peers: the estate and its truth, the server's answers and book, verdicts, lines, costs."""

import http.client
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model import TargetKind
from monitor.read.page import read_page
from tests.bench.peers import install
from tests.bench.peers.compare import show_links, show_probes
from tests.bench.peers.estate import (
    DEAD,
    DISTINCT,
    HOMES,
    LINKS_PER_HOME,
    Kind,
    Link,
    carried,
    home_host,
    home_page,
    hosts,
    links,
    truth,
)
from tests.bench.peers.links import Ours, Round, lychee_said, until_noon, verdicts, wrong
from tests.bench.peers.server import Served, serving
from tests.bench.peers.subject import Cost, TookTooLong, once, running
from tests.bench.peers.table import Line, ratios, row, target
from tests.clock import START


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(None) as server:
        yield server


def _ask(served: Served, link: Link, method: str = "GET") -> http.client.HTTPResponse:
    door = http.client.HTTPConnection(link.host, served.port, timeout=10)
    door.request(method, link.path, headers={"Connection": "close"})
    answer = door.getresponse()
    answer.read()
    door.close()
    return answer


def _one(kind: Kind) -> Link:
    return next(link for link in links() if link.kind is kind)


def test_every_link_of_the_estate_is_carried_and_every_page_carries_its_share() -> None:
    known = links()
    pages = [list(carried(home, known)) for home in range(HOMES)]
    assert len({link.url(1) for link in known}) == len(truth(1)) == DISTINCT
    assert {len({link.number for link in page}) for page in pages} == {LINKS_PER_HOME}
    assert {link.number for page in pages for link in page} == set(range(DISTINCT))


def test_the_estate_is_dead_where_nobody_listens_and_only_its_own_hosts_stumble() -> None:
    listening, homes = set(hosts()), {home_host(number) for number in range(HOMES)}
    assert {link.kind for link in links() if link.host not in listening} == {Kind.SHUT}
    assert {link.host in homes for link in links() if link.kind is Kind.BROKEN} == {True}
    assert {link.kind for link in links()} == set(Kind)


def test_a_home_page_read_by_the_product_carries_its_links() -> None:
    known = links()
    url = f"http://{home_host(7)}:8080/"
    page = home_page(7, known, 8080)
    reading = read_page(page, url=url, kind=TargetKind.SITE, charset=None, status=200, captured=START.date())
    assert {link.url for link in reading.links} == {link.url(8080) for link in carried(7, known)}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.FINE, 200),
        (Kind.GONE, 404),
        (Kind.REMOVED, 410),
        (Kind.BROKEN, 500),
        (Kind.MOVED, 302),
        (Kind.LOST, 302),
        (Kind.NO_HEAD, 200),
    ],
)
def test_a_link_answers_as_its_kind_says(served: Served, kind: Kind, status: int) -> None:
    link = _one(kind)
    answer = _ask(served, link)
    assert answer.status == status
    if status == 302:
        place = Link(link.number, kind, link.host)
        door = http.client.HTTPConnection(place.host, served.port, timeout=10)
        door.request("GET", answer.headers["Location"])
        assert (door.getresponse().status == 404) is (kind in DEAD)
        door.close()


def test_an_old_server_refuses_head_and_nobody_listens_where_it_is_shut(served: Served) -> None:
    assert _ask(served, _one(Kind.NO_HEAD), "HEAD").status == 405
    with pytest.raises(ConnectionRefusedError):
        _ask(served, _one(Kind.SHUT))


def test_the_book_names_what_was_asked_once(served: Served) -> None:
    link = _one(Kind.FINE)
    served.take()
    _ask(served, link)
    _ask(served, link, "HEAD")
    assert served.take() == {f"GET {link.host} {link.path}": 1, f"HEAD {link.host} {link.path}": 1}
    assert not served.take()


@pytest.mark.parametrize(("folder", "status"), [("full", 200), ("same", 304)])
def test_a_probed_page_answers_304_only_where_it_may(served: Served, folder: str, status: int) -> None:
    door = http.client.HTTPConnection(home_host(0), served.port, timeout=10)
    door.request("GET", f"/{folder}/3/")
    first = door.getresponse()
    assert len(first.read()) > 50_000
    door.request("GET", f"/{folder}/3/", headers={"If-None-Match": first.headers["ETag"]})
    assert door.getresponse().status == status
    door.close()


def test_a_peer_that_cannot_be_had_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(install.Missing, match="lychee"):
        install.lychee(tmp_path / "peers")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(install.Missing, match="apt-get"):
        install.blackbox(tmp_path / "peers")
    assert not list(tmp_path.glob("peers/lychee-*[0-9]"))


def test_wrong_verdicts_are_counted_by_kind_and_unsaid_ones_too() -> None:
    true = {"http://h/fine/1.html": False, "http://h/gone/2.html": True, "http://h/shut/3.html": True}
    said = {"http://h/fine/1.html": True, "http://h/gone/2.html": True, "http://else/4.html": False}
    assert wrong(said, true) == {"fine": 1, "unsaid shut": 1, "not in the estate": 1}
    assert not wrong(true, true)


def test_a_report_of_lychee_that_saw_fewer_says_nothing_of_the_rest() -> None:
    true = {"http://h/fine/1.html": False, "http://h/gone/2.html": True}
    report = {"unique": 2, "error_map": {"page": [{"url": "http://h/gone/2.html"}]}, "timeout_map": {}}
    assert lychee_said(report, true) == true
    assert wrong(lychee_said(report | {"unique": 1}, true), true) == {"unsaid fine": 1}


def test_our_verdicts_are_those_confirmed() -> None:
    rows = [("a", "ok", 0), ("b", "fail", 1), ("c", "fail", 0), ("d", "unknown", 0)]
    assert verdicts(rows) == {"a": False, "b": True}


def test_a_round_begins_at_noon() -> None:
    assert until_noon(START) == 3 * 3600  # 09:00 in Shanghai
    assert until_noon(START + timedelta(hours=4)) == 23 * 3600


def test_a_line_shows_median_spread_and_the_ratio_of_each_repetition() -> None:
    line = Line("seconds", [1.0, 2.0, 4.0], [3.0, 4.0, 4.0])
    assert ratios(line) == [3.0, 2.0, 1.0]
    assert row(line).split() == ["seconds", "2.00", "(1.00", "…", "4.00)", "4.00", "(3.00", "…", "4.00)", "2.00"]


def test_a_target_is_met_or_falls_short_aloud() -> None:
    assert target("fast", met=True, seen="1.1").startswith("pass: ")
    assert target("fast", met=False, seen="0.9").startswith("FALLS SHORT: ")


def test_the_tables_hold_every_measure_and_name_what_fell_short(capsys: pytest.CaptureFixture[str]) -> None:
    true = truth(1)
    few = {url: dead for url, dead in true.items() if "/shut/" not in url}
    theirs = Round(true, Cost(1.0, 1.0, 100.0), 6260)
    ours = Ours(Round(few, Cost(9.0, 4.0, 150.0), 7000), Cost(1.0, 1.0), Cost(8.0, 3.0), 60, (50, 2))
    show_links([(theirs, ours)] * 3, true)
    told = capsys.readouterr().out
    assert told.count("FALLS SHORT") == 3
    assert "'unsaid shut': 180" in told
    show_probes({"probe": [Cost(1, 0.6, 40)], "full": [Cost(1, 0.7, 160)], "same": [Cost(1, 0.5, 160)]})
    told = capsys.readouterr().out
    assert (told.count("FALLS SHORT: "), told.count("pass: ")) == (1, 1)


def test_what_a_process_cost_is_read_from_outside(tmp_path: Path) -> None:
    busy = "import sys; list(range(3_000_000)); bytearray(50 << 20); sys.stdin.read()"
    with running((sys.executable, "-c", busy), tmp_path / "log", None, piped=True) as subject:
        subject.wait_until(lambda: subject.memory > 50, 30, "it has grown")
        assert subject.processor > 0.01
        process = subject.process
    assert process.poll() is not None


def test_a_process_that_dies_while_it_is_waited_for_is_told_with_its_log(tmp_path: Path) -> None:
    with (
        running((sys.executable, "-c", "raise SystemExit('no such thing')"), tmp_path / "log", None) as subject,
        pytest.raises(TookTooLong, match="no such thing"),
    ):
        subject.wait_until(lambda: False, 30, "never")


def test_a_program_run_once_tells_its_code_and_cost_and_is_killed_when_it_takes_too_long(tmp_path: Path) -> None:
    code, cost = once((sys.executable, "-c", "list(range(3_000_000)); raise SystemExit(2)"), tmp_path / "log", None, 30)
    assert code == 2
    assert cost.processor > 0.01
    with pytest.raises(TookTooLong):
        once((sys.executable, "-c", "import time; time.sleep(60)"), tmp_path / "log", None, 0.2)
