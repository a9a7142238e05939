"""What a prefecture's store grows by: `python -m tests.bench.growth [--scale 1.0] [--days 14]`, run by `make bench-growth`.

60 sites every five minutes, 12,000 columns hourly, 650 accounts, played in virtual time with the city's own rhythm of items
and all evidence kept. A line for every virtual day: size of the store, what it grew by, processor seconds. At the end the year:
the first day, which brings what every list already shows, and 364 times what the later half of the days grew by on average.
`--scale` plays a part of the columns and accounts and multiplies all of it: more than the whole would take, as sites stay 60.
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from monitor import log
from monitor.app import load_settings
from monitor.city.scenario import read_scenario
from monitor.drill import prepare
from monitor.rehearsal import Rehearsal

SITES, COLUMNS_PER_SITE, ACCOUNTS = 60, 200, 650
CITY = """
start = "2026-09-01T00:00:00+08:00"
days = {days}
seed = 7
[city]
sites = {sites}
columns_per_site = {columns}
accounts = {accounts}
"""
MIB = 1 << 20
LIMIT = 2048
"""MiB a year with all evidence kept: the target."""


@dataclass(slots=True)
class Diary:
    """Bytes and processor seconds at the beginning of every virtual day."""

    sizes: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def tell(self, rehearsal: Rehearsal) -> None:
        """A day begins: a line for the one that ended."""
        self.sizes.append(rehearsal.store.stat().st_size)  # without the log, which is folded back every few MiB
        self.seconds.append(time.process_time())
        if len(self.sizes) > 1:
            grown = (self.sizes[-1] - self.sizes[-2]) / MIB
            spent = self.seconds[-1] - self.seconds[-2]
            size = self.sizes[-1] / MIB
            print(f"day {len(self.sizes) - 1:>3}  {size:9.1f} MiB  {grown:+8.1f} MiB  {spent:8.1f} s", flush=True)

    def by_day(self) -> float:
        """Bytes a day, over the later half."""
        later = self.sizes[len(self.sizes) // 2 :]
        return (later[-1] - later[0]) / max(1, len(later) - 1)


def main() -> int:
    parser = argparse.ArgumentParser(description="growth of a prefecture's store")
    parser.add_argument("--scale", type=float, default=1.0, help="part of the columns and accounts that is played")
    parser.add_argument("--days", type=int, default=14)
    told = parser.parse_args()
    log.set_up_logging(level="critical", out=sys.stderr)
    defaults, diary = load_settings(None), Diary()
    with tempfile.TemporaryDirectory(prefix="zhishou-bench-") as folder:
        file = Path(folder) / "prefecture.toml"
        columns, accounts = round(COLUMNS_PER_SITE * told.scale), round(ACCOUNTS * told.scale)
        text = CITY.format(days=told.days, sites=SITES, columns=columns, accounts=accounts)
        file.write_text(text, encoding="utf-8")
        rehearsal = prepare(read_scenario(file, [pack.id for pack in defaults.packs]), defaults, Path(folder))
        rehearsal.tell = diary.tell
        print(f"{SITES} sites, {SITES * columns:,} columns, {accounts} accounts, {told.days} days")
        rehearsal.play()
        diary.tell(rehearsal)
    whole = (diary.sizes[1] + 364 * diary.by_day()) / told.scale / MIB
    spent = diary.seconds[-1] - diary.seconds[0]
    print(f"{rehearsal.visits:,} visits in {spent:,.0f} processor seconds: {rehearsal.visits / spent:,.0f} a second")
    if whole >= LIMIT and told.scale < 1:
        print(f"a year: less than {whole:,.0f} MiB; whether under {LIMIT:,} a larger part would tell")
        return 0
    print(f"a year: {whole:,.0f} MiB at most (target under {LIMIT:,}): {'met' if whole < LIMIT else 'missed'}")
    return 0 if whole < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
