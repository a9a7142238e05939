"""Reply lists as sites print them, made up for the tests: a name, the page, and what each row tells.

A row is (number, title, class as printed, received, answered, whether it is answered, address); None where nothing is printed.
"""

import json
from typing import NamedTuple

Told = tuple[str | None, str, str, str | None, str | None, bool | None, str | None]
AT = "http://www.zhen.example/hdjl/"


class Sample(NamedTuple):
    """`rows` in the order of the page."""

    name: str
    html: str
    rows: tuple[Told, ...]


def page(inside: str) -> str:
    menu = '<ul class="nav"><li><a href="/">首页</a></li><li><a href="/hdjl/">互动交流</a></li><li><a href="/zxzx/">在线咨询</a></li></ul>'
    foot = '<div class="foot">主办：云川镇人民政府 <a href="/wzdt.html">网站地图</a></div>'
    return f"<html><head><title>市长信箱</title></head><body>{menu}<div class='main'>{inside}</div>{foot}</body></html>"


MAYOR = page("""
<table class="xjlb"><tr><th>信件编号</th><th>信件标题</th><th>信件类型</th><th>来信时间</th><th>回复时间</th><th>办理状态</th></tr>
<tr><td>SZXX20261103001</td><td><a href="./1103001.html">关于东门路路灯不亮的问题</a></td><td>投诉</td><td>2026-11-03</td><td>2026-11-06</td><td>已办结</td></tr>
<tr><td>SZXX20261110002</td><td><a href="./1110002.html">咨询新生儿落户需要的材料</a></td><td>咨询</td><td>2026-11-10</td><td></td><td>办理中</td></tr>
<tr><td>SZXX20261112003</td><td><a href="./1112003.html">建议增设公交站点</a></td><td>建议</td><td>2026-11-12</td><td></td><td>待回复</td></tr>
</table>""")

OLD_TABLE = page("""
<table width="100%"><tr bgcolor="#eeeeee"><td>序号</td><td>标　题</td><td>留言时间</td><td>状　态</td></tr>
<tr><td>1</td><td><a href="show.asp?id=881" title="请问城南小学今年招生范围是哪些小区">请问城南小学今年招生范…</a></td><td>2026/10/30 09:12:45</td><td><img src="/i/yhf.gif" alt="已回复"></td></tr>
<tr><td>2</td><td><a href="show.asp?id=880">噪音扰民无人处理</a></td><td>2026/10/28 00:00:00</td><td><img src="/i/whf.gif" alt="未回复"></td></tr>
</table>""")

TRS_LETTERS = page("""
<div class="xj_list"><ul class="xj_tit"><li>来信标题</li><li>来信时间</li><li>办理情况</li></ul>
<ul><li><a href="./202611/t20261101_1.shtml">关于农村公路养护的建议</a></li><li>2026-11-01</li><li>已答复</li></ul>
<ul><li><a href="./202611/t20261104_2.shtml">医保异地结算如何办理</a></li><li>2026-11-04</li><li>处理中</li></ul>
<ul><li><a href="./202611/t20261105_3.shtml">垃圾清运不及时</a></li><li>2026-11-05</li><li>已答复</li></ul></div>""")

INTERACTION = page("""
<ul class="list"><li><h3><a href="/lyb/501.html">[咨询]残疾证办理流程</a></h3><p>留言时间：2026-11-02 08:30　回复时间：2026-11-03 17:05　状态：已回复</p></li>
<li><h3><a href="/lyb/502.html">[投诉]小区物业乱收费</a></h3><p>留言时间：2026-11-08 21:14　回复时间：　状态：办理中</p></li>
<li><h3><a href="/lyb/503.html">[表扬]为民警点赞</a></h3><p>留言时间：2026-11-09 10:00　回复时间：2026-11-10 09:00　状态：已回复</p></li></ul>""")

HOTLINE = page("""
<div class="cards"><div class="card"><div class="top"><span class="no">工单编号：YC2611020017</span><em>已办结</em></div>
<a class="tit" href="/12345/17.html">城北菜市场门口占道经营</a><div class="bot"><span>诉求类型：求助</span><span>提交时间：2026年11月2日</span><span>办结时间：2026年11月4日</span></div></div>
<div class="card"><div class="top"><span class="no">工单编号：YC2611090033</span><em>处理中</em></div>
<a class="tit" href="/12345/33.html">自来水浑浊</a><div class="bot"><span>诉求类型：求助</span><span>提交时间：2026年11月9日</span><span>办结时间：--</span></div></div></div>""")

DEFINITIONS = page("""
<dl><dt><a href="a.html">户口迁移多久办好</a></dt><dd>来信时间：2026-10-01</dd><dd>回复时间：2026-10-05</dd>
<dt><a href="b.html">路面塌陷请修复</a></dt><dd>来信时间：2026-10-11</dd><dd>回复时间：</dd>
<dt><a href="c.html">学区划分咨询</a></dt><dd>来信时间：2026-10-20</dd><dd>回复时间：2026-10-21</dd></dl>""")

