"""The ways in which a list stands elsewhere than in the HTML: one file each, found in this folder.

Reads this folder once at import; a file that does not keep the contract of README.md stops the program by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from monitor.read.gathered import Gathered
from monitor.read.links import Addresses
from monitor.read.records import Found

HOOKS = ("unfold", "find", "answer")


@dataclass(frozen=True, slots=True)
class Adapter:
    """One file. `marks`: one of them stands in the text of every page it is for; `sure`: they alone show how the list comes."""

    name: str
    marks: tuple[str, ...]
    sure: bool
    unfold: Callable[[str], str] | None
    find: Callable[[Gathered], Found | None] | None
    answer: Callable[..., Found | None] | None

    def selects(self, text: str) -> bool:
        """True when the page may be one of its kind."""
        return any(mark in text for mark in self.marks)


def _adapter(name: str, module: ModuleType) -> Adapter:
    marks, sure = getattr(module, "MARKS", None), getattr(module, "SURE", None)
    if not isinstance(marks, tuple) or not marks or not all(isinstance(mark, str) and mark for mark in marks):
        raise TypeError(f"monitor/read/adapters/{name}.py: MARKS must be a tuple of texts, not empty")
    if not isinstance(sure, bool):
        raise TypeError(f"monitor/read/adapters/{name}.py: SURE must be True or False")
    hooks = {hook: getattr(module, hook, None) for hook in HOOKS}
    if not any(callable(hook) for hook in hooks.values()):
        raise TypeError(f"monitor/read/adapters/{name}.py: needs one of {', '.join(HOOKS)}")
    return Adapter(name, marks, sure, **hooks)


ADAPTERS = tuple(
    _adapter(found.name, import_module(f"{__name__}.{found.name}"))
    for found in sorted(iter_modules(__path__), key=lambda one: one.name)
)
"""All of them, by name."""

__all__ = ["ADAPTERS", "Adapter", "Addresses", "Found"]
