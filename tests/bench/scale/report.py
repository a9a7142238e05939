"""What was measured, in words and figures: one size, the growth from size to size, and the targets."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tests.bench.scale.phases import average

if TYPE_CHECKING:
    from tests.bench.scale.measure import Measured

INTERVAL = 300.0  # seconds: a home page's period
LATE, RESIDENT = 60.0, 1.5e9
GROWS = 2.0
"""How much dearer a tick may be on a hundred times as many targets: a deeper tree and a colder cache, not more work."""
KINDS = ("site", "column", "account", "link")


def one(found: "Measured") -> None:
    """Everything about one size."""
    estate, held, cold = found.estate, found.held, found.cold
    print(f"\n{estate.sites:,} sites, {estate.columns:,} columns, {estate.accounts:,} accounts, ", end="")
    print(f"{estate.links:,} addresses in {estate.uses:,} uses: {estate.looks_a_second():.1f} looks a second wanted")
    if cold is not None:
        done = (
            f"{cold.took:,.0f} s"
            if cold.took
            else f"not within {cold.given:,.0f} s ({cold.looked:,} of {cold.homes:,})"
        )
        print(f"  cold start    every home page looked at once: {done}; watching after {cold.ready:.1f} s, ", end="")
        print(
            f"{cold.visits:,} first looks at {cold.processor / max(cold.visits, 1) * 1e3:.1f} ms of processor, ", end=""
        )
        print(f"{cold.peak / 1e6:,.0f} MB at most")
    print(
        f"  prepared      {estate.targets:,} targets known, all but bodies: {found.store_bytes / 1e6:,.0f} MB, ", end=""
    )
    print(f"made in {found.prepared_in:,.0f} s")
    print(
        f"  warm start    watching after {held.ready:.1f} s, every home page looked at after {held.round_of_homes:.0f} s"
    )
    print(
        f"  held          {held.visits:,} visits in {held.seconds:,.0f} s: {held.visits / held.seconds:.1f} a second, ",
        end="",
    )
    print(f"{held.processor / held.seconds:.0%} of a core, {_per_core(found):,.0f} visits per core-second")
    late = ", ".join(f"{kind} {held.quantile(0.5, kind):.2f}/{held.quantile(0.99, kind):.2f}" for kind in KINDS)
    print(f"  late          p50 {held.quantile(0.5):.2f} s, p99 {held.quantile(0.99):.2f} s ({late}); ", end="")
    print(f"longest wait seen {held.longest_wait:.1f} s")
    print(
        f"  memory        {average(held.resident) / 1e6:,.0f} MB held (with workers), {held.peak / 1e6:,.0f} MB at most (without)"
    )
    print(f"  disk          {held.written / max(held.visits, 1):,.0f} bytes written a visit, ", end="")
    print(f"the store grew by {held.grown / max(held.visits, 1):,.0f} a visit")
    print(f"  server        {', '.join(f'{count:,} {kind}' for kind, count in sorted(found.answered.items()))}")


def growth(measured: "Sequence[Measured]") -> None:
    """The same figures side by side."""
    rows: dict[str, Callable[[Measured], float]] = {
        "visits per core-second": _per_core,
        "late p99, seconds": lambda one: one.held.quantile(0.99),
        "memory held, MB": lambda one: average(one.held.resident) / 1e6,
        "bytes written per visit": lambda one: one.held.written / max(one.held.visits, 1),
        "seconds till watching, warm": lambda one: one.held.ready,
        "round with 100 due, ms": lambda one: one.costs.round,
        "round with none due, ms": lambda one: one.costs.idle,
    }
    print(f"\n{'':36}" + "".join(f"{each.estate.targets:>16,}" for each in measured) + "  targets")
    for name, ask in rows.items():
        print(f"{name:36}" + "".join(f"{ask(each):>16,.2f}" for each in measured))
    for name in measured[0].costs.questions:
        print(f"{name + ', ms':36}" + "".join(f"{each.costs.questions[name]:>16,.2f}" for each in measured))


def targets(measured: "Sequence[Measured]", scale: float) -> None:
    """What was to be reached, at the largest size measured."""
    least, most = measured[0], measured[-1]
    held, cold, wanted = most.held, most.cold, most.estate.looks_a_second()
    kept = held.visits / held.seconds
    print(f"\ntargets, at {scale:g} of the national estate")
    _say(
        kept >= 0.98 * wanted and held.quantile(0.99) < LATE,
        f"the load on one core: {kept:.1f} of {wanted:.1f} a second, "
        f"p99 {held.quantile(0.99):.2f} s late (under {LATE:.0f} s)",
    )
    _say(held.peak < RESIDENT, f"resident memory at most {held.peak / 1e6:,.0f} MB (under 1,500 MB)")
    if cold is not None:
        taken = f"{cold.took:,.0f} s" if cold.took else f"{cold.looked / cold.homes:.1%} after {cold.given:,.0f} s"
        _say(
            cold.took is not None and cold.took <= INTERVAL,
            f"every home page within one interval of a cold start: {taken} ({INTERVAL:.0f} s)",
        )
    ratio = most.costs.round / least.costs.round
    many = most.estate.targets / least.estate.targets
    _say(
        ratio <= GROWS,
        f"a tick costs what is due: {ratio:.2f} times as much with {many:.0f} times as many targets (at most {GROWS:g})",
    )


def _say(reached: bool, words: str) -> None:
    print(f"  {'reached     ' if reached else 'FALLS SHORT '} {words}")


def _per_core(found: "Measured") -> float:
    return found.held.visits / max(found.held.processor, 1e-9)
