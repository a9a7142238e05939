"""Which rule of which pack brings a cause about, and on what: the seven packs, written from domain.md §1, §2 and §10, not from the TOML.

Pure. A cause is asked for when any pack of the rehearsal asks for it; the first that does is cited. What records decide has its
limits beside its arithmetic (`replies.py`, `records.py`, `notices.py`, `returns.py`), staleness in `silences.py`.
"""

from collections.abc import Collection, Iterable, Mapping

from monitor.city.entries import RULES
from monitor.model import Cause, EntryKind

HOUSE, NATIONAL = "house", "national-2019"
SHAOGUAN, ZHONGSHAN, ZIZHIZHOU = "shaoguan-2023", "zhongshan-2020", "zizhizhou-2020"
CHONGCHUAN, FOSHAN = "chongchuan-2023", "foshan-2015"
PACKS = frozenset({HOUSE, NATIONAL, SHAOGUAN, ZHONGSHAN, ZIZHIZHOU, CHONGCHUAN, FOSHAN})
"""What the truth knows: of a town's own pack it can say nothing."""

_ASKED: Mapping[tuple[Cause, str], tuple[str, ...]] = {
    (Cause.OUTAGE, "site"): ("house/outage", "foshan-2015/open-24h"),
    (Cause.OUTAGE, "column"): ("house/column-outage", "foshan-2015/columns-open"),
    (Cause.SLOW, "site"): ("house/slow",),
    (Cause.SLOW, "column"): ("house/slow",),  # asked of home pages alone; to tell it of a column is not wrong
    (Cause.CERTIFICATE, "site"): ("house/certificate",),
    (Cause.HOSTED_IN, "site"): (
        "zhongshan-2020/hosting",
        "house/hosting",
    ),  # 佛山: in the city, of which the drill's table says nothing
    (Cause.BLANK, "column"): ("house/blank-column", "zizhizhou-2020/blank-columns"),
    (Cause.FORGED_DATE, "column"): ("national-2019/N-FRAUD",),
    (Cause.MARKS, "site"): (
        "national-2019/N-ID",
        "shaoguan-2023/marks",
        "zhongshan-2020/marks",
        "foshan-2015/page-marks",
    ),
    (Cause.DEAD_LINK, "link"): ("national-2019/N-LINK-HOME", "foshan-2015/links"),
    (Cause.TAMPER, "link"): ("house/link-turned", "national-2019/N-LINK-HOME", "foshan-2015/links"),
}
"""By cause and what it befalls. Entries, strangers' hands and unfiled outages are below."""

_REPLACED: Mapping[str, tuple[str, ...]] = {"site": ("house/replaced",), "column": ("house/column-replaced",)}
"""A page that is another's: no text says more of it than that it does not open or is harmful."""
_HIDDEN: Mapping[str, tuple[str, ...]] = {
    "site": (
        "house/tampered",
        "national-2019/N-BADLINK",
        "shaoguan-2023/hidden-links",
        "zhongshan-2020/hidden-links",
        "foshan-2015/harmful",
    ),
    "column": (
        "house/column-tampered",
        "national-2019/N-BADLINK-COL",
        "shaoguan-2023/hidden-links-column",
        "zhongshan-2020/hidden-links-column",
        "foshan-2015/harmful-column",
    ),
}
"""Hidden links to gambling are forbidden links, and harmful content."""

UNFILED = (
    "national-2019/N-OFF-UNFILED",
    "shaoguan-2023/offline-unfiled",
    "zhongshan-2020/offline-unfiled",
    "foshan-2015/outage-reported",
)
"""An outage nobody filed is a breach at once."""
OFFLINE_DAYS = ("national-2019/N-OFF-30", "shaoguan-2023/offline-30", "zhongshan-2020/offline-30")
"""Thirty days; 自治州 refers to the national text."""
OFFLINE_ONCE = ("national-2019/N-OFF-ONCE", "shaoguan-2023/offline-once", "zhongshan-2020/offline-once")
DUTY = ("national-2019/N-DUTY", "zhongshan-2020/duty", "zizhizhou-2020/duty")
"""24小时值班: 韶关 and 崇川 say 值班值守 without the hours."""
REPORT = ("national-2019/N-REPORT", "shaoguan-2023/annual-report", "zizhizhou-2020/annual-report")

LOOKED_AT: Mapping[str, frozenset[str]] = {
    "site": PACKS - {CHONGCHUAN, ZIZHIZHOU},
    "column": PACKS - {CHONGCHUAN},
    "entry": PACKS - {CHONGCHUAN},
    "account": frozenset({NATIONAL, SHAOGUAN, CHONGCHUAN}),
}
"""Packs that ask something of a page of that kind which only a look can tell: blindness hides it."""


def kind_of(target: str) -> str:
    """Of a scenario name: site, column, entry, link (a friend is one), account, desk."""
    if target == "*":
        return "desk"
    last = target.rpartition("/")[2].partition("-")[0]
    return "link" if last == "friend" or target.startswith("link:") else last


def first_of(rules: Iterable[str], packs: Collection[str]) -> str | None:
    """The first rule whose pack is loaded."""
    return next((rule for rule in rules if rule.partition("/")[0] in packs), None)


def rule_of(packs: Collection[str], cause: Cause, target: str, kind: str = "") -> str | None:
    """What a cause breaks at a target ("pack/id"), None when no pack of these asks for it. `kind`: the event's."""
    where = kind_of(target)
    if cause is Cause.TAMPER and where in _HIDDEN:
        return first_of((_HIDDEN if kind == "hidden_link" else _REPLACED)[where], packs)
    return first_of(_ASKED.get((cause, where), ()), packs)


def rule_of_entry(packs: Collection[str], entry: EntryKind, *, page: bool) -> str | None:
    """What an entry breaks that is lost from its home page or (`page`) whose page is gone."""
    own = "house/page-outage" if page else "house/entry"
    if entry not in RULES:  # no home page owes a way to its reply list
        return first_of((own,), packs) if page else None
    national = f"{NATIONAL}/{RULES[entry]}{'-PAGE' if page else ''}"
    return first_of((national, own, *_of_towns(entry, page=page)), packs)


def _of_towns(entry: EntryKind, *, page: bool) -> tuple[str, ...]:
    """The towns ask for ways to services and to people; 佛山 has an article for each, and one for both working."""
    if entry not in {EntryKind.SERVICE, EntryKind.INTERACTION}:
        return ()
    name = "service-entry" if entry is EntryKind.SERVICE else "interaction-entry"
    if page:
        both = ("shaoguan-2023/entries-open", "zhongshan-2020/entries-open", "foshan-2015/entries-open")
        return (*both, f"{ZIZHIZHOU}/{name}-open")
    return "shaoguan-2023/entries", "zhongshan-2020/entries", f"{ZIZHIZHOU}/{name}", f"{FOSHAN}/{name}"
