"""Footer marks in the dialects of many content systems, and what only looks like one."""

import pytest

from monitor.model import Marks
from monitor.read.html import parse
from monitor.read.marks import read_marks
from tests.read.samples import FOOTER, TITLES, frame, rows

NONE = Marks()


def marks(html: str) -> Marks:
    return read_marks(parse(html))


def footed(line: str) -> Marks:
    """A page with a list and that line alone in its footer."""
    listed = f"<ul>{rows(['2026-11-02'] * 4, '<li><a href={href}>{title}</a>{date}</li>')}</ul>"
    return marks(
        f"<html><body><div class='nav'><a href='/'>首页</a></div>{listed}<div class='footer'>{line}</div></body></html>"
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("网站标识码：4402000012", "4402000012"),
        ("网站标识码:bm12000001", "bm12000001"),
        ("政府网站标识码 BM12000001", "BM12000001"),
        ("网站标识码（4402000012）", "4402000012"),
        ("网站标识码：<span>4402000012</span>", "4402000012"),
        ("<td>网站标识码</td><td>4402000012</td>", "4402000012"),
        ("<table><tr><td>网站标识码：</td><td><font>4402000012</font></td></tr></table>", "4402000012"),
        ("<b>网站标</b><b>识码：</b>4402000012", "4402000012"),
        ("网站标识码：<i>4402</i><i>000012</i>", "4402000012"),
        ("网站标识码：４４０２００００１２", "４４０２００００１２"),
        ("&#32593;&#31449;&#26631;&#35782;&#30721;&#65306;4402000012", "4402000012"),
        ("网站标识码&nbsp;：&nbsp;4402000012&nbsp;", "4402000012"),
        ("网站标识码为4402000012", "4402000012"),
        ("标识编码：4402000012", "4402000012"),
        ("网站标识：4402000012", "4402000012"),
        ("Website Identification Code: 4402000012", "4402000012"),
        ("<img src='a.png' alt='网站标识码：4402000012'>", "4402000012"),
        ("<script>document.write('<p>网站标识码：4402000012</p>')</script>", "4402000012"),
        (r"<script>document.write('\u7f51\u7ad9\u6807\u8bc6\u7801：4402000012')</script>", "4402000012"),
        ("网站标识码：440200001", "440200001"),  # one digit short, and so it is printed
        ("<!-- 网站标识码：4402000012 -->", None),
        ("<script>var a = '网站标识码：4402000012';</script>", None),
        ("<script>//document.write('网站标识码：4402000012')\n</script>", None),
        ("网站标识码：", None),
        ("商品标识码 123", None),
    ],
)
def test_site_codes(line: str, code: str | None) -> None:
    assert footed(line).site_code == code


@pytest.mark.parametrize(
    ("line", "icp"),
    [
        ("京ICP备05070218号-1", "京ICP备05070218号-1"),
        ("粤ICP备 2021000012 号", "粤ICP备2021000012号"),
        ("粤 ICP 备 05070829 号 - 1", "粤ICP备05070829号-1"),
        ("粤ICP备05070829号－1", "粤ICP备05070829号－1"),
        ("备案序号：粤ICP备05070829号", "粤ICP备05070829号"),
        ("网站备案号：粤icp备05070829号", "粤icp备05070829号"),
        ("（粤）ICP备05070829号", "（粤）ICP备05070829号"),
        ("粤ＩＣＰ备05070829号", "粤ＩＣＰ备05070829号"),
        ("粤ICP备字第05070829号", "粤ICP备字第05070829号"),
        ("ICP备案号：05070829", "ICP备案号：05070829"),
        ("<a>粤</a><a>ICP备</a><a>05070829号-1</a>", "粤ICP备05070829号-1"),
        ("粤ICP备<span>0507</span><span>0829</span>号-1", "粤ICP备05070829号-1"),
        ("<a href='http://beian.miit.gov.cn'><img alt='粤ICP备05070829号-1' src='icp.png'></a>", "粤ICP备05070829号-1"),
        ('<script>document.writeln("<a>粤ICP备05070829号-1<\\/a>")</script>', "粤ICP备05070829号-1"),
        ("<script>document.write(unescape('%u7CA4ICP%u590705070829%u53F7'))</script>", "粤ICP备05070829号"),
        ("&#31908;ICP&#22791;05070829&#21495;-1", "粤ICP备05070829号-1"),
        ("<address>粤ICP备05070829号-1</address>", "粤ICP备05070829号-1"),
        ("粤ICP备05070829号-1<br>粤ICP备99999999号", "粤ICP备99999999号"),
        ("粤ICP证B2-20040022", None),
        ("<script>var icp = '粤ICP备05070829号-1'</script>", None),
        ("ICP备案管理办法", None),
    ],
)
def test_records_of_the_ministry(line: str, icp: str | None) -> None:
    assert footed(line).icp == icp


