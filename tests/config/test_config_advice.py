"""What is allowed but hardly meant: warned of, with its place, and never a reason not to start."""

from pathlib import Path

import pytest

from monitor.config.load import load
from monitor.config.shipped import shipped as shipped_file
from tests.config.test_config_load import TARGET, written

HOOK = '[[channel]]\nid = "hook"\nurl = "json://10.0.0.9/x"\n'
CALLED = TARGET + 'contact = "张三 1234567"\n'


def warnings(path: Path) -> list[str]:
    return [str(one).replace(f"{path.parent}/", "") for one in load(path, environ={}).warnings]


HINT = "(write [desk] address as people reach it from elsewhere)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HOOK, ["monitor.toml: desk: people reached by hook cannot open the desk: 127.0.0.1 is this machine alone"]),
        ('[web]\nlisten = "0.0.0.0:80"\n' + HOOK, ["monitor.toml: desk: people reached by hook cannot open the desk: 0.0.0.0 is this machine alone"]),
        ('[desk]\naddress = "http://localhost:8787"\n' + HOOK, ["monitor.toml:2: desk.address: people reached by hook cannot open the desk: localhost is this machine alone"]),
        ('[web]\nlisten = "10.0.0.2:80"\n' + HOOK, []),
        ('[desk]\naddress = "https://duty.example.gov.cn"\n' + HOOK, []),
        ('[[channel]]\nid = "c"\nurl = "console://"\n', []),
        ('[[channel]]\nid = "c"\nurl = "console://"\n' + HOOK + HOOK.replace("hook", "b"), ["monitor.toml: desk: people reached by hook, b cannot open the desk: 127.0.0.1 is this machine alone"]),
    ],
)  # fmt: skip
def test_a_desk_that_nobody_else_can_open(text: str, said: list[str], tmp_path: Path) -> None:
    assert warnings(written(tmp_path, text + CALLED)) == [f"{line} {HINT}" for line in said]


def test_an_entry_at_the_address_of_its_home_page(tmp_path: Path) -> None:
    rows = "id,kind,name,url,site,entry\n" + "".join(
        f"{name},page,办事服务,{url},portal,service\n"
        for name, url in (("same", "http://WWW.example.gov.cn/index.html"), ("fw", "http://www.example.gov.cn/fw/"))
    )
    told = warnings(written(tmp_path, '[[channel]]\nid = "c"\nurl = "console://"\n' + CALLED, targets__a_csv=rows))
    hint = "(write the address that the home page leads to)"
    assert told == [f"monitor.toml: declared as entries, and at the address of their home page itself: same {hint}"]


def test_entries_of_one_site_at_one_address(tmp_path: Path) -> None:
    sites = CALLED + CALLED.replace('"portal"', '"other"').replace("www", "other")
    rows = "id,kind,name,url,site,entry\n" + "".join(
        f"{name},page,{name},{url},{site},{kind}\n"
        for name, url, site, kind in (
            ("fw", "http://www.example.gov.cn/fw/", "portal", "service"),
            ("hd", "http://www.example.gov.cn/FW/index.html", "portal", "interaction"),
            ("nb", "http://www.example.gov.cn/nb/", "portal", "report"),
            ("away", "http://www.example.gov.cn/fw/", "other", "service"),
            ("plain", "http://www.example.gov.cn/nb/", "portal", ""),
        )
    )
    told = warnings(written(tmp_path, f'[[channel]]\nid = "c"\nurl = "console://"\n{sites}', targets__a_csv=rows))
    hint = "(write the address of each entry, or leave one of them out)"
    assert told == [f"monitor.toml: declared as entries of one site at one address: fw, hd {hint}"]


def pack(name: str, *rules: str) -> str:
    head = f'pack = "{name}"\ntitle = "某办法"\n'
    rule = '[[rule]]\nid = "{}"\nsource = "某办法 (2020)"\narticle = "第九条"\nsays = "首页应能打开"\napplies = {{ kind = "site" }}\n'
    rule += 'obligation = "reachable"\nseverity = "breach"\nconfidence = "verbatim"\n'
    return head + "".join(rule.format(one) for one in rules)


def test_packs_that_ask_nothing_or_take_the_place_of_shipped_rules(tmp_path: Path) -> None:
    console = '[[channel]]\nid = "c"\nurl = "console://"\n'
    here = console + CALLED.replace("url =", 'packs = ["empty", "house", "foshan-2015"]\nurl =')
    shipped = next(one for one in load(None, environ={}).packs if one.id == "foshan-2015").rules
    gone = ", ".join(one.id for one in shipped if one.id != "links")
    many = f"{len(shipped) - 1} of its {len(shipped)} rules"
    said = f"it replaces the shipped pack of this name, and {many} are not in force: {gone}"
    told = warnings(
        written(
            tmp_path, here, rules__a_toml=pack("empty"), rules__b_toml=pack("foshan-2015", "links", "more"),
        )
    )  # fmt: skip
    assert told == [
        'rules/a.toml: pack: the rule pack "empty" has no rule: nothing is judged by it (write a [[rule]] for each obligation)',
        f"rules/b.toml: pack: {said} (begin with a copy of the shipped file, or give it a name of its own)",
    ]


def test_a_pack_that_takes_the_place_of_a_shipped_one_with_all_its_rules(tmp_path: Path) -> None:
    console = '[[channel]]\nid = "c"\nurl = "console://"\n'
    here = console + CALLED.replace("url =", 'packs = ["house", "zizhizhou-2020"]\nurl =')
    text = shipped_file("config", "rules", "zizhizhou-2020.toml").read_text("utf-8").replace("14d", "7d")
    assert warnings(written(tmp_path, here, rules__a_toml=text)) == []


def test_targets_with_nobody_to_call_are_one_line(tmp_path: Path) -> None:
    console = '[[channel]]\nid = "c"\nurl = "console://"\n'
    columns = "".join(f"c{n},column,other,要闻,http://a.gov.cn/,portal\n" for n in range(1200))
    rows = "id,kind,column,name,url,site\n" + columns
    hint = "(write contact on the target or on its site, or a [[person]])"
    assert warnings(written(tmp_path, console + TARGET)) == [
        f"monitor.toml: 1 target has nobody to call: portal {hint}"
    ]
    assert warnings(written(tmp_path, console + TARGET, targets__a_csv=rows)) == [
        f"monitor.toml: 1,201 targets have nobody to call: portal, c0, c1 and 1,198 more {hint}"
    ]
    assert warnings(written(tmp_path, console + CALLED)) == []  # the columns call whom their site calls
    on_duty = '[[person]]\nid = "zhang"\nname = "张三"\nchannels = ["c"]\n'
    assert warnings(written(tmp_path, console + TARGET + on_duty)) == []
