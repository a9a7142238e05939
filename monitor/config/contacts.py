"""Whom to call about a target, as a text or a table of the inventory says it. Pure."""

import re
from collections.abc import Mapping

from monitor.config.explain import shown
from monitor.config.options import Fault
from monitor.config.problems import did_you_mean
from monitor.model import Contact, say

_PHONE = re.compile(r"(?<![0-9A-Za-z-])[+(（]?\d[\d ()（）+-]{4,}\d(?:转\d+)?")


def read_contact(entry: object, faults: list[Fault]) -> Contact | None:
    """The contact, or None and what is wrong with it among the faults."""
    if isinstance(entry, str) and entry.strip():
        return parse_contact(entry)
    known = ("name", "phone", "role")
    if not isinstance(entry, Mapping):
        faults.append(
            Fault(
                ("contact",),
                say("{value} is not a contact", value=shown(entry)),
                say('write "张三 0751-1234567" or {{ name = … }}'),
            )
        )
        return None
    bad = [key for key in entry if key not in known]
    faults += [Fault(("contact", key), say('unknown key "{key}"', key=key), did_you_mean(key, known)) for key in bad]
    wrong = [key for key in known if not isinstance(entry.get(key, ""), str)]
    faults += [
        Fault(("contact", key), say("{value} is not a text", value=shown(entry[key])), say("put it into double quotes"))
        for key in wrong
    ]
    if not entry.get("name"):
        faults.append(Fault(("contact",), say('"name" is missing')))
    return None if bad or wrong else Contact(*(str(entry.get(key, "")) for key in known))


def parse_contact(text: str) -> Contact:
    """Name, phone and role out of "张三 0751-1234567 办公室"; what is no number and not first is the role."""
    match = _PHONE.search(text)
    rest = (text[: match.start()] + " " + text[match.end() :]) if match else text
    name, *role = rest.replace("，", " ").replace(",", " ").split() or [""]
    return Contact(name, match[0].strip() if match else "", " ".join(role))
