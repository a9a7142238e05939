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
    assert made.out.startswith(f"{copy}: ")
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
