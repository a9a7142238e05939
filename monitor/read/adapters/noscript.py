"""What a page shows to those whose browser runs no scripts: a list, a frame, or a refresh to a plain page.

Asked only when the page shows no list otherwise; most such blocks hold a picture that counts visits.
"""

from monitor.read.gathered import Gathered
from monitor.read.html import parse
from monitor.read.onward import frames, refresh
from monitor.read.records import Found

MARKS = ("<noscript", "<NOSCRIPT")
SURE = False


def find(page: Gathered) -> Found | None:
    """The markup inside, or where it leads."""
    markup = "".join(node.text for node in page.document.all("noscript"))
    if "<" not in markup:
        return None
    inside = parse(markup)
    onward = refresh(inside, page.addresses) or frames(inside, page.addresses)
    if onward is not None:
        return Found(why=f"without scripts it leads on by {onward.why}", needs=onward.targets)
    return Found(why="shown without scripts", html=markup) if inside.links else None
