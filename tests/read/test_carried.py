"""What elements carry: every place an address may stand, and what is none."""

import pytest

from monitor.read.html import parse
from monitor.read.links import Addresses, base_of, read_links

URL = "http://www.shi.gov.cn/a/index.html"


def carried(html: str, head: str = "") -> tuple[list[tuple[str, str]], int]:
    """(tag, address after the folder of the page) of all links, and the number of pseudo links."""
    document = parse(f"<html><head>{head}</head><body>{html}</body></html>")
    addresses = Addresses(base_of(document, URL), "utf-8")
    links, pseudo = read_links(document, addresses, host="www.shi.gov.cn", hidden=frozenset())
    return [(link.tag, link.url.removeprefix("http://www.shi.gov.cn/a/")) for link in links], pseudo


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<img src='a.jpg'>", [("img", "a.jpg")]),
        ("<img src='data:image/gif;base64,R0lGOD' data-src='a.jpg'>", [("img", "a.jpg")]),
        ("<img src='blank.gif' data-original='a.jpg'>", [("img", "blank.gif"), ("img", "a.jpg")]),
        ("<img lazy-src='a.jpg' data-url='12'>", [("img", "a.jpg")]),
        ("<img srcset='a.jpg 1x, b.jpg 2x' src='a.jpg'>", [("img", "a.jpg"), ("img", "b.jpg")]),
        ("<img srcset='/r/w,100/a.jpg 100w,\n /r/w,200/a.jpg 200w'>", [("img", "http://www.shi.gov.cn/r/w,100/a.jpg"), ("img", "http://www.shi.gov.cn/r/w,200/a.jpg")]),
        ("<picture><source srcset='a.webp'><img src='a.png'></picture>", [("source", "a.webp"), ("img", "a.png")]),
        ("<area href='m.html'>", [("area", "m.html")]),
        ("<select><option value='http://b.gov.cn/'>乙<option value='c/d.html'>丙<option value='3'>丁<option value=''></select>",
         [("option", "http://b.gov.cn/"), ("option", "c/d.html")]),
        ("<iframe src='f.html'></iframe><iframe src='about:blank' data-src='g.html'></iframe>", [("iframe", "f.html"), ("iframe", "g.html")]),
        ("<embed src='a.swf'><object data='b.pdf'></object>", [("embed", "a.swf"), ("object", "b.pdf")]),
        ("<object><param name='movie' value='a/b.swf?x=1'><param name='quality' value='a/high.html'></object>", []),
        ("<object><param name='movie' value='/b.swf'><param name='wmode' value='/x'></object>", [("param", "http://www.shi.gov.cn/b.swf")]),
        ("<video src='v.mp4' poster='p.jpg'></video><audio src='s.mp3'></audio>", [("video", "v.mp4"), ("video", "p.jpg"), ("audio", "s.mp3")]),
        ("<input type='image' src='go.gif'>", [("input", "go.gif")]),
        ("<table background='t.gif'><tr background='r.gif'><td background='d.gif'>x</td></tr></table>",
         [("table", "t.gif"), ("tr", "r.gif"), ("td", "d.gif")]),
        ("<div style='background:url(b.png) no-repeat'></div>", [("div", "b.png")]),
        ("<div style='background-image: url(&quot;b 1.png&quot;)'></div>", [("div", "b%201.png")]),
        ("<a style=\"background:url('b.png')\" href='x.html'>x</a>", [("a", "x.html"), ("a", "b.png")]),
        ("<style>.a{background:url(b.png)} /* .b{background:url(old.png)} */ .c{background:URL( 'c.png' )}</style>", [("style", "b.png"), ("style", "c.png")]),
        ("<style>@import 'x.css'; @import url(y.css); .a{background:url(data:image/png;base64,AA)}</style>", [("style", "x.css"), ("style", "y.css")]),
        ("<svg><a xlink:href='s.html'><image href='s.png'/></a></svg>", [("a", "s.html"), ("image", "s.png")]),
        ("<a href='附件1.doc'>附件</a><a href='b.pdf'>b</a>", [("a", "%E9%99%84%E4%BB%B61.doc"), ("a", "b.pdf")]),
        ("<div onclick=\"window.open('c.html')\">x</div>", [("div", "c.html")]),
        ("<tr><td onclick='location.href=\"c.html\"'>x</td></tr>", []),  # no table, no cell
        ("<li onclick='location.href=\"c.html\"'>x</li>", [("li", "c.html")]),
        ("<input type='button' onclick=\"window.location='c.html';return false\">", [("input", "c.html")]),
        ("<span onclick=\"top.location.replace('c.html')\">x</span>", [("span", "c.html")]),
        ("<span onclick=\"openList('c.html')\">x</span>", []),
        ("<span onclick=\"window.open('c.html?id=' + id)\">x</span>", []),
        ("<span onclick=\"reopen('c.html')\">x</span>", []),
        ("<a href='#' onclick=\"window.open('c.html')\">x</a>", [("a", "c.html")]),
        ("<a href='javascript:;' onclick=\"window.open('c.html','_blank')\">x</a>", [("a", "c.html")]),
        ("<a href='d.html' onclick=\"window.open('c.html')\">x</a>", [("a", "d.html"), ("a", "c.html")]),
        ("<a href=\"javascript:window.open('c.html')\">x</a>", [("a", "c.html")]),
        ("<a href=\"JavaScript:location.href='c.html'\">x</a>", [("a", "c.html")]),
        ("<script src='x.js'></script><script>window.open('no.html')</script>", [("script", "x.js")]),
        ("<!-- <a href='no.html'>x</a> --><noscript><a href='no.html'>x</a></noscript>", []),
        ("<a href='c.html'>一</a><a href='./c.html#x'>二</a><a href=' c.html '>三</a>", [("a", "c.html")]),
    ],
)  # fmt: skip
def test_where_addresses_stand(html: str, found: list[tuple[str, str]]) -> None:
    assert carried(html) == (found, 0)