UNDER_TITLE = page("""
<div class="zxlist"><p class="bt"><a href="1.jhtml">公租房申请条件</a></p><p class="sj">来信时间：2026-09-01 回复时间：2026-09-08</p>
<p class="bt"><a href="2.jhtml">老旧小区加装电梯补贴</a></p><p class="sj">来信时间：2026-09-03 回复时间：2026-09-09</p></div>""")

ONLY_ANSWERED = page("""
<table><thead><tr><th>来信主题</th><th>写信日期</th><th>答复日期</th></tr></thead><tbody>
<tr><td><a href="#" onclick="window.open('/xx/view?id=7')">退休金发放时间</a></td><td>2026-08-01</td><td>2026-08-03</td></tr>
<tr><td><a href="#" onclick="window.open('/xx/view?id=8')">养犬管理规定</a></td><td>2026-08-02</td><td>2026-08-04</td></tr></tbody></table>""")

ONE_TIME_AND_STATE = page("""
<table><tr><th>编号</th><th>留言标题</th><th>时间</th><th>状态</th></tr>
<tr><td>20260711</td><td><a href="/m/1">低保申请</a></td><td>2026-07-11</td><td>已回复</td></tr>
<tr><td>20260712</td><td><a href="/m/2">河道垃圾</a></td><td>2026-07-12</td><td>待回复</td></tr></table>""")

TIME_OF_WHOM = page("""
<table><tr><th>留言标题</th><th>时间</th><th>状态</th></tr>
<tr><td><a href="/m/1">低保申请</a></td><td>2026-07-11</td><td>已回复</td></tr>
<tr><td><a href="/m/2">河道垃圾</a></td><td>2026-07-12</td><td>已回复</td></tr></table>""")

ACCEPTED_TOO = page("""
<div class="it"><h4>公园健身器材损坏</h4><p><b>来信时间</b>：2026-06-01</p><p>受理时间：2026-06-02</p><p>答复时间：2026-06-05</p></div>
<div class="it"><h4>人行道停车问题</h4><p><b>来信时间</b>：2026-06-03</p><p>受理时间：2026-06-04</p><p>答复时间：</p></div>""")

OWN_PAGE = page("""
<h1>关于公交线路调整的咨询</h1><table><tr><td>信件编号</td><td>XJ2026-0088</td><td>信件类型</td><td>咨询</td></tr>
<tr><td>来信时间</td><td>2026-05-06 11:20</td><td>办理状态</td><td>已办结</td></tr>
<tr><td>来信内容</td><td colspan="3">请问3路公交车为什么改线？</td></tr><tr><td>回复时间</td><td>2026-05-09</td><td>回复单位</td><td>交通运输局</td></tr></table>""")

WITHOUT_TITLES_AS_LINKS = page("""
<ul class="wd"><li><div class="w">问：居住证怎么续签？</div><span>咨询时间：2026-04-01</span><span>答复时间：2026-04-02</span><div class="da">答：请到派出所办理。</div></li>
<li><div class="w">问：社保卡丢失如何补办？</div><span>咨询时间：2026-04-03</span><span>答复时间：2026-04-05</span><div class="da">答：可在线补办。</div></li></ul>""")

JSON_CALL = json.dumps(
    {"code": 200, "total": 2, "data": {"list": [
        {"id": 9, "title": "食品安全投诉", "writeTime": "2026-11-01 10:00:00", "replyTime": "2026-11-05 08:00:00", "typeName": "投诉", "statusName": "已回复", "letterNo": "LY90001", "url": "/l/9"},
        {"id": 8, "title": "驾照换证", "writeTime": "2026-11-04 00:00:00", "replyTime": None, "typeName": "咨询", "statusName": "处理中", "letterNo": "LY90002", "url": "/l/8"},
    ]}}, ensure_ascii=False)  # fmt: skip

INITIALS = json.dumps(
    {"rows": [
        {"xjbt": "停水通知不及时", "lxsj": 1793505600000, "hfsj": 1793671200000, "sfhf": "1", "url": "/x/1.html"},
        {"xjbt": "宽带施工破路", "lxsj": 1793592000000, "hfsj": "", "sfhf": "0", "url": "/x/2.html"},
    ]}, ensure_ascii=False)  # fmt: skip

IN_SCRIPT = page("""<div id="list"></div><script>var letters=[
{"title":"教师资格证认定","submitTime":"2026-03-01","replyTime":"2026-03-04","url":"/q/1"},
{"title":"殡葬补贴标准","submitTime":"2026-03-05","replyTime":"","url":"/q/2"}];</script>""")

