"""How a daemon is told to watch the city: targets, settings tables, and a folder with a complete set-up.

Reads the plan; `write` writes monitor.toml and targets.csv into the folder it is given. The quick settings are those of
the demo (`demo.py` does the arithmetic with them). Network limits are never shortened.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from monitor.city.entries import DeclaredEntry
from monitor.city.lexicon import VIDEO
from monitor.city.plan import Account, Column, Plan, Site
from monitor.city.routes import column_path
from monitor.model import ColumnKind, Contact, Platform, Target, TargetKind

Watched = Target[dict[str, dict[str, object]]]
Tables = Mapping[str, Mapping[str, object]]

QUICK: dict[str, dict[str, object]] = {
    "cadence": {"site": "5s", "column": "10s", "account": "10s", "links": "40s", "certificate": "15s", "page": "10s"},
    "confirm": {"tries": 3, "every": "6s", "link_second_look": "12s"},
    "blind": {"site": "20s", "column": "20s", "account": "20s", "page": "20s"},
    "alert": {"group_wait": "3s"},
}
"""Waits of a rehearsal in real time. Tries stand 5 s apart because the reference hosts' answer is remembered for 10 s:
three failed tries then always outlast it, and a cut uplink is never taken for the sites (links: 12 s likewise)."""

PLATFORMS: Mapping[str, Platform] = {
    "公众号": Platform.WECHAT,
    "微博": Platform.WEIBO,
    VIDEO: Platform.DOUYIN,
    "头条号": Platform.TOUTIAO,
}
"""What the inventory calls the platforms of lexicon.py."""
CONTACT = Contact(name="值班室", phone="0999-8800000")


def inventory(plan: Plan) -> tuple[Watched, ...]:
    """Sites, their columns and entries, accounts: in this order."""
    return tuple(_targets(plan))


def settings(plan: Plan, nameserver: str, ca_file: Path, *, quick: bool) -> dict[str, dict[str, object]]:
    """Tables of a monitor.toml: where names are answered, what may be visited, which hosts tell that it is us."""
    references = [plan.origin(host) + "/" for host in plan.references]
    tables: dict[str, dict[str, object]] = {
        "guard": {"allow": ["127.0.0.0/8"]},
        "resolver": {"nameservers": [nameserver]},
        "reference": {"urls": references, "at_least": 3},
        "fetch": {"ca_file": str(ca_file)},
    }
    return tables | QUICK if quick else tables


def toml(tables: Tables) -> str:
    """Tables of scalars and lists as TOML. JSON strings, numbers and lists are TOML too."""
    parts = []
    for name, table in tables.items():
        lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items())
        parts.append("\n".join((f"[{name}]", *lines)))
    return "\n\n".join(parts) + "\n"


def write(folder: Path, plan: Plan, tables: Tables, channel: str | None) -> Path:
    """monitor.toml with targets/city.csv beside it; returns monitor.toml."""
    told = ""
    if channel is not None:
        told = f'\n[[channel]]\nid = "duty"\nurl = {json.dumps(channel)}\n'
        told += '\n[[person]]\nid = "duty"\nname = "值班员"\nchannels = ["duty"]\n'
    path = folder / "monitor.toml"
    path.write_text(toml(tables) + told, encoding="utf-8")
    (folder / "targets").mkdir(exist_ok=True)
    with (folder / "targets" / "city.csv").open("w", encoding="utf-8", newline="") as held:
        rows = csv.writer(held)
        rows.writerow(COLUMNS)
        rows.writerows(_row(target) for target in inventory(plan))
    return path


COLUMNS = (
    *("id", "kind", "column", "name", "url", "site", "owner", "contact", "packs", "on_home", "entry"),
    "platform",
)


def _row(target: Watched) -> tuple[str, ...]:
    contact = " ".join(f"{person.name} {person.phone}" for person in target.contacts)
    kind, column = target.kind.value, target.column.value if target.column else ""
    packs = " ".join(target.packs)
    home = "true" if target.on_home else ""
    about = (target.id, kind, column, target.name, target.url, target.site or "", target.owner)
    entry, platform = (word.value if word else "" for word in (target.entry, target.platform))
    return (*about, contact, packs, home, entry, platform)


def _targets(plan: Plan) -> Iterator[Watched]:
    for site in plan.sites:
        yield _site(plan, site)
    for site in plan.sites:
        for column in site.columns:
            yield _column(plan, site, column)
        for entry in site.entries:
            yield _entry(plan, site, entry)
    for account in plan.accounts:
        yield _account(plan, account)


def _site(plan: Plan, site: Site) -> Watched:
    return Target(
        id=site.name,
        kind=TargetKind.SITE,
        name=site.title,
        url=plan.site_url(site),
        options={},
        owner=site.title,
        contacts=(CONTACT,),
    )


def _column(plan: Plan, site: Site, column: Column) -> Watched:
    return Target(
        id=column.name,
        kind=TargetKind.COLUMN,
        name=f"{site.title}·{column.title}",
        url=plan.site_url(site).rstrip("/") + column_path(site, column),
        options={},
        owner=site.title,
        site=site.name,
        column=column.kind,
        contacts=(CONTACT,),
        on_home=column.on_home and column.kind is ColumnKind.DYNAMIC,  # others are not renewed every two weeks
    )


def _entry(plan: Plan, site: Site, entry: DeclaredEntry) -> Watched:
    return Target(
        id=entry.name,
        kind=TargetKind.PAGE,
        name=f"{site.title}·{entry.title}",
        url=plan.site_url(site).rstrip("/") + entry.path,
        options={},
        owner=site.title,
        site=site.name,
        contacts=(CONTACT,),
        entry=entry.kind,
        home=plan.site_url(site),
    )


def _account(plan: Plan, account: Account) -> Watched:
    return Target(
        id=account.name,
        kind=TargetKind.ACCOUNT,
        name=account.title,
        url=plan.feed_url(account),
        options={},
        owner=account.owner,
        contacts=(CONTACT,),
        platform=PLATFORMS[account.platform],
    )
