"""网站标识码 in a line of a CSV inventory: what it means for the checks of that site. Pure."""

import re

from monitor.config.explain import shown
from monitor.config.options import Fault

_CODE = re.compile(r"[0-9A-Za-z-]{4,30}")


def coded(written: object, kind: object, faults: list[Fault]) -> dict[str, dict[str, object]]:
    """The options it stands for: marks_present compares the code a page prints with this one."""
    if kind != "site":
        faults.append(Fault(("site_code",), f'a target of kind "{kind}" has no 网站标识码', "leave it empty"))
    elif not isinstance(written, str) or not _CODE.fullmatch(written):
        hint = "ten digits, or bm and eight digits"
        faults.append(Fault(("site_code",), f"{shown(written)} is not a 网站标识码", hint))
    return {"marks_present": {"site_code": written}}
