"""What a home page shows → what `marks_present` says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from monitor.model import Cause, Outcome, TargetKind
from tests.checks import pages
from tests.checks.eyes import finding, measured, watching
from tests.observe.raw_server import reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

OK, FAIL, UNKNOWN = Outcome.OK, Outcome.FAIL, Outcome.UNKNOWN
ALL = {
    "conac": "<a href='http://bszs.conac.cn/sitename?method=show&amp;id=1'><img src='/red.png'></a>",
    "jiucuo": "<span id='_span_jiucuo'><img id='_jiucuo_' src='/j.png'></span>",
    "site_code": "<p>网站标识码：4402000012</p>",
    "icp": "<p>粤ICP备05070829号-1</p>",
    "police": "<p>粤公网安备 44020402000012号</p>",
    "sponsor": "<p>主办单位：某某市人民政府办公室</p>",
    "contact": "<p>联系电话：0751-1234567</p>",
    "sitemap": "<a href='/wzdt/'>网站地图</a>",
}
NAMES = {
    "conac": "党政机关标识",
    "jiucuo": "网站找错入口",
    "site_code": "网站标识码",
    "icp": "ICP备案号",
    "police": "公安备案号",
    "sponsor": "主办单位",
    "contact": "联系方式",
    "sitemap": "网站地图",
}


def home(*without: str, code: str = "4402000012", main: str | None = None) -> bytes:
    foot = "".join(line for name, line in ALL.items() if name not in without).replace("4402000012", code)
    body = f"<div class='main'>{main or pages.items()}</div><div class='footer'>{foot}</div>"
    return pages.html(f"<html><head><title>某某市人民政府</title></head><body>{body}</body></html>")


@dataclass(frozen=True)
class Row:
    answer: bytes
    outcome: Outcome
    reason: str = ""
    words: str = ""
    options: Mapping[str, object] = field(default_factory=dict)


TABLE = {
    "all there": Row(home(), OK, "", "the footer marks are there"),
    "all there, and the declared code": Row(home(), OK, options={"site_code": "4402000012"}),
    "the declared code, written wide": Row(home(code="４４０２００００１２"), OK, options={"site_code": "4402000012"}),
    "the declared code, in capitals": Row(home(code="BM12000001"), OK, options={"site_code": "bm12000001"}),
    "another code": Row(
        home(),
        FAIL,
        "other_code",
        "the site code printed is 4402000012, the declared one is 4402990099",
        {"site_code": "4402990099"},
    ),
    "another code, and more is missing": Row(
        home("icp", "sitemap"),
        FAIL,
        "other_code",
        "the site code printed is 4402000012, the declared one is 4402990099; not on the home page: ICP备案号、网站地图",
        {"site_code": "4402990099"},
    ),
    "nothing but a list": Row(
        home(*ALL), FAIL, "missing", f"not on the home page: {'、'.join(NAMES.values())}", {"site_code": "4402000012"}
    ),
    "not asked for": Row(home("conac", "police"), OK, options={"required": ["icp", "site_code"]}),
    "an entry page of one picture": Row(
        pages.html("<html><title>某某市人民政府</title><body><a href='/main/'><img src='/in.jpg'></a></body></html>"),
        FAIL,
        "missing",
    ),
    "wall with 200": Row(pages.WALL_200, UNKNOWN, "challenged"),
    "wall with 412": Row(pages.WALL_412, UNKNOWN, "challenged"),
    "maintenance": Row(pages.html(pages.CLOSED), UNKNOWN, "maintenance"),
    "error page with 200": Row(pages.html(pages.SORRY), UNKNOWN, "soft_error"),
    "sold": Row(pages.html(pages.SOLD), UNKNOWN, "hijacked"),
    "leads on by script": Row(pages.LEADS_ON, UNKNOWN, "shell"),
    "500": Row(pages.BROKEN, UNKNOWN, "http_error"),
    "empty": Row(reply(b""), UNKNOWN, "unreadable"),
} | {f"without {name}": Row(home(name), FAIL, "missing", f"not on the home page: {NAMES[name]}") for name in ALL}


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_what_is_shown_and_what_is_said(row: Row) -> None:
    async with serving(row.answer) as server, watching(timeout=20, slow=18) as viewer:
        options = {"marks_present": dict(row.options)}
        said = finding(await viewer.visit(server.url("/"), TargetKind.SITE, options=options), "marks_present")
    assert (said.outcome, said.reason) == (row.outcome, row.reason)
    assert said.cause is (Cause.MARKS if row.outcome is FAIL else None)
    if row.words:
        assert str(said.summary) == row.words
    if row.outcome is not UNKNOWN:
        missing = said.evidence.get("missing", [])
        assert isinstance(missing, list)
        assert measured(said) == {"missing": len(missing)}
