"""A command line that cannot be understood is told in Chinese, in English for who asks for it or has such settings."""

from pathlib import Path

import pytest

from monitor.cli.usage import again
from monitor.render import translate
from tests.cli.terminal import call


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("ack 1", "缺少 --by"),
        ("attest", "缺少 TARGET"),
        ("messages list --foo", "没有选项 --foo"),
        ("mesages", "没有命令 mesages"),
        ("due --dayz 3", "没有选项 --dayz，是不是“--days”？"),
        ("due --days x", "--days：“x”不是数字"),
        ("explain 0", "INCIDENT：0 超出范围（x>=1）"),
        ("attest c --newest", "--newest 后面须填写内容"),
        ("due --json=1", "--json 后面不填内容"),
        ("messages import a b --by x", "多出的内容：b"),
        ("messages import a --class 表扬 --by x", "--class：没有“表扬”，可填：找错, 咨询, 建议"),
        ("what-if --rules none.toml", "--rules：没有文件 none.toml"),
        ("what-if --rules . --from 2026", "--from：“2026”不是日期，应写成 2026-12-01"),
        ("what-if --rules . --from 2026-02-02 --to 2026-02-01", "--to 2026-02-01 早于 --from 2026-02-02"),
        ("what-if --rules . --from 1900-01-01", "1900年不在1970年至"),
        ("read", "请写明一个文件，或用 --batch 给出清单"),
        ("read page.html", "缺少 --kind，可填：site"),
    ],
)
def test_in_chinese(words: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = call(*words.split())
    assert (done.code, done.out) == (2, "")
    lines = done.err.splitlines()
    assert lines[-1].startswith(f"错误：{says}")
    if len(lines) > 1:  # while it takes the words apart click does not tell which command it is
        assert lines[0].startswith("用法：zhishou ")
        assert lines[1].startswith("帮助：zhishou ")
    english = call(*words.split(), "--lang", "en") if "--foo" not in words else None
    assert english is None or "错误" not in english.err


def test_the_settings_speak_for_who_asks_for_nothing(config: Path) -> None:
    assert call("ack", "1", "--config", config).err.endswith("Error: Missing option '--by'.\n")
    assert call("ack", "1", f"--config={config}", "--lang", "zh-CN").err.endswith("错误：缺少 --by\n")


def test_what_is_not_known_stands_as_it_came() -> None:
    assert translate(again("Something {new} of click."), "zh-CN", verbatim=True) == "Something {new} of click."
