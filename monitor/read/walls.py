"""Gatekeepers that refuse programs: alive, so neither up nor down (domain.md §8).

Reads the raw text of a page, its status and a Glance; gives challenged with the mark that shows it, or None. By code only
where next to nothing else stands on the page, by words only where the page itself speaks to its visitor.
"""

import re

from monitor.model import State
from monitor.read.glance import HARDLY_ANY, VERY_FEW, Glance, Verdict
from monitor.read.messages import first, messages

NEXT_TO_NOTHING = 80  # characters; a gatekeeper's name and a sentence
CODE = 200_000  # characters of a page searched for code

_CODE = re.compile(
    r"\$_ts\s*=\s*window(?:\[['\"]|\.)\$_ts|window\[['\"]\$_ts['\"]\]|\$_ts\.(?:cd|nsd|lcd)\b|<(?:meta|script)[^>]+\br=['\"]?m['\"]?[\s>/]|__jsl_clearance|"
    r"__jsluid|wzws(?:[_-]|challenge|confirm|template|waf)|reason:\s*GeoBL|acw_sc__v\d|aliyun_waf|aliyunCaptcha|_waf_|waf_captcha|"
    r"nc_token|safeline|slg-(?:bg|box|title|caption)|EO_Bot|__tst_status|CT6T|TencentCaptcha|TCaptcha|cf-browser-verification|cf_chl_|"
    r"challenge-platform|/cdn-cgi/challenge|yunsuo_session|YunSuoAutoJump|security_verify_data|safedog|_Incapsula_Resource|"
    r"bot-?detect|_guard/(?:auto|slide)|slidecaptcha|geetest|/TSPD/|HWWAFSES|challenges\.cloudflare\.com",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"访问异常|安全验证|访问验证|人机验证|滑动验证|图形验证|身份核验后继续|请完成.{0,8}验证|请(?:进行|通过).{0,6}验证|请求.{0,10}(?:拦截|阻断)|访问.{0,16}(?:拦截|阻断)|"
    r"被.{0,12}(?:拦截|阻断)|创宇盾|创宇云防御|安全狗|云锁|(?:访问|请求|操作|刷新|点击).{0,4}(?:过于|太|过)(?:频繁|快|高|多)|频率(?:过|太)(?:高|快)|"
    r"异常访问|访问(?:行为|环境)?.{0,4}异常|行为异常|(?:浏览器|运行|访问)环境.{0,4}异常|疑似.{0,4}攻击|浏览器安全检[查测]|(?:正在)?检[查测](?:您的|你的)?浏览器|"
    r"(?:按住|拖动|移动|向右滑动).{0,6}(?:滑块|拼图)|依次点击|输入.{0,10}验证码.{0,4}(?:继续(?:访问|浏览|操作|\s*$)|访问|浏览|查看)|确认(?:您|你)(?:不是机器人|是真人)|(?:您|你)是否(?:是|为)真人|"
    r"验证(?:您|你)是(?:否是)?真[人实]|您的IP|IP(?:地址)?.{0,14}(?:限制|禁止|受限|黑名单)|安全检测(?:中|能力)|正在进行安全(?:检测|验证)|(?:地区|区域|所在地).{0,8}(?:无法|禁止|不能|限制|暂不支持)(?:访问|浏览)|"
    r"仅限.{0,6}境内.{0,4}访问|请求带有不合法|雷池|开启\s*JavaScript\s*(?:并|后).{0,4}刷新|启用\s*JavaScript\s*(?:并|和|与|及).{0,6}(?:刷新|cookie)|"
    r"access denied|request blocked|request(?:ed url)? (?:has been|was) (?:blocked|rejected)|request rejected|you have been blocked|restricted access|"
    r"checking your browser|just a moment|attention required|verify(?:ing)? (?:that )?you are (?:a )?human|are you (?:a )?(?:robot|human)|robot check|captcha|"
    r"too many requests|rate limit|enable javascript and (?:cookies|refresh)|incident id|protected by|ddos-guard",
    re.IGNORECASE,
)
_NAMED = re.compile(r"防火墙|云防护|网站防护|安全防护|黑名单|存在安全隐患|网站卫士|安全设备|安全策略|云防御|WAF\b")
_REFUSES = re.compile(r"拦截|阻断|拒绝|禁止|限制|受限|验证|攻击|异常|非法|不合法|您的(?:请求|访问)|ip\b", re.IGNORECASE)


def challenge(raw: str, status: int | None, seen: Glance) -> Verdict | None:
    """Alive but refusing programs, by code, by words, by status."""
    if seen.words <= VERY_FEW and seen.speaks and not seen.placed:
        match = _CODE.search(raw[:CODE])
        if match is not None:
            return Verdict(State.CHALLENGED, f"code {match[0][:40]!r}")
    if seen.reloads and seen.words < HARDLY_ANY and not seen.links:
        return Verdict(State.CHALLENGED, "sets a cookie and asks for itself again")
    if seen.speaks and not seen.placed and seen.fields <= 2:
        match = _by_words(seen)
        if match is not None:
            return Verdict(State.CHALLENGED, f"words {match[0]!r}")
    if status is not None and 400 <= status < 500 and status not in {404, 410}:
        return Verdict(State.CHALLENGED, f"HTTP {status}")
    if status == 521:
        return Verdict(State.CHALLENGED, "HTTP 521")
    return None


def _by_words(seen: Glance) -> re.Match[str] | None:
    said = messages(seen.claims)
    return first(_WORDS, said) or _guard(seen, " ".join(one.sentence for one in said))


def _guard(seen: Glance, said: str) -> re.Match[str] | None:
    """Words of gatekeepers that offices use, too: with one that refuses, or with next to nothing else on the page."""
    match = _NAMED.search(said)
    return match if seen.words <= NEXT_TO_NOTHING or _REFUSES.search(said) else None
