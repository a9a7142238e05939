"""`zhishou demo`: the rehearsed city, the daemon against it, and whether every planted fault was found."""

import asyncio
import json
import sys
from typing import Any

import click

from monitor.cli import json_option


@click.command("demo")
@click.option(
    "--for", "seconds", type=click.FloatRange(5, 3600), help="Stop after so many seconds and say how it went."
)
@json_option
def demo_command(seconds: float | None, as_json: bool) -> None:
    """Watch a made-up city on this machine: no set-up, no network. Alerts are printed as they go out."""
    from monitor import log
    from monitor.app import loop_factory
    from monitor.daemon import CannotStart
    from monitor.demo import Show, run_demo

    log.set_up_logging(level="warning", out=sys.stderr)
    show = Show(
        seconds=seconds,
        channel="console://stderr" if as_json else "console://",
        say=lambda text: click.echo(text, err=as_json),
    )
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            result = runner.run(run_demo(show))
    except (CannotStart, OSError) as error:
        click.echo(f"the demo cannot start: {error}", err=True)
        sys.exit(2)
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else _summary(result))
    sys.exit(1 if result["missed"] or result["false"] else 0)


def _summary(result: dict[str, Any]) -> str:
    found = f"{len(result['planted'])} faults planted, {len(result['incidents'])} incidents"
    told = f"{result['deliveries']} messages confirmed, {len(result['missed'])} missed, {len(result['false'])} false"
    lines = [f"{result['seconds']} s: {found}, {told}"]
    for word in ("missed", "false"):
        lines += [f"  {word}: {line['target']} {line['cause']} ({line['evidence']})" for line in result[word]]
    return "\n".join(lines)
