"""How much memory reading one page takes at its peak, beside a bare parse: `python tests/bench/bench_memory.py [repetitions]`.

Resident memory, since lexbor, lxml and the pattern tables allocate outside of Python: every case is a process of its own, whose
peak is told beside that of one that imported the reader, filled its tables with a page of one line and holds the same bytes.
Medians in MB; the bare parse is selectolax building the tree of the same text. What fits into room that the import had
taken and given back is not seen: small pages cost nothing that a process of ours does not hold anyway.
"""

import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

REPETITIONS = 3
CAP = 3 << 20  # bytes a fetch brings at most (config/settings.py), and more than which nothing is read
MB = 1 << 20
CASES = ("list of 60 KB", "list of 300 KB", "list at the cap", "prose at the cap", "tags at the cap")
"""At the cap of 3 MiB: rows, paragraphs, and tags without anything in them, which are refused (monitor/read/bounds.py)."""


def body_of(case: str) -> bytes:
    """The page of that case."""
    from tests.bench.bench_read import made_up

    kind, _, size = case.partition(" of " if " of " in case else " at ")
    if size != "the cap":
        return made_up(int(size.split()[0]) // 60)
    unit = {
        "list": made_up(52),
        "prose": "<p>某某市人民政府办公室关于印发实施方案的通知。</p>\n".encode(),
        "tags": b"<b></b>",
    }[kind]
    return (unit * (1 + CAP // len(unit)))[:CAP]


def peak() -> int:
    """Bytes this process has had resident at most. Linux counts a parent's into ru_maxrss, not into VmHWM (proc(5))."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def inside(case: str, work: str) -> None:
    """In a process of its own: do that work, print the peak in bytes and what became of the page."""
    from selectolax.lexbor import LexborHTMLParser

    from monitor.model import TargetKind
    from monitor.read.charset import decode
    from monitor.read.page import read_page
    from tests.read.samples import TODAY, URL, frame

    def read(body: bytes) -> str:
        reading = read_page(body, url=URL, kind=TargetKind.COLUMN, charset=None, status=200, captured=TODAY)
        return f"{reading.state}, {len(reading.items)} items"

    def parse(body: bytes) -> str:
        tree = LexborHTMLParser(decode(body).text.encode("utf-8", "replace"))
        return "parsed" if tree.root is not None else "empty"

    works: dict[str, Callable[[bytes], str]] = {
        "nothing": lambda body: f"{len(body)} bytes",
        "parse": parse,
        "read": read,
    }
    read(frame("<p>一行</p>").encode())
    body = body_of(case)
    said = works[work](body)
    print(peak(), said)


def measure(case: str, work: str) -> tuple[int, str]:
    """Peak in bytes and what became of the page, of a process that did that work."""
    command = [sys.executable, __file__, "--inside", case, work]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    bytes_, _, said = done.stdout.strip().partition(" ")
    return int(bytes_), said


def main(repetitions: int) -> None:
    """Measure in turn, print a line a case."""
    print(f"{'MB at the peak':18}{'page':>8}{'parse':>8}{'read':>8}{'ratio':>7}  read as")
    before = []
    for case in CASES:
        found: dict[str, list[int]] = {"nothing": [], "parse": [], "read": []}
        said = ""
        for _ in range(repetitions):
            for work, peaks in found.items():
                bytes_, said = measure(case, work)
                peaks.append(bytes_)
        bare, parse, read = (statistics.median(peaks) for peaks in found.values())
        before.append(bare)
        parse, read = max(0.0, parse - bare), max(0.0, read - bare)
        ratio = f"{read / parse:>7.1f}" if parse > MB / 10 else f"{'-':>7}"
        print(f"{case:18}{len(body_of(case)) / MB:>8.2f}{parse / MB:>8.1f}{read / MB:>8.1f}{ratio}  {said}")
    print(f"a process that imported the reader and filled its tables: {statistics.median(before) / MB:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside(*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS)
