"""Owner and contact come from the site where a target has none of its own; the store sees it as any other change."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config.load import load
from monitor.config.settings import RawTarget
from monitor.model import Contact, TargetKind
from monitor.store import inventory as stored, schema
from tests.config.test_config_load import written

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PERIODS = dict.fromkeys(TargetKind, timedelta(hours=1))
SITE = '[[target]]\nid = "portal"\nkind = "site"\nname = "某市"\nurl = "http://a.gov.cn/"\n'
HEAD = "id,kind,column,name,url,site,owner,contact\n"


def targets(folder: Path, site: str, rows: str) -> dict[str, RawTarget]:
    found = load(written(folder, site, targets__a_csv=HEAD + rows), environ={}).targets
    return {target.id: target for target in found}


def column(name: str, site: str = "portal", owner: str = "", contact: str = "") -> str:
    return f"{name},column,other,要闻,http://a.gov.cn/{name}/,{site},{owner},{contact}\n"


def test_what_a_target_has_of_its_own_goes_before_what_its_site_has(tmp_path: Path) -> None:
    rows = column("a") + column("b", owner="某局") + column("c", contact="李四 2345678") + column("d", site="")
    found = targets(tmp_path, SITE + 'owner = "某办"\ncontact = "张三 1234567"\n', rows)
    zhang, li = (Contact("张三", "1234567"),), (Contact("李四", "2345678"),)
    assert {name: (one.owner, one.contacts) for name, one in found.items()} == {
        "portal": ("某办", zhang),
        "a": ("某办", zhang),
        "b": ("某局", zhang),
        "c": ("某办", li),
        "d": ("", ()),
    }


def test_the_site_may_stand_behind_and_in_another_file(tmp_path: Path) -> None:
    rows = column("a", site="late") + "late,site,,某区,http://b.gov.cn/,,某区办,王五\n"
    path = written(tmp_path, "", targets__a_csv=HEAD + column("b", site="late"), targets__b_csv=HEAD + rows)
    assert {target.owner for target in load(path, environ={}).targets} == {"某区办"}


def test_a_site_inherits_nothing_and_gives_nothing_it_has_not(tmp_path: Path) -> None:
    found = targets(tmp_path, SITE, column("a"))
    assert (found["a"].owner, found["a"].contacts, found["portal"].site) == ("", (), None)


def test_an_entry_learns_its_home_page_and_nothing_else_does(tmp_path: Path) -> None:
    rows = "id,kind,name,url,site,owner,contact,entry\n" + "".join(
        f"{name},page,页面,http://b.gov.cn/x,{site},某局,李四,{entry}\n"
        for name, site, entry in (("a", "portal", "service"), ("b", "portal", ""), ("c", "late", "report"))
    )
    late = HEAD + "late,site,,某区,http://b.gov.cn/,,某区办,王五\n"
    path = written(tmp_path, SITE, targets__a_csv=rows, targets__b_csv=late)
    found = {target.id: target for target in load(path, environ={}).targets}
    assert {name: (str(found[name].entry or ""), found[name].home) for name in "abc"} == {
        "a": ("service", found["portal"].url),
        "b": ("", ""),
        "c": ("report", "http://b.gov.cn/"),
    }


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    for migration in schema.MIGRATIONS:
        connection.executescript(migration)
    yield connection
    connection.close()


def test_the_store_sees_a_new_contact_of_a_site_as_a_change_of_all_that_inherit_it(
    tmp_path: Path, tx: sqlite3.Connection
) -> None:
    rows = column("a") + column("b", owner="某局", contact="李四") + column("c")
    before = targets(tmp_path, SITE + 'contact = "张三"\n', rows)
    assert stored.sync(tx, before.values(), PERIODS, NOW).added == ("a", "b", "c", "portal")
    again = targets(tmp_path, SITE + 'contact = "张三"\n', rows)
    assert stored.sync(tx, again.values(), PERIODS, NOW) == stored.SyncResult((), (), ())
    due = tx.execute("SELECT next_due_at FROM targets WHERE id = 'a'").fetchone()
    changed = targets(tmp_path, SITE + 'contact = "王五"\n', column("a") + column("b", owner="某局", contact="李四"))
    assert stored.sync(tx, changed.values(), PERIODS, NOW) == stored.SyncResult((), ("a", "portal"), ("c",))
    assert tx.execute("SELECT next_due_at FROM targets WHERE id = 'a'").fetchone() == due
    (contacts,) = tx.execute("SELECT contacts FROM targets WHERE id = 'a'").fetchone()
    assert "王五" in contacts
