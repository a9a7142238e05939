"""`backup` and `restore` while no daemon runs: whole copies, nothing overwritten, the file before kept."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.stored import write
from tests.cli.terminal import call
from tests.daemon.process import rows
from tests.web.filled import Tx


def remember(word: str) -> Callable[[Tx], None]:
    def write_word(tx: Tx) -> None:
        tx.execute(
            "INSERT INTO meta (key, value) VALUES ('word', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (word,),
        )

    return write_word


def word(path: Path) -> str:
    return str(rows(path, "SELECT value FROM meta WHERE key = 'word'")[0][0])


def test_a_copy_is_put_back_and_the_present_file_kept_beside_it(config: Path, store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    write(store, remember("then"))
    made = call("backup", copy, "--config", config)
    assert (made.code, made.err) == (0, "")
    assert made.out == f"{copy}: {copy.stat().st_size:,} bytes, checked\n"
    write(store, remember("now"))
    done = call("restore", copy, "--config", config)
    assert (done.code, done.err) == (0, "")
    assert word(store) == "then"
    aside = Path(done.out.strip().rpartition(" ")[2])
    assert word(aside) == "now"
    assert word(copy) == "then"
    assert call("incidents", "--json", "--config", config).code == 0


@pytest.mark.parametrize("content", [b"", b"a letter" * 1000, None], ids=["empty", "a letter", "cut off"])
def test_what_is_no_whole_backup_is_not_put_back(
    config: Path, store: Path, tmp_path: Path, content: bytes | None
) -> None:
    copy = tmp_path / "copy.db"
    if content is None:
        assert call("backup", copy, "--config", config).code == 0
        copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    else:
        copy.write_bytes(content)
    before = sorted((path.name, path.read_bytes()) for path in store.parent.iterdir() if path.suffix == ".db")
    refused = call("restore", copy, "--config", config)
    assert refused.code == 2
    assert refused.out == ""
    assert str(copy) in refused.err
    assert sorted((path.name, path.read_bytes()) for path in store.parent.iterdir() if path.suffix == ".db") == before


def test_a_backup_of_nothing_and_a_restore_from_nowhere(config: Path, tmp_path: Path) -> None:
    refused = call("backup", tmp_path / "copy.db", "--config", config)
    assert refused.code == 2
    assert "is not there" in refused.err
    assert not (tmp_path / "copy.db").exists()
    assert call("restore", tmp_path / "nowhere.db", "--config", config).code == 2


def test_a_copy_is_put_where_no_store_was(config: Path, store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert call("backup", copy, "--config", config).code == 0
    for path in store.parent.iterdir():
        path.unlink()
    done = call("restore", copy, "--config", config)
    assert (done.code, done.err) == (0, "")
    assert done.out.strip() == f"{store} restored"
    assert len(call("incidents", "--json", "--config", config).json()) == 2


def test_both_speak_chinese(config: Path, store: Path, tmp_path: Path) -> None:
    copy, nowhere = tmp_path / "copy.db", tmp_path / "no" / "copy.db"
    chinese = ("--lang", "zh-CN", "--config", config)
    assert call("backup", copy, *chinese).out == f"已备份到 {copy}：{copy.stat().st_size:,}字节，已校验\n"
    again = call("backup", copy, *chinese)
    assert again.err.startswith(f"{copy}：已有同名文件，不覆盖原有文件")
    assert call("restore", copy, *chinese).out.startswith(f"已恢复 {store}；原文件保留为 {store}.before-restore-1")
    refused = call("restore", nowhere, *chinese)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"{nowhere}：文件或目录不存在")
    (tmp_path / "letter").write_text("a letter" * 1000)
    assert call("restore", tmp_path / "letter", *chinese).err.startswith(f"{tmp_path}/letter：不是值守的备份文件")


def test_what_the_system_says_comes_without_its_numbers(config: Path, store: Path, tmp_path: Path) -> None:
    to = tmp_path / "no" / "copy.db"
    refused = call("backup", to, "--config", config)
    assert (refused.code, refused.out, refused.err) == (2, "", f"{to}: No such file or directory\n")
    refused = call("backup", to, "--config", config, "--lang", "zh-CN")
    assert refused.err == f"{to}：文件或目录不存在（No such file or directory）\n"
    (tmp_path / "no").write_text("a file")
    refused = call("backup", to, "--config", config, "--lang", "zh-CN")
    assert refused.err.startswith(f"{to}：路径不对")
    assert "Errno" not in refused.err
