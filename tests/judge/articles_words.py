"""What the words of a rule say, against what its document asks: the numbers with their units, the matter, and of whom.

Numbers stand in digits or in Chinese: 2周 and 14天 are `14d`, 1年 `12mo`, 3次 and 3条 `3x`, 每年 `yearly`, 1月31日 `01-31`. What a line
owes comes from its limit and options, as the documents have them.
"""

import re
from collections.abc import Mapping

from tests.judge.articles_lines import (
    ACCOUNTS,
    DYNAMIC_COLUMNS,
    INTERACTIONS,
    POLICY_COLUMNS,
    REPORTS,
    SERVICES,
    Line,
    those,
)

_DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMBER = r"(\d+|[一二三四五六七八九十两]+)"
_UNITS = {
    "个工作日": (1, "wd"),
    "个月": (1, "mo"),
    "年": (12, "mo"),
    "周": (7, "d"),
    "天": (1, "d"),
    "小时": (1, "h"),
    "秒": (1, "s"),
    "%": (1, "%"),
    "次": (1, "x"),
    "条": (1, "x"),
    "个": (1, "个"),
    "家": (1, "个"),
}
_SAID = re.compile(rf"{_NUMBER}({'|'.join(_UNITS)})")
_DAY = re.compile(rf"{_NUMBER}月{_NUMBER}日")
_EVERY = {"每天": "daily", "每周": "weekly", "每季度": "quarterly", "每年": "yearly", "当年": "yearly"}
_NO_NUMBER = re.compile(r"一个(?=单位|部门|网站|政务新媒体账号|视频账号)|一级|上一年度")
"""Ones that count nothing."""


def said(sentence: str) -> set[str]:
    """All numbers it says, with their units."""
    rest = _NO_NUMBER.sub("", sentence)
    days = {f"{_number(month):02}-{_number(day):02}" for month, day in _DAY.findall(rest)}
    counted = {
        f"{_number(number) * _UNITS[unit][0]}{_UNITS[unit][1]}" for number, unit in _SAID.findall(_DAY.sub("", rest))
    }
    return days | counted | {short for word, short in _EVERY.items() if word in rest}


def _number(word: str) -> int:
    """十五 and 15 are 15."""
    if word.isdecimal():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    return 10 * bool(ten) * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


def owed(line: Line) -> set[str]:
    """The numbers its words have to say: those it is judged by."""
    return ({*_of_limit(line), *_of_options(line)} - line.less) | line.more


def _of_limit(line: Line) -> set[str]:
    found = {"fixed_within": {"24h"}, "duty_covered": {"24h"}}.get(line.obligation, set())
    if line.obligation == "done_every" and line.limit:
        return {*found, {"1d": "daily"}[line.limit]}
    years = re.fullmatch(r"(\d+)y", line.limit)
    return {*found, f"{int(years[1]) * 12}mo" if years else line.limit} - {""}


def _of_options(line: Line) -> set[str]:
    of = line.options
    plain = {"share": "%", "within_months": "mo", "names": "个", "counts_toward": "个", "per_year": "x"}
    found = {f"{of[name]}{unit}" for name, unit in plain.items() if name in of}
    if "count" in of:
        found.add(f"{of['count']}{'个' if line.obligation == 'at_most_in_breach' else 'x'}")
    if "window" in of:
        found.add(f"{int(of['window'].rstrip('h')) // 24}d")
    if of.get("every") == "quarter":
        found |= {"quarterly", "1x"}
    found |= {"weekly"} if of.get("every") == "week" else set()
    found |= {"yearly"} if {"per_year", "by"} & {*of} else set()
    return found | ({of["by"]} if "by" in of else set())


def may(line: Line) -> set[str]:
    """What they say or do not: 每2周更新一次 is no more than 2周内更新."""
    return {"1x"} if line.obligation == "updated_within" else set()


_ENTRIES = {
    SERVICES: "办事服务|公共服务",
    INTERACTIONS: "互动|咨询",
    SERVICES | INTERACTIONS: "服务和互动",
    REPORTS: "报表",
    those("page", entry="notice"): "公告",
    those("page", entry="replies"): "留言",
    those("page", entry="statistics"): "统计",
}
_WHOM = {**_ENTRIES, DYNAMIC_COLUMNS: "动态", POLICY_COLUMNS: "政策文件", ACCOUNTS: "账号|政务新媒体|原创|认证"}
_MARKS = {
    "conac": "党政机关",
    "jiucuo": "找错",
    "site_code": "标识码",
    "icp": "ICP备案",
    "police": "公安备案",
    "sponsor": "主.*办",
    "contact": "联系方式",
    "sitemap": "网站地图",
}
_FIELDS = {
    "filed_on": "报备|备案",
    "approved_by": "批",
    "site_code": "标识码",
    "filings": "手续",
    "reported": "报",
    "announced": "公告",
    "deregistered": "注销",
    "application": "申请",
    "own_notice": "公告",
    "portal_notice": "门户",
    "new_url": "内容去向",
    "notice": "公告",
}
_ACTIVITIES = {
    "self_check": "自查",
    "drill": "演练",
    "meeting": "会议",
    "quarter_check": "检查|抽查",
    "appraisal": "考评",
    "reading": "读网",
}
_WHAT = {
    "outage": "报备|报告",
    "return": "恢复上线",
    "owner": "主办单位",
    "contacts": "联系人",
    "gov_cn": r"\.gov\.cn",
    "one_per_owner": "只开设一个网站",
    "one_per_platform": "同一平台.*一个",
    "one_and_video": "视频账号",
    "names": "名称",
}
_CLASSES = {"jiucuo": "找错", "consulting": "咨询", "handling": "办理"}
_CAUSES = {"outage": "打开|打不开|开通|可用|失效|公示|公告|公开"}
_BY_OPTION: Mapping[str, Mapping[str, str]] = {
    "field": _FIELDS,
    "activity": _ACTIVITIES,
    "what": _WHAT,
    "classes": _CLASSES,
    "only": _CAUSES,
}
_OBLIGATIONS = {
    "updated_within": "更新",
    "posts_at_least": "更新",
    "original_share": "原创",
    "not_blank": "空白",
    "at_most_in_breach": "栏目.*单项否决|栏目.*达到",
    "answered_within": "答复",
    "fixed_within": "整改",
    "duty_covered": "值班",
    "published_by": "报表",
    "links_work": "链接|断链",
    "no_hidden_links": "暗链",
    "not_tampered": "有害",
    "dates_honest": "伪造",
    "hosted_in": "托管|服务器",
    "notice_kept": "公告",
    "offline_at_most": "临时下线",
    "reachable": "打开|打不开|开通|可用|失效|公示|公告|公开",
}


def matters(line: Line) -> list[str]:
    """Patterns that its words have to match: what is asked, of which records, of whom."""
    found = [_OBLIGATIONS.get(line.obligation, ""), _WHOM.get(line.whom, "")]
    found += [_MARKS[one] for one in line.options.get("marks", ())]
    for name, words in _BY_OPTION.items():
        told = line.options.get(name, ())
        named = [words[one] for one in ([told] if isinstance(told, str) else told) if one in words]
        found.append("|".join(named))
    return [one for one in found if one]
