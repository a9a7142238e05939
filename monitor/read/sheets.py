"""Style sheets beside a page: whether they are worth asking for, and what of strangers they put out of sight.

Reads what was gathered of a page; gives addresses, or Suspicions. Worth it is only a page with links to several strangers that can
be seen as far as the page itself tells. Never fetches.
"""

from collections.abc import Sequence
from zlib import crc32

from monitor.model import Suspicion
from monitor.read.gathered import Gathered
from monitor.read.hidden import banished_by
from monitor.read.links import host_of, site_of
from monitor.read.strangers import is_stranger
from monitor.read.tamper import MIN_BANISHED, links_within

MOST = 8  # style sheets named of one page


def doubts_of(page: Gathered, host: str) -> tuple[str, tuple[str, ...]]:
    """A short number for the strangers that a page of `host` links to, and its site's own style sheets; ("", ()) in no doubt."""
    if not host:
        return "", ()
    strangers = _strangers(page, host)
    sheets = _sheets(page, host) if len(strangers) >= MIN_BANISHED else ()
    told = "\n".join([*sorted(strangers), *sheets])
    return (f"{crc32(told.encode('utf-8', 'replace')):x}", sheets) if sheets else ("", ())


def read_sheets(page: Gathered, host: str, sheets: Sequence[str]) -> tuple[Suspicion, ...]:
    """What these style sheets hide of a page of `host`."""
    veiled = banished_by(page.document, sheets)
    return tuple(dict.fromkeys(links_within(page.document, host, veiled)))


def _strangers(page: Gathered, host: str) -> set[str]:
    """The sites of strangers with links that can be seen. Pages name few origins many times: each is asked about once."""
    sites: dict[str, str] = {}
    found: set[str] = set()
    for node in page.document.links:
        href = node.attrs.get("href") or ""
        if href[:4] not in {"http", "HTTP"} and href[:2] != "//":
            continue
        origin = href[: end if (end := href.find("/", 8)) > 0 else len(href)]
        if origin not in sites:
            other = host_of(f"http:{origin}" if origin[:2] == "//" else origin)
            sites[origin] = site_of(other) if is_stranger(other, host) else ""
        if sites[origin] and node.index not in page.hidden:
            found.add(sites[origin])
    return found


def _sheets(page: Gathered, host: str) -> tuple[str, ...]:
    """Addresses of the style sheets that its own site keeps."""
    named = (node for node in page.document.all("link") if "stylesheet" in node.get("rel").lower())
    found = (page.addresses.of(node.get("href").strip()) for node in named if node.get("href").strip())
    own = (url for url in found if url is not None and site_of(host_of(url)) == site_of(host))
    return tuple(dict.fromkeys(own))[:MOST]