SAMPLES = (
    Sample("mayor", MAYOR, (
        ("SZXX20261103001", "关于东门路路灯不亮的问题", "投诉", "2026-11-03", "2026-11-06", True, f"{AT}1103001.html"),
        ("SZXX20261110002", "咨询新生儿落户需要的材料", "咨询", "2026-11-10", None, False, f"{AT}1110002.html"),
        ("SZXX20261112003", "建议增设公交站点", "建议", "2026-11-12", None, False, f"{AT}1112003.html"),
    )),
    Sample("old table", OLD_TABLE, (
        (None, "请问城南小学今年招生范围是哪些小区", "", "2026-10-30T09:12", None, True, f"{AT}show.asp?id=881"),
        (None, "噪音扰民无人处理", "", "2026-10-28", None, False, f"{AT}show.asp?id=880"),
    )),
    Sample("trs letters", TRS_LETTERS, (
        (None, "关于农村公路养护的建议", "", "2026-11-01", None, True, f"{AT}202611/t20261101_1.shtml"),
        (None, "医保异地结算如何办理", "", "2026-11-04", None, False, f"{AT}202611/t20261104_2.shtml"),
        (None, "垃圾清运不及时", "", "2026-11-05", None, True, f"{AT}202611/t20261105_3.shtml"),
    )),
    Sample("interaction", INTERACTION, (
        (None, "残疾证办理流程", "咨询", "2026-11-02T08:30", "2026-11-03T17:05", True, "http://www.zhen.example/lyb/501.html"),
        (None, "小区物业乱收费", "投诉", "2026-11-08T21:14", None, False, "http://www.zhen.example/lyb/502.html"),
        (None, "[表扬]为民警点赞", "", "2026-11-09T10:00", "2026-11-10T09:00", True, "http://www.zhen.example/lyb/503.html"),
    )),
    Sample("hotline", HOTLINE, (
        ("YC2611020017", "城北菜市场门口占道经营", "求助", "2026-11-02", "2026-11-04", True, "http://www.zhen.example/12345/17.html"),
        ("YC2611090033", "自来水浑浊", "求助", "2026-11-09", None, False, "http://www.zhen.example/12345/33.html"),
    )),
    Sample("definitions", DEFINITIONS, (
        (None, "户口迁移多久办好", "", "2026-10-01", "2026-10-05", True, f"{AT}a.html"),
        (None, "路面塌陷请修复", "", "2026-10-11", None, False, f"{AT}b.html"),
        (None, "学区划分咨询", "", "2026-10-20", "2026-10-21", True, f"{AT}c.html"),
    )),
    Sample("under the title", UNDER_TITLE, (
        (None, "公租房申请条件", "", "2026-09-01", "2026-09-08", True, f"{AT}1.jhtml"),
        (None, "老旧小区加装电梯补贴", "", "2026-09-03", "2026-09-09", True, f"{AT}2.jhtml"),
    )),
    Sample("only answered ones", ONLY_ANSWERED, (
        (None, "退休金发放时间", "", "2026-08-01", "2026-08-03", True, "http://www.zhen.example/xx/view?id=7"),
        (None, "养犬管理规定", "", "2026-08-02", "2026-08-04", True, "http://www.zhen.example/xx/view?id=8"),
    )),
    Sample("one time and a state", ONE_TIME_AND_STATE, (
        ("20260711", "低保申请", "", "2026-07-11", None, True, "http://www.zhen.example/m/1"),
        ("20260712", "河道垃圾", "", "2026-07-12", None, False, "http://www.zhen.example/m/2"),
    )),
    Sample("the time of whom", TIME_OF_WHOM, (
        (None, "低保申请", "", None, None, True, "http://www.zhen.example/m/1"),
        (None, "河道垃圾", "", None, None, True, "http://www.zhen.example/m/2"),
    )),
    Sample("accepted, too", ACCEPTED_TOO, (
        (None, "公园健身器材损坏", "", "2026-06-01", "2026-06-05", True, None),
        (None, "人行道停车问题", "", "2026-06-03", None, False, None),
    )),
    Sample("a letter's own page", OWN_PAGE, (
        ("XJ2026-0088", "关于公交线路调整的咨询", "咨询", "2026-05-06T11:20", "2026-05-09", True, None),
    )),
    Sample("titles that are no links", WITHOUT_TITLES_AS_LINKS, (
        (None, "问：居住证怎么续签？", "", "2026-04-01", "2026-04-02", True, None),
        (None, "问：社保卡丢失如何补办？", "", "2026-04-03", "2026-04-05", True, None),
    )),
    Sample("a call", JSON_CALL, (
        ("LY90001", "食品安全投诉", "投诉", "2026-11-01T10:00", "2026-11-05T08:00", True, "http://www.zhen.example/l/9"),
        ("LY90002", "驾照换证", "咨询", "2026-11-04", None, False, "http://www.zhen.example/l/8"),
    )),
    Sample("a call with initials for keys", INITIALS, (
        (None, "停水通知不及时", "", "2026-11-01T12:00", "2026-11-03T10:00", True, "http://www.zhen.example/x/1.html"),
        (None, "宽带施工破路", "", "2026-11-02T12:00", None, False, "http://www.zhen.example/x/2.html"),
    )),
    Sample("in a script", IN_SCRIPT, (
        (None, "教师资格证认定", "", "2026-03-01", "2026-03-04", True, "http://www.zhen.example/q/1"),
        (None, "殡葬补贴标准", "", "2026-03-05", None, False, "http://www.zhen.example/q/2"),
    )),
)  # fmt: skip
