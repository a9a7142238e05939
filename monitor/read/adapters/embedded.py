"""JSON embedded in script: `window.__INITIAL_STATE__ = {…}`, `var list = […]`, `<script type="application/json">`, JSON.parse('…').

An array of objects that show titles with dates and addresses is the list of a page that shows none; the largest wins.
"""

from monitor.read.gathered import Gathered
from monitor.read.literal import arrays_in
from monitor.read.records import Found, best_items

MARKS = ("[{", "[ {", "[\n", "[\r", "[\t", "JSON.parse")
SURE = False

MAX_SCRIPTS = 60  # of one page looked at


def find(page: Gathered) -> Found | None:
    """The items of the largest dated list in any script."""
    scripts = [
        node.text for node in page.document.all("script")[:MAX_SCRIPTS] if "[" in node.text or "%5B" in node.text
    ]
    lists = [best_items(data, page.addresses, page.today) for text in scripts for data in arrays_in(text)]
    items = max(lists, key=len, default=())
    return Found(why=f"{len(items)} items stand in a script as data", items=items) if items else None
