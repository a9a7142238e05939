"""网站标识码: its form, and what it means in a line of a CSV inventory for the checks of that site. Pure."""

import re
import unicodedata

from monitor.config.explain import shown
from monitor.config.options import Fault
from monitor.model import say

_CODE = re.compile(r"[0-9A-Za-z-]{4,30}")
_NATIONAL = re.compile(r"\d{10}|bm\d{8}", re.ASCII | re.IGNORECASE)


def code_of(written: str) -> str:
    """As it is printed: full-width signs and blanks within it are of the table."""
    return "".join(unicodedata.normalize("NFKC", written).split())


def is_code(code: str) -> bool:
    """Whether it has the form of the national system: ten digits, or bm and eight digits (国务院部门). It bears no check digit."""
    return _NATIONAL.fullmatch(code) is not None


def coded(written: object, kind: object, faults: list[Fault]) -> dict[str, dict[str, object]]:
    """The options it stands for: marks_present compares the code a page prints with this one."""
    if kind != "site":
        faults.append(
            Fault(
                ("site_code",),
                say('a target of kind "{kind}" has no 网站标识码', kind=str(kind)),
                say("leave it empty"),
            )
        )
    elif not isinstance(written, str) or not _CODE.fullmatch(written):
        hint = say("ten digits, or bm and eight digits")
        faults.append(Fault(("site_code",), say("{value} is not a 网站标识码", value=shown(written)), hint))
    return {"marks_present": {"site_code": written}}
