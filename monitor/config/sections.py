"""The plain tables of the settings file: [desk], [web], … [alert], and where inventory and rule files are found.

Takes a parsed document; gives validated models, and the defaults for whatever is wrong, so that one bad key does not
hide the others.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from monitor.config.document import Document, Surroundings
from monitor.config.places import Path as Place
from monitor.config.problems import did_you_mean
from monitor.config.settings import (
    CadenceSettings,
    FetchSettings,
    Name,
    ReferenceSettings,
    Section,
    Settings,
    StoreSettings,
    WebSettings,
)
from monitor.config.tables import Told, read_model
from monitor.model import say

S = TypeVar("S", bound=Section)

FEWEST_LOOKS = timedelta(minutes=72)  # 20 looks a day: 国办秘函〔2019〕19号, 站点无法访问


class InventorySettings(Section):
    """Where targets are listed besides [[target]]; relative to the settings file."""

    files: tuple[str, ...] = ("targets/*.csv", "targets/*.toml")
    imported: Name = "targets/imported.csv"


class RuleSettings(Section):
    """Where rule packs are found besides the shipped ones; relative to the settings file."""

    files: tuple[str, ...] = ("rules/*.toml",)


SECTIONS: Mapping[str, type[Section]] = {
    name: field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
} | {"inventory": InventorySettings, "rules": RuleSettings}
ARRAYS = ("channel", "person", "shift", "target")
TABLES = (*SECTIONS, "checks", *ARRAYS)


def read_sections(document: Document, around: Surroundings) -> dict[str, Section]:
    """Every plain table, by name; file names made absolute, relations between keys checked."""
    for key in document.table:
        if key not in TABLES:
            document.add((key,), say('unknown table "{key}"', key=key), did_you_mean(key, TABLES))
    found = {
        name: read_model(document, (name,), document.table.get(name, {}), model) for name, model in SECTIONS.items()
    }
    sections = {name: told.value or SECTIONS[name]() for name, told in found.items()}
    sections["web"] = _web(document, _as(WebSettings, sections["web"]), around)
    sections["store"] = _store(_as(StoreSettings, sections["store"]), around.environ)
    _check_patience(document, _as(FetchSettings, sections["fetch"]), found["fetch"])
    sections["fetch"] = _fetch(document, _as(FetchSettings, sections["fetch"]), around.folder)
    _warn_reference(document, _as(ReferenceSettings, sections["reference"]))
    _warn_cadence(document, _as(CadenceSettings, sections["cadence"]))
    return sections


def existing_file(document: Document, place: Place, path: Path | None, folder: Path) -> Path | None:
    """The file, made absolute by the folder; a problem is noted when it is missing."""
    if path is None:
        return None
    found = folder / path
    if not found.is_file():
        document.add(
            place,
            say("there is no file {name}", name=str(path)),
            say("a relative name is looked for in {folder}", folder=str(folder)),
        )
    return found


def _as(model: type[S], section: Any) -> S:
    assert isinstance(section, model)
    return section


def _web(document: Document, web: WebSettings, around: Surroundings) -> WebSettings:
    name = str(web.token_file or "")
    if name.startswith("credential:") and around.environ.get("CREDENTIALS_DIRECTORY"):
        web = web.model_copy(
            update={"token_file": Path(around.environ["CREDENTIALS_DIRECTORY"], name.partition(":")[2])}
        )
    return web.model_copy(
        update={"token_file": existing_file(document, ("web", "token_file"), web.token_file, around.folder)}
    )


def _store(store: StoreSettings, environ: Mapping[str, str]) -> StoreSettings:
    """A relative path stands under systemd's StateDirectory= when there is one, else under the working directory."""
    state = environ.get("STATE_DIRECTORY", "").split(":")[0]
    if not state or store.path.is_absolute():
        return store
    is_default = store.path == StoreSettings().path
    return store.model_copy(update={"path": Path(state) / (store.path.name if is_default else store.path)})


def _check_patience(document: Document, fetch: FetchSettings, told: Told[Section]) -> None:
    if fetch.slow >= fetch.timeout and told.is_told("slow", "timeout"):
        document.add(
            ("fetch", "slow"), say("slow is not shorter than timeout"), say("a slow page is one that still arrives")
        )
    if fetch.connect_timeout > fetch.timeout and told.is_told("connect_timeout", "timeout"):
        document.add(("fetch", "connect_timeout"), say("connect_timeout is longer than timeout"))


def _fetch(document: Document, fetch: FetchSettings, folder: Path) -> FetchSettings:
    if "link" in fetch.user_agent.lower():
        said = say('servers are known to refuse a User-Agent with the word "link" in it')
        document.warn(("fetch", "user_agent"), said)
    return fetch.model_copy(update={"ca_file": existing_file(document, ("fetch", "ca_file"), fetch.ca_file, folder)})


def _warn_reference(document: Document, reference: ReferenceSettings) -> None:
    if len(reference.urls) < reference.at_least:
        said = say(
            "{have} reference addresses are fewer than at_least = {wanted}",
            have=len(reference.urls),
            wanted=reference.at_least,
        )
        document.warn(
            ("reference", "urls"), said, say("trouble of our own uplink cannot be told from that of the sites")
        )


def _warn_cadence(document: Document, cadence: CadenceSettings) -> None:
    if cadence.site > FEWEST_LOOKS:
        said = say("fewer than 20 looks a day at a home page")
        document.warn(("cadence", "site"), said, say("单项否决·站点无法访问 needs 20 a day: write 72m or less"))
