"""From the settings file and all it names to frozen Settings, or every problem of every file at once.

Reads the settings, the inventory, rule packs and secrets; writes nothing, asks no name server, opens no connection.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from monitor.config.addresses import with_tables
from monitor.config.advice import (
    warn_entries_at_home,
    warn_idle,
    warn_nobody_to_call,
    warn_twin_entries,
    warn_unreachable_desk,
    warn_unused_packs,
)
from monitor.config.calendar import read_workdays
from monitor.config.document import Document, Report, Surroundings, open_document
from monitor.config.imported import imported_file, with_imported
from monitor.config.inventory import Inventory, Progress, read_inventory
from monitor.config.options import check_faults
from monitor.config.packs import read_packs
from monitor.config.people import Accepts, read_channels, read_people
from monitor.config.problems import ConfigError
from monitor.config.references import check_references, inherit
from monitor.config.roster import read_roster
from monitor.config.sections import InventorySettings, RuleSettings, read_sections
from monitor.config.settings import CalendarSettings, DeskSettings, Settings, WebSettings
from monitor.config.shipped import shipped
from monitor.config.targets import Memory
from monitor.config.token import read_token
from monitor.config.yearly import Builtin
from monitor.model import say

DEFAULT = Path("config/monitor.toml")
Files = list[tuple[Path, str]]


def load(
    path: Path | None,
    *,
    checks: Mapping[str, type] | None = None,
    accepts: Accepts = lambda _url: None,
    environ: Mapping[str, str] = os.environ,
    progress: Progress = lambda _file, _rows: None,
    staged: Path | None = None,
    builtin: Builtin = lambda _day: None,
) -> Settings:
    """The settings of that file, or built-in defaults for None; raises ConfigError with all problems.

    `checks` maps each check's name to its Options dataclass, `accepts` says what is wrong with a channel's address.
    `staged` is read in the place of the inventory's imported file: what would be in force if that were it.
    `builtin` tells the working days the program knows.
    """
    report = Report()
    document = Document("", "", {}, report) if path is None else open_document(path, str(path), report)
    if document is None:
        raise ConfigError(report.everything())
    folder = (path.parent if path is not None else Path()).absolute()
    around = Surroundings(folder, environ, staged)
    settings = _assembled(document, around, checks or {}, accepts, progress, builtin)
    if report.problems:
        raise ConfigError(report.everything(), tuple(report.warnings))
    return settings


def load_plain(path: Path | None, *, environ: Mapping[str, str] = os.environ) -> Settings:
    """What the plain tables of the settings file say, with the rules we ship, however wrong other files are.

    For commands that need the place of the store and the language; raises ConfigError when that file itself is no TOML
    or one of those tables is wrong.
    """
    report = Report()
    document = Document("", "", {}, report) if path is None else open_document(path, str(path), report)
    if document is None or report.problems:
        raise ConfigError(report.everything())
    folder = (path.parent if path is not None else Path()).absolute()
    sections = read_sections(document, Surroundings(folder, environ))
    packs, _ = read_packs([], _shipped_rules([]), report)
    if report.problems:
        raise ConfigError(report.everything())
    tables: dict[str, object] = {name: told for name, told in sections.items() if name not in {"inventory", "rules"}}
    return Settings.model_validate(tables | {"packs": packs, "plain_only": True})


def find_settings(wanted: Path | None) -> Path | None:
    """The file asked for, else config/monitor.toml where there is one, else None for the built-in defaults."""
    return wanted if wanted is not None else DEFAULT if DEFAULT.is_file() else None


def _assembled(  # noqa: PLR0917 - what load is told
    document: Document,
    around: Surroundings,
    checks: Mapping[str, type],
    accepts: Accepts,
    progress: Progress,
    builtin: Builtin,
) -> Settings:
    sections = read_sections(document, around)
    listed, rules, desk, web = sections.pop("inventory"), sections.pop("rules"), sections["desk"], sections["web"]
    assert isinstance(listed, InventorySettings)
    assert isinstance(rules, RuleSettings)
    assert isinstance(desk, DeskSettings)
    assert isinstance(web, WebSettings)
    channels = read_channels(document, around, desk.language, accepts)
    people, shifts = read_people(document), read_roster(document)
    told = with_tables(document, _check_options(document, checks), checks, around.folder)
    here = bool(document.file)  # the built-in defaults have no folder to look into
    rule_files = _found(document, "rules", rules.files, around.folder) if here else []
    packs, named = read_packs(rule_files, _shipped_rules(rule_files), document.report, checks)
    inventory = Inventory(document.report, Memory(checks), progress)
    imported = around.folder / listed.imported if here else None
    files = _found(document, "inventory", listed.files, around.folder) if here else []
    name = str(Path(document.file).parent / listed.imported)
    read_inventory(document, with_imported(files, imported, name, around.staged), inventory)
    check_references(inventory, named)
    inherit(inventory)
    if here:
        warn_idle(document, inventory.targets, channels)
        warn_unreachable_desk(document, desk, web, channels)
        shipped_names = {path.stem for path, _ in _shipped_rules([])}
        warn_unused_packs(document, [one.id for one in packs if one.id not in shipped_names], inventory.targets)
        warn_nobody_to_call(document, inventory.targets, people)
        warn_entries_at_home(document, inventory.targets)
        warn_twin_entries(document, inventory.targets)
    tables: dict[str, object] = dict(sections) | {"token": read_token(document, web)}
    calendar = sections["calendar"]
    assert isinstance(calendar, CalendarSettings)
    tables["workdays"] = read_workdays(document, calendar, around, builtin)
    tables |= {"channels": channels, "people": people, "packs": packs, "targets": tuple(inventory.targets)}
    tables["shifts"] = shifts
    tables["imported"] = imported_file(imported) if imported else None
    return Settings.model_validate(tables | {"check_options": told, "warnings": tuple(document.report.warnings)})


def _check_options(document: Document, checks: Mapping[str, type]) -> Mapping[str, Mapping[str, object]]:
    table = document.table.get("checks", {})
    for fault in (faults := check_faults(table, checks)):
        document.add(("checks", *fault.path), fault.message, fault.hint)
    return {} if faults or not isinstance(table, dict) else table


def _found(document: Document, section: str, patterns: tuple[str, ...], folder: Path) -> Files:
    """The files of some patterns, each once, sorted within a pattern; a plain name must exist."""
    found: dict[Path, str] = {}
    for number, pattern in enumerate(patterns):
        try:
            names = sorted(str(name) for name in _matching(folder, pattern))
        except (ValueError, IndexError):  # what pathlib raises for "", "/" and "***"
            document.add(
                (section, "files", number),
                say('"{pattern}" names no files', pattern=pattern),
                say('write it like "targets/*.csv"'),
            )
            continue
        if not names and not set("*?[") & set(pattern):
            document.add(
                (section, "files", number),
                say("there is no file {name}", name=pattern),
                say("looked for in {folder}", folder=str(folder)),
            )
        for name in names:
            found.setdefault(folder / name, str(Path(document.file).parent / name))
    return list(found.items())


def _matching(folder: Path, pattern: str) -> Iterator[Path]:
    """Files the pattern means, relative to the folder where they stand in it."""
    root = Path(Path(pattern).anchor or folder)
    for path in root.glob(str(Path(pattern).relative_to(Path(pattern).anchor))):
        if path.is_file():
            yield path.relative_to(folder) if path.is_relative_to(folder) else path


def _shipped_rules(own: Files) -> Files:
    """The packs we ship, but for those whose very files are listed already."""
    listed = {path.resolve() for path, _ in own}
    paths = sorted(shipped("config", "rules").glob("*.toml"))
    return [(path, f"(shipped) rules/{path.name}") for path in paths if path.resolve() not in listed]