@pytest.mark.parametrize(
    ("line", "police"),
    [
        ("京公网安备 11010202000001号", "京公网安备11010202000001号"),
        ("京公网安备11010202000001", "京公网安备11010202000001"),
        ("兵公网安备 66010002000012号", "兵公网安备66010002000012号"),
        ("粤公网安备 4402 0402 000012 号", "粤公网安备44020402000012号"),
        ("公安备案号：44020402000012", "公安备案号：44020402000012"),
        ("公安机关备案号 44020402000012", "公安机关备案号44020402000012"),
        ("公安联网备案 44020402000012号", "公安联网备案44020402000012号"),
        ("京公海网安备110108001234号", "京公海网安备110108001234号"),
        ("<img alt=''><p>粤公网安备</p><p>44020402000012号</p>", "粤公网安备44020402000012号"),
        ("<a href='#'><img src='police.png' alt='粤公网安备 44020402000012号'></a>", "粤公网安备44020402000012号"),
        (
            "<a href='http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=44020402000012'><img src='b.png'></a>",
            "44020402000012",
        ),
        (
            "<a href='https://beian.mps.gov.cn/#/query/webSearch?code=44020402000012'><img src='b.png'></a>",
            "44020402000012",
        ),
        ("公网安备", None),
        ("公安局备勤 12345678", None),
        ("市公安局关于备案 20261102", None),
    ],
)
def test_records_of_the_police(line: str, police: str | None) -> None:
    assert footed(line).police == police


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("<script src='//dcs.conac.cn/js/19/200/0000/60424402/CA192000000604244020012.js'></script>", True),
        ("<a href='https://bszs.conac.cn/sitename?method=show&amp;id=1'><img src='red.png'></a>", True),
        (
            "<script>document.write(unescape(\"%3Cscript src='http://dcs.conac.cn/js/1.js'%3E%3C/script%3E\"))</script>",
            True,
        ),
        ("<span id='_ideConac'></span>", True),
        ("<img src='/images/dzjg.png' alt='党政机关'>", True),
        ("<a href='/x.html'><img src='/i/d.png' alt='党政机关网站标识'></a>", True),
        ("<script>// document.write('http://dcs.conac.cn/js/1.js')\n</script>", False),
        ("<script>/* dcs.conac.cn */</script>", False),
        ("<!-- <script src='http://dcs.conac.cn/js/1.js'></script> -->", False),
        ("<img src='a.jpg' alt='党政机关厉行节约反对浪费条例'>", False),
        ("<a href='/t1.html'>党政机关公文处理工作条例</a>", False),
    ],
)
def test_the_mark_of_party_and_state(line: str, shown: bool) -> None:
    assert footed(line).conac is shown


