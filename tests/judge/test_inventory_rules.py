"""What the inventory itself must say: one of each, names alike, hosts of the government."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.config.obligations import InventoryRule
from monitor.judge.obligations.inventory import _WHAT, bare, is_gov, judge
from monitor.model import Cause, Compliance, Facts, Kin, Platform, Standing
from tests.judge.made import DAY, NOON, rule

MET, BREACHED, UNKNOWN = Compliance.MET, Compliance.BREACHED, Compliance.UNKNOWN


def judged(what: str, **kin: Any) -> Standing:
    return judge(rule("inventory", "site", what=what), Facts(kin=Kin(**kin)), NOON)


@pytest.mark.parametrize(
    ("what", "kin", "value"),
    [
        ("one_per_owner", {"owner": "某局"}, MET),
        ("one_per_owner", {"owner": "某局", "same_owner": ("b",)}, BREACHED),
        ("one_per_owner", {}, UNKNOWN),
        ("one_per_platform", {"owner": "某局", "same_owner": ("b",), "platform": Platform.WEIBO}, MET),
        ("one_per_platform", {"owner": "某局", "same_platform": ("b",), "platform": Platform.WEIBO}, BREACHED),
        ("one_per_platform", {"owner": "某局", "same_platform": ("b",), "platform": Platform.OTHER}, UNKNOWN),
        ("one_per_platform", {"owner": "某局"}, UNKNOWN),
        ("one_per_platform", {"platform": Platform.WEIBO}, UNKNOWN),
        ("one_and_video", {"owner": "某局", "same_owner": ("b",), "platform": Platform.WEIBO}, MET),
        ("one_and_video", {"owner": "某局", "same_sort": ("b",), "platform": Platform.WEIBO}, BREACHED),
        ("one_and_video", {"owner": "某局", "same_sort": ("b",), "platform": Platform.DOUYIN}, BREACHED),
        ("one_and_video", {"owner": "某局", "same_sort": ("b",), "platform": Platform.APP}, MET),
        ("one_and_video", {"owner": "某局", "same_sort": ("b",), "platform": Platform.OTHER}, UNKNOWN),
        ("one_and_video", {"owner": "某局"}, UNKNOWN),
        ("one_and_video", {"platform": Platform.WEIBO}, UNKNOWN),
        ("gov_cn", {"host": "www.shaoguan.gov.cn"}, MET),
        ("gov_cn", {"host": "www.shaoguan.com"}, BREACHED),
        ("owner", {"owner": "某局"}, MET),
        ("owner", {"owner": " "}, BREACHED),
        ("owner", {}, BREACHED),
        ("contacts", {"contacts": 1}, MET),
        ("contacts", {}, BREACHED),
        ("names", {"owner": "某局", "names": ("韶关发布", "韶关发布 微信公众号", "韶关发布（抖音号）")}, MET),
        ("names", {"owner": "某局", "names": ("韶关发布", "韶关教育")}, BREACHED),
        ("names", {"names": ("韶关发布", "韶关教育")}, UNKNOWN),
    ],
)
def test_what_the_inventory_says(what: str, kin: dict[str, Any], value: Compliance) -> None:
    standing = judged(what, **kin)
    assert (standing.value, standing.cause) == (value, Cause.INVENTORY)
    assert standing.changes_at is None, "the clock changes nothing"
    assert standing.since == (NOON if value is BREACHED else None), "blindness is not its word"


def test_it_names_the_others() -> None:
    others = tuple(f"site-{n}" for n in range(9))
    assert (
        str(judged("one_per_owner", owner="某局", same_owner=others[:2]).why) == "its owner has 2 more: site-0、site-1"
    )
    assert str(judged("one_per_owner", owner="某局", same_owner=others).why).endswith("site-4…")


def test_the_words_are_those_of_the_settings() -> None:
    assert set(_WHAT) == set(InventoryRule.__annotations__["what"].__args__)


def test_without_the_inventory_nothing_is_said() -> None:
    assert judge(rule("inventory", "site", what="owner"), Facts(), NOON).value is UNKNOWN


@pytest.mark.parametrize(
    ("host", "is_one"),
    [
        ("gov.cn", True),
        ("WWW.GOV.CN.", True),
        ("www.某市.政务", True),
        ("www.xn--55qw42g", True),
        ("某局.公益", True),
        ("www.notgov.cn", False),
        ("gov.cn.example.com", False),
        ("192.0.2.1", False),
        ("", False),
        ("..", False),
        ("a" * 70 + ".gov.cn", False),
    ],
)
def test_hosts_of_the_government(host: str, is_one: bool) -> None:
    assert is_gov(host) is is_one


@given(st.text(max_size=80))
def test_any_host_is_told_apart_without_breaking(host: str) -> None:
    assert is_gov(host) in {True, False}


@given(
    st.text("韶关教育发布融媒", min_size=2, max_size=8),
    st.sampled_from(["", "微信公众号", " 微博", "（抖音号）", "-APP", "客户端", "小程序", "　官方微博"]),
)
def test_platforms_do_not_tell_names_apart(name: str, behind: str) -> None:
    assert bare(name + behind) == bare(name)
    assert bare(bare(name)) == bare(name)


@given(st.text(min_size=1, max_size=30))
def test_a_name_of_platform_words_alone_stays_a_name(name: str) -> None:
    assert bare(name) or not any(letter.isalnum() for letter in name)


def test_it_is_broken_since_it_was_first_judged_so() -> None:
    first = judged("gov_cn", host="www.shaoguan.com")
    facts = Facts(kin=Kin(host="www.shaoguan.net"), standings=(first,))
    again = judge(rule("inventory", "site", what="gov_cn"), facts, NOON + DAY)
    assert (again.since, again.why == first.why) == (NOON, False)
