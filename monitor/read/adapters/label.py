"""`/site/label/8888` (安徽 and others): a list is asked by the name of its label; the answer is HTML.

The page posts it, the server answers a GET with the same parameters. Only a call whose parameters are all written out in
the page can be asked; another is told and stays unknown (domain.md §8).
"""

from monitor.read.calls import Call, calls_in, told
from monitor.read.gathered import Gathered
from monitor.read.records import Found

MARKS = ("/site/label/",)
SURE = True

MOST = 3  # calls named; a visit asks no more


def find(page: Gathered) -> Found | None:
    """The calls of labels, those named like a list first."""
    calls = [
        call for call in calls_in(page.document) if "/site/label/" in call.url and "search" not in call.url.lower()
    ]
    asked = [page.addresses.of(call.url) for call in sorted(calls, key=_rank) if call.whole and "labelName" in call.url]
    needs = tuple(dict.fromkeys(url for url in asked if url is not None))[:MOST]
    if not calls:
        return None
    parted = ", ".join(call.url for call in calls[:MOST] if not call.whole)
    return Found(
        why=f"a label is asked{f': {parted}' if parted else ''}", needs=needs, asks=told(calls, page.addresses)
    )


def _rank(call: Call) -> bool:
    return "list" not in call.url.lower()
