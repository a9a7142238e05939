"""What the fuzzer begins with: our own samples of pages, feeds, dates and encodings, each behind the bytes that choose its reader."""

from collections.abc import Iterator

from tests.read.samples import frame, rows
from tests.read.test_bad_input import HOSTILE
from tests.read.test_feeds import ERRORS, FORMATS, OLD

ROW = "<li><a href='{href}'>{title}</a><span>{date}</span></li>"
DAYS = (
    "2026-11-02",
    "2026年11月3日",
    "[11-04]",
    "昨天",
    "二〇二六年十一月五日",
    "民国115年11月6日",
    "Nov 7, 2026",
    "2026/11/8 10:20",
)
LISTS = (
    frame("<ul>" + rows(list(DAYS), ROW) + "</ul>"),
    frame("<table>" + rows(["11-02", "11-03"], "<tr><td><a href={href}>{title}</a></td><td>{date}</td></tr>") + "</table>"),
    frame("<script type='text/xml'><datastore><recordset><record><![CDATA[" + rows(["2026-11-02"], ROW) + "]]></record></recordset></datastore></script>"),
    frame("<dl>" + rows(["2026-11-02"] * 3, "<dt><b>02</b><i>2026-11</i></dt><dd><a href='{href}'>{title}</a></dd>") + "</dl>"),
    "<div class='nav'><a href='/'>首页</a><a href='/a/'>工作动态</a></div><p>暂无内容</p>",
    "<html><title>网站升级维护</title><body>本站正在升级维护，预计2026年12月1日恢复。</body></html>",
    "<meta http-equiv=refresh content='0;url=/index2.html'><frameset><frame src=a.html></frameset>",
    "<script>var _CONFIG={\"SID\":1};location.href='/x/'</script><noscript>请启用</noscript>",
    "<h1>关于某某的通知</h1><div>发布时间：2026-11-02 10:20 来源：某局</div><p>" + "正文。" * 60 + "</p>",
    "<style>.a{display:none}</style><div class=a><a href='http://b.example/'>词</a></div>网站标识码：4402000012 ICP备05070829号",
)  # fmt: skip


def seeds() -> Iterator[bytes]:
    """The inputs. The first byte modulo eight is the reader, from 0xF0 on repeated; the second what HTTP claims."""
    hostile = [make(40) for make in HOSTILE.values()]
    for number, text in enumerate((*LISTS, *hostile)):
        for reader in (0, 1, 2, 7):
            yield bytes((reader, number % 8)) + text.encode()
        yield bytes((0xF0, 0)) + text.encode()[:2000]
    for text in LISTS[:4]:
        for claim, codec in ((2, "gb18030"), (4, "big5"), (6, "utf-16")):
            yield bytes((0, claim)) + text.encode(codec, "ignore")
            yield bytes((6, claim)) + text.encode(codec, "ignore")[:300]
    for number, text in enumerate((*FORMATS.values(), *OLD.values(), *ERRORS.values())):
        yield bytes((4, number % 2)) + text.encode()
        yield bytes((3, 0)) + text.encode("gb18030")
    dates = (
        *DAYS,
        "Wed, 18 Nov 2026 09:30:00 +0800",
        "1794965400000",
        "t20261102_1.html",
        "art/2026/11/2/art_1_2.html",
        "星期三, 18 十一月 2026 09:30:00",
    )
    yield bytes((5, 0)) + "\n".join(dates).encode()
    for text in dates:
        yield bytes((5, 0)) + text.encode()
