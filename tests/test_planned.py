"""What an inventory would change, against what the store watches."""

from datetime import timedelta

from monitor.config.settings import CadenceSettings, Settings
from monitor.model import Contact, TargetKind
from monitor.planned import plan
from monitor.settle.policy import policy_of
from monitor.store import targets
from tests.store.made import DAY, NOON, column, site, store


def test_new_changed_gone_and_back() -> None:
    first = Settings(targets=(site("a"), site("b"), column("a/1"), column("a/2")))
    second = Settings(targets=(site("a"), site("b"), column("a/1")))
    third = Settings(
        targets=(site("a", owner="x", contacts=(Contact("张三"),)), site("c"), column("a/1"), column("a/2"))
    )
    with store() as tx:
        for number, one in enumerate((first, second)):
            targets.sync(tx, one.targets, policy_of(one).periods, NOON + number * DAY)
        found = plan(tx, third)
    assert (found.added, found.back, found.removed) == (["c"], ["a/2"], ["b"])
    assert found.changed == {"a": ["owner", "contact"]}
    assert found.unchanged == 1
    assert dict(found.watched) == {"site": 2, "column": 1}
    assert dict(found.dropped) == {"site": 1}
    assert found.names["b"] == "b"
    assert found.is_grave


def test_nothing_changes_and_a_tenth_is_not_grave() -> None:
    many = tuple(site(f"s{n}") for n in range(20))
    with store() as tx:
        targets.sync(tx, many, policy_of(Settings()).periods, NOON)
        assert plan(tx, Settings(targets=many)).is_empty
        assert not plan(tx, Settings(targets=many[2:])).is_grave
        assert plan(tx, Settings(targets=many[3:])).is_grave
        slower = Settings(targets=many, cadence=CadenceSettings(site=timedelta(minutes=7)))
        assert set(map(tuple, plan(tx, slower).changed.values())) == {("cadence",)}


def test_one_kind_is_not_hidden_behind_the_others() -> None:
    many = tuple(column(f"a/{n}") for n in range(100))
    accounts = tuple(site(f"w{n}", kind=TargetKind.ACCOUNT) for n in range(5))
    with store() as tx:
        targets.sync(tx, (site("a"), *many, *accounts), policy_of(Settings()).periods, NOON)
        found = plan(tx, Settings(targets=(site("a"), *many, *accounts[1:])))
    assert dict(found.dropped) == {"account": 1}
    assert found.is_grave


def test_without_a_store_all_is_new() -> None:
    found = plan(None, Settings(targets=(site("a"),)))
    assert (found.added, found.unchanged, found.is_grave) == (["a"], 0, False)
