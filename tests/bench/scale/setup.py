"""The settings and the inventory of the estate as files, and a daemon of our own over one of them."""

import csv
from pathlib import Path

from tests.bench.scale.estate import INVENTORY_HEAD, REFERENCES, Estate, inventory_rows

SETTINGS = """# The shipped settings but for where the estate lies.
[web]
listen = "127.0.0.1:{desk}"
[store]
path = "{store}"
[guard]
allow = ["127.0.0.0/8"]
[reference]
urls = [{references}]
[resolver]
nameservers = ["{nameserver}"]
[inventory]
files = ["targets.csv"]
"""
FOR_ONE_SITE = """[fetch]
concurrency = 64
per_host = 64
pace = "1ms"
"""


def write_settings(
    folder: Path, estate: Estate, nameserver: str, store: Path, *, desk: int = 0, impolite: bool = False
) -> Path:
    """The settings file; `impolite` for the one site that stands model, where politeness is not what is measured."""
    folder.mkdir(parents=True, exist_ok=True)
    urls = ", ".join(f'"http://{name}:{estate.port}/"' for name in REFERENCES)
    text = SETTINGS.format(desk=desk, store=store, references=urls, nameserver=nameserver)
    path = folder / "monitor.toml"
    path.write_text(text + (FOR_ONE_SITE if impolite else ""))
    with (folder / "targets.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(INVENTORY_HEAD)
        writer.writerows(inventory_rows(estate))
    return path
