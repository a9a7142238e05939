"""What is watched, and who answers for it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from monitor.model.words import ColumnKind, TargetKind

O_co = TypeVar("O_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to call about a target."""

    name: str
    phone: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Generic[O_co]):
    """监测对象. `options` is what one check was told about it, already validated; in the inventory the raw tables."""

    id: str
    kind: TargetKind
    name: str
    url: str
    options: O_co
    owner: str = ""
    site: str | None = None
    column: ColumnKind | None = None
    contacts: tuple[Contact, ...] = ()
    packs: tuple[str, ...] = ("national-2019", "house")
    on_home: bool = False