@pytest.mark.parametrize(
    ("line", "shown", "code"),
    [
        ("<span id='_span_jiucuo'><img id='_jiucuo_' sitecode='4402000012' src='j.png'></span>", True, "4402000012"),
        ("<script id='_jiucuo_' sitecode='bm12000001' src='http://a.cn/jiucuo.js'></script>", True, "bm12000001"),
        ("<script src='https://zfwzgl.www.gov.cn/exposure/jiucuo.js'></script>", True, None),
        (
            "<a href='https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=4402000012&amp;url=x'>我为政府网站找错</a>",
            True,
            "4402000012",
        ),
        (
            "<img onclick=\"Link('4402000012')\" src='http://pucha.kaipuyun.cn/exposure/images/jiucuo.png?v=1'>",
            True,
            "4402000012",
        ),
        ("<a href='/jc/'><img src='zc.png' alt='政府网站找错'></a>", True, None),
        ("<a href='/jc/'>网站纠错</a>", True, None),
        ("<a href='/jc/'>我为政府网站找错</a>", True, None),
        ("<script>document.write(\"<script id='_jiucuo_' src='/jiucuo.js'><\\/script>\")</script>", True, None),
        ("<!-- <script src='/jiucuo.js'></script> -->", False, None),
        ("<a href='/t2.html'>关于做好政府网站找错工作的通知</a>", False, None),
        ("<p>请通过网站找错平台反映，我们将认真办理。</p>", False, None),
    ],
)
def test_the_entry_to_report_errors(line: str, shown: bool, code: str | None) -> None:
    found = footed(line)
    assert (found.jiucuo, found.site_code) == (shown, code)


ICP = "粤ICP备05070829号-1"


@pytest.mark.parametrize(
    ("line", "sponsor"),
    [
        ("主办单位：某某市人民政府办公室　承办单位：某某市政务中心", "某某市人民政府办公室"),
        ("主办：某某县人民政府 承办：某某县大数据中心", "某某县人民政府"),
        ("主 办：某某省卫生健康委员会", "某某省卫生健康委员会"),
        ("主 办：某某县人民政府 承 办：某某县大数据局", "某某县人民政府"),
        ("主办单位：<a href='/'>某某市教育局</a>", "某某市教育局"),
        ("<td>主办单位：</td><td>某某市教育局</td>", "某某市教育局"),
        ("主办单位 某某市教育局", "某某市教育局"),
        ("某某市人民政府办公室主办", "某某市人民政府办公室"),
        ("某某市教育局主办　某某市电教馆承办", "某某市教育局"),
        ("版权所有：某某市自然资源局", "某某市自然资源局"),
        ("某某市自然资源局 版权所有", "某某市自然资源局"),
        ("版权所有 © 2020-2026 某某市发展和改革委员会", "某某市发展和改革委员会"),
        ("Copyright © 2009-2026 某某市民政局 All Rights Reserved", "某某市民政局"),
        ("Copyright 2020 某某福利彩票发行管理中心版权所有", "某某福利彩票发行管理中心"),
        ("主办单位：某某市教育局信息技术中心 地址：某某路1号", "某某市教育局信息技术中心"),
        ("<img src='a.png'><script>document.write('主办单位：某某市教育局')</script>", "某某市教育局"),
        ("Sponsored by: Shi Municipal Bureau of Commerce", "Shi Municipal Bureau of Commerce"),
        ("版权所有 未经许可不得转载", None),
        ("版权所有 © 2026", None),
        ("<!-- 主办单位：某某市教育局 -->", None),
    ],
)
def test_sponsors(line: str, sponsor: str | None) -> None:
    assert footed(f"<p>{line}</p><p>{ICP}</p>").sponsor == sponsor
    assert footed(f"<p>{ICP}</p><p>{line}</p>").sponsor == sponsor


