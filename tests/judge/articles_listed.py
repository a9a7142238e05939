"""What the inventory says, and what is wrong with it: cases for the tables of the articles."""

from dataclasses import replace

from monitor.model import Facts, Kin, Platform, Target
from tests.judge.articles import ACCOUNT, SITE, Case
from tests.judge.made import NOON

OWNED = Kin(owner="某局", names=("某局",), host="ju.example.gov.cn", contacts=1, platform=Platform.WECHAT)


def listed(target: Target[object], wrong: Kin, *right: Kin) -> Case:
    """The inventory changes at noon; what is `right` all the time is no matter of the rule."""
    spared = tuple((lambda _now, kin=kin: Facts(kin=kin)) for kin in (OWNED, *right))
    return Case(target, lambda now: Facts(kin=OWNED if now < NOON else wrong), NOON, spared=spared)


def no_owner(target: Target[object]) -> Case:
    return listed(target, replace(OWNED, owner=""))


def nobody(target: Target[object]) -> Case:
    return listed(target, replace(OWNED, contacts=0))


TWO_SITES = listed(SITE, replace(OWNED, same_owner=("other",)))
TWO_ON_ONE = listed(ACCOUNT, replace(OWNED, same_platform=("other",)), replace(OWNED, same_owner=("video",)))
TWO_OF_A_SORT = listed(
    ACCOUNT,
    replace(OWNED, same_owner=("weibo",), same_sort=("weibo",)),
    replace(OWNED, same_owner=("video",)),
    replace(OWNED, same_sort=("weibo",), platform=Platform.APP),
)
TWO_NAMES = listed(ACCOUNT, replace(OWNED, names=("某局", "某某发布")), replace(OWNED, names=("某局", "某局抖音号")))
ELSEWHERE = listed(SITE, replace(OWNED, host="www.example.com"))
