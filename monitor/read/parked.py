"""Domains that are for sale, expired, or taken over by somebody else's business.

Reads a Glance; gives hijacked with the words that show it, or None. A notice about domain names, or an article about
gambling, is neither: the page must say it of itself, in its title or to its visitor, and show nothing of an office.
"""

import re

from monitor.model import State
from monitor.read.glance import Glance, Verdict
from monitor.read.messages import first, messages
from monitor.read.words import advertises, replaced

_PARKED = re.compile(
    r"域名.{0,12}(?:出售|转让|已过期|已到期|停放|抢注|购买|求购|待售|续费|未绑定|尚未绑定)|(?:出售|转让|购买|抢注).{0,8}域名|(?:domain|域名).{0,30}(?:for sale|expired|parked|parking)|"
    r"buy this domain|this domain (?:may be|is) |sedoparking|hugedomains|parkingcrew|bodis\.com|afternic|dan\.com/buy|godaddy.{0,20}park|"
    r"(?:网站|空间|主机|虚拟主机|服务器).{0,6}已(?:到期|过期|欠费)",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"政府|委员会|管理局|公安|法院|检察|监管|打击|查处|案|警|防|治理|整治|通报|举报|禁止|严厉|非法|涉嫌|诈骗|揭秘|陷阱|危害|福利彩票|体育彩票|体彩|福彩|标识码|公网安备"
)


def parked(seen: Glance) -> Verdict | None:
    """For sale or expired, by its own words; another's business, by its title, or by all that it shows."""
    if seen.speaks and not seen.placed:
        match = first(_PARKED, messages(seen.claims))
        if match is not None:
            return Verdict(State.HIJACKED, f"words {match[0]!r}")
    spam = advertises(seen.title)
    if spam is not None and _OFFICE.search(seen.title) is None and _OFFICE.search(seen.text) is None:
        return Verdict(State.HIJACKED, f"title {spam!r}")
    shown = replaced(seen.title, seen.text)
    return Verdict(State.HIJACKED, f"nothing but spam: {shown}") if shown is not None else None
