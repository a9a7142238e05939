"""The side-by-side report: what each page shows on the left, what was read of it on the right, misses first.

Reads Pages with their Points and the Score; gives one HTML file that opens offline. Everything a page says is escaped text, the
policy in its head forbids every load and every script, and no address in it can be clicked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitor.model import Marks
from monitor.read.explain import explain
from tests.accuracy.figures import Row, Score
from tests.accuracy.scoring import Page, Point
from tests.accuracy.sides import sides

LONGEST = 2_000  # characters of anything a page says, shown in one place
KINDS = {"list": "列表", "home": "首页"}
MARKS = {
    "site_code": "网站标识码",
    "icp": "ICP备案",
    "police_record": "公安备案",
    "police": "公安备案",
    "conac": "党政机关标识",
    "jiucuo": "找错入口",
    "sponsor": "主办单位",
    "contact": "联系方式",
    "sitemap": "网站地图",
}
NAMES = {
    "list newest": "列表最新日期",
    "list count": "列表条数",
    "list found": "找到列表",
    "home newest": "首页最新日期",
    **{f"{kind} mark {mark}": f"{word}{name}" for kind, word in KINDS.items() for mark, name in MARKS.items()},
    "article published": "文章发布时间",
    "article title": "文章标题",
    "article source": "文章来源",
    "feed newest": "订阅源最新日期",
    "feed count": "订阅源条数",
    "blank": "空白栏目",
    "shell": "需运行脚本的页面",
    "third states": "拦截、维护、出错等页面",
    "ordinary pages are called so": "正常页面",
    "not of a day to come": "不取未来日期",
    "encoding": "编码",
    "tampered pages suspected": "被篡改页面有提示",
    "clean pages not suspected": "正常页面无篡改提示",
}


def _visible(value: object) -> str:
    """Text whose control characters are seen and steer nothing."""
    return "".join(sign if sign.isprintable() or sign == "\n" else _picture(sign) for sign in str(value))


def _picture(sign: str) -> str:
    code = ord(sign)
    return chr(0x2400 + code) if code < 32 else " " if sign.isspace() else "\ufffd"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "有 yes" if value else "无 no"
    return "" if value is None else _visible(value)[:LONGEST]


def _figure(row: Row) -> str:
    if row.is_share:
        return f"至少 {row.allowed:.0%} {row.figure}"
    return f"{'全部' if row.allowed == 0 else f'最多漏 {row.allowed:.0f} 个'} {row.figure}"


def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    made.filters.update(plain=_plain, visible=_visible, figure=_figure)
    return made


@dataclass(slots=True)
class Report:
    """Sheets as they come in, a page at a time, so that no page has to be kept."""

    missed: list[tuple[frozenset[str], Markup]] = field(default_factory=list)  # groups missed, sheet
    right: list[Markup] = field(default_factory=list)
    _made: Environment = field(default_factory=_templates)

    def add(self, page: Page, points: Sequence[Point]) -> None:
        """One page and what was asked of it and counts."""
        missed = [point for point in points if not point.right]
        lines, cut = sides(page)
        sheet = self._made.get_template("sheet.html.j2").render(
            page=page,
            reading=page.reading,
            points=points,
            missed=missed,
            lines=lines,
            cut=cut,
            items=list(zip_longest(page.reading.items, page.trace.listing.raws[: len(page.reading.items)])),
            marks=_marks(page.reading.marks),
            reasons=explain(page.reading, page.trace),
            names=NAMES,
            value_names=MARKS,
        )
        if missed:
            self.missed.append((frozenset(point.group for point in missed), Markup(sheet)))
        else:
            self.right.append(Markup(sheet))

    def html(self, score: Score) -> str:
        """The whole file; of the pages with a miss first those that miss what few others do."""
        misses = {row.group: len(row.missed) for row in score.rows}
        rarest_first = sorted(self.missed, key=lambda one: min(misses[group] for group in one[0]))
        parts: Iterable[tuple[str, str, list[Markup]]] = (
            ("有遗漏的页面", "pages with a miss", [sheet for _, sheet in rarest_first]),
            ("全部读对的页面", "pages read right", self.right),
        )
        return self._made.get_template("report.html.j2").render(score=score, parts=parts, names=NAMES)


def _marks(marks: Marks) -> list[tuple[str, object]]:
    shown = ((name, getattr(marks, name)) for name in Marks.__dataclass_fields__)
    return [(name, value) for name, value in shown if value]
