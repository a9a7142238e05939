"""The closed vocabulary of obligations: one pure function each, in the file of its name.

Reads this folder once at import; a file without `judge` stops the program. Knows nothing of any rule.
"""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules

from monitor.model import Facts, Rule, Standing

Obligation = Callable[[Rule, Facts, datetime], Standing]

OBLIGATIONS: dict[str, Obligation] = {
    found.name: import_module(f"{__name__}.{found.name}").judge for found in iter_modules(__path__)
}
"""By name, as rules write it in `obligation`."""