def test_what_a_head_carries() -> None:
    head = (
        "<link rel='stylesheet' href='a.css'><link rel='shortcut icon' href='/f.ico'><link rel='dns-prefetch' href='//cdn.example.com'>"
        "<link rel='preconnect' href='https://fonts.example.com'>"
    )
    assert carried("", head)[0] == [("link", "a.css"), ("link", "http://www.shi.gov.cn/f.ico")]


@pytest.mark.parametrize(
    "href",
    ["", " ", "#", "javascript:", "javascript:void(0)", "JAVASCRIPT:;", "javascript:alert('a.html')", "vbscript:x", "about:blank",
     "data:text/html,x", "mailto:office@city.example", "tel:12345", "blob:x", " #\n"],
)  # fmt: skip
def test_pseudo_links_are_counted_apart(href: str) -> None:
    assert carried(f'<a href="{href}">x</a><area href="{href}">') == ([], 2)


@pytest.mark.parametrize(
    "html", ["<a name='top'>x</a>", "<a>x</a>", "<a href='#part-2'>x</a>", "<img src=''>", "<option value='#'>"]
)
def test_what_is_neither(html: str) -> None:
    assert carried(html) == ([], 0)


def test_a_link_without_a_value_is_empty() -> None:
    assert carried("<a href>x</a>") == ([], 1)


def test_all_is_relative_to_the_base() -> None:
    html = "<a href='x.html'>x</a><img src='../i.png'><div style='background:url(b.png)' onclick=\"window.open('w.html')\"></div>"
    found, _ = carried(html, "<base href='http://img.shi.gov.cn/s/t/' target='_blank'>")
    base = "http://img.shi.gov.cn/s"
    assert found == [
        ("a", f"{base}/t/x.html"),
        ("img", f"{base}/i.png"),
        ("div", f"{base}/t/w.html"),
        ("div", f"{base}/t/b.png"),
    ]


@pytest.mark.parametrize(
    ("href", "external"),
    [
        ("http://zw.shi.gov.cn/", False),
        ("//www.shi.gov.cn/x", False),
        ("x.html", False),
        ("http://www.sheng.gov.cn/", True),
        ("http://www.gov.cn/", True),
        ("http://shi.gov.cn.evil.com/", True),
        ("http://10.1.2.3/", True),
        ("http://oa/", True),
        ("http://www.shi.com.cn/", True),
    ],
)
def test_external_by_registrable_domain(href: str, external: bool) -> None:
    document = parse(f"<a href='{href}'>x</a>")
    (link,), _ = read_links(document, Addresses(URL, "utf-8"), host="www.shi.gov.cn", hidden=frozenset())
    assert link.external is external
