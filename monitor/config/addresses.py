"""Address tables (hosted_in): files of networks beside the settings, read once while these are loaded.

Reads the files an option of a check names; notes every bad line of every file. A visit is handed the finished tables.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path
from typing import get_type_hints

from monitor.config.document import LARGEST, Document
from monitor.config.options import TABLES, Fault
from monitor.config.problems import of_system
from monitor.model import say
from monitor.model.addresses import AddressTable, Network, address_table

_REGION = re.compile(r"[A-Za-z]{2,20}(?:-[A-Za-z0-9]{1,20}){0,3}")  # CN, and what lies in it: CN-ZS, CN-44
_LINE = say('write a network and its region, like "1.0.1.0/24 CN"')

Told = Mapping[str, Mapping[str, object]]


def with_tables(document: Document, told: Told, checks: Mapping[str, type], folder: Path) -> Told:
    """The options of [checks] with tables in the place of their files' names; relative ones stand in that folder."""
    read: dict[str, dict[str, object]] = {}
    for check, key, names in _named(document.table.get("checks"), checks):
        found = [_table(document, ("checks", check, key, n), name, folder) for n, name in enumerate(names)]
        read.setdefault(check, {})[key] = tuple(table for table in found if table is not None)
    return {check: {**options, **read.get(check, {})} for check, options in told.items()}


def own_table_faults(written: object, checks: Mapping[str, type]) -> list[Fault]:
    """A target's own options name no tables: these are read once, and for all."""
    said = say("address tables are read once for all targets")
    return [
        Fault((check, key), said, say("write it in [checks.{check}]", check=check))
        for check, key, _ in _named(written, checks)
    ]


def _named(written: object, checks: Mapping[str, type]) -> Iterator[tuple[str, str, list[str]]]:
    """The options that name files, and the names, as far as they have the right form."""
    for check, options in written.items() if isinstance(written, Mapping) else ():
        if check not in checks or not isinstance(options, Mapping):
            continue
        hints = get_type_hints(checks[check])
        for field in fields(checks[check]):
            names = options.get(field.name)
            if hints[field.name] == TABLES and isinstance(names, list):
                yield check, field.name, [name for name in names if isinstance(name, str)]


def _table(document: Document, place: tuple[str | int, ...], name: str, folder: Path) -> AddressTable | None:
    try:
        path = folder / name
        if path.stat().st_size > LARGEST:
            document.add(place, say("{name} is larger than {n} MiB", name=name, n=LARGEST >> 20))
            return None
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        document.add(
            place,
            say("{name} cannot be read: {why}", name=name, why=of_system(error)),
            say("a relative name is looked for in {folder}", folder=str(folder)),
        )
        return None
    except UnicodeDecodeError:
        document.add(place, say("{name} is not UTF-8", name=name))
        return None
    except ValueError:  # a NUL in the name
        document.add(place, say("is not the name of a file"))
        return None
    shown = str(Path(document.file).parent / name)
    document.report.begin(shown)
    networks = _networks(document, shown, text)
    if not networks:
        document.add(place, say("{name} holds no network", name=name), _LINE)
    return address_table(name, networks.items())


def _networks(document: Document, file: str, text: str) -> dict[Network, str]:
    """Each network once, with its word in capitals; "" where a line tells none."""
    found: dict[Network, str] = {}
    lines: dict[Network, int] = {}

    for number, line in enumerate(text.splitlines(), 1):
        written, *more = line.partition("#")[0].split() or [""]
        if not written:
            continue
        try:
            network = ip_network(written)
        except ValueError as error:
            hint = say("a network has no host bits") if "host bits" in str(error) else _LINE
            document.report.add(file, number, "", say('"{value}" is not a network', value=written[:60]), hint)
            continue
        if len(more) > 1 or not all(_REGION.fullmatch(word) for word in more):
            document.report.add(file, number, "", say('"{words}" is not one region', words=" ".join(more)[:60]), _LINE)
            continue
        region = more[0].upper() if more else ""
        if found.setdefault(network, region) != region:
            said = say("{network} is told otherwise in line {n}", network=str(network), n=lines[network])
            document.report.add(file, number, "", said, say("a network lies in one region"))
        lines.setdefault(network, number)
    return found
