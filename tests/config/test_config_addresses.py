"""Address tables beside the settings: read with them, every bad line of every file a problem, handed to the check."""

import re
from ipaddress import ip_address
from pathlib import Path

import pytest

from checks.hosted_in import Options
from monitor.config.load import load
from monitor.config.options import options_for
from monitor.config.problems import ConfigError
from monitor.config.settings import Settings
from tests.tree import ROOT

TABLES = '[checks.hosted_in]\ntables = ["cn.txt"{more}]\n'
SITE = '[[target]]\nid = "a"\nkind = "site"\nname = "某局"\nurl = "http://www.example.gov.cn/"\n'


def loaded(folder: Path, settings: str, **files: str | bytes) -> Settings:
    for name, text in files.items():
        path = folder / f"{name}.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "monitor.toml").write_text(settings, "utf-8")
    return load(folder / "monitor.toml", checks={"hosted_in": Options})


def problems(folder: Path, settings: str, **files: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, settings, **files)
    return [str(one).replace(f"{folder}/", "").replace(str(folder), "…") for one in caught.value.problems]


def test_tables_are_handed_over_as_options(tmp_path: Path) -> None:
    text = "\ufeff# networks\n\n1.0.1.0/24 cn # Fujian\r\n1.0.2.1\n2400::/12  CN\n1.0.1.0/24 CN\n"
    settings = loaded(tmp_path, TABLES.format(more="") + 'inside = ["CN", "MO"]\n', cn=text)
    options = options_for("hosted_in", Options, settings.check_options, {})
    [table] = options.tables
    assert options.inside == ("CN", "MO")
    assert table.regions == {"CN", ""}
    asked = ["1.0.1.255", "1.0.2.1", "1.0.2.2", "240f::1", "2500::"]
    assert [table.region(ip_address(one)) for one in asked] == ["CN", "", None, "CN", None]
    own = options_for("hosted_in", Options, settings.check_options, {"hosted_in": {"inside": ["HK"]}})
    assert (own.tables, own.inside) == (options.tables, ("HK",))


def test_the_regions_of_the_readme_and_of_the_shipped_settings_are_taken_as_they_stand_there(tmp_path: Path) -> None:
    """The very words: the row of hosted_in.area, and the commented section of monitor.toml with its example."""
    row = next(one for one in (ROOT / "config/README.md").read_text("utf-8").splitlines() if "`hosted_in.area`" in one)
    area, line = re.search(r"`(\[[^]]+\])` for a line `(.+?)`", row).groups()  # type: ignore[union-attr]
    example = re.search(
        r"^# area = \[\].*e\.g\. (\[[^]]+\])", (ROOT / "config/monitor.toml").read_text("utf-8"), re.MULTILINE
    )
    assert example is not None
    assert example[1] == area
    settings = loaded(
        tmp_path, TABLES.format(more="") + f"area = {area}\n", cn=f"1.0.0.0/8 CN\n{line}\n2.0.0.0/8 CN-44\n"
    )
    options = options_for("hosted_in", Options, settings.check_options, {})
    [table] = options.tables
    assert options.area == ("CN-ZS",)
    assert [table.region(ip_address(one)) for one in ("1.0.1.9", "1.0.2.9", "2.0.0.1")] == ["CN-ZS", "CN", "CN-44"]


def test_every_bad_line_of_every_table_is_told_at_once(tmp_path: Path) -> None:
    first = "1.0.1.1/24 CN\nnonsense\n1.0.4.0/22 CN HK\n1.0.8.0/22 C1\n2.0.0.0/8 CN\n2.0.0.0/8 HK\n3.0.0.0/8 CN-\n4.0.0.0/8 -ZS\n"
    settings = TABLES.format(more=', "other.txt", "gbk.txt", "none.txt", "empty.txt"') + "[web]\nlsten = 1\n"
    missing = "No such file or directory (a relative name is looked for in …)"
    line = 'write a network and its region, like "1.0.1.0/24 CN"'
    assert problems(
        tmp_path, settings, cn=first, other="::/129\n", gbk="1.0.0.0/8 CN #中".encode("gbk"), empty="#\n"
    ) == [
        "monitor.toml:2: checks.hosted_in.tables[2]: other.txt holds no network (" + line + ")",
        "monitor.toml:2: checks.hosted_in.tables[3]: gbk.txt is not UTF-8",
        "monitor.toml:2: checks.hosted_in.tables[4]: none.txt cannot be read: " + missing,
        "monitor.toml:2: checks.hosted_in.tables[5]: empty.txt holds no network (" + line + ")",
        'monitor.toml:4: web.lsten: unknown key "lsten" (did you mean "listen"?)',
        'cn.txt:1: "1.0.1.1/24" is not a network (a network has no host bits)',
        'cn.txt:2: "nonsense" is not a network (' + line + ")",
        'cn.txt:3: "CN HK" is not one region (' + line + ")",
        'cn.txt:4: "C1" is not one region (' + line + ")",
        "cn.txt:6: 2.0.0.0/8 is told otherwise in line 5 (a network lies in one region)",
        'cn.txt:7: "CN-" is not one region (' + line + ")",
        'cn.txt:8: "-ZS" is not one region (' + line + ")",
        'other.txt:1: "::/129" is not a network (' + line + ")",
    ]


def test_what_is_no_list_of_names(tmp_path: Path) -> None:
    for written, said in [('"cn.txt"', '"cn.txt" is not a list'), ("[7]", "7 is not the name of a file")]:
        [told] = problems(tmp_path, f"[checks.hosted_in]\ntables = {written}\n")
        assert said in told


def test_a_target_has_no_table_of_its_own(tmp_path: Path) -> None:
    own = SITE + 'checks = { hosted_in = { inside = ["HK"], tables = ["cn.txt"] } }\n'
    [told] = problems(tmp_path, own, cn="1.0.0.0/8\n")
    assert told.endswith("address tables are read once for all targets (write it in [checks.hosted_in])")
