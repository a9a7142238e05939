"""easyui grids and plain ajax: a page that a program fills, where the address of the call is written out.

Only addresses named like a list, on the page's own site, are asked; what counts visits or changes something never is, and
those by GET only. A call that the program puts together or posts is told.
"""

from monitor.read.calls import calls_in, told
from monitor.read.gathered import Gathered
from monitor.read.links import host_of, site_of
from monitor.read.records import Found

MARKS = (
    "ajax",
    "getJSON",
    "$.get",
    "$.post",
    ".load(",
    "fetch(",
    "axios",
    "datagrid",
    "data-options",
    "data-url",
    "XMLHttpRequest",
    "layui",
)
SURE = False

MOST = 3  # calls named; a visit asks no more


def find(page: Gathered) -> Found | None:
    """The calls that may bring the list."""
    calls = [call for call in calls_in(page.document) if call.fetches_list]
    home = site_of(host_of(page.addresses.base))
    asked = [page.addresses.of(call.url) for call in calls if call.whole]
    own = [url for url in asked if url is not None and (not host_of(url) or site_of(host_of(url)) == home)]
    if not calls:
        return None
    why = f"filled by {', '.join(call.url for call in calls[:MOST])}"
    return Found(why=why, needs=tuple(dict.fromkeys(own))[:MOST], asks=told(calls, page.addresses))
