"""What reading a page costs beside a bare parse: `python tests/bench/bench_read.py [repetitions]`.

Whole `read_page` (charset, tree, list, links, marks) against selectolax building the tree of the same text and nothing else, and
`normal_hash` against SHA-256 of the same bytes; every case in turn, so that a busy machine hits all. Milliseconds of this
process's processor per 60 KB; a column is the sum over all pages of a kind. Pages: the labelled ones, and two made up, of 60 and 300 KB.
At the end what a list page of those sizes takes, beside what it may take.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from monitor.model import TargetKind
from monitor.read.charset import decode
from monitor.read.dates import last_day
from monitor.read.normal import normal_hash
from monitor.read.page import read_page
from tests.read.samples import TODAY, URL, frame, rows

KINDS = {
    "list": TargetKind.COLUMN,
    "home": TargetKind.SITE,
    "article": TargetKind.PAGE,
    "odd": TargetKind.PAGE,
    "made up": TargetKind.COLUMN,
    "made up 5x": TargetKind.COLUMN,
}
REPETITIONS = 7
SIZE = 60_000  # bytes the costs are told for
SMALL = SIZE // 4  # bytes; what costs the same for any page says nothing of smaller ones per 60 KB
LINKS = 200  # in so many bytes
TARGETS = {"made up": 3.0, "made up 5x": 15.0}
"""Milliseconds that reading a list page of 60 KB and one of 300 KB may take."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One page as it came."""

    kind: str
    body: bytes
    url: str | None
    captured: date


@dataclass(slots=True)
class Costs:
    """Seconds of one kind, a number per repetition."""

    size: int = 0  # bytes of all pages
    parse: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    sha: list[float] = field(default_factory=list)
    normal: list[float] = field(default_factory=list)
    worst: float = 0.0  # times the bare parse, of the dearest page
    each: list[float] = field(default_factory=list)  # the median of every page that is large enough, per 60 KB


def corpus() -> list[Sample]:
    """The labelled pages, none when they are not there."""
    folder = Path(os.environ.get("ZHISHOU_CORPUS") or Path(__file__).resolve().parents[3] / "shared" / "corpus")
    index = folder / "INDEX.jsonl"
    if not index.is_file():
        print("no labelled pages: set ZHISHOU_CORPUS or put them at ../shared/corpus", file=sys.stderr)
        return []
    records = [json.loads(line) for line in index.read_text("utf-8").splitlines()]
    return [
        Sample(one["kind"], (folder / one["file"]).read_bytes(), one["url"] or URL, last_day(one["captured"]) or TODAY)
        for one in records
        if one["kind"] in KINDS
    ]


def made_up(times: int = 1) -> bytes:
    """A column of so many times 60 KB, with 200 dated links in each, the way platforms write them."""
    row = "<li class='item'><a href='{href}' title='{title}' target='_blank'>{title}</a><span>{date}</span></li>\n"
    links = (LINKS - 12) * times
    days = [f"2026-{month:02}-{day:02}" for month in range(10, 0, -1) for day in range(28, 0, -1)]
    shown = rows(
        (days * (1 + links // len(days)))[:links],
        row,
        hrefs=[f"content/post_{90_000 - at}.html" for at in range(links)],
    )
    script = "<script>" + "function next(n) { return document.getElementById('p' + n); }\n" * 50 * times + "</script>"
    page = frame(f"<ul class='list'>{shown}</ul>{script}").encode()
    style = b"<style>" + b".list li { float: left; width: 96%; line-height: 32px; }\n" * 400 * times
    at = page.index(b"</head>")
    filler = style[: max(0, SIZE * times - len(page) - len(b"</style>"))]
    return page[:at] + filler + b"</style>" + page[at:]


def _cost(work: Callable[[], object]) -> float:
    """Seconds of processor, the better of two."""
    found = []
    for _ in range(2):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def _read(sample: Sample) -> None:
    read_page(sample.body, url=sample.url, kind=KINDS[sample.kind], charset=None, status=200, captured=sample.captured)


def measure(samples: list[Sample], repetitions: int) -> dict[str, Costs]:
    """Every page in turn, over and over."""
    costs = {kind: Costs() for kind in KINDS if any(sample.kind == kind for sample in samples)}
    for sample in samples:
        costs[sample.kind].size += len(sample.body)
    texts = [decode(sample.body).text.encode("utf-8", "replace") for sample in samples]
    reads: list[list[float]] = [[] for _ in samples]
    for _ in range(repetitions):
        for cost in costs.values():
            for column in (cost.parse, cost.read, cost.sha, cost.normal):
                column.append(0.0)
        for sample, text, took in zip(samples, texts, reads, strict=True):
            cost = costs[sample.kind]
            bare, read = _cost(lambda t=text: LexborHTMLParser(t)), _cost(lambda s=sample: _read(s))  # type: ignore[misc]
            cost.parse[-1] += bare
            cost.read[-1] += read
            took.append(read)
            cost.sha[-1] += _cost(lambda s=sample: sha256(s.body).hexdigest())  # type: ignore[misc]
            cost.normal[-1] += _cost(lambda s=sample: normal_hash(s.body))  # type: ignore[misc]
            cost.worst = max(cost.worst, read / bare) if len(sample.body) > SMALL else cost.worst
    for sample, took in zip(samples, reads, strict=True):
        if len(sample.body) > SMALL:
            costs[sample.kind].each.append(statistics.median(took) * SIZE / len(sample.body))
    return costs


def report(costs: dict[str, Costs]) -> None:
    """Medians of the repetitions, in milliseconds per 60 KB."""
    print(f"{'ms per 60 KB':12}{'parse':>8}{'read':>8}{'ratio':>7}{'dearest':>9}{'sha256':>9}{'normal':>8}{'ratio':>7}")
    for kind, cost in costs.items():
        parse, read, sha, normal = (
            statistics.median(column) * SIZE / cost.size * 1000
            for column in (cost.parse, cost.read, cost.sha, cost.normal)
        )
        ratios = f"{read / parse:>7.1f}{cost.worst:>9.1f}{sha:>9.3f}{normal:>8.3f}{normal / sha:>7.1f}"
        print(f"{kind:12}{parse:>8.2f}{read:>8.2f}{ratios}")


def verdicts(costs: dict[str, Costs]) -> None:
    """What a list page takes beside its target, plainly."""
    for kind, limit in TARGETS.items():
        took = statistics.median(costs[kind].read) * 1000
        print(
            f"a made-up list page of {costs[kind].size / 1000:.0f} KB: {took:.1f} ms, target {limit:.0f} ms{_missed(took, limit)}"
        )
    if "list" in costs:
        took, limit = statistics.median(costs["list"].each) * 1000, TARGETS["made up"]
        told = f"{took:.1f} ms per 60 KB, target {limit:.0f} ms{_missed(took, limit)}"
        print(f"{len(costs['list'].each)} labelled list pages of more than {SMALL // 1000} KB, the median: {told}")


def _missed(took: float, limit: float) -> str:
    return f", missed by {took / limit - 1:.0%}" if took > limit else ""


def main() -> None:
    """Measure and print."""
    made = {"made up": made_up(), "made up 5x": made_up(5)}
    samples = [*corpus(), *(Sample(kind, body, URL, TODAY) for kind, body in made.items())]
    for sample in samples:  # warm: patterns, caches, the public suffix list
        _read(sample)
    costs = measure(samples, int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS)
    report(costs)
    verdicts(costs)


if __name__ == "__main__":
    main()
