"""The first page of the desk: what is wrong now, what falls due next, what we see, and how old each fact is.

`look` asks the store, `draw` makes the page; Chinese first, English by `?lang=en`. Changes nothing, and "nothing is wrong"
is said only while the watch works and watches something.
"""

import base64
import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path

from monitor.alert.phrases import GRAVE
from monitor.config.settings import DeskSettings
from monitor.model import Cause, Severity, Text
from monitor.render import called, duration, environment, moment
from monitor.store import views
from monitor.web.cards import LINES, card, going_on, is_grave, row, short, web_address
from monitor.web.estate import Estate
from monitor.web.health import Fact
from monitor.web.labels import AGES, FACTS, KINDS

TEMPLATES = Path(__file__).parent / "templates"
SHOWN = 200
"""Incidents on the page, which then stays below 300 KB."""
SHOWN_DUE = 30
"""Obligations that fall due next."""


def _hash_of_style() -> str:
    """What a Content-Security-Policy calls our one style sheet, as the template includes it."""
    style = (TEMPLATES / "desk.css").read_text(encoding="utf-8").removesuffix("\n")
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


STYLE_HASH = _hash_of_style()


@dataclass(frozen=True, slots=True)
class Shown:
    """What the lists are drawn from."""

    wrong: tuple[views.Wrong, ...]
    due: tuple[views.Due, ...]
    totals: views.Totals
    citations: dict[str, views.Citation]
    seen: dict[tuple[str, Cause], views.Sure]
    deliveries: dict[str, int]


def look(tx: sqlite3.Connection) -> Shown:
    """One consistent view of the store, in a number of statements that does not depend on what is in it."""
    wrong = tuple(views.wrong_now(tx, SHOWN, LINES))
    cited = {rule for one in wrong for rule in (*one.rules, *one.counting)}
    return Shown(
        wrong,
        tuple(views.due_next(tx, SHOWN_DUE)),
        views.totals(tx),
        views.citations(tx, cited),
        views.how_sure(tx, (line.id for one in wrong for line in one.targets)),
        views.deliveries(tx),
    )


def draw(
    shown: Shown | None,
    estate: Estate | None,
    facts: Sequence[Fact],
    desk: DeskSettings,
    now: datetime,
    *,
    language: str,
    refreshing: bool = True,
) -> str:
    """The page as HTML; without the store only what the process knows."""
    template = _sandbox(TEMPLATES, language).get_template("front.html.j2")
    return template.render(
        totals=None if shown is None else shown.totals,
        deliveries={} if shown is None else shown.deliveries,
        cards=[] if shown is None else [card(one, shown.citations, shown.seen, now) for one in shown.wrong],
        rows=[] if shown is None else [row(one, now) for one in shown.due],
        estate=estate,
        facts=[fact for fact in facts if not (fact.ok and fact.name.startswith("coverage."))],
        failing=[fact for fact in facts if not fact.ok],
        notes=[fact for fact in facts if fact.ok and fact.note],
        desk=desk,
        now=now,
        refreshing=refreshing,
        length=partial(_length, language),
        going_on=partial(_going_on, language, now),
        unseen=views.Unseen(0, 0),
        severities=[(one, GRAVE[one], is_grave(one)) for one in Severity],
        kinds=KINDS,
        fact_names=FACTS,
        age_names=AGES,
        web_address=web_address,
        short=lambda name: short(called(name, language)),
        icon=_icon(bad=any(not fact.ok for fact in facts) or _is_grave(shown)),
        other_language="en" if language.startswith("zh") else "zh-CN",
    )


def _length(language: str, seconds: float) -> str:
    return duration(timedelta(seconds=seconds), language)


def _going_on(language: str, now: datetime, since: datetime) -> Text:
    return going_on(moment(since, language, now), duration(now - since, language), now - since)


def _is_grave(shown: Shown | None) -> bool:
    return shown is not None and any(count and is_grave(one) for one, count in shown.totals.open.items())


def _icon(*, bad: bool) -> str:
    """A dot in the browser's tab: red when something grave goes on or the watch itself fails."""
    colour = "%23c62828" if bad else "%232e7d32"
    circle = f"%3Ccircle cx='8' cy='8' r='7' fill='{colour}'/%3E"
    return f"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E{circle}%3C/svg%3E"


_sandbox = cache(environment)
