"""The plan is a pure function of seed and counts, and its addresses lead back to what they were made from."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from monitor.city import lexicon
from monitor.city.plan import CMS, Plan, column_kind, link_id, link_path, make_plan
from monitor.city.posts import post_number
from monitor.city.routes import article_path, column_path, find, watched_name
from monitor.model import ColumnKind


def test_same_seed_same_city() -> None:
    assert make_plan(7, sites=60, columns_per_site=20, accounts=80) == make_plan(
        7, sites=60, columns_per_site=20, accounts=80
    )


def test_another_seed_another_city() -> None:
    one, other = make_plan(7), make_plan(8)
    assert one != other
    assert [s.name for s in one.sites] == [s.name for s in other.sites]


def test_names_are_padded_to_the_width_of_the_count() -> None:
    plan = make_plan(1, sites=60, columns_per_site=20, accounts=80, links_per_home=200)
    assert {"site-03", "site-03/column-05", "account-17"} <= set(plan.by_name)
    assert "site-03/link-120" in plan.link_ids.values()
    assert plan.site_of("site-03/column-05").host == "site-03.yunchuan.example"


def test_columns_by_number_are_dynamic_policy_other() -> None:
    kinds = Counter(column_kind(n, 20) for n in range(1, 21))
    assert kinds == {ColumnKind.DYNAMIC: 12, ColumnKind.POLICY: 5, ColumnKind.OTHER: 3}
    assert [column_kind(n, 5).value for n in range(1, 6)] == ["dynamic", "dynamic", "dynamic", "policy", "other"]
    assert column_kind(1, 1) is ColumnKind.DYNAMIC


def test_every_host_has_an_address_of_its_own_and_of_loopback() -> None:
    plan = make_plan(1, sites=900, columns_per_site=1, accounts=1, links_per_home=1)
    addresses = list(plan.hosts.values())
    assert len(set(addresses)) == len(addresses) == 900 + 3 + 3 + 900
    assert all(address.startswith("127.8") for address in addresses)
    assert all(0 < int(part) < 255 for address in addresses for part in address.split(".")[3:])


def test_every_cms_and_both_schemes_appear() -> None:
    plan = make_plan(7, sites=12)
    assert {site.cms for site in plan.sites} == set(CMS)
    assert {site.https for site in plan.sites} == {True, False}
    assert {site.encoding for site in plan.sites} == {"utf-8", "gb18030"}


def test_sites_that_must_speak_tls_do() -> None:
    names = frozenset({"site-01", "site-05", "site-11"})
    plan = make_plan(7, sites=12, https=names)
    assert names <= {site.name for site in plan.sites if site.https}


def test_all_words_can_be_written_on_old_sites() -> None:
    words = [lexicon.site_name(n) for n in range(1, 400)]
    words += [lexicon.news_title(n) + lexicon.policy_title(n, 2026) + lexicon.other_title(n, 2026) for n in range(3000)]
    assert all(word.encode("gbk") for word in words)
    assert len(set(words[:350])) == 350


def test_link_ids_lead_to_names_and_back() -> None:
    plan = make_plan(7).at_ports(8080, 8443)
    for target, name in plan.link_ids.items():
        assert plan.target_id(name) == target == link_id(plan.link_url(name))
        assert plan.target_name(target) == name
    assert plan.target_name("link:0000000000000000") == "link:0000000000000000"
    assert plan.target_id("site-03") == "site-03"


def test_link_ids_depend_on_the_ports() -> None:
    assert not set(make_plan(7).link_ids) & set(make_plan(7).at_ports(8080, 8443).link_ids)


def test_no_link_where_none_was_planned() -> None:
    with pytest.raises(KeyError):
        make_plan(7, links_per_home=20).link_url("site-03/link-21")


def test_usual_ports_are_not_written() -> None:
    plan = make_plan(7, https=frozenset({"site-01"}))
    assert plan.site_url(plan.sites[0]) == "https://site-01.yunchuan.example/"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9), st.integers(1, 12), st.integers(730_000, 745_000))
def test_addresses_lead_back(seed: int, columns: int, ordinal: int) -> None:
    plan = make_plan(seed, sites=5, columns_per_site=columns, accounts=1, links_per_home=30)
    day = date.fromordinal(ordinal)
    for site in plan.sites:
        for column in (site.headlines, *site.columns):
            assert find(plan, site.host, column_path(site, column)).column is column
            found = find(plan, site.host, article_path(site, column, post_number(day), day))
            assert (found.what, found.column, found.number) == ("article", column, post_number(day))
        for number in range(1, 31):
            found = find(plan, site.host, link_path(number))
            assert watched_name(found) == f"{site.name}/link-{number:02}"


def test_what_is_not_there_is_nothing() -> None:
    plan: Plan = make_plan(7)
    site = plan.sites[0]
    for path in ("/nowhere.html", "/bsfw/guide_21.html", "/bsfw/guide_2.html", "/zwgk/gzdt/202601/t20260101_9.html"):
        assert find(plan, site.host, path).what == "nothing", path
    assert find(plan, "elsewhere.example", "/").what == "nothing"
