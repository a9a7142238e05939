"""config/rules/README.md teaches all a town needs to write its own regulation: every word of it is one that loads."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from monitor.config.declared import KINDS
from monitor.config.document import Report
from monitor.config.load import load
from monitor.config.obligations import OBLIGATIONS, Obligation
from monitor.config.packs import read_packs
from monitor.config.shipped import shipped
from monitor.model import ColumnKind, Confidence, EntryKind, Severity, TargetKind

PAGE = shipped("config", "rules", "README.md").read_text("utf-8")
TAUGHT = PAGE.partition("## A regulation of your own\n")[2].partition("\n## ")[0]
TOWN = Path(__file__).parent / "town" / "qingxi-2024.toml"
ROW = re.compile(r"(?m)^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) ?\| (.+) \|$")


def table() -> dict[str, tuple[str, str, str]]:
    return {name: (kinds, limit, options) for name, kinds, limit, options, _ in ROW.findall(TAUGHT)}


def test_every_obligation_is_taught_in_the_order_of_a_table() -> None:
    assert sorted(table()) == sorted(OBLIGATIONS)


@pytest.mark.parametrize(("name", "known"), OBLIGATIONS.items(), ids=list(OBLIGATIONS))
def test_kinds_limit_and_options_of_each(name: str, known: Obligation) -> None:
    kinds, limit, options = table()[name]
    assert set(re.findall(r"\w+", re.sub(r"\(.*?\)", "", kinds))) == {kind.value for kind in known.kinds}
    assert ("`entry`" in kinds) is known.entries
    assert {"yes": True, "no": False}.get(limit) is known.limit
    taught = set(re.findall(r"`(\w+)`", options))
    own = {one.name for one in fields(known.options)} - {"check"}
    assert taught == own


def test_every_declaration_is_taught_with_its_fields() -> None:
    told = {
        name: (set(on.split(", ")), re.findall(r"`(\w+)`", named))
        for name, on, named in re.findall(r"(?m)^\| `(\w+)` \| ([a-z, ]+) \| ((?:`\w+`(?:, )?)*) ?\|$", TAUGHT)
        if name in {kind.value for kind in KINDS}
    }
    assert told == {kind.value: ({on.value for on in one.on}, list(one.fields)) for kind, one in KINDS.items()}


def test_every_word_that_narrows_grades_or_trusts_is_taught() -> None:
    for words in (TargetKind, ColumnKind, EntryKind, Severity, Confidence):
        assert not [word for word in words if not re.search(rf"\b{word.value}\b", TAUGHT)]
    for key in ("column", "on_home", "level", "entry", "video"):
        assert f"`{key}`" in TAUGHT


def problems(path: Path) -> tuple[list[str], int]:
    report = Report()
    packs = read_packs([(path, path.name)], [], report)
    return [str(one) for one in report.everything()], sum(len(pack.rules) for pack in packs.loaded)


def test_the_example_loads(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", TAUGHT, re.DOTALL)
    (tmp_path / "qingxi-2024.toml").write_text(example, "utf-8")
    assert problems(tmp_path / "qingxi-2024.toml") == ([], 2)
    assert re.search(r"(?m)^options = \{ \w+ = .+ \}", example), "where options stand, and how they are written"


def test_closures_and_returns_may_be_narrowed_to_kinds_of_declarations(tmp_path: Path) -> None:
    """filed_within with `what` asks for no field, and `of` may stand beside it, as the table says."""
    rule = '[[rule]]\nid = "{0}"\nsource = "某办法 (2020)"\narticle = "第九条"\nsays = "应有报备"\napplies = {{ kind = "site" }}\n'
    rule += 'obligation = "filed_within"\noptions = {{ what = "{0}", of = ["{1}"] }}\nseverity = "breach"\nconfidence = "verbatim"\n'
    pairs = (("outage", "force_majeure"), ("return", "temporary_offline"), ("return", "ordered_closure"))
    for what, kind in pairs:
        text = f'pack = "local"\ntitle = "某办法"\n{rule.format(what, kind)}'
        (tmp_path / "local.toml").write_text(text, "utf-8")
        assert problems(tmp_path / "local.toml") == ([], 1)


def test_a_sixth_town_is_one_file(tmp_path: Path) -> None:
    """Written from the page alone: its rules reach its targets, and nothing is wrong or unused."""
    said, rules = problems(TOWN)
    assert said == []
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / TOWN.name).write_text(TOWN.read_text("utf-8"), "utf-8")
    target = '[[target]]\nid = "{0}"\nkind = "{0}"\nname = "清溪"\nurl = "https://{0}.qingxi.gov.cn/"\ncontact = "张三 1234567"\n'
    here = target.format("site") + 'packs = ["national-2019", "house", "qingxi-2024"]\n'
    channel = '[[channel]]\nid = "c"\nurl = "console://"\n'
    settings = tmp_path / "monitor.toml"
    settings.write_text(channel + here, "utf-8")
    loaded = load(settings, environ={})
    assert [len(pack.rules) for pack in loaded.packs if pack.id == "qingxi-2024"] == [rules]
    assert loaded.warnings == ()
    settings.write_text(channel + target.format("site"), "utf-8")
    (warning,) = load(settings, environ={}).warnings
    assert "no target falls under the rule packs written here: qingxi-2024" in str(warning)
