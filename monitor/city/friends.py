"""Friendly links (友情链接): each home page leads to one place of somebody else, which nobody watches and whose name may run out.

Pure words and addresses. `plan.py` gives them their place in the city, `faults.py` says what may befall them.
"""

import re

from monitor.city import lexicon

_HOST = re.compile(r"friend-(\d{1,4})\.example")


def friend_name(site: str) -> str:
    """The scenario name of the friendly link of a site: 'site-03/friend'."""
    return f"{site}/friend"


def is_friend(name: str) -> bool:
    """Whether a scenario name, or a pattern of names, means friendly links."""
    return name.endswith("/friend")


def friend_host(number: int) -> str:
    """Where the friendly link of the site of that number leads."""
    return f"friend-{number}.example"


def friend_number(host: str) -> int | None:
    """The number of the site whose friendly link leads to that host; None for any other."""
    found = _HOST.fullmatch(host)
    return int(found[1]) if found is not None else None


def friend_title(number: int) -> str:
    """Who is there, as long as all is well."""
    return f"{lexicon.CITY}志愿服务协会第{number}分会"
