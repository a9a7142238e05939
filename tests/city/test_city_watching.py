"""The set-up the city writes is one the product loads, and means what the city is."""

from pathlib import Path

import pytest

from monitor.city.city import City
from monitor.city.faults import Faults
from monitor.city.plan import Plan
from monitor.city.watching import inventory, toml
from tests.city.conftest import NOON
from tests.clock import FakeClock

config = pytest.importorskip("monitor.config.load", reason="the settings are not there yet")


async def written(plan: Plan, folder: Path) -> tuple[City, Path]:
    city = City(plan, Faults(plan, (), NOON), FakeClock(NOON))
    await city.start()
    path = city.write_config(folder, quick=True, channel="json://127.0.0.1:9/hook", listen="127.0.0.1:18787")
    return city, path


async def test_a_complete_set_up_loads(plan: Plan, tmp_path: Path) -> None:
    city, path = await written(plan, tmp_path / "etc")
    settings = config.load(path)
    expected = {target.id: target for target in city.inventory()}
    assert len(expected) == 10 + 50 + 40 + 6
    loaded = {target.id: target for target in settings.targets}
    assert loaded.keys() == expected.keys()
    for target in loaded.values():
        wanted = expected[target.id]
        for field in (
            "kind",
            "name",
            "url",
            "site",
            "owner",
            "column",
            "on_home",
            "entry",
            "home",
            "contacts",
            "packs",
        ):
            assert getattr(target, field) == getattr(wanted, field), (target.id, field)
    assert settings.resolver.nameservers == (city.nameserver,)
    assert settings.fetch.ca_file.read_bytes() == city.ca_file.read_bytes()
    assert settings.cadence.site.total_seconds() == 5
    assert settings.confirm.link_second_look.total_seconds() == 12
    assert settings.fetch.timeout.total_seconds() == 30
    assert len(settings.reference.urls) == 3
    assert settings.channels[0].id == "duty"
    await city.close()


async def test_without_haste_the_waits_are_the_usual_ones(plan: Plan, tmp_path: Path) -> None:
    city = City(plan, Faults(plan, (), NOON), FakeClock(NOON))
    await city.start()
    settings = config.load(city.write_config(tmp_path))
    assert settings.cadence.site.total_seconds() == 300
    assert settings.channels == ()
    await city.close()


def test_names_in_the_inventory_are_those_of_scenarios(plan: Plan) -> None:
    assert {target.id for target in inventory(plan)} == set(plan.by_name)


def test_toml_keeps_quotes_and_lists() -> None:
    assert toml({"a": {"b": ['x"y', 1], "c": True}}) == '[a]\nb = ["x\\"y", 1]\nc = true\n'
