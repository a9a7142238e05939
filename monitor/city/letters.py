"""What the reply list of a site shows at an instant: letters of the everyday, all answered within a day, and those of the scenario.

Pure. A `message` event with by = "page" stands on the list of its site from its instant on, with its answer from the instant of that.
Nothing here says what comes of a late answer (`replies.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from monitor.city import lexicon
from monitor.city.faults import Faults, Scene
from monitor.city.filings import letter_of
from monitor.city.plan import Site, draw
from monitor.clock import SHANGHAI, day_start
from monitor.model import MessageClass

SHOWN = 10
"""Rows of a list."""
EVERY, ANSWERED = timedelta(days=9), timedelta(hours=26)
"""The letters of the everyday: how often one comes, and after how long it is answered (the tightest limit of their class is 7 working days)."""
SCENARIO = 900_000
"""Numbers of the letters of a scenario begin here."""
_EPOCH = day_start(datetime(2020, 1, 1, tzinfo=SHANGHAI).date())
_WORDS: Mapping[MessageClass, tuple[str, str]] = {
    MessageClass.JIUCUO: ("网站纠错", "网页内容有误请更正"),
    MessageClass.CONSULTING: ("咨询", "办理材料咨询"),
    MessageClass.HANDLING: ("投诉", "问题反映请予处理"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One row. `answered` None: not yet."""

    number: int
    title: str
    kind: str
    received: datetime
    answered: datetime | None


def letters_of(scene: Scene, site: Site) -> list[Shown]:
    """The newest rows first."""
    told = [*_of_scenario(scene, site), *_everyday(scene, site)]
    return sorted(told, key=lambda one: (one.received, one.number), reverse=True)[:SHOWN]


def letter_at(scene: Scene, site: Site, number: int) -> Shown | None:
    """The letter of that number, once it has come."""
    return next((one for one in letters_of(scene, site) if one.number == number), None)


def next_change(faults: Faults, site: Site, now: datetime) -> datetime:
    """The next instant at which the list may read otherwise."""
    count = _counted(site, now)
    edges = [_came(site, count), _came(site, count - 1) + ANSWERED]
    for event in faults.of_kind(site.name, "message"):
        letter = letter_of(event, faults.start)
        edges += [edge for edge in (letter.at, letter.answered) if letter.by_page and edge is not None]
    return min(edge for edge in edges if edge > now)


def rows(site: Site, path: str, letters: list[Shown]) -> str:
    """The list in the manner of its CMS; of one of them a letter's own page alone says whether it is answered."""
    match site.cms:
        case "table" | "gkmlpt":
            head = "<tr><th>编号</th><th>标题</th><th>类型</th><th>来信时间</th><th>回复时间</th><th>状态</th></tr>"
            return f'<table border="1">{head}{"".join(_table_row(path, one) for one in letters)}</table>'
        case "trs":
            head = '<ul class="head"><li>来信标题</li><li>信件类型</li><li>来信时间</li><li>办理情况</li></ul>'
            return head + "".join(_cells(path, one) for one in letters)
        case "boda":
            return "".join(
                f"<dl><dt>{_link(path, one)}</dt><dd>来信时间：{_time(one.received)}</dd></dl>" for one in letters
            )
        case _:
            return "".join(f"<li>{_link(path, one)}<p>{_line(one)}</p></li>" for one in letters)


def own_page(one: Shown) -> str:
    """What a letter's own page says below its title."""
    return "".join(f"<p>{line}</p>" for line in (f"信件类型：{one.kind}", *_line(one).split(" 　")))


def _line(one: Shown) -> str:
    answered = "" if one.answered is None else _time(one.answered)
    return f"信件类型：{one.kind} 　来信时间：{_time(one.received)} 　回复时间：{answered} 　状态：{_state(one)}"


def _table_row(path: str, one: Shown) -> str:
    answered = "" if one.answered is None else _time(one.answered)
    cells = (
        f"YC{one.number:08}",
        _link(path, one),
        one.kind,
        _time(one.received),
        answered,
        f'<img alt="{_state(one)}">',
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _cells(path: str, one: Shown) -> str:
    cells = (_link(path, one), one.kind, _time(one.received), _state(one))
    return f"<ul>{''.join(f'<li>{cell}</li>' for cell in cells)}</ul>"


def _link(path: str, one: Shown) -> str:
    return f'<a href="{path}{one.number}.html">{escape(one.title)}</a>'


def _state(one: Shown) -> str:
    return "办理中" if one.answered is None else "已回复"


def _time(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _of_scenario(scene: Scene, site: Site) -> Iterator[Shown]:
    for number, event in enumerate(scene.faults.begun(site.name, "message", scene.now), 1):
        letter = letter_of(event, scene.faults.start)
        if letter.by_page:
            kind, about = _WORDS[letter.cls]
            answered = letter.answered if letter.answered is not None and letter.answered <= scene.now else None
            yield Shown(SCENARIO + number, f"{about}（{number}）", kind, letter.at, answered)


def _everyday(scene: Scene, site: Site) -> Iterator[Shown]:
    count = _counted(site, scene.now)
    for number in range(count - SHOWN, count):
        came = _came(site, number)
        answered = came + ANSWERED
        about = lexicon.GUIDES[draw(site.name, "letter", number) % len(lexicon.GUIDES)]
        yield Shown(number, f"{about}怎样申请（{number}）", "咨询", came, answered if answered <= scene.now else None)


def _counted(site: Site, now: datetime) -> int:
    """How many letters of the everyday have come."""
    return (now - _came(site, 0)) // EVERY + 1


def _came(site: Site, number: int) -> datetime:
    """Some minute of working hours, another for each site."""
    return _EPOCH + number * EVERY + timedelta(hours=9, minutes=draw(site.name, "letters") % (60 * 7))
