"""Addresses: canonical, relative, external, hidden, pseudo."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from monitor.model import TargetKind
from monitor.read.hidden import all_within, veiled_elements
from monitor.read.html import parse
from monitor.read.links import Addresses, ascii_host, base_of, canonical, host_of, is_pseudo, read_links, site_of
from monitor.read.page import read_page
from monitor.read.slim import shown

BASE = "http://www.shi.gov.cn/zwgk/tzgg/index.html?x=1"
SEGMENT = st.just("x;jsessionid=1A.b!2") | st.text(st.sampled_from("ab1.-_~%2F 中é!$&'()*+,;=:@|^"), max_size=8)
REFERENCE = st.builds(
    lambda start, parts, query, fragment: start + "/".join(parts) + query + fragment,
    st.sampled_from(
        [
            "",
            "/",
            "//host.cn/",
            "http://A.b.CN:80/",
            "https://x.政务:443/",
            "../",
            "./",
            "?",
            "http:",
            "https:/",
            "http:///a.cn/",
        ]
    ),
    st.lists(SEGMENT, max_size=5),
    st.sampled_from(["", "?a=1&b=测", "?", "?a=b?c"]),
    st.sampled_from(["", "#top", "#"]),
)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("a.html", "http://www.shi.gov.cn/zwgk/tzgg/a.html"),
        ("./a.html", "http://www.shi.gov.cn/zwgk/tzgg/a.html"),
        ("../../a.html", "http://www.shi.gov.cn/a.html"),
        ("../../../../a.html", "http://www.shi.gov.cn/a.html"),
        ("/a//b/../c", "http://www.shi.gov.cn/a//c"),
        ("//Other.GOV.cn", "http://other.gov.cn/"),
        ("?b=2&a=1", "http://www.shi.gov.cn/zwgk/tzgg/index.html?b=2&a=1"),
        ("HTTP://WWW.SHI.GOV.CN:80/A/b#x", "http://www.shi.gov.cn/A/b"),
        (" a b.html\n", "http://www.shi.gov.cn/zwgk/tzgg/a%20b.html"),
        ("http:\\\\a.cn\\b", "http://a.cn/b"),
        ("http://中国政府网.政务/", "http://xn--fiqs8sirgfmhq98a.xn--zfr164b/"),
        ("/通知.html", "http://www.shi.gov.cn/%E9%80%9A%E7%9F%A5.html"),
        ("javascript:void(0)", None),
        ("mailto:office@city.example", None),
        ("tel:12345", None),
        ("#top", None),
        ("", None),
        ("http://", None),
        ("http://[::1", None),
        ("weixin://x", None),
        ("HTTP://WWW.Shi.Gov.Cn/ZWGK/Art.HTML?ID=2&id=1", "http://www.shi.gov.cn/ZWGK/Art.HTML?ID=2&id=1"),
        ("https://www.shi.gov.cn:443/a", "https://www.shi.gov.cn/a"),
        ("https://www.shi.gov.cn:80/a", "https://www.shi.gov.cn:80/a"),
        ("http://www.shi.gov.cn:8080/a", "http://www.shi.gov.cn:8080/a"),
        ("http://www.shi.gov.cn./a./b..html", "http://www.shi.gov.cn/a./b..html"),
        ("/a.do;jsessionid=0A1B2C.node-1!3?id=7", "http://www.shi.gov.cn/a.do?id=7"),
        ("a.jsp;JSESSIONID=0A1B2C", "http://www.shi.gov.cn/zwgk/tzgg/a.jsp"),
        ("/a;v=1/b;w=2.html", "http://www.shi.gov.cn/a;v=1/b;w=2.html"),
        ("/s?q=%D6%D0%b9%fa", "http://www.shi.gov.cn/s?q=%D6%D0%b9%fa"),
        ("/%D6%D0.html", "http://www.shi.gov.cn/%D6%D0.html"),
        ("http://www.shi.gov.cn/#!/news/1?x=2", "http://www.shi.gov.cn/"),
        ("/list?p=1#/a?b=2", "http://www.shi.gov.cn/list?p=1"),
        ("http://www.shi.gov.cn//a//b/", "http://www.shi.gov.cn//a//b/"),
        ("http://user:secret" + "@www.shi.gov.cn/a", "http://www.shi.gov.cn/a"),
        ("http:a.html", "http://www.shi.gov.cn/zwgk/tzgg/a.html"),
        ("http:/a.html", "http://www.shi.gov.cn/a.html"),
        ("https:/www.other.cn/a", "https://www.other.cn/a"),
        ("http:///www.other.cn/a", "http://www.other.cn/a"),
        (
            "http//www.other.cn",
            "http://www.shi.gov.cn/zwgk/tzgg/http//www.other.cn",
        ),  # as browsers read it: a dead link
        ("http://www。other。cn/", "http://www.other.cn/"),
        ("http://10.1.2.3:8088/x", "http://10.1.2.3:8088/x"),
        ("http://oa/x", "http://oa/x"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://www.shi.gov.cn:99999/x", None),
        ("data:text/html,x", None),
        ("about:blank", None),
        ("JavaScript:void(0)", None),
    ],
)
def test_canonical(href: str, url: str | None) -> None:
    assert canonical(href, BASE) == url


def test_queries_are_written_in_the_page_s_own_encoding() -> None:
    assert canonical("s?q=中", BASE, "gb18030") == "http://www.shi.gov.cn/zwgk/tzgg/s?q=%D6%D0"
    assert canonical("s?q=中", BASE, "utf-8") == "http://www.shi.gov.cn/zwgk/tzgg/s?q=%E4%B8%AD"


@given(REFERENCE)
def test_canonical_addresses_are_fixed_points(reference: str) -> None:
    once = canonical(reference, BASE)
    if once is not None:
        assert canonical(once, None) == once
        assert canonical(once, BASE) == once
        assert once.startswith(("http://", "https://"))
        assert once.isascii()


@given(st.text(max_size=60), st.one_of(st.none(), st.just(BASE), st.text(max_size=20)))
def test_any_reference_is_borne(reference: str, base: str | None) -> None:
    canonical(reference, base)
    is_pseudo(reference)
    site_of(host_of(reference))
    ascii_host(reference)


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("edu.sc.gov.cn", "sc.gov.cn"),
        ("www.sz.gov.cn", "sz.gov.cn"),
        ("a.b.com.cn", "b.com.cn"),
        ("10.0.0.1", "10.0.0.1"),
        ("localhost", "localhost"),
        ("", ""),
        ("gov.cn", "gov.cn"),
        ("www.gov.cn", "www.gov.cn"),
        ("sousuo.www.gov.cn", "www.gov.cn"),
        ("www.bj.cn", "www.bj.cn"),  # cities have suffixes of their own
        ("a.b.bj.cn", "b.bj.cn"),
        ("x.y.edu.cn", "y.edu.cn"),
        ("a.b.中国".encode("idna").decode(), "b.中国".encode("idna").decode()),
        ("a.b.政务".encode("idna").decode(), "b.政务".encode("idna").decode()),
        ("::1", "::1"),
        ("oa", "oa"),
    ],
)
def test_registrable_domains(host: str, site: str) -> None:
    assert site_of(host) == site


PAGE = """
<html><head><base href="/base/"><link rel=stylesheet href=a.css><style>.gone{display:none} #off, x{left:-999px} .ok{color:red}
b{background:url(bg.png)}</style></head><body background="back.jpg">
<a href="x.html">一</a> <a href="x.html"><img src="i.png"></a> <a href="http://zw.shi.gov.cn/">同域</a> <a href="http://www.other.com/">外</a>
<a href="javascript:;">空</a><a href="">空</a><a href="#">空</a><a href="mailto:office@city.example">信</a><a name="top"></a>
<select><option value="">--</option><option value="http://jyj.shi.gov.cn/">教育局</option><option value="12">十二</option></select>
<map><area href="map.html" alt="图"></map><iframe src="frame.html"></iframe><div style="background:url('d.png')"></div>
<div style="display:none"><a href="http://spam.com/1">暗</a></div><div class="gone"><a href="h.html">藏</a></div>
<p id="off"><a href="o.html">外</a></p><p hidden><a href="p.html">隐</a></p><p class="ok"><a href="k.html">明</a></p>
<marquee width="1" height="1"><a href="http://spam.com/2">滚</a></marquee>
</body></html>
"""


def test_all_that_can_be_clicked_or_seen() -> None:
    document = parse(PAGE)
    addresses = Addresses(base_of(document, BASE), "utf-8")
    hidden = all_within(document, veiled_elements(document))
    links, pseudo = read_links(document, addresses, host=host_of(BASE), hidden=hidden)
    found = {(link.tag, link.url.removeprefix("http://www.shi.gov.cn/base/")): link for link in links}
    assert pseudo == 4  # a letter cannot be looked at either
    assert set(found) == {
        ("link", "a.css"), ("style", "bg.png"), ("body", "back.jpg"), ("a", "x.html"), ("img", "i.png"), ("a", "http://zw.shi.gov.cn/"),
        ("a", "http://www.other.com/"), ("option", "http://jyj.shi.gov.cn/"), ("area", "map.html"), ("iframe", "frame.html"), ("div", "d.png"),
        ("a", "http://spam.com/1"), ("a", "h.html"), ("a", "o.html"), ("a", "p.html"), ("a", "k.html"), ("a", "http://spam.com/2"),
    }  # fmt: skip
    assert {link.text for link in links if link.hidden} == {"暗", "藏", "外", "隐", "滚"}
    assert {link.url for link in links if link.external} == {
        "http://www.other.com/",
        "http://spam.com/1",
        "http://spam.com/2",
    }
    assert found["a", "x.html"].text == "一"


def test_without_an_address_nothing_is_external() -> None:
    document = parse("<a href='a.html'>一</a><a href='http://x.cn/'>二</a>")
    links, _ = read_links(document, Addresses(None, "utf-8"), host="", hidden=frozenset())
    assert [(link.url, link.external) for link in links] == [("a.html", False), ("http://x.cn/", False)]


A = "<a href='/hd/'>互动交流</a>"


@pytest.mark.parametrize(
    ("html", "hidden", "lost"),
    [
        (A, False, False),
        (f"<div style='display:none'>{A}</div>", True, True),
        (f"<p style='position:absolute;left:-9999px'>{A}</p>", True, True),
        (f"<style>.gone{{display:none}}</style><div class='gone'><div>{A}</div></div>", True, True),
        (f"<div class='dropdown' style='display:none'>{A}</div>", True, False),
        (f"<div class='nav'><p>互动</p><div style='display:none'>{A}</div></div>", True, False),
        (f"<ul><li>互动<ul style='display:none'><li>{A}</li></ul></li></ul>", True, False),
        (f"<div class='one'><p>新闻</p></div><div class='one' style='display:none'>{A}</div>", True, False),
        (f"<div id='tab_2' style='display:none'>{A}</div>", True, False),
        (f"<div style='display:none'>{A}</div><div class='menu' style='display:none'>{A}</div>", True, False),
        (f"<div class='menu' style='display:none'>{A}</div><div style='display:none'>{A}</div>", True, False),
        (
            f"<p class='menu' hidden><a href='/hd/'><b class='ico'></b></a></p><div style='display:none'>{A}</div>",
            True,
            False,
        ),
    ],
)
def test_what_nothing_shows_again_is_told_from_menus_and_tabs(html: str, hidden: bool, lost: bool) -> None:
    text = f"<html><body><div>政务</div>{html}<div>版权</div></body></html>".encode()
    reading = read_page(text, url=BASE, kind=TargetKind.SITE, charset=None, status=200, captured=date(2026, 11, 20))
    (link,) = reading.links
    assert (link.hidden, link.lost) == (hidden, lost)
    assert "lost" not in str(shown(reading)["links"])
