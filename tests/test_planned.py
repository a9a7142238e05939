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
        found = plan(tx, third, second)
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
        assert plan(tx, Settings(targets=many), Settings(targets=many)).is_empty
        assert not plan(tx, Settings(targets=many[2:]), Settings(targets=many)).is_grave
        assert plan(tx, Settings(targets=many[3:]), Settings(targets=many)).is_grave
        slower = Settings(targets=many, cadence=CadenceSettings(site=timedelta(minutes=7)))
        assert set(map(tuple, plan(tx, slower, Settings(targets=many)).changed.values())) == {("cadence",)}


def test_one_kind_is_not_hidden_behind_the_others() -> None:
    many = tuple(column(f"a/{n}") for n in range(100))
    accounts = tuple(site(f"w{n}", kind=TargetKind.ACCOUNT) for n in range(5))
    present = Settings(targets=(site("a"), *many, *accounts))
    with store() as tx:
        targets.sync(tx, present.targets, policy_of(present).periods, NOON)
        found = plan(tx, Settings(targets=(site("a"), *many, *accounts[1:])), present)
    assert dict(found.dropped) == {"account": 1}
    assert found.is_grave


def test_without_a_store_all_is_new() -> None:
    found = plan(None, Settings(targets=(site("a"),)), Settings())
    assert (found.added, found.unchanged, found.is_grave) == (["a"], 0, False)


def test_without_a_store_it_is_held_against_what_is_in_force() -> None:
    many = tuple(site(f"s{n:02}") for n in range(20))
    other = Settings(targets=(*many[3:-1], site("s19", owner="x"), site("new")))
    found = plan(None, other, Settings(targets=many))
    assert (found.added, found.removed, found.changed) == (["new"], ["s00", "s01", "s02"], {"s19": ["owner"]})
    assert (found.unchanged, dict(found.watched), dict(found.dropped)) == (16, {"site": 20}, {"site": 3})
    assert found.is_grave
    assert found.names["s00"] == "s00"
    assert not plan(None, Settings(targets=many[2:]), Settings(targets=many)).is_grave


def test_what_is_in_force_and_never_began_is_dropped_too() -> None:
    """Two imports while the daemon is down: the store has never seen what the second one takes away."""
    began = tuple(site(f"s{n}") for n in range(5))
    never = tuple(site(f"t{n}") for n in range(5))
    with store() as tx:
        targets.sync(tx, began, policy_of(Settings()).periods, NOON)
        found = plan(tx, Settings(targets=(*began, *never[2:])), Settings(targets=(*began, *never)))
    assert (found.removed, found.added) == (["t0", "t1"], ["t2", "t3", "t4"])
    assert (dict(found.watched), dict(found.dropped)) == ({"site": 10}, {"site": 2})
    assert found.is_grave