@pytest.mark.parametrize(
    ("line", "contact"),
    [
        ("联系方式：（0751）8888888 8888889", "（0751）8888888 8888889"),
        ("联系电话：0751-8888888　0751-8888889", "0751-8888888 0751-8888889"),
        ("联系电话：0751-8888888 （0751）8888889", "0751-8888888 （0751）8888889"),
        ("联系电话：010 8888 8888", "01088888888"),
        ("联系电话：138 8888 8888", "13888888888"),
        ("联系电话：0751-8888888 转 801", "0751-8888888转801"),
        ("联系电话：0751-8888888 801", "0751-8888888 801"),
        ("联系电话：0751-1234567", "0751-1234567"),
        ("联系方式：（0751）1234567", "（0751）1234567"),
        ("电　话：0751—1234567 邮编：512000", "0751—1234567"),
        ("咨询热线：12345", "12345"),
        ("电话（传真）：0751-1234567、1234568", "0751-1234567、1234568"),
        ("Tel: 010-12345678", "010-12345678"),
        ("联系电话：<span>0751-1234567</span>", "0751-1234567"),
        ("联系电话：0751-1234567<br>2026 某某市人民政府", "0751-1234567"),
        ("<a href='/lxwm/'>联系我们</a>", "联系我们"),
        ("<a href='/lxwm/'><img src='l.png' alt='联系我们'></a>", "联系我们"),
        ("邮箱：webmaster@city.example", "webmaster@city.example"),
        ("联系群众", None),
        ("<a href='/t3.html'>关于建立领导干部联系我们市企业制度的通知</a>", None),
    ],
)
def test_contacts(line: str, contact: str | None) -> None:
    assert footed(f"<p>{line}</p><p>{ICP}</p>").contact == contact


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("<a href='/wzdt/'>网站地图</a>", True),
        ("<a href='/wzdt/'> 站点地图 </a>", True),
        ("<a href='/m/'><span>网站</span><span>导航</span></a>", False),
        ("<a href='/m/'>网站导航</a>", True),
        ("<a href='/m/'>网站导览</a>", True),
        ("<a href='/m/'>Site Map</a>", True),
        ("<a href='/m/'><img src='m.png' alt='网站地图'></a>", True),
        ("<area href='/m/' alt='网站地图'>", False),
        ("网站地图", False),
        ("<a href='/t4.html'>我市发布网站地图建设与服务规范的通知解读</a>", False),
        ("<!-- <a href='/wzdt/'>网站地图</a> -->", False),
    ],
)
def test_site_maps(line: str, shown: bool) -> None:
    assert footed(line).sitemap is shown


ARTICLE = (
    "<div class='article'><h1>关于全市政府网站抽查情况的通报</h1><p>经查，某某镇网站（网站标识码：4402990001，粤ICP备11111111号，粤公网安备44029902000001号）"
    "未按要求更新，有关单位应当立即整改，并于月底前报送情况。</p><p>论坛主办单位：某某省行业协会，承办单位：某某公司。</p><p>联系人：张三，联系电话：0751-7654321。</p>"
    + "".join(f"<p>{title}，有关事项另行通知，请各有关单位认真贯彻执行，遇有问题及时反映。</p>" for title in TITLES * 3)
    + "</div>"
)


def test_what_an_article_says_of_others_is_not_declared() -> None:
    assert marks(f"<html><body>{ARTICLE}<div class='foot'>{ICP}</div></body></html>") == Marks(icp=ICP)
    assert marks(f"<html><body>{ARTICLE}</body></html>") == NONE


def test_the_footer_comes_last() -> None:
    found = marks(frame(ARTICLE))
    assert (found.site_code, found.icp, found.sponsor, found.contact) == (
        "4402000012",
        "粤ICP备05070829号-1",
        "某某市人民政府办公室",
        "0751-1234567",
    )


@pytest.mark.parametrize("wrap", ["<footer>{}</footer>", "<address>{}</address>", "<table><tr><td>{}</td></tr></table>",
                                  "<div><div><div><center>{}</center></div></div></div>", "<ul><li>{}</li></ul>"])  # fmt: skip
def test_wherever_the_footer_stands(wrap: str) -> None:
    assert marks(wrap.format(FOOTER)) == marks(FOOTER)


def test_a_page_without_marks_has_none() -> None:
    assert marks("<html><body><p>欢迎</p></body></html>") == NONE
